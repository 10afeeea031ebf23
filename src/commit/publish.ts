// Brings work tree and index to the commit, for exactly the intent's paths: staged before the commit point, placed
// after.
import { createWriteStream } from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Yielder } from '../core/yielder.ts'
import { KbError } from '../core/errors.ts'
import type { IntentPath } from '../core/transaction/intent.ts'
import type { Base } from '../io/base.ts'
import { fsyncAll } from '../io/durable-fs.ts'
import type { Content } from '../io/git/fast-import.ts'
import { ended } from '../io/git/git.ts'
import { indexEntries, type IndexChange, type IndexLock } from '../io/git/index.ts'
import { mergeEdit } from './merge-user-edit.ts'
import { isLargePath } from '../core/layout.ts'
import { LargeStore } from '../io/sidecar/large-store.ts'
import { largeFile, workTreeOf } from './large-files.ts'
import { removeEmptyFolders, writeStaged } from '../io/git/work-tree.ts'

export type PublishPath = IntentPath & {
  /** A file with the new content, which is moved into place; if absent, the content is read from git. */
  file?: string | undefined
  replaceEmpty?: boolean
}

/**
 * Writes the new content into `scratch`, a private folder on the base's file system: before the commit point, so that a
 * full disk shows up there, and while git is storing the objects. Returns the files, in order; undefined if there is
 * nothing to place.
 */
export async function stageContents(contents: (Content | null)[], scratch: string): Promise<(string | undefined)[]> {
  const files: (string | undefined)[] = []
  const yielder = new Yielder()
  for (const [index, content] of contents.entries()) {
    await yielder.yieldToEventLoop()
    if (content === null || 'file' in content) files.push(content?.file)
    else {
      const file = join(scratch, `content-${index}`)
      writeStaged(file, content.bytes)
      files.push(file)
    }
  }
  return files
}

/**
 * Brings disk and index from `before` to `after`. Returns the paths where the user's own bytes or index entries were
 * found and kept. Idempotent. `scratch` is a private folder on the base's file system.
 */
export async function publish(base: Base, lock: IndexLock, paths: PublishPath[], scratch: string): Promise<string[]> {
  const workTree = workTreeOf(base)
  const kept = new Set<string>()
  const files: string[] = []
  const gone: string[] = []
  const folders = new Set<string>()
  const yielder = new Yielder()
  for (const [index, entry] of paths.entries()) {
    await yielder.yieldToEventLoop()
    const staged = entry.after === null ? null : await stage(base, entry, join(scratch, `publish-${index}`))
    const placed = await workTree.place({ ...entry, staged })
    const onDisk = join(base.repository.workTree, entry.path)
    for (const folder of placed.folders) folders.add(folder)
    if (placed.kept) {
      kept.add(entry.path)
      if (placed.edited && (await mergeEdit(base, entry, join(scratch, `merged-${index}`)))) {
        files.push(onDisk)
        folders.add(dirname(onDisk))
      }
    }
    if (placed.placed) (entry.after === null ? gone : files).push(onDisk)
  }
  await fsyncAll(
    files,
    [...folders].filter((folder) => folder.startsWith(base.repository.workTree)),
    base.config.durability,
  )
  for (const path of gone) removeEmptyFolders(dirname(path), base.root)

  const { entries } = await indexEntries(base.git, base.repository, new Set(paths.map(({ path }) => path)))
  const changes: IndexChange[] = []
  for (const { path, before, after, mode, staged } of paths) {
    const entry = entries.get(path)
    const oid = entry?.oid ?? null
    if (oid === after) continue
    if (oid === before || (staged !== undefined && oid === staged)) changes.push({ path, mode, oid: after })
    else kept.add(path)
  }
  await lock.write(base.git, changes, base.config.durability)
  return [...kept]
}

/** A file with the content to place, on the base's file system. */
async function stage(base: Base, { path, file, after }: PublishPath, scratch: string): Promise<string> {
  if (file !== undefined) return file
  if (isLargePath(path.slice(base.prefix.length))) {
    const pointer = `${scratch}-pointer`
    writeStaged(pointer, (await base.git.run(['cat-file', 'blob', after ?? ''])).stdout)
    return await largeFile(base.git, new LargeStore(base), pointer, scratch)
  }
  // A smudge filter may have to produce the disk's bytes from the object's.
  const smudged = base.git.start(['cat-file', '--filters', `--path=${path}`, after ?? ''])
  const end = ended(smudged)
  smudged.stdin.end()
  await pipeline(smudged.stdout, createWriteStream(scratch, { flags: 'w' }))
  const { code, signal } = await end
  if (code !== 0) throw new KbError('gitFailed', `git could not read the content of ${path} (${signal ?? code}).`)
  return scratch
}
