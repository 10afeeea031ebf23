// Checks up front whether kbgit can write at all, so that readers do without and writers refuse before touching
// anything.
import { accessSync, constants, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { KbError, systemCode } from '../../core/errors.ts'
import type { Base } from '../base.ts'

/** Whether files can be created in the folder. A missing folder is created. */
export function isWritable(folder: string): boolean {
  return whyNotWritable(folder) === undefined
}

/**
 * Creates the sidecar's folder. Throws `KbError` (`repositoryBusy`) if the git directory or the base is not writable.
 */
export function ensureWritable({ sidecarDir, root }: Pick<Base, 'sidecarDir' | 'root'>): void {
  for (const folder of [sidecarDir, root]) {
    const reason = whyNotWritable(folder)
    if (reason === undefined) continue
    throw new KbError('repositoryBusy', `${folder} cannot be written to: ${reason}. Nothing was changed.`, {
      hint: 'Commands that only read, such as list, search and query, work. To write, clone the repository to a place where you can write.',
    })
  }
}

function whyNotWritable(folder: string): string | undefined {
  try {
    // A recursive mkdir reports a read-only file system as a missing folder, so the parent is checked first.
    accessSync(dirname(folder), constants.X_OK)
    try {
      accessSync(folder, constants.W_OK | constants.X_OK)
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error
      mkdirSync(folder)
    }
    return undefined
  } catch (error) {
    return REASONS[systemCode(error) ?? ''] ?? `the system answers ${systemCode(error) ?? String(error)}`
  }
}

const REASONS: Record<string, string> = {
  EROFS: 'it is on a read-only file system',
  EACCES: 'you have no permission',
  EPERM: 'you have no permission',
}
