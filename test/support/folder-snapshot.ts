// A folder in memory, for tests that start from the same one: writing it takes a fraction of the time of making it.
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

type Entry = { path: string; mode: number; content: Buffer | undefined }

export class FolderSnapshot {
  readonly #entries: readonly Entry[]

  /** Folders and regular files below `folder`, with their permissions. */
  constructor(folder: string) {
    this.#entries = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((path) => {
        const stat = statSync(join(folder, path))
        return { path, mode: stat.mode, content: stat.isDirectory() ? undefined : readFileSync(join(folder, path)) }
      })
  }

  writeTo(folder: string): void {
    for (const { path, mode, content } of this.#entries) {
      const target = join(folder, path)
      if (content === undefined) mkdirSync(target)
      else writeFileSync(target, content)
      chmodSync(target, mode)
    }
  }
}
