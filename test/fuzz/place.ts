// One case's folder: the repository in it is kbgit's, everything else must not change.
import { cpSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { contentOf } from '../support/workplace.ts'
import { gitIn } from '../support/repository.ts'
import type { Change } from './corruption.ts'
import type { Template } from './template.ts'

/** Folders between the scratch folder and the repository, so that a path with several `..` is still detected. */
const DEEP = 'a/b/c'
/** What git and kbgit write into the git directory during normal work. */
const WORKING =
  /^(?:objects|kbgit|logs|index|packed-refs|refs\/(?:heads|kbgit|stash)|COMMIT_EDITMSG|ORIG_HEAD|info\/refs)(?:\/|$)/
const SIDECAR =
  /^(?:journal|quarantine|staging|prepared|blobs|answers|chats|hooks|code|lock\.db|catalog\.db|pageindex\.db|stat-cache\.db|run\.json|moved\.json|config-write|replacement\.json|commit-map|large|unsent|set-aside|(?:catalog|pageindex|stat-cache)-\d+\.db)(?:$|-(?:wal|shm|journal)$|\.[\w.-]+$)/

export class Place implements Disposable {
  readonly #scratch: string
  readonly #template: Template
  readonly repository: string
  readonly base: string
  /** Absolute path of a folder that must not change. */
  readonly target: string
  readonly home: string
  #before: Record<string, string> = {}
  #sidecarBefore = new Set<string>()
  #head = ''

  constructor(scratch: string, template: Template) {
    this.#scratch = scratch
    this.#template = template
    this.repository = join(scratch, DEEP, 'repository')
    this.base = join(this.repository, template.prefix)
    this.target = join(scratch, 'target')
    this.home = join(scratch, 'home')
    for (const folder of [dirname(this.repository), this.target, this.home, join(scratch, 'tmp')])
      mkdirSync(folder, { recursive: true })
    writeFileSync(join(this.target, 'note.md'), '# Letter\n\nThe neap tide in the harbour, said Bob Green.\n')
    writeFileSync(join(this.home, '.profile'), 'true\n')
    cpSync(template.repository, this.repository, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
  }

  read(path: string): string {
    return readFileSync(join(this.base, path), 'utf8')
  }

  forgetSidecar(): void {
    rmSync(join(this.repository, '.git/kbgit'), { recursive: true, force: true })
  }

  /** Applies the changes, and commits them if requested: tree entries are always committed. */
  corrupt(changes: readonly Change[], commit: boolean): void {
    for (const change of changes) this.#apply(change)
    if (!commit || changes.every((change) => change.do === 'sidecar' || change.do === 'entry')) return
    const gitlinks = changes.filter((change) => change.do === 'gitlink')
    gitIn(this.repository, ['add', '-A', '-f', '.'])
    for (const { path } of gitlinks) {
      gitIn(this.base, ['rm', '-rq', '--cached', '--ignore-unmatch', '--', path])
      const entry = `160000,${gitIn(this.repository, ['rev-parse', 'HEAD'])},${this.#template.prefix}${path}`
      gitIn(this.repository, ['update-index', '--add', '--cacheinfo', entry])
    }
    gitIn(this.repository, ['commit', '-q', '--allow-empty', '--no-verify', '-m', 'Change something'])
  }

  #apply(change: Change): void {
    if (change.do === 'entry') return this.#addEntry(change)
    const root = change.do === 'sidecar' ? join(this.repository, '.git/kbgit') : this.base
    const file = join(root, change.path)
    rmSync(file, { recursive: true, force: true })
    mkdirSync(dirname(file), { recursive: true })
    if (change.do === 'gitlink') mkdirSync(file)
    else if (change.do === 'link') symlinkSync(change.target, file)
    else if (change.do === 'write') writeFileSync(file, change.content)
    else if (change.target !== undefined) symlinkSync(change.target, file)
    else if (change.folder === true) mkdirSync(file)
    else writeFileSync(file, change.content ?? '')
  }

  #addEntry({ folder, name, content, nested }: Extract<Change, { do: 'entry' }>): void {
    const store = (args: string[], input: Buffer | string): string => gitIn(this.repository, args, {}, input)
    const list = (path: string): Buffer =>
      Buffer.from(gitIn(this.repository, ['ls-tree', '-z', `HEAD:${path}`]), 'utf8')
    const blob = store(['hash-object', '-w', '--stdin'], content)
    const line = (mode: string, kind: string, oid: string, entry: Buffer): Buffer =>
      Buffer.concat([Buffer.from(`${mode} ${kind} ${oid}\t`), entry, Buffer.from('\0')])
    const own =
      nested === undefined
        ? line('100644', 'blob', blob, name)
        : line('040000', 'tree', store(['mktree', '-z'], line('100644', 'blob', blob, Buffer.from(nested))), name)
    const parts = `${this.#template.prefix}${folder}`.split('/').filter((part) => part !== '')
    let tree = store(['mktree', '-z'], Buffer.concat([list(parts.join('/')), own]))
    for (let at = parts.length - 1; at >= 0; at--) {
      const part = parts[at] ?? ''
      const others = list(parts.slice(0, at).join('/'))
        .toString()
        .split('\0')
        .filter((each) => each !== '' && !each.endsWith(`\t${part}`))
      tree = store(['mktree', '-z'], [...others, `040000 tree ${tree}\t${part}`].map((each) => `${each}\0`).join(''))
    }
    const commit = gitIn(this.repository, ['commit-tree', '-p', 'HEAD', '-m', 'Change something', tree])
    gitIn(this.repository, ['update-ref', 'HEAD', commit])
  }

  /** The current state of everything that kbgit must not change. */
  remember(): void {
    this.#before = this.#around()
    this.#sidecarBefore = new Set(this.#sidecarNames())
    this.#head = this.head()
  }

  /** Read as git would, without the cost of a process: its refs are files, or packed. */
  head(): string {
    const gitDir = join(this.repository, '.git')
    const ref = readFileSync(join(gitDir, 'HEAD'), 'utf8')
      .replace(/^ref: /, '')
      .trim()
    const loose = lstatSync(join(gitDir, ref), { throwIfNoEntry: false })
    if (loose?.isFile() === true) return readFileSync(join(gitDir, ref), 'utf8').trim()
    const packed = readFileSync(join(gitDir, 'packed-refs'), 'utf8').split('\n')
    return packed.find((line) => line.endsWith(` ${ref}`))?.slice(0, -ref.length - 1) ?? ''
  }

  /** What has changed since then although it must not. */
  violations(): string[] {
    const now = this.#around()
    const paths = [...new Set([...Object.keys(this.#before), ...Object.keys(now)])]
    const changed = paths.filter((path) => this.#before[path] !== now[path])
    const strange = this.#sidecarNames().filter((name) => !SIDECAR.test(name) && !this.#sidecarBefore.has(name))
    return [
      ...changed.map(
        (path) =>
          `${path} ${now[path] === undefined ? 'is gone' : this.#before[path] === undefined ? 'is new' : 'is another'}`,
      ),
      ...strange.map((name) => `.git/kbgit/${name} is new`),
      ...this.#committed(),
    ]
  }

  /** Trees that git refuses, and paths outside of the base, committed by kbgit. */
  #committed(): string[] {
    const head = this.head()
    if (head === this.#head) return []
    const paths = gitIn(this.repository, ['diff-tree', '-r', '-z', '--name-only', this.#head, head]).split('\0')
    const wrong = paths.filter(
      (path) =>
        path !== '' &&
        (!path.startsWith(this.#template.prefix) ||
          path.split('/').some((part) => /^(?:\.{0,2}|\.git|git~\d)$/i.test(part))),
    )
    return wrong.map((path) => `${path} was committed`)
  }

  /** Everything beside the repository, of the repository all beside the base, of the git directory all but what is at work. */
  #around(): Record<string, string> {
    const found: Record<string, string> = {}
    for (const name of readdirSync(this.#scratch)) {
      if (name !== 'a') Object.assign(found, prefixed(name, contentOf(join(this.#scratch, name))))
    }
    for (const folder of ['a', 'a/b', 'a/b/c'])
      for (const name of readdirSync(join(this.#scratch, folder))) found[`${folder}/${name}`] = 'there'
    if (this.#template.prefix !== '')
      for (const [path, content] of Object.entries(contentOf(this.repository)))
        if (!path.startsWith(this.#template.prefix)) found[`repository/${path}`] = content
    for (const [path, content] of Object.entries(gitContent(join(this.repository, '.git'))))
      if (!WORKING.test(path)) found[`.git/${path}`] = path === 'config' ? this.#config() : content
    return found
  }

  #config(): string {
    const text = readFileSync(join(this.repository, '.git/config'), 'utf8')
    return text.replace(/^\[merge "kbgit"\]\n(?:\t.*\n)*/m, '')
  }

  #sidecarNames(): string[] {
    const folder = join(this.repository, '.git/kbgit')
    return lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(folder) : []
  }

  [Symbol.dispose](): void {
    rmSync(this.#scratch, { recursive: true, force: true })
  }
}

function gitContent(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder)
      .filter((name) => !['objects', 'kbgit', 'logs'].includes(name))
      .flatMap((name): [string, string][] =>
        lstatSync(join(folder, name)).isDirectory()
          ? Object.entries(prefixed(name, contentOf(join(folder, name))))
          : [[name, readFileSync(join(folder, name), 'latin1')]],
      ),
  )
}

function prefixed(name: string, content: Record<string, string>): Record<string, string> {
  return Object.fromEntries([
    [name, 'there'],
    ...Object.entries(content).map(([path, what]) => [`${name}/${path}`, what]),
  ])
}
