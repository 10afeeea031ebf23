// One base, cloned by two people on one machine: each clone is a base of its own, with its own git configuration.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initKb, openKb, type AddResult, type FsckResult } from '../../src/index.ts'
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

  init() {
    return initKb({ dir: this.root, env: this.#env, hooks: false })
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

  static async make(): Promise<SharedBase> {
    const shared = new SharedBase()
    mkdirSync(join(shared.dir, 'origin'))
    await new Clone(join(shared.dir, 'origin'), { SOURCE_DATE_EPOCH: '1760000000' }).init()
    return shared
  }

  /** `at`: seconds, the time on that person's clock. */
  async clone(name: string, index: number): Promise<Clone> {
    gitIn(this.dir, ['clone', '-q', 'origin', name])
    const clone = new Clone(join(this.dir, name), { SOURCE_DATE_EPOCH: String(index) })
    await clone.init()
    return clone
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
