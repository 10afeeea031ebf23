// Removes inbox files that have been added. User data is sacred: a file is removed only if exactly the same bytes are
// committed and were read back from there. If in doubt, it stays.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, unlink } from 'node:fs/promises'
import { messageOf } from '../../core/errors.ts'
import { parsePointer, POINTER_BYTES_MAX } from '../../core/document/pointer.ts'
import type { DocumentRecord } from '../../core/document/document.ts'
import { headRevision, repoPathOf, snapshotKey, type Base } from '../../io/base.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'
import { LargeStore } from '../../io/sidecar/large-store.ts'
import { CatalogReader } from '../../io/catalog/reader.ts'
import { digestFile } from '../../io/file-digest.ts'
import { ObjectReader } from '../../io/git/objects.ts'

/** Removes those of `paths` (absolute) whose content is committed. On failure, logs and keeps the file. */
export async function emptyInbox(base: Base, paths: string[]): Promise<void> {
  await using objects = new ObjectReader(base.git)
  using catalog = new CatalogReader(sidecarPath(base, 'catalog'), {
    access: 'read',
    key: snapshotKey(base),
  })
  for (const path of paths) {
    try {
      await removeIfCommitted(base, objects, catalog, path)
    } catch (error) {
      base.logger.debug({ path, error: messageOf(error) }, 'file kept in the inbox')
    }
  }
}

async function removeIfCommitted(
  base: Base,
  objects: ObjectReader,
  catalog: CatalogReader,
  path: string,
): Promise<void> {
  const digest = await digestFile(Buffer.from(path), {})
  if (digest.kind !== 'digest') return
  const record = catalog.documentByDigest(digest.sha256)
  if (record === undefined || !(await isCommitted(base, objects, record))) return
  const now = await lstat(path, { bigint: true })
  const { size, mtimeNs, ctimeNs, ino } = digest.stat
  // Modified since it was hashed: no longer the same file.
  if (now.size !== size || now.mtimeNs !== mtimeNs || now.ctimeNs !== ctimeNs || now.ino !== ino) return
  await unlink(path)
}

/** Whether HEAD has the original's bytes: in git, or as a pointer with the blob in the store. */
async function isCommitted(base: Base, objects: ObjectReader, { raw, sha256 }: DocumentRecord): Promise<boolean> {
  const name = `${headRevision(base)}:${repoPathOf(base, raw)}`
  const header = await objects.header(name)
  if (header === undefined) return false
  const small = header.size <= POINTER_BYTES_MAX ? await objects.read(name) : undefined
  const pointer = small === undefined ? undefined : parsePointer(small.toString())
  if (pointer?.sha256 === sha256) {
    const blob = await new LargeStore(base).path(sha256)
    return (await sha256Of(createReadStream(blob))) === sha256
  }
  return (await sha256Of(small === undefined ? objects.stream(name) : [small])) === sha256
}

async function sha256Of(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of chunks) hash.update(chunk)
  return hash.digest('hex')
}
