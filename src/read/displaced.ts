// Documents that a merge left in another commit, where the catalog does not know yet: right after a merge without hooks.
import type { Displaced } from '../core/document/document.ts'
import { parseRecord } from '../core/document/record.ts'
import { DOCUMENTS } from '../core/layout.ts'
import { repoPathOf } from '../io/base.ts'
import type { BaseReader } from './base-reader.ts'

/** Records that name such documents, at a commit. Starts git. */
export async function displacedAt(
  base: BaseReader,
  commit: string,
): Promise<{ path: string; displaced: Displaced[] }[]> {
  const args = ['grep', '-l', '-z', '-F', '--full-name', '-e', '"displaced": [', commit, '--']
  const found = await base.git.run([...args, repoPathOf(base, DOCUMENTS)], { ok: [0, 1] })
  const start = `${commit}:${base.prefix}`
  const names = found.stdout.toString().split('\0')
  const paths = names.flatMap((name) => (name.startsWith(start) ? [name.slice(start.length)] : []))
  const records: { path: string; displaced: Displaced[] }[] = []
  for (const path of paths) {
    const text = await base.git.text(['cat-file', 'blob', `${start}${path}`])
    try {
      records.push({ path, displaced: parseRecord(text, path).displaced ?? [] })
    } catch {
      // `fsck` reports it.
    }
  }
  return records
}
