// Prepares documents made by tests, as a worker does, in folders that are removed with the test.
import { createHash } from 'node:crypto'
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { DEFAULT_LIMITS } from '../../src/core/config.ts'
import type { Failure } from '../../src/core/errors.ts'
import type { Prepared } from '../../src/core/document/prepared.ts'
import type { PrepareTask } from '../../src/prepare/protocol.ts'
import prepare from '../../src/prepare/worker.ts'

export type StagedPage = { page: number; content: string; images: string[] }
export type Staged = { prepared: Prepared; staging: string; text: string; pages: StagedPage[] }

export class StagingFolder {
  readonly path: string
  #count = 0

  constructor(path: string) {
    this.path = path
  }

  static async make(): Promise<StagingFolder> {
    return new StagingFolder(await mkdtemp(join(tmpdir(), 'kbgit-prepare-')))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
  }

  /** The folder of the next document; for files that should be next to it. */
  nextFolder(): string {
    return join(this.path, String(this.#count + 1))
  }

  /** A file with this content, and the task that prepares it. */
  async task(name: string, content: string | Uint8Array, more: Partial<PrepareTask> = {}): Promise<PrepareTask> {
    const folder = this.nextFolder()
    this.#count++
    const staging = join(folder, 'staging')
    await mkdir(staging, { recursive: true })
    const path = join(folder, name)
    await writeFile(path, content)
    return {
      label: name,
      path: Buffer.from(path),
      extension: extname(name).toLowerCase(),
      staging,
      sha256: createHash('sha256').update(content).digest('hex'),
      longPages: 20,
      limits: DEFAULT_LIMITS,
      named: true,
      ...more,
    }
  }

  /** Prepares a document that must be accepted. */
  async prepare(name: string, content: string | Uint8Array, more: Partial<PrepareTask> = {}): Promise<Staged> {
    const task = await this.task(name, content, more)
    const reply = await prepare({ ...task, runtime: 'process' })
    if ('elsewhere' in reply || !reply.ok) throw new Error(`${name}: ${JSON.stringify(reply)}`)
    return read(reply.prepared, task.staging)
  }

  /** Prepares a document that must be refused. */
  async refuse(name: string, content: string | Uint8Array, more: Partial<PrepareTask> = {}): Promise<Failure> {
    const reply = await prepare({ ...(await this.task(name, content, more)), runtime: 'process' })
    if ('elsewhere' in reply || reply.ok) throw new Error(`${name} was taken.`)
    return reply.failure
  }
}

/** Reads what was prepared: the text of a long document is its pages, joined. */
export async function read(prepared: Prepared, staging: string): Promise<Staged> {
  const file = await readFile(join(staging, prepared.text), 'utf8')
  const pages = prepared.kind === 'long' ? (JSON.parse(file) as StagedPage[]) : []
  return {
    prepared,
    staging,
    pages,
    text: prepared.kind === 'long' ? pages.map((page) => page.content).join('\n\n') : file,
  }
}
