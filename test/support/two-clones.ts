// One base, cloned by two people on one machine: each clone is a base of its own, with its own git configuration.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  initKb,
  openKb,
  type AddResult,
  type FsckResult,
  type PurgeResult,
  type RecoverResult,
  type StatusResult,
  type SyncResult,
} from '../../src/index.ts'
import { note } from './notes.ts'
import { gitIn, TEST_ENVIRONMENT } from './repository.ts'

export class Clone {
  readonly root: string
  readonly #env: NodeJS.ProcessEnv

  constructor(root: string, env: NodeJS.ProcessEnv) {
    this.root = root
    this.#env = { ...TEST_ENVIRONMENT, ...env }
  }

  git(...args: string[]): string {
    return gitIn(this.root, args, this.#env)
  }

  init(hooks = false) {
    return initKb({ dir: this.root, env: this.#env, hooks })
  }

  /** A file at HEAD. */
  read(path: string): string {
    return this.git('show', `HEAD:${path}`)
  }

  /** Names of the documents at HEAD. */
  get documents(): string[] {
    const paths = this.git('ls-tree', '-r', '--name-only', 'HEAD', 'documents/').split('\n')
    return paths.flatMap((path) => /([^/]+)\.json$/.exec(path)?.[1] ?? []).sort()
  }

  async recover(): Promise<RecoverResult> {
    await using kb = await openKb({ dir: this.root, env: this.#env })
    return kb.recover()
  }

  async sync(): Promise<SyncResult> {
    await using kb = await openKb({ dir: this.root, env: this.#env })
    return kb.sync()
  }

  async status(): Promise<StatusResult> {
    await using kb = await openKb({ dir: this.root, env: this.#env })
    return kb.status()
  }

  async purge(name: string): Promise<PurgeResult> {
    await using kb = await openKb({ dir: this.root, env: this.#env })
    return kb.purge(name)
  }

  async add(folder: string): Promise<AddResult> {
    await using kb = await openKb({ dir: this.root, env: this.#env })
    return kb.add([folder])
  }

  async problems(): Promise<FsckResult['problems']> {
    await using kb = await openKb({ dir: this.root, env: this.#env })
    return (await kb.fsck({ blobs: true })).problems
  }

  get tree(): string {
    return this.git('rev-parse', 'HEAD^{tree}')
  }
}

/** A base at `origin` in a folder of its own, and clones of it. */
export class SharedBase implements Disposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'kbgit-shared-'))

  /** `config`: lines of `kbgit.yaml`. */
  static async make(config = ''): Promise<SharedBase> {
    const shared = new SharedBase()
    const root = join(shared.dir, 'origin')
    mkdirSync(root)
    const origin = new Clone(root, { SOURCE_DATE_EPOCH: '1760000000' })
    await origin.init()
    if (config !== '') {
      const keys = config.split('\n').map((line) => line.replace(/:.*/, ''))
      const file = join(root, 'kbgit.yaml')
      const lines = readFileSync(file, 'utf8').split('\n')
      writeFileSync(file, lines.filter((line) => !keys.includes(line.replace(/:.*/, ''))).join('\n') + `\n${config}`)
      origin.git('commit', '-qam', 'Configure')
    }
    return shared
  }

  /** `at`: seconds, the time on that person's clock. */
  async clone(name: string, index: number, { hooks = false } = {}): Promise<Clone> {
    gitIn(this.dir, ['clone', '-q', 'origin', name])
    const clone = new Clone(join(this.dir, name), { SOURCE_DATE_EPOCH: String(index) })
    await clone.init(hooks)
    return clone
  }

  /** A folder with these files. */
  files(name: string, files: Record<string, string | Uint8Array>): string {
    const folder = join(this.dir, name)
    mkdirSync(folder)
    for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content)
    return folder
  }

  /** A folder with the notes of these numbers. */
  notes(name: string, numbers: number[]): string {
    const folder = join(this.dir, name)
    mkdirSync(folder)
    for (const index of numbers) {
      const { name: file, text } = note(index)
      writeFileSync(join(folder, file), text)
    }
    return folder
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true, force: true })
  }
}
