// A base made of a folder of documents, in a scratch folder.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const KBGIT = fileURLToPath(new URL('../../../bin/kbgit.js', import.meta.url))

export async function baseOfCorpus(...folders: string[]): Promise<{ dir: string } & AsyncDisposable> {
  const dir = mkdtempSync(join(tmpdir(), 'kbgit-wiki-'))
  const kbgit = (...args: string[]): void => {
    execFileSync(process.execPath, [KBGIT, '--kb', dir, ...args], { stdio: ['ignore', 'ignore', 'ignore'], env: ENV })
  }
  kbgit('init', '--no-hooks', dir)
  kbgit('add', '--quiet', ...folders)
  return { dir, [Symbol.asyncDispose]: async () => rmSync(dir, { recursive: true, force: true }) }
}

const ENV = {
  ...process.env,
  SOURCE_DATE_EPOCH: '1800000000',
  GIT_AUTHOR_NAME: 'Bench',
  GIT_AUTHOR_EMAIL: 'bench@localhost',
  GIT_COMMITTER_NAME: 'Bench',
  GIT_COMMITTER_EMAIL: 'bench@localhost',
}
