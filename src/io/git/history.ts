// The git driver for history: long-lived cat-file processes for objects, one git process per walk.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ObjectReader, type ReadManyOptions, type ReadOptions, type TreeEntry } from './objects.ts'
import type { TreeChange } from '../../core/document/base-content.ts'
import { isoDate } from '../../core/transaction/commit-message.ts'
import { onBranch, type CommitMessage, type CommitQuery, type History, type HistoryCommit } from '../history.ts'
import { IGNORE_GITMODULES, type Git } from './git.ts'

/** NUL-terminated commits. User configuration that would add to the output of `git log` is turned off by name. */
const LOG = [
  'log',
  '-z',
  '--no-show-signature',
  '--no-decorate',
  '--no-color',
  '--no-notes',
  '--no-follow',
  '--no-mailmap',
  '--encoding=UTF-8',
  '--no-patch',
  '--date=raw',
]

const WITH_AUTHOR = '--format=%H%n%P%n%an%n%ad%n%B'
const MESSAGES = '--format=%H %P%n%B'

export class GitHistory implements History {
  readonly driver = 'git'
  readonly #git: Git
  readonly #gitDir: string
  readonly #prefix: string
  readonly #branch: string | undefined
  readonly #objects: ObjectReader

  constructor(git: Git, gitDir: string, { prefix, branch }: { prefix: string; branch?: string | undefined }) {
    this.#git = git
    this.#gitDir = gitDir
    this.#prefix = prefix
    this.#branch = branch
    this.#objects = new ObjectReader(git)
  }

  async head(): Promise<{ branch: string | null; commit: string | null }> {
    const [ref, commit] = await Promise.all([this.#headRef(), this.resolve('HEAD')])
    return { branch: ref === '' ? null : ref.replace(/^refs\/heads\//, ''), commit: commit ?? null }
  }

  /** The ref that HEAD points to, or '' if it is detached. In a repository with reftable refs the file is a stub. */
  async #headRef(): Promise<string> {
    if (this.#branch !== undefined) return this.#branch
    const file = await readFile(join(this.#gitDir, 'HEAD'), 'utf8').catch(() => '')
    if (/^[0-9a-f]{40,64}\s*$/.test(file)) return ''
    const ref = /^ref: (\S+)\s*$/.exec(file)?.[1]
    if (ref !== undefined && ref !== 'refs/heads/.invalid') return ref
    return (await this.#git.run(['symbolic-ref', '--quiet', 'HEAD'], { ok: [0, 1] })).stdout.toString().trim()
  }

  resolve(rev: string): Promise<string | undefined> {
    return this.#objects.resolve(onBranch(rev, this.#branch))
  }

  async fileAt(commit: string, path: string): Promise<string | undefined> {
    const object = await this.#objects.locate(this.#name(commit, path))
    return object?.type === 'blob' ? object.oid : undefined
  }

  async page(commit: string, path: string, options?: ReadOptions): Promise<Buffer | undefined> {
    const object = await this.#objects.readObject(this.#name(commit, path), options)
    return object?.type === 'blob' ? object.body : undefined
  }

  list(commit: string, folders?: readonly string[]): AsyncIterable<TreeEntry> {
    return this.#objects.tree(commit, this.#prefix, folders)
  }

  paths(commit: string, folder: string, without: readonly string[] = []): Promise<string[]> {
    return this.#objects.paths(commit, this.#prefix, folder, without)
  }

  contents<T>(
    items: Iterable<T> | AsyncIterable<T>,
    oidOf: (item: T) => string,
    options?: ReadManyOptions,
  ): AsyncIterable<{ item: T; body: Buffer }> {
    return this.#objects.readMany(items, oidOf, options)
  }

  async sizes(oids: string[]): Promise<(number | undefined)[]> {
    return (await Promise.all(oids.map((oid) => this.#objects.header(oid)))).map((header) => header?.size)
  }

  stream(oid: string): AsyncIterable<Buffer> {
    return this.#objects.stream(oid)
  }

  commits(query: CommitQuery): AsyncIterable<HistoryCommit> {
    return this.#log(this.#walk(query))
  }

  async *messages(query: CommitQuery): AsyncGenerator<CommitMessage[]> {
    for await (const records of this.#objects.fieldBatches([...LOG, MESSAGES, ...this.#walk(query)]))
      yield records.map((record) => {
        const end = record.indexOf('\n')
        const [oid = '', ...parents] = record.slice(0, end).trimEnd().split(' ')
        return { oid, parents, message: record.slice(end + 1) }
      })
  }

  #walk({ at, paths = [], limit, without }: CommitQuery): string[] {
    // A bounded walk uses no order that would require git to see every commit first.
    const order = limit === undefined ? '--topo-order' : `--max-count=${limit}`
    return [order, at, ...(without === undefined ? [] : [`^${without}`]), '--', ...this.#pathspecs(paths)]
  }

  async *commitsNamed(oids: string[]): AsyncGenerator<HistoryCommit> {
    if (oids.length > 0) yield* this.#log(['--no-walk=unsorted', '--stdin'], oids)
  }

  async *changes(oids: string[], paths: string[]): AsyncGenerator<{ commit: string; path: string }> {
    if (oids.length === 0) return
    const asked = new Set(oids)
    const args = [
      'diff-tree',
      IGNORE_GITMODULES,
      '--stdin',
      '--root',
      '-r',
      '-c',
      '-z',
      '--name-only',
      '--no-renames',
      '--no-relative',
      '--',
      ...this.#pathspecs(paths),
    ]
    let commit = ''
    for await (const field of this.#objects.fields(args, lines(oids))) {
      // Each commit's id precedes its paths, which begin with the base's folder and so cannot be mistaken for ids.
      if (asked.has(field)) commit = field
      else if (field.startsWith(this.#prefix)) yield { commit, path: field.slice(this.#prefix.length) }
    }
  }

  diff(from: string, to: string): AsyncIterable<TreeChange> {
    return this.#objects.diff(from, to, this.#prefix)
  }

  async blame(commit: string, path: string): Promise<{ commit: string; text: string }[]> {
    // Ignores blame.ignoreRevsFile: those commits count here. A text conversion would run a program.
    const args = ['blame', '--porcelain', '--ignore-revs-file=', '--no-textconv', commit, '--', this.#prefix + path]
    return parsePorcelain((await this.#git.run(args)).stdout.toString())
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#objects[Symbol.asyncDispose]()
  }

  async *#log(args: string[], oids: string[] = []): AsyncGenerator<HistoryCommit> {
    for await (const record of this.#objects.fields([...LOG, WITH_AUTHOR, ...args], lines(oids))) {
      const [oid = '', parents = '', author = '', date = '', ...message] = record.split('\n')
      const [seconds, zone] = date.split(' ')
      yield {
        oid,
        parents: parents === '' ? [] : parents.split(' '),
        author,
        date: isoDate(Number(seconds), zone ?? ''),
        message: message.join('\n'),
      }
    }
  }

  /** In a larger repository only paths below the base count, unless a path is more specific. */
  #pathspecs(paths: string[]): string[] {
    return paths.map((path) => (this.#prefix + path).replace(/\/$/, '')).filter((path) => path !== '')
  }

  #name(commit: string, path: string): string {
    return `${commit}:${(this.#prefix + path).replace(/\/$/, '')}`
  }
}

function lines(oids: string[]): string {
  return oids.map((oid) => `${oid}\n`).join('')
}

/** Parses the porcelain format of git-blame(1): a header per line, commit details once, the text after a tab. */
function parsePorcelain(output: string): { commit: string; text: string }[] {
  const lines: { commit: string; text: string }[] = []
  let commit: string | undefined
  for (const line of output.split('\n')) {
    if (commit === undefined) commit = /^([0-9a-f]{40,64}) \d+ \d+/.exec(line)?.[1]
    else if (line.startsWith('\t')) {
      lines.push({ commit, text: line.slice(1) })
      commit = undefined
    }
  }
  return lines
}
