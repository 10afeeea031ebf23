// What git-lfs needs in a clone, so that git takes large originals along: its filter and a hook before each push.
import { writeFile } from 'node:fs/promises'
import { writeConfig } from '../commit/config-write.ts'
import { LARGE } from '../core/layout.ts'
import type { LargeOriginals } from '../core/results.ts'
import { headRevision, isHeadless, repoPathOf, type Base } from '../io/base.ts'
import { lstatIfThere } from '../io/durable-fs.ts'
import { hooksStatus, installHooks } from '../io/git/hooks.ts'
import { LFS_FILTER, lfsState, smudgesLfs } from '../io/git/lfs.ts'
import { LargeStore } from '../io/sidecar/large-store.ts'
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
  if (isHeadless(base)) return 'ready'
  const options = { command, base: base.root }
  const { hooks } = await hooksStatus(base.git, base.repository, options)
  if (hooks['pre-push'] === 'installed') return 'ready'
  if (Object.values(hooks).every((hook) => hook === 'absent')) return 'unhooked'
  const installed = await installHooks(base.git, base.repository, options)
  return installed.hooks['pre-push'] === 'installed' ? 'ready' : 'unhooked'
}

/** A large original at HEAD whose bytes are in this clone: git's id of its pointer, and the digest. */
export type LargeHere = { oid: string; sha256: string }

/**
 * How many of some large originals came from this machine and are nowhere else as far as it knows: their commits were not
 * pushed, or a push has left objects behind, as the file `unsent` in the sidecar says until all of them were sent. What no
 * remote can have yet is counted only if a push would leave it behind.
 */
export async function largeOriginals(base: Base, here: readonly LargeHere[]): Promise<LargeOriginals> {
  const gitLfs = await readiness(base)
  const own = await new LargeStore(base).own()
  const candidates = here.filter(({ sha256 }) => own.has(sha256))
  const wasLeftBehind = lstatIfThere(sidecarPath(base, 'unsent')) !== undefined
  if (candidates.length === 0 || wasLeftBehind) return { onlyHere: candidates.length, gitLfs }
  const unpushed = await unpushedObjects(base)
  const onlyHere =
    unpushed === 'noRemote' ? (gitLfs === 'ready' ? [] : candidates) : candidates.filter(({ oid }) => unpushed.has(oid))
  return { onlyHere: onlyHere.length, gitLfs }
}

/** A push may have left large originals behind, or will without anyone noticing. */
export async function noteUnsent(base: Pick<Base, 'sidecarDir'>): Promise<void> {
  await writeFile(sidecarPath(base, 'unsent'), '')
}

/** Pointers that no branch of a remote has, by git's id. */
async function unpushedObjects(base: Base): Promise<Set<string> | 'noRemote'> {
  if ((await base.git.text(['remote'])) === '') return 'noRemote'
  const folder = repoPathOf(base, LARGE)
  const range = ['--objects', headRevision(base), '--not', '--remotes']
  const listed = await base.git.text(['rev-list', ...range, '--', folder])
  return new Set(listed.split('\n').map((line) => line.split(' ', 1)[0] ?? ''))
}

async function readiness(base: Base): Promise<LargeOriginals['gitLfs']> {
  const state = await lfsState(base.git)
  // In a bare repository nobody pushes by hand: kbgit sends the objects itself.
  if (state !== 'ready' || isHeadless(base)) return state
  const { hooks } = await hooksStatus(base.git, base.repository, { command: [], base: base.root })
  return hooks['pre-push'] === 'absent' ? 'unhooked' : 'ready'
}
