// The files that documents came from: those that are gone, moved, or no longer what was added.
import { lstatSync } from 'node:fs'
import { parsePointer, POINTER_BYTES_MAX } from '../../core/document/pointer.ts'
import type { StatusResult } from '../../core/results.ts'
import type { Base } from '../../io/base.ts'
import type { CatalogReader } from '../../io/catalog/reader.ts'
import { digestFile } from '../../io/file-digest.ts'
import { MovedOrigins } from '../../io/sidecar/moved-origins.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'
import type { BaseReader } from '../../read/base-reader.ts'
import { StatCache } from '../../scan/stat-cache.ts'
import { VERSION } from '../../version.ts'
import { findMoved } from './find-moved.ts'

/** Sources of which nothing is remembered are read, up to this many, and up to this many bytes each. */
const READ_MAX = 100
const READ_BYTES_MAX = 1024 * 1024
/** Sources that are looked for elsewhere. */
const SOUGHT_MAX = 1_000

/** Documents whose source file is gone, differs from what was added, or was found under another path at `commit`. */
export async function sourceChanges(
  base: Base,
  { history }: Pick<BaseReader, 'history'>,
  catalog: Pick<CatalogReader, 'origins' | 'originals' | 'attached'>,
  commit: string | undefined,
): Promise<NonNullable<StatusResult['sources']>> {
  const found: NonNullable<StatusResult['sources']> = { gone: [], changed: [], moved: [] }
  const places = (await MovedOrigins.open(base)).places()
  using cache = new StatCache(sidecarPath(base, 'statCache'), { generation: VERSION, logger: base.logger })
  const attached = catalog.attached()
  const lost: Lost[] = []
  let read = 0
  for (const { name, origin, sha256 } of catalog.origins()) {
    // Addresses and standard input are not files; a name that is not UTF-8 is shown with escapes.
    if (!origin.startsWith('/') || origin.includes('\\x')) continue
    const path = Buffer.from(origin)
    const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false })
    if (stat === undefined) {
      if (attached.has(name)) continue
      const place = places.get(sha256)
      if (place === undefined) lost.push({ name, path: origin, sha256 })
      else found.moved.push({ name, from: origin, path: place })
      continue
    }
    const known = cache.get(path, stat)
    if (known === 'unplaced' || !stat.isFile()) continue
    if (known === undefined && (stat.size > READ_BYTES_MAX || ++read > READ_MAX)) continue
    const digest = known?.sha256 ?? (await digestOf(path))
    if (digest !== undefined && digest !== sha256) found.changed.push({ name, path: origin })
  }
  const search = {
    root: base.root,
    digestOf: (path: string) => digestBy(cache, path),
    withSizes: async (files: readonly Lost[]) =>
      commit === undefined ? [] : originalSizes(history, catalog, commit, files.slice(0, SOUGHT_MAX)),
  }
  const now = lost.length === 0 ? new Map<string, string>() : await findMoved(lost, search)
  for (const { name, path, sha256 } of lost) {
    const place = now.get(sha256)
    if (place === undefined) found.gone.push({ name, path })
    else found.moved.push({ name, from: path, path: place })
  }
  return found
}

type Lost = { name: string; path: string; sha256: string }

/** What was added, with its size in bytes: that of its original. */
async function originalSizes(
  history: BaseReader['history'],
  catalog: Pick<CatalogReader, 'originals'>,
  commit: string,
  files: readonly Lost[],
): Promise<(Lost & { size: number })[]> {
  const byName = new Map(files.map((file) => [file.name, file]))
  const originals = [...catalog.originals()].filter(({ name }) => byName.has(name))
  const oids = await Promise.all(originals.map(({ raw }) => history.fileAt(commit, raw)))
  const found = originals.flatMap(({ name }, index) => {
    const [file, oid] = [byName.get(name), oids[index]]
    return file === undefined || oid === undefined ? [] : [{ ...file, oid }]
  })
  const sizes = await history.sizes(found.map(({ oid }) => oid))
  const sized = found.map((file, index) => ({ ...file, size: sizes[index] ?? 0 }))
  const small = sized.filter(({ size }) => size <= POINTER_BYTES_MAX)
  for await (const { item, body } of history.contents(small, ({ oid }) => oid)) {
    const pointer = parsePointer(body.toString())
    if (pointer?.sha256 === item.sha256) item.size = pointer.size
  }
  return sized
}

async function digestBy(cache: StatCache, path: string): Promise<string | undefined> {
  const bytes = Buffer.from(path)
  const stat = lstatSync(bytes, { bigint: true, throwIfNoEntry: false })
  const known = stat === undefined ? undefined : cache.get(bytes, stat)
  return known === undefined ? digestOf(bytes) : known === 'unplaced' ? undefined : known.sha256
}

async function digestOf(path: Uint8Array): Promise<string | undefined> {
  const digest = await digestFile(path, {}).catch(() => undefined)
  return digest?.kind === 'digest' ? digest.sha256 : undefined
}
