// A real repository in a folder of its own, made by real git, for tests that read.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { FolderSnapshot } from './folder-snapshot.ts'
import { GIT_IDENTITY } from './git-identity.ts'

/** The user's own configuration must not affect the result of a test. */
export const TEST_ENVIRONMENT: NodeJS.ProcessEnv = {
  ...process.env,
  ...GIT_IDENTITY,
  GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z',
  GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z',
}

/** Runs git in a folder and returns its output without the last line end. Throws if it fails. */
export function gitIn(
  dir: string,
  args: string[],
  env: NodeJS.ProcessEnv = {},
  input: string | Uint8Array = '',
): string {
  const ran = spawnSync('git', args, { cwd: dir, env: { ...TEST_ENVIRONMENT, ...env }, input, maxBuffer: 1024 ** 3 })
  if (ran.status !== 0)
    throw new Error(
      `git ${args.join(' ')}: ${ran.stderr?.toString() ?? ran.error?.message}\n${ran.stdout?.toString() ?? ''}`,
    )
  return ran.stdout.toString().replace(/\n$/, '')
}

export class TestRepository {
  readonly dir: string

  /** @param start arguments of `git init`, or a repository to copy */
  constructor(start: string[] | FolderSnapshot = []) {
    this.dir = mkdtempSync(join(tmpdir(), 'kbgit-test-'))
    if (Array.isArray(start)) this.git('init', '-q', '-b', 'main', ...start)
    else start.writeTo(this.dir)
  }

  /** Runs git here and returns its output without the last line end. Throws if it fails. */
  git(...args: string[]): string {
    return this.gitWith({}, ...args)
  }

  gitWith(
    { input, env }: { input?: string | Uint8Array | undefined; env?: Record<string, string> },
    ...args: string[]
  ): string {
    return gitIn(this.dir, args, env, input)
  }

  write(path: string, content: string | Uint8Array): void {
    const file = join(this.dir, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }

  /** Writes files (null deletes one) and commits exactly them. Returns the commit. */
  commit(message: string, files: Record<string, string | Uint8Array | null> = {}): string {
    for (const [path, content] of Object.entries(files)) {
      if (content === null) rmSync(join(this.dir, path))
      else this.write(path, content)
    }
    const paths = Object.keys(files)
    if (paths.length > 0) this.gitWith({ env: { GIT_LITERAL_PATHSPECS: '1' } }, 'add', '-A', '-f', '--', ...paths)
    this.gitWith({ input: message }, 'commit', '-q', '--allow-empty', '--cleanup=verbatim', '-F', '-')
    return this.git('rev-parse', 'HEAD')
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true, force: true })
  }
}
