// Reads git's objects: contents, headers, trees and differences between trees. Never writes or locks.
import { KbError } from '../../core/errors.ts'
import { CatFile, type ObjectHeader } from './cat-file.ts'
import { ended, IGNORE_GITMODULES, nulSeparated, type Git } from './git.ts'
import { EMPTY_TREES, parseTree, splitTree, TREE_MODE, type TreeEntry } from './tree-object.ts'

export type { ObjectHeader } from './cat-file.ts'
export type { TreeEntry } from './tree-object.ts'

/** `oid` is null if the path was deleted, `oldOid` null if it is new. `status` is git's letter: A, D, M or T. */
export type DiffEntry = { path: string; oid: string | null; oldOid: string | null; status: string; mode: string }

export type ReadOptions = {
  /** An object with more bytes is an error: use `stream`. Default: 64 MiB. */
  bytesMax?: number
}

/** With `skipLarger`, objects larger than `bytesMax` are left out. */
export type ReadManyOptions = ReadOptions & { skipLarger?: boolean }

const READ_BYTES_MAX = 64 * 1024 ** 2
/** Maximum number of `readMany` requests in flight. */
const WINDOW = 128

/**
 * Reads objects through two long-lived git processes, each started on first use and restarted if it died. Names are an
 * object id, a revision, or `<revision>:<path>` with the path from the top of the repository. Every method throws
 * `KbError` (`gitFailed`) if git dies. Close it, or its processes keep the program alive.
 */
export class ObjectReader {
  readonly #git: Git
  readonly #contents: CatFile
  readonly #headers: CatFile

  constructor(git: Git) {
    this.#git = git
    this.#contents = new CatFile(git, '--batch')
    this.#headers = new CatFile(git, '--batch-check')
  }

  /** The content, or undefined if the object does not exist. Requests may overlap; they are read in order. */
  async read(name: string, options: ReadOptions = {}): Promise<Buffer | undefined> {
    return (await this.readObject(name, options))?.body
  }

  /** The content with its header. */
  async readObject(name: string, options: ReadOptions = {}): Promise<(ObjectHeader & { body: Buffer }) | undefined> {
    const known = /[\n\0]/.test(name) ? await this.#lookUp(name) : name
    const answer = known === undefined ? undefined : await this.#contents.ask(known, options.bytesMax ?? READ_BYTES_MAX)
    return answer === undefined ? undefined : { ...answer.header, body: answer.body }
  }

  /** Object ids by name of a tree's entries, e.g. `<revision>:<folder>`. Empty if the tree does not exist. */
  async listing(name: string): Promise<Map<string, string>> {
    const found = await this.readObject(name)
    if (found?.type !== 'tree') return new Map()
    return new Map(parseTree(found.body, '', found.oid.length / 2).map(({ path, oid }) => [path, oid]))
  }

  /** Type and size without the content, or undefined if the object does not exist. */
  async header(name: string): Promise<ObjectHeader | undefined> {
    const known = /[\n\0]/.test(name) ? await this.#lookUp(name) : name
    return known === undefined ? undefined : (await this.#headers.ask(known, 'header'))?.header
  }

  /** Like `header`, but uses the process that reads contents: faster for small objects, such as commits and trees. */
  async locate(name: string): Promise<ObjectHeader | undefined> {
    const known = /[\n\0]/.test(name) ? await this.#lookUp(name) : name
    return known === undefined ? undefined : (await this.#contents.ask(known, 'header'))?.header
  }

  /**
   * Contents of many objects in the order requested, with a bounded number in flight; names that do not resolve are
   * left out. `nameOf` returns an item's object name; the item comes back with the content.
   */
  async *readMany<T>(
    items: Iterable<T> | AsyncIterable<T>,
    nameOf: (item: T) => string,
    { skipLarger = false, ...options }: ReadManyOptions = {},
  ): AsyncGenerator<{ item: T; body: Buffer }> {
    const flight: { item: T; body: Promise<Buffer | undefined> }[] = []
    const land = async function* (down: number): AsyncGenerator<{ item: T; body: Buffer }> {
      while (flight.length > down) {
        const next = flight.shift()
        const body = await next?.body
        if (next !== undefined && body !== undefined) yield { item: next.item, body }
      }
    }
    for await (const item of items) {
      const body = skipLarger ? this.#readUnlessLarger(nameOf(item), options) : this.read(nameOf(item), options)
      // Awaited when its turn comes: a reader that stops early must not leave an unhandled rejection.
      body.catch(() => {})
      flight.push({ item, body })
      yield* land(WINDOW - 1)
    }
    yield* land(0)
  }

  async #readUnlessLarger(name: string, options: ReadOptions): Promise<Buffer | undefined> {
    const size = (await this.header(name))?.size ?? 0
    return size > (options.bytesMax ?? READ_BYTES_MAX) ? undefined : this.read(name, options)
  }

  /** The content of a blob of any size, chunk by chunk. Throws `KbError` (`notFound`) if it does not exist. */
  async *stream(name: string): AsyncGenerator<Buffer> {
    const header = await this.header(name)
    if (header === undefined) throw new KbError('notFound', `${name} is not an object of this repository.`)
    yield* this.#output(['cat-file', header.type, header.oid])
  }

  /** The content of the blob with this id, through a separate git process: also works after this reader is closed. */
  async *blob(oid: string): AsyncGenerator<Buffer> {
    yield* this.#output(['cat-file', 'blob', oid])
  }

  /**
   * Every file below `prefix` at a commit, or below some of its folders: in git's order, one tree object at a time,
   * with each tree's subfolders requested ahead. A link or a submodule in place of one of the folders is its own only
   * entry. Throws `KbError` (`notFound`) if the commit does not exist.
   */
  async *tree(commit: string, prefix = '', folders: readonly string[] = ['']): AsyncGenerator<TreeEntry> {
    for (const folder of folders) {
      const tree = await this.#treeOf(commit, prefix + folder)
      if (tree !== undefined) yield* this.#filesOf(tree, folder === '' ? '' : `${folder}/`)
      else yield* await this.#entryInstead(commit, prefix, folder)
    }
  }

  async #entryInstead(commit: string, prefix: string, folder: string): Promise<TreeEntry[]> {
    const [name = '', ...parents] = (prefix + folder)
      .split('/')
      .filter((part) => part !== '')
      .toReversed()
    const parent = await this.#treeOf(commit, parents.toReversed().join('/'))
    const body = parent === undefined ? undefined : await this.read(parent)
    if (parent === undefined || body === undefined || folder === '') return []
    const found = parseTree(body, '', parent.length / 2).filter(({ path }) => path === name)
    return found.map((entry) => ({ ...entry, path: folder }))
  }

  async *#filesOf(tree: string, folder: string): AsyncGenerator<TreeEntry> {
    const body = await this.read(tree)
    if (body === undefined) throw missingTree(tree, folder === '' ? 'the base' : folder)
    yield* this.#walk(parseTree(body, folder, tree.length / 2))
  }

  /** The files in and below one tree's entries. */
  async *#walk(entries: TreeEntry[]): AsyncGenerator<TreeEntry> {
    const subtrees = this.readMany(
      entries.filter(({ mode }) => mode === TREE_MODE),
      ({ oid }) => oid,
    )
    for (const entry of entries) {
      if (entry.mode !== TREE_MODE) {
        yield entry
        continue
      }
      const { value } = await subtrees.next()
      if (value === undefined || value.item !== entry) {
        throw missingTree(entry.oid, entry.path)
      }
      yield* this.#walk(parseTree(value.body, `${entry.path}/`, entry.oid.length / 2))
    }
  }

  /**
   * The paths of all files below a folder of a commit, without some of its folders and in no particular order. Takes a
   * third of the time of `tree`, which also returns ids.
   */
  async paths(commit: string, prefix: string, folder: string, without: readonly string[]): Promise<string[]> {
    const top = await this.#treeOf(commit, prefix + folder)
    const paths: string[] = []
    let trees = top === undefined ? [] : [{ path: folder, oid: top }]
    while (trees.length > 0) {
      const below: typeof trees = []
      const unread = new Set(trees)
      for await (const { item, body } of this.readMany(trees, ({ oid }) => oid)) {
        unread.delete(item)
        below.push(...splitTree(body, item.path, item.oid.length / 2, paths))
      }
      for (const { oid, path } of unread) throw missingTree(oid, path)
      trees = below.filter(({ path }) => !without.includes(path))
    }
    return paths
  }

  /**
   * The differences below `prefix` between two commits; a null `from` means the empty tree. A rename is a D and an A.
   */
  async *diff(from: string | null, to: string, prefix = ''): AsyncGenerator<DiffEntry> {
    const newTree = await this.#treeOf(to, prefix)
    const oldTree = from === null ? undefined : await this.#treeOf(from, prefix)
    const empty = EMPTY_TREES[(newTree ?? oldTree ?? '').length]
    if (empty === undefined) return
    const args = [
      'diff-tree',
      IGNORE_GITMODULES,
      '-r',
      '-z',
      '--no-renames',
      '--no-relative',
      '--raw',
      '--no-abbrev',
      oldTree ?? empty,
      newTree ?? empty,
    ]
    let meta: string[] | undefined
    for await (const field of this.fields(args)) {
      if (meta === undefined) meta = field.slice(1).split(' ')
      else {
        const [, mode = '', oldOid = '', oid = '', status = ''] = meta
        meta = undefined
        yield { path: field, oid: orNull(oid), oldOid: orNull(oldOid), status, mode }
      }
    }
  }

  /** The commit that a revision names (tags are followed), or undefined. */
  async resolve(rev: string): Promise<string | undefined> {
    if (rev === '' || rev.startsWith('-')) return undefined
    // cat-file dies on names such as `@{upstream}` that it cannot resolve; rev-parse just fails.
    if (rev.includes('@{')) return this.#lookUp(`${rev}^{commit}`)
    return (await this.locate(`${rev}^{commit}`))?.oid
  }

  /** The NUL-separated fields that a git command prints, as they arrive. */
  async *fields(args: string[], input = ''): AsyncGenerator<string> {
    for await (const fields of this.fieldBatches(args, input)) yield* fields
  }

  /** Like `fields`, many at a time: for output of many thousand fields. */
  fieldBatches(args: string[], input = ''): AsyncGenerator<string[]> {
    return nulSeparated(this.#output(args, input))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#contents[Symbol.asyncDispose](), this.#headers[Symbol.asyncDispose]()])
  }

  /** The tree of a folder at a commit; undefined if the commit lacks it. Throws if the commit does not exist. */
  async #treeOf(commit: string, prefix: string): Promise<string | undefined> {
    const folder = prefix.replace(/\/+$/, '')
    const header = await this.locate(folder === '' ? `${commit}^{tree}` : `${commit}:${folder}`)
    if (header?.type === 'tree') return header.oid
    if ((await this.resolve(commit)) === undefined)
      throw new KbError('notFound', `"${commit}" is not a commit of this repository.`)
    return undefined
  }

  /** The object id of a name that the line protocol cannot carry: a path with a line break. */
  async #lookUp(name: string): Promise<string | undefined> {
    if (name.includes('\0')) return undefined
    const found = await this.#git.run(['rev-parse', '--verify', '--quiet', '--end-of-options', name], {
      ok: [0, 1, 128],
    })
    return found.code === 0 ? found.stdout.toString().trim() : undefined
  }

  /** The output of a git command, chunk by chunk, with back-pressure. Leaving early ends the process. */
  async *#output(args: string[], input = ''): AsyncGenerator<Buffer> {
    const child = this.#git.start(args)
    const end = ended(child)
    end.catch(() => {})
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-4_096)))
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    try {
      for await (const chunk of child.stdout) yield chunk as Buffer
    } catch (error) {
      // If git could not be started, report that rather than the broken pipe.
      await end
      throw error
    } finally {
      if (child.exitCode === null && child.stdout.readableEnded === false) child.kill()
    }
    const { code, signal } = await end
    if (code !== 0)
      throw new KbError('gitFailed', `git ${args[0]} failed (${signal ?? code}): ${stderr.trim() || 'no error output'}`)
  }
}

function missingTree(oid: string, path: string): KbError {
  return new KbError('gitFailed', `The tree ${oid} of ${path} is missing.`, { hint: 'Run "git fsck".' })
}

function orNull(oid: string): string | null {
  return /^0+$/.test(oid) ? null : oid
}
