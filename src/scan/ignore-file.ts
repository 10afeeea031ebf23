// `.kbgitignore`: what a folder excludes, in gitignore syntax.
import { open, type FileHandle } from 'node:fs/promises'
import { IgnoreRules } from './ignore-rules.ts'
import { toBytes } from '../core/document/source-path.ts'
import { READ_FLAGS } from '../io/file-digest.ts'

export const IGNORE_FILE = '.kbgitignore'

const IGNORE_BYTES_MAX = 1024 * 1024

/**
 * The rules of a folder (a byte string). Empty if it has no regular file of this name; like in git, a symbolic link does not count.
 * Throws the system's error if the file cannot be read, and an error if it is over 1 MiB: ignoring it would add files
 * that the user wants excluded.
 */
export async function readIgnoreFile(folder: string): Promise<IgnoreRules> {
  let file: FileHandle
  try {
    file = await open(Buffer.from(toBytes(`${folder}/${IGNORE_FILE}`)), READ_FLAGS)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ELOOP' || code === 'ENXIO') return IgnoreRules.of([])
    throw error
  }
  await using opened = file
  const stat = await opened.stat()
  if (!stat.isFile()) return IgnoreRules.of([])
  if (stat.size > IGNORE_BYTES_MAX) throw new Error(`${IGNORE_FILE} is larger than ${IGNORE_BYTES_MAX} bytes`)
  return IgnoreRules.parse(await opened.readFile('latin1'))
}
