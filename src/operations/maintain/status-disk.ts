// What a person did to the files of a base since the last commit, and to the files that documents came from.
import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { digestFile } from '../../io/file-digest.ts'
import type { CatalogReader } from '../../io/catalog/reader.ts'
import type { Base } from '../../io/base.ts'
import { IGNORE_GITMODULES } from '../../io/git/git.ts'
import { MovedOrigins } from '../../io/sidecar/moved-origins.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'
import { isEditablePage } from '../../commit/change.ts'
import { parsePointer, POINTER_BYTES_MAX } from '../../core/document/pointer.ts'
import { WITHOUT_LFS } from '../../io/git/lfs.ts'
import type { KnownDigests } from '../../read/originals.ts'
import { knownDigests } from './known-digests.ts'
import { DOCUMENTS, RAW } from '../../core/layout.ts'
import type { StatusResult } from '../../core/results.ts'
import { StatCache } from '../../scan/stat-cache.ts'
import { VERSION } from '../../version.ts'

/** Sources of which nothing is remembered are read, up to this many, and up to this many bytes each. */
const READ_MAX = 100
const READ_BYTES_MAX = 1024 * 1024

/** Pages edited or deleted, and other files of the base that differ from what was committed. */
export async function worktreeChanges(base: Base): Promise<NonNullable<StatusResult['worktree']>> {
  const { git, prefix } = base
  using digests = knownDigests(base)
  const found: NonNullable<StatusResult['worktree']> = { deleted: [], edited: [], altered: [] }
  const folders = [DOCUMENTS, RAW, 'wiki'].map((folder) => prefix + folder)
  const options = [IGNORE_GITMODULES, '--name-status', '-z', '--no-renames', '--no-ext-diff', '--no-textconv']
  // What git-lfs stores is compared here: it may be slow, broken or absent.
  const args = [...WITHOUT_LFS, 'diff', ...options, '--', ...folders]
  const fields = (await git.run(args)).stdout.toString().split('\0')
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const path = (fields[index + 1] ?? '').slice(prefix.length)
    if (fields[index] === 'D') found.deleted.push(path)
    else if (isEditablePage(path)) found.edited.push(path)
    else if (!(await isOriginal(base, digests, path))) found.altered.push(path)
  }
  return found
}

/** Whether a file is what the pointer leads to that the index has for its path. */
async function isOriginal({ git, root, prefix }: Base, digests: KnownDigests, path: string): Promise<boolean> {
  if (!path.startsWith(`${RAW}/`)) return false
  const { code, stdout } = await git.run(['cat-file', 'blob', `:${prefix}${path}`], { ok: [0, 128] })
  const pointer = code === 0 ? parsePointer(stdout.toString('utf8', 0, POINTER_BYTES_MAX + 1)) : undefined
  return pointer !== undefined && (await digests.ofFile(join(root, path))) === pointer.sha256
}

/** Documents whose source file is gone, differs from what was added, or was found under another path. */
export async function sourceChanges(
  base: Base,
  catalog: Pick<CatalogReader, 'origins' | 'attached'>,
): Promise<NonNullable<StatusResult['sources']>> {
  const found: NonNullable<StatusResult['sources']> = { gone: [], changed: [], moved: [] }
  const places = (await MovedOrigins.open(base)).places()
  using cache = new StatCache(sidecarPath(base, 'statCache'), { generation: VERSION, logger: base.logger })
  const attached = catalog.attached()
  let read = 0
  for (const { name, origin, sha256 } of catalog.origins()) {
    // Addresses and standard input are not files; a name that is not UTF-8 is shown with escapes.
    if (!origin.startsWith('/') || origin.includes('\\x')) continue
    const path = Buffer.from(origin)
    const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false })
    if (stat === undefined) {
      if (attached.has(name)) continue
      const place = places.get(sha256)
      if (place === undefined) found.gone.push({ name, path: origin })
      else found.moved.push({ name, from: origin, path: place })
      continue
    }
    const known = cache.get(path, stat)
    if (known === 'unplaced' || !stat.isFile()) continue
    if (known === undefined && (stat.size > READ_BYTES_MAX || ++read > READ_MAX)) continue
    const digest = known?.sha256 ?? (await digestOf(path))
    if (digest !== undefined && digest !== sha256) found.changed.push({ name, path: origin })
  }
  return found
}

async function digestOf(path: Uint8Array): Promise<string | undefined> {
  const digest = await digestFile(path, {}).catch(() => undefined)
  return digest?.kind === 'digest' ? digest.sha256 : undefined
}
