// Lists folders.
import { readdir } from 'node:fs/promises'
import { systemCode } from '../core/errors.ts'

/** Names in the folder; none if it does not exist. Any other failure throws. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return []
    throw error
  }
}
