// The journal: a folder of intents, one file per unfinished transaction.
import { mkdir, readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Durability } from '../core/config.ts'
import { systemCode } from '../core/errors.ts'
import { type Intent, type ParsedIntent, parseIntent, serializeIntent } from '../core/transaction/intent.ts'
import { fsyncPath, moveOver, writeDurable } from '../io/durable-fs.ts'
import { sidecarPath } from '../io/sidecar/paths.ts'

export class Journal {
  readonly #folder: string
  readonly #quarantine: string
  readonly #durability: Durability

  constructor(sidecarDir: string, durability: Durability) {
    this.#folder = sidecarPath({ sidecarDir }, 'journal')
    this.#quarantine = sidecarPath({ sidecarDir }, 'quarantine')
    this.#durability = durability
  }

  /** Writes an intent durably. Nothing that it names may be touched before. */
  async record(intent: Intent): Promise<void> {
    await mkdir(this.#folder, { recursive: true })
    await writeDurable(this.#file(intent.id), serializeIntent(intent), this.#durability)
  }

  /** Drops an intent, as the last step. If a power cut brings it back, recovery finds its work done. */
  async clear(id: string): Promise<void> {
    await unlink(this.#file(id)).catch(ignoreMissing)
  }

  /** Removes an entry by its file name. */
  async drop(name: string): Promise<void> {
    await unlink(join(this.#folder, name)).catch(ignoreMissing)
  }

  /** File names of all journal entries, oldest id first. Leftovers of unfinished writes are removed. */
  async entries(): Promise<string[]> {
    let names: string[]
    try {
      names = await readdir(this.#folder)
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return []
      throw error
    }
    const unfinished = names.filter((name) => name.endsWith('.tmp'))
    for (const name of unfinished) await unlink(join(this.#folder, name)).catch(ignoreMissing)
    return names.filter((name) => !name.endsWith('.tmp')).sort()
  }

  /** Undefined if it is gone: two files may have held the same intent. */
  async read(name: string): Promise<ParsedIntent | undefined> {
    try {
      return parseIntent(await readFile(join(this.#folder, name), 'utf8'))
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined
      // A folder or a special file of that name was not written here.
      if (['EISDIR', 'ENXIO', 'ELOOP'].includes(systemCode(error) ?? '')) return { kind: 'torn' }
      throw error
    }
  }

  /** Quarantines an entry for a person: kept, but no longer in the way. Returns its new path. */
  async quarantine(name: string): Promise<string> {
    await mkdir(this.#quarantine, { recursive: true })
    const taken = new Set(await readdir(this.#quarantine))
    let free = name
    for (let n = 2; taken.has(free); n++) free = `${name}.${n}`
    const path = join(this.#quarantine, free)
    moveOver(join(this.#folder, name), path)
    if (this.#durability === 'power') await fsyncPath(this.#quarantine)
    return path
  }

  /** Contents of everything in quarantine; unreadable files are skipped. */
  async quarantinedTexts(): Promise<string[]> {
    const read = async (name: string): Promise<string> => readFile(join(this.#quarantine, name), 'utf8').catch(() => '')
    return Promise.all((await this.quarantined()).map(read))
  }

  async quarantined(): Promise<string[]> {
    return readdir(this.#quarantine).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return []
      throw error
    })
  }

  #file(id: string): string {
    return join(this.#folder, `${id}.json`)
  }
}

function ignoreMissing(error: unknown): void {
  if (systemCode(error) !== 'ENOENT') throw error
}
