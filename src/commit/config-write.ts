// Writes git's configuration so that a lock left by a killed `git config` of ours can be distinguished from any other.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Base } from '../io/base.ts'
import { sidecarPath } from '../io/sidecar/paths.ts'
import { lstatIfThere } from '../io/durable-fs.ts'
import { clearStaleConfigLock } from '../io/git/ref-locks.ts'

/** Exists while a `git config` of ours may be running. */
function note(base: Base): string {
  return sidecarPath(base, 'configWrite')
}

/** Sets those keys of the repository's configuration whose value differs. */
export async function writeConfig(base: Base, values: Record<string, string>): Promise<void> {
  await finishConfigWrite(base)
  const { git } = base
  const changed: [string, string][] = []
  for (const [key, value] of Object.entries(values)) {
    if ((await git.text(['config', '--local', '--get', key], { ok: [0, 1] })) !== value) changed.push([key, value])
  }
  if (changed.length === 0) return
  await mkdir(dirname(note(base)), { recursive: true })
  await writeFile(note(base), '')
  for (const [key, value] of changed) await git.run(['config', '--local', '--replace-all', key, value])
  await rm(note(base), { force: true })
}

/** Removes what an interrupted write left. Call it while no other kbgit writes. */
export async function finishConfigWrite(base: Base): Promise<void> {
  if (lstatIfThere(note(base)) === undefined) return
  await clearStaleConfigLock(base.repository)
  await rm(note(base), { force: true })
}
