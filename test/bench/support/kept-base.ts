// Bases of many documents, kept between runs: git creates them, and kbgit then indexes them.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateBase } from '../../support/generate-base.ts'
import { CACHE, type Place } from './bench.ts'

type Kept = { commit: string; packs: string[]; catalogMs: number; searchMs: number; nextNote: number }

/** A base in which kbgit knows every document: its catalog and its search store are built. */
export class KeptBase {
  readonly dir: string
  readonly documents: number
  readonly #place: Place
  readonly #noteFile: string
  #kept: Kept

  private constructor(place: Place, dir: string, documents: number) {
    this.dir = dir
    this.documents = documents
    this.#place = place
    this.#noteFile = `${dir}.json`
    this.#kept = JSON.parse(readFileSync(this.#noteFile, 'utf8')) as Kept
  }

  /** Opens the base in its original state. */
  static async open(place: Place, documents: number): Promise<KeptBase> {
    const dir = join(CACHE, `generated-2-${documents}`)
    if (!existsSync(`${dir}.json`)) await make(place, dir, documents)
    const base = new KeptBase(place, dir, documents)
    await base.restore()
    return base
  }

  /** Milliseconds that kbgit needed to index a base that was new to it: catalog and search store. */
  get firstLook(): { catalogMs: number; searchMs: number } {
    return this.#kept
  }

  /** Numbers of notes that are new to this base: its search store keeps everything it has seen. */
  freshNotes(count: number): number {
    const first = this.#kept.nextNote
    this.#kept = { ...this.#kept, nextNote: first + count }
    writeFileSync(this.#noteFile, JSON.stringify(this.#kept))
    return first
  }

  /** Resets to the original commit, and restores kbgit's snapshot of it. */
  async restore(): Promise<void> {
    const { commit, packs } = this.#kept
    const git = (...args: string[]) => this.#place.git(this.dir, args)
    await git('reset', '-q', '--hard', commit)
    await git('clean', '-fdq')
    await git('reflog', 'expire', '--expire=all', '--all')
    const folder = join(this.dir, '.git/objects/pack')
    for (const file of readdirSync(folder))
      if (!packs.includes(file.replace(/\.\w+$/, ''))) rmSync(join(folder, file), { force: true })
    await git('prune')
    await this.#place.kbgit(this.dir, ['recover'])
  }
}

async function make(place: Place, dir: string, documents: number): Promise<void> {
  const making = `${dir}.new`
  rmSync(making, { recursive: true, force: true })
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(making, { recursive: true })
  await generateBase(making, { documents })
  await place.git(making, ['gc', '-q'])
  // The first command that writes indexes every document.
  const folder = join(place.dir, `first-${documents}`)
  mkdirSync(folder)
  const commit = (await place.git(making, ['rev-parse', 'HEAD'])).stdout.trim()
  const catalog = await place.kbgit(making, ['add', folder])
  const search = await place.kbgit(making, ['recover'])
  renameSync(making, dir)
  const packs = readdirSync(join(dir, '.git/objects/pack')).map((file) => file.replace(/\.\w+$/, ''))
  const kept: Kept = { commit, packs, catalogMs: catalog.ms, searchMs: search.ms, nextNote: 0 }
  writeFileSync(`${dir}.json`, JSON.stringify(kept))
}
