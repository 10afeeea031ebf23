// Shows that nothing is left: every object of the repository, reachable or not, is searched for the originals, their
// digests and the documents' own words.
import { createHash } from 'node:crypto'
import { hasRun } from '../../core/page/word-runs.ts'
import type { PurgeProof } from '../../core/results.ts'
import type { Base } from '../../io/base.ts'
import type { ObjectReader } from '../../io/git/objects.ts'
import { reachableObjects } from '../../io/git/reachable.ts'
import { isText, type Traces } from './find-traces.ts'

/** Larger objects are searched for the digest of their bytes only. */
const TEXT_BYTES_MAX = 64 * 1024 ** 2
const SHOWN_MAX = 100

export async function prove(
  base: Base,
  objects: ObjectReader,
  traces: Pick<Traces, 'digests' | 'runs'>,
  onObject?: (done: number) => void,
): Promise<PurgeProof> {
  const listed = await base.git.text(['cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objectsize)'])
  const all = listed.split('\n').filter((line) => line !== '')
  const found: string[] = []
  let done = 0
  const small = all.filter((line) => sizeOf(line) <= TEXT_BYTES_MAX)
  for await (const { item, body } of objects.readMany(small, idOf, { bytesMax: TEXT_BYTES_MAX })) {
    if (hasTrace(body, traces)) found.push(idOf(item))
    onObject?.(++done)
  }
  for (const line of all.filter((one) => sizeOf(one) > TEXT_BYTES_MAX)) {
    const hash = createHash('sha256')
    for await (const chunk of objects.stream(idOf(line))) hash.update(chunk)
    if (traces.digests.has(hash.digest('hex'))) found.push(idOf(line))
    onObject?.(++done)
  }
  return { objects: all.length, found: await named(base, found) }
}

function hasTrace(body: Buffer, { digests, runs }: Pick<Traces, 'digests' | 'runs'>): boolean {
  if (digests.has(createHash('sha256').update(body).digest('hex'))) return true
  if (!isText(body)) return false
  const text = body.toString()
  return [...digests].some((digest) => text.includes(digest)) || hasRun(text, runs)
}

/** With a path at which each object is in some commit. */
async function named(base: Base, found: string[]): Promise<PurgeProof['found']> {
  if (found.length === 0) return []
  const paths = new Map<string, string>(found.map((oid) => [oid, '']))
  for await (const { oid, path } of reachableObjects(base.git)) if (paths.has(oid)) paths.set(oid, path)
  return [...paths].slice(0, SHOWN_MAX).map(([oid, path]) => ({ oid, path }))
}

function idOf(line: string): string {
  return line.slice(0, line.indexOf(' '))
}

function sizeOf(line: string): number {
  return Number(line.slice(line.indexOf(' ') + 1))
}
