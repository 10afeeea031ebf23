// What git-lfs needs in a clone, so that git takes large originals along: its filter and a hook before each push.
import { writeFile } from 'node:fs/promises'
import { writeConfig } from '../commit/config-write.ts'
import type { LargeOriginals } from '../core/results.ts'
import { isHeadless, type Base } from '../io/base.ts'
import { lstatIfThere } from '../io/durable-fs.ts'
import { hooksStatus, installHooks } from '../io/git/hooks.ts'
import { LFS_FILTER, lfsState, smudgesLfs } from '../io/git/lfs.ts'
import { sidecarPath } from '../io/sidecar/paths.ts'

/**
 * Sets up what is missing, as `git lfs install` does: the filter unless some configuration has it, and kbgit's hook if
 * its other hooks are installed, beside hooks that exist. Does nothing without git-lfs. Returns whether a push sends
 * large originals. Throws `KbError` (`gitFailed`) if the configuration cannot be written.
 */
export async function setUpLfs(base: Base, command: readonly string[]): Promise<LargeOriginals['gitLfs']> {
  const state = await lfsState(base.git)
  if (state !== 'ready') return state
  if (!(await smudgesLfs(base.git))) await writeConfig(base, LFS_FILTER)
  // Nobody commits or pushes by hand in a bare repository.
  if (isHeadless(base)) return 'unhooked'
  const options = { command, base: base.root }
  const { hooks } = await hooksStatus(base.git, base.repository, options)
  if (hooks['pre-push'] === 'installed') return 'ready'
  if (Object.values(hooks).every((hook) => hook === 'absent')) return 'unhooked'
  const installed = await installHooks(base.git, base.repository, options)
  return installed.hooks['pre-push'] === 'installed' ? 'ready' : 'unhooked'
}

/**
 * What a person should know of `count` large originals in this clone. They may have been pushed about without: the file
 * `unsent` in the sidecar says so until all of them were sent.
 */
export async function largeOriginals(base: Base, count: number): Promise<LargeOriginals> {
  const gitLfs = await readiness(base)
  const isSent = gitLfs === 'ready' && lstatIfThere(sidecarPath(base, 'unsent')) === undefined
  return { onlyHere: isSent ? 0 : count, gitLfs }
}

/** A push from now on may leave large originals behind. */
export async function noteUnsent(base: Pick<Base, 'sidecarDir'>): Promise<void> {
  await writeFile(sidecarPath(base, 'unsent'), '')
}

async function readiness(base: Base): Promise<LargeOriginals['gitLfs']> {
  const state = await lfsState(base.git)
  if (state !== 'ready') return state
  if (isHeadless(base)) return 'unhooked'
  const { hooks } = await hooksStatus(base.git, base.repository, { command: [], base: base.root })
  return hooks['pre-push'] === 'absent' ? 'unhooked' : 'ready'
}
