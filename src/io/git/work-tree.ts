// The user's files: what is at a path, and placing a committed file there without ever replacing unseen bytes.
import { chmodSync, rmdirSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DiskState } from '../../core/transaction/classify-path.ts'
import { lstatIfThere, makeFolder, moveIfAbsent, moveOver } from '../durable-fs.ts'
import type { Git, Repository } from './git.ts'
import { serializePointer } from '../../core/document/pointer.ts'
import { digestFile } from '../file-digest.ts'
import { blobId, blobIdOfFile } from './object-id.ts'
import { isWithin } from '../../core/platform.ts'

export type Placement = {
  /** Relative to the work tree. */
  path: string
  before: string | null
  after: string | null
  mode: string
  /** A staged file with the new content; it is moved away. */
  staged: string | null
  /** In recovery: an empty file at the path lost its bytes in a power cut, and is written again. */
  replaceEmpty?: boolean
}

/** `kept`: the user's bytes are there, and stay. `edited`: they are a file in place of the earlier one. */
export type Placed = { placed: boolean; kept: boolean; edited?: boolean; folders: string[] }

export class WorkTree {
  readonly #repository: Repository
  readonly #git: Git
  readonly #isLarge: (path: string) => boolean
  readonly #folders = new Map<string, boolean>()
  readonly #made = new Set<string>()

  /**
   * Valid for one transaction: it remembers which folders are not symbolic links. `isLarge`: the path has an original
   * that git-lfs stores.
   */
  constructor(repository: Repository, git: Git, isLarge: (path: string) => boolean = () => false) {
    this.#repository = repository
    this.#git = git
    this.#isLarge = isLarge
  }

  async state(path: string): Promise<DiskState> {
    const link = await this.#linkAbove(path)
    if (link !== undefined) return { kind: 'other', what: `reached through ${link}, which is not a plain folder` }
    const at = join(this.#repository.workTree, path)
    const stat = lstatIfThere(at)
    if (stat === undefined) return { kind: 'absent' }
    if (!stat.isFile())
      return {
        kind: 'other',
        what: stat.isDirectory() ? 'a folder' : stat.isSymbolicLink() ? 'a symbolic link' : 'a special file',
      }
    const oid = await blobIdOfFile(at, stat.size, this.#repository)
    let filtered: Promise<string> | undefined
    return {
      kind: 'file',
      // Starting git is the last resort: usually comparing the bytes is enough.
      which: async (...wanted) => {
        if (wanted.includes(oid)) return oid
        const id = await (filtered ??= this.#filteredId(path))
        return wanted.find((one) => one === id)
      },
      ids: async () => [...new Set([oid, await (filtered ??= this.#filteredId(path))])],
    }
  }

  /** Brings a path from `before` to `after`. Anything else found there is the user's, and is kept. */
  async place(placement: Placement): Promise<Placed> {
    const { path, before, after, staged } = placement
    const at = join(this.#repository.workTree, path)
    const state = await this.state(path)
    const kept = { placed: false, kept: true, folders: [] }
    if (state.kind === 'other') return kept
    if (after === null) {
      if (state.kind === 'absent') return { placed: true, kept: false, folders: [] }
      if (before === null || (await state.which(before)) === undefined) return kept
      unlinkSync(at)
      return { placed: true, kept: false, folders: [dirname(at)] }
    }
    const found = state.kind === 'file' ? await state.which(after, ...(before === null ? [] : [before])) : undefined
    if (found === after) return { placed: true, kept: false, folders: [dirname(at)] }
    if (staged === null) throw new Error(`${path} has nothing staged to put there`)
    if (state.kind === 'absent') {
      if (before !== null) return kept
      const folders = this.#makeFolder(dirname(at))
      giveMode(placement.mode, staged)
      return moveIfAbsent(staged, at) ? { placed: true, kept: false, folders: [dirname(at), ...folders] } : kept
    }
    const lost = placement.replaceEmpty === true && lstatIfThere(at)?.size === 0
    if (!lost && (before === null || found !== before)) return { ...kept, edited: before !== null }
    giveMode(placement.mode, staged)
    moveOver(staged, at, `${staged}.old`)
    return { placed: true, kept: false, folders: [dirname(at)] }
  }

  /** Many files go into one folder. If the folder is removed meanwhile, the file fails. */
  #makeFolder(folder: string): string[] {
    if (this.#made.has(folder)) return []
    this.#made.add(folder)
    return makeFolder(folder)
  }

  /**
   * The id that git would give the file, with the line-ending conversion and clean filters of the user's attributes. A
   * large original's is that of its pointer, whether git-lfs works here or not.
   */
  async #filteredId(path: string): Promise<string> {
    if (this.#isLarge(path)) {
      const digest = await digestFile(Buffer.from(join(this.#repository.workTree, path)))
      if (digest.kind !== 'digest') return ''
      const pointer = { sha256: digest.sha256, size: Number(digest.stat.size) }
      return blobId(serializePointer(pointer), this.#repository)
    }
    return this.#git.text(['hash-object', '--', path])
  }

  /** The first parent of `path` that is not a real folder. */
  async #linkAbove(path: string): Promise<string | undefined> {
    const parts = path.split('/').slice(0, -1)
    let folder = ''
    for (const part of parts) {
      folder = folder === '' ? part : `${folder}/${part}`
      let plain = this.#folders.get(folder)
      if (plain === undefined) {
        const stat = lstatIfThere(join(this.#repository.workTree, folder))
        // A missing folder cannot lead elsewhere, but it may be created meanwhile, so it is checked again.
        if (stat === undefined) return undefined
        plain = stat.isDirectory()
        this.#folders.set(folder, plain)
      }
      if (!plain) return folder
    }
    return undefined
  }
}

/** Removes folders that became empty, from `folder` up to but excluding `root`. Non-empty folders stay. */
export function removeEmptyFolders(folder: string, root: string): void {
  for (let at = folder; at !== root && isWithin(root, at); at = dirname(at)) {
    try {
      rmdirSync(at)
    } catch {
      return
    }
  }
}

/** Writes a new file for staging; names are never reused. */
export function writeStaged(path: string, content: string | Uint8Array): void {
  writeFileSync(path, content, { flag: 'wx' })
}

let umask: number | undefined

/** Like files made by git: the user's umask decides. Staging is private, so staged files have a different mode. */
function giveMode(mode: string, file: string): void {
  // process.umask() sets it twice to read it: once is enough, nothing here changes it.
  umask ??= process.umask()
  const wanted = (mode === '100755' ? 0o777 : 0o666) & ~umask
  if ((statSync(file).mode & 0o777) !== wanted) chmodSync(file, wanted)
}
