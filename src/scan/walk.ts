// Walks what the user named: files and folders in byte order of their names, without following links.
import { lstat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { KbError, messageOf, type Failure } from '../core/errors.ts'
import {
  bufferOf,
  canonical,
  has,
  isHidden,
  isInside,
  join,
  list,
  nameOf,
  parentOf,
  parts,
  splitEntry,
  type Entry,
} from './entries.ts'
import { IgnoreRules, type Verdict } from './ignore-rules.ts'
import { displayPath, toByteString } from '../core/document/source-path.ts'
import { foreignFolder, isBundle, listsBundle, PACKAGES, type LeftOut } from './foreign.ts'
import { IGNORE_FILE, readIgnoreFile } from './ignore-file.ts'
import { CheckIgnore, repositoryAround } from '../io/git/check-ignore.ts'
import { failureOf, notRegular } from '../io/source-failure.ts'

/** All paths are absolute, as byte strings. `context`: the folders between the named input and the file. */
export type Met =
  { kind: 'file'; path: string; named: boolean; context: string } | { kind: 'failed'; path: string; failure: Failure }

/** The knowledge base's folder, the names in it that kbgit owns, and its ignore rules if they are not on disk. */
type WalkBase = { root: string; owned: readonly string[]; inbox: string; ignore?: string | undefined }

export type WalkOptions = {
  /** The folder that relative inputs are resolved against. */
  cwd: string
  base?: WalkBase | undefined
  /** Folders that are never entered, e.g. a git directory outside its repository. */
  leftOut?: readonly string[] | undefined
  /** `--exclude`: patterns in gitignore syntax, below the input or below `cwd`. */
  exclude?: readonly string[] | undefined
  /** Leave out what git ignores. `env`: what git needs to run; `gitDir`: of a repository, to ask about folders in none. */
  gitignore?: { env: NodeJS.ProcessEnv; gitDir?: string | undefined } | undefined
  /** Called for each file or folder that is left out, with its path as users see it. */
  onLeftOut?: ((path: string, reason: LeftOut) => void) | undefined
}

type Frame = {
  path: string
  depth: number
  entries: string[]
  next: number
  rules: IgnoreRules
  /** The top of the repository whose rules apply, if any. */
  repository: string | undefined
  gitignored: ReadonlySet<string>
  /** In an Open Knowledge Format bundle. */
  bundle: boolean
}

/** One input after another, each in order. Close it when it is done. */
export class Walk implements AsyncDisposable {
  readonly #options: WalkOptions
  /** Patterns that apply below an input; those without a leading slash also apply below the current folder. */
  readonly #exclude: IgnoreRules
  readonly #excludeBelowCwd: IgnoreRules
  #cwd: string
  /** The previous input's folder: a shell's `*` often names many files in one folder. */
  #parent = { asked: '', canonical: '' }
  /** The base's root as the file system knows it, and its own rules. */
  #base: { path: string; rules: IgnoreRules } | undefined
  readonly #leftOut = new Set<string>()
  readonly #checkIgnore: CheckIgnore | undefined

  private constructor(options: WalkOptions) {
    this.#options = options
    this.#cwd = toByteString(options.cwd)
    this.#checkIgnore =
      options.gitignore === undefined ? undefined : new CheckIgnore(options.gitignore.env, options.gitignore.gitDir)
    const exclude = (options.exclude ?? []).map(toByteString)
    this.#exclude = IgnoreRules.of(exclude)
    this.#excludeBelowCwd = IgnoreRules.of(exclude.filter((pattern) => !/^!?\//.test(pattern)))
  }

  /** Throws `KbError` (`config`) if the base's own ignore file cannot be read. */
  static async start(options: WalkOptions): Promise<Walk> {
    const walk = new Walk(options)
    walk.#cwd = await canonical(walk.#cwd).catch(() => walk.#cwd)
    for (const folder of options.leftOut ?? [])
      walk.#leftOut.add(await canonical(toByteString(folder)).catch(() => toByteString(folder)))
    if (options.base === undefined) return walk
    const { root, owned, ignore } = options.base
    try {
      const path = await canonical(toByteString(root))
      walk.#base = { path, rules: ignore === undefined ? await readIgnoreFile(path) : IgnoreRules.parse(ignore) }
      for (const name of owned) walk.#leftOut.add(join(path, toByteString(name)))
    } catch (cause) {
      throw new KbError('config', `${root}/${IGNORE_FILE} cannot be read: ${messageOf(cause)}.`, {
        hint: 'Fix or remove it: without it, files that it excludes would be added.',
        cause,
      })
    }
    return walk
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#checkIgnore?.[Symbol.asyncDispose]()
  }

  async *input(named: string): AsyncGenerator<Met> {
    const asked = toByteString(resolve(this.#options.cwd, named))
    let path = asked
    try {
      if (named === '') throw Object.assign(new Error('an empty path'), { code: 'ENOENT' })
      const parent = parentOf(asked)
      if (parent !== this.#parent.asked) this.#parent = { asked: parent, canonical: await canonical(parent) }
      path = join(this.#parent.canonical, nameOf(asked))
      const stat = await lstat(bufferOf(path))
      const refusal =
        stat.isFile() || stat.isDirectory() ? this.#refusal(path) : await notRegular(path, stat.isSymbolicLink())
      if (refusal !== undefined) yield { kind: 'failed', path, failure: refusal }
      else if (this.#isNamedButExcluded(path, stat.isDirectory())) this.#leave(path, 'excluded')
      else if (stat.isFile()) yield { kind: 'file', path, named: true, context: '' }
      else yield* this.#folder(path)
    } catch (error) {
      yield { kind: 'failed', path, failure: failureOf(error, path) }
    }
  }

  /** A shell may have named more than intended: `add docs/* --exclude '*.tmp'`. */
  #isNamedButExcluded(path: string, isFolder: boolean): boolean {
    const belowCwd = isInside(path, this.#cwd) ? parts(path.slice(this.#cwd.length)) : []
    const verdict =
      this.#exclude.anywhere.verdict([nameOf(path)], 0, isFolder) ??
      this.#excludeBelowCwd.verdict(belowCwd, 0, isFolder)
    return verdict === 'ignored'
  }

  /** Depth first, with an explicit stack: the depth of a tree is bounded only by the length of a path. */
  async *#folder(root: string): AsyncGenerator<Met> {
    const above = await this.#rulesAbove(root)
    const components: string[] = [...above.components]
    const stack: Frame[] = []
    const enter = async (path: string): Promise<Met | undefined> => {
      try {
        const entries = await list(path)
        const ownRules = has(entries, IGNORE_FILE) ? await readIgnoreFile(path) : IgnoreRules.of([])
        const reason = path === root ? undefined : foreignFolder(path, entries, this.#base?.path)
        if (reason !== undefined) {
          this.#leave(path, reason)
          return undefined
        }
        const around =
          stack.length > 0 && !has(entries, '.git') ? stack.at(-1)?.repository : await this.#repositoryOf(path)
        const repository = around ?? (has(entries, '.gitignore') ? this.#checkIgnore?.looseTop(path) : undefined)
        const gitignored = await this.#gitignored(repository, path, entries)
        const bundle = stack.at(-1)?.bundle === true || (await isBundle(path, entries))
        stack.push({
          path,
          depth: components.length,
          entries,
          next: 0,
          rules: ownRules,
          repository,
          gitignored,
          bundle,
        })
        return undefined
      } catch (error) {
        return { kind: 'failed', path, failure: failureOf(error, path) }
      }
    }
    const failed = await enter(root)
    if (failed !== undefined) yield failed
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      components.length = frame.depth
      const next = frame.entries[frame.next++]
      if (next === undefined) {
        stack.pop()
        continue
      }
      const entry = splitEntry(next)
      const path = join(frame.path, entry.name)
      components.push(entry.name)
      const reason = this.#reasonToLeave(path, entry, components, above, stack)
      if (reason !== undefined) this.#leave(path, reason)
      else if (entry.kind === 'file') {
        yield { kind: 'file', path, named: false, context: frame.path.slice(root.length).replace(/^\//, '') }
      } else {
        const failed = await enter(path)
        if (failed !== undefined) yield failed
      }
    }
  }

  #leave(path: string, reason: LeftOut): void {
    this.#options.onLeftOut?.(displayPath(path), reason)
  }

  #reasonToLeave(
    path: string,
    entry: Entry,
    components: string[],
    above: RulesAbove,
    stack: Frame[],
  ): LeftOut | undefined {
    if (entry.kind === 'other') return 'special'
    if (isHidden(entry.name)) return 'hidden'
    if (this.#leftOut.has(path)) return 'own'
    if (this.#isExcluded(components, above, stack, entry)) return 'excluded'
    if (stack.at(-1)?.gitignored.has(entry.name) === true) return 'gitignored'
    if (entry.kind === 'file' && stack.at(-1)?.bundle === true && listsBundle(entry.name)) return 'bundle'
    return entry.kind === 'folder' && PACKAGES.has(entry.name) ? 'packages' : undefined
  }

  /** Undefined also if git ignores the folder as a whole: then naming it was no mistake. */
  async #repositoryOf(folder: string): Promise<string | undefined> {
    if (this.#checkIgnore === undefined) return undefined
    const repository = repositoryAround(folder)
    if (repository === undefined || repository === folder) return repository
    const ignored = await this.#checkIgnore.among(repository, parentOf(folder), [nameOf(folder)])
    return ignored.size > 0 ? undefined : repository
  }

  async #gitignored(repository: string | undefined, folder: string, entries: string[]): Promise<ReadonlySet<string>> {
    if (this.#checkIgnore === undefined || repository === undefined) return NONE
    const names = entries.map(splitEntry).filter(({ name, kind }) => kind !== 'other' && !isHidden(name))
    return this.#checkIgnore.among(
      repository,
      folder,
      names.map(({ name }) => name),
    )
  }

  /** Nearer rules win: the command line's, then those of the deepest folder, up to the base's. */
  #isExcluded(components: string[], above: RulesAbove, stack: Frame[], entry: Entry): boolean {
    const isFolder = entry.kind === 'folder'
    const top = above.components.length
    let verdict: Verdict = this.#exclude.verdict(components, top, isFolder)
    if (verdict === undefined && above.belowCwd !== undefined) {
      verdict = this.#excludeBelowCwd.verdict([...above.belowCwd, ...components.slice(top)], 0, isFolder)
    }
    for (let i = stack.length - 1; verdict === undefined && i >= 0; i--) {
      const frame = stack[i]
      verdict = frame?.rules.verdict(components, frame.depth, isFolder)
    }
    for (let i = above.rules.length - 1; verdict === undefined && i >= 0; i--) {
      const own = above.rules[i]
      verdict = own?.rules.verdict(components, own.depth, isFolder)
    }
    return verdict === 'ignored'
  }

  /**
   * The rules above an input: inside the base those from its root down; elsewhere the base's rules that apply at any
   * depth.
   */
  async #rulesAbove(root: string): Promise<RulesAbove> {
    const belowCwd = isInside(root, this.#cwd) ? parts(root.slice(this.#cwd.length)) : undefined
    const base = this.#base
    if (base === undefined) return { components: [], rules: [], belowCwd }
    if (!isInside(root, base.path))
      return { components: [], rules: [{ depth: 0, rules: base.rules.anywhere }], belowCwd }
    const components = parts(root.slice(base.path.length))
    const rules = []
    let folder = base.path
    for (const [depth, component] of components.entries()) {
      rules.push({ depth, rules: folder === base.path ? base.rules : await readIgnoreFile(folder) })
      folder = join(folder, component)
    }
    return { components, rules, belowCwd }
  }

  /** Why something that the user named is not added although it is a file or a folder. */
  #refusal(path: string): Failure | undefined {
    const label = displayPath(path)
    if (
      parts(path).includes('.git') ||
      [...this.#leftOut].some((folder) => isInside(path, folder) && !this.#isInInbox(path))
    ) {
      return {
        code: 'unsupported',
        message: `${label} belongs to ${parts(path).includes('.git') ? 'a git repository' : 'the knowledge base'} itself.`,
        hint: 'Name the files or folders that your documents are in.',
      }
    }
    return undefined
  }

  #isInInbox(path: string): boolean {
    const inbox = this.#options.base?.inbox
    return inbox !== undefined && this.#base !== undefined && isInside(path, join(this.#base.path, toByteString(inbox)))
  }
}

const NONE: ReadonlySet<string> = new Set()
type RulesAbove = {
  components: string[]
  rules: { depth: number; rules: IgnoreRules }[]
  belowCwd: string[] | undefined
}
