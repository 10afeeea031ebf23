// A base in a real repository, with given documents, one commit each, made by real git.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DocumentRecord } from '../../src/core/document/document.ts'
import { Git, type Repository } from '../../src/io/git/git.ts'
import type { History } from '../../src/io/history.ts'
import { openHistory } from '../../src/io/open-history.ts'
import type { BaseReader } from '../../src/read/base-reader.ts'
import { TEST_ENVIRONMENT, TestRepository } from './repository.ts'
import { SampleWiki, type SampleDocument } from './sample-wiki.ts'

export type TestBase = Disposable & {
  repository: TestRepository
  /** By document name. */
  records: Map<string, DocumentRecord>
  commits: Map<string, string>
  /** Adds a document as kbgit would and returns its commit. */
  add: (document: SampleDocument) => string
  /** Paths of `files` are relative to the base. */
  commit: (message: string, files?: Record<string, string | null>) => string
  /** A reader of the base: dispose its history. */
  read: (driver?: History['driver']) => Promise<BaseReader & AsyncDisposable>
}

/** A reader of the base in a repository, whatever its contents. */
export async function readBase(
  dir: string,
  prefix = '',
  driver: History['driver'] = 'git',
): Promise<BaseReader & AsyncDisposable> {
  const gitDir = join(dir, '.git')
  const git = new Git(dir, TEST_ENVIRONMENT)
  const oidLength = (await git.text(['rev-parse', '--show-object-format'])) === 'sha256' ? 64 : 40
  const repository: Repository = { workTree: dir, gitDir, commonDir: gitDir, oidLength }
  const history = await openHistory({
    repository,
    git,
    prefix,
    driver,
  })
  return {
    root: join(dir, prefix),
    prefix,
    repository,
    sidecarDir: join(gitDir, 'kbgit'),
    git,
    history,
    [Symbol.asyncDispose]: () => history[Symbol.asyncDispose](),
  }
}

/** @param prefix the base's folder in the repository: '' or a folder with its slash */
export function makeBase(documents: SampleDocument[], prefix = ''): TestBase {
  const repository = new TestRepository()
  const wiki = new SampleWiki()
  const records = new Map<string, DocumentRecord>()
  const commits = new Map<string, string>()
  const placed = (files: Record<string, string | null>): Record<string, string | null> =>
    Object.fromEntries(Object.entries(files).map(([path, content]) => [prefix + path, content]))
  const base: TestBase = {
    repository,
    records,
    commits,
    add: (document) => {
      const { record, files, trailers } = wiki.add(document)
      if (document.large === true) {
        const blob = join(
          repository.dir,
          '.git',
          'lfs',
          'objects',
          record.sha256.slice(0, 2),
          record.sha256.slice(2, 4),
          record.sha256,
        )
        mkdirSync(dirname(blob), { recursive: true })
        writeFileSync(blob, document.text ?? `Text of ${document.name}.\n`)
      }
      const commit = base.commit(
        `add: ${document.name}\n\n${trailers.join('\n')}\n`,
        Object.fromEntries([...files, ...wiki.sharedFiles()]),
      )
      records.set(document.name, record)
      commits.set(document.name, commit)
      return commit
    },
    commit: (message, files = {}) => repository.commit(message, placed(files)),
    read: (driver = 'git') => readBase(repository.dir, prefix, driver),
    [Symbol.dispose]: () => repository[Symbol.dispose](),
  }
  base.commit('kbgit: init\n\nKbgit-Transaction: init\n', Object.fromEntries(wiki.initialFiles()))
  for (const document of documents) base.add(document)
  return base
}
