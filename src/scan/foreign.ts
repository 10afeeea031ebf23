// What in a folder is not a document, and why.
import { open } from 'node:fs/promises'
import { CONFIG_FILE } from '../core/layout.ts'
import { READ_FLAGS } from '../io/file-digest.ts'
import { bufferOf, has, join } from './entries.ts'

/**
 * Why something in a folder is not looked at: its name begins with a dot or marks a lock file; it is a link or a special
 * file; `--exclude` or `.kbgitignore` names it; git ignores it; it is this base's own; it is another base; it is a
 * folder of installed packages; it only lists the pages of an Open Knowledge Format bundle.
 */
export const LEFT_OUT = ['hidden', 'special', 'excluded', 'gitignored', 'own', 'base', 'packages', 'bundle'] as const
export type LeftOut = (typeof LEFT_OUT)[number]

/** Folders of installed packages. */
export const PACKAGES = new Set(['node_modules', 'site-packages', '__pycache__'])

/** Another knowledge base, or a virtual environment of Python: folders that are added only if they are named. */
export function foreignFolder(path: string, entries: string[], ownBase: string | undefined): LeftOut | undefined {
  if (has(entries, CONFIG_FILE) && path !== ownBase) return 'base'
  return has(entries, 'pyvenv.cfg') ? 'packages' : undefined
}

const INDEX = 'index.md'
/** Lists and the log of an Open Knowledge Format bundle, in any of its folders, and what kbgit notes of an export. */
const OF_BUNDLE = new Set([INDEX, 'log.md', 'kbgit-export.json'])
const FRONT_BYTES_MAX = 4_096

/** Whether the folder (a byte string) is the root of an Open Knowledge Format bundle: its `index.md` says so. */
export async function isBundle(folder: string, entries: string[]): Promise<boolean> {
  if (!has(entries, INDEX)) return false
  try {
    await using file = await open(bufferOf(join(folder, INDEX)), READ_FLAGS)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(FRONT_BYTES_MAX), 0, FRONT_BYTES_MAX, 0)
    const [, front = ''] = /^---\r?\n([\s\S]*?)^---\s*$/m.exec(buffer.toString('utf8', 0, bytesRead)) ?? []
    return /^okf_version:/m.test(front)
  } catch {
    // Whoever reads it as a document says what is wrong.
    return false
  }
}

/** Whether a file of a bundle only lists its other files. */
export function listsBundle(name: string): boolean {
  return OF_BUNDLE.has(name)
}
