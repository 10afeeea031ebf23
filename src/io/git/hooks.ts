// Installs kbgit into a repository's git hooks, alongside existing content and never in place of it, and removes it
// again.
import { chmod, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { messageOf, systemCode } from '../../core/errors.ts'
import {
  hookRunner,
  HOOKS,
  installedCommand,
  mentionsHook,
  newHook,
  portableHookCommand,
  sendsLfs,
  withBlock,
  withoutBlock,
  type HookName,
} from '../../core/hook-script.ts'
import { toByteString } from '../../core/document/source-path.ts'
import { packageFile } from '../../core/package-files.ts'
import { lstatIfThere, moveOver } from '../durable-fs.ts'
import { findPlace, refusal, type HookPlace } from './hook-place.ts'
import type { Git, Repository } from './git.ts'
import { sidecarOf, sidecarPath } from '../sidecar/paths.ts'

type HookStatus = {
  state: 'installed' | 'absent' | 'outdated'
  /** The path at which git looks for the hook. */
  path: string
  reason?: string
  line?: string | undefined
}

/** Why a hook is not installed as it should be, as a sentence, and the line to add to an existing hook instead. */
export type HookNote = { hook: HookName; path: string; reason: string; line?: string | undefined }

export type HookReport = {
  /** The folder in which git looks for hooks. */
  path: string
  hooks: Record<HookName, HookStatus['state']>
  notes: HookNote[]
}

export type HookOptions = {
  /** The command that starts kbgit. Absolute paths are preferred while they exist, then `kbgit` on the PATH. */
  command: readonly string[]
  /** The base's folder, absolute. */
  base: string
}

const TEMPLATE = packageFile('hooks/kbgit-hook.sh')
const EXECUTABLE = 0o755

/**
 * Installs absent or outdated hooks; idempotent. Never touches a hook that is not a shell script, is a link, is
 * tracked, or is switched off: the report then contains the line to add. `force` also writes to a folder shared by
 * repositories.
 */
export async function installHooks(
  git: Git,
  repository: Repository,
  options: HookOptions & { force?: boolean },
): Promise<HookReport> {
  const place = await findPlace(git, repository)
  const sidecar = hooksFolder(repository)
  await mkdir(sidecar, { recursive: true })
  await replaceFile(repository, join(sidecar, 'run'), await runnerFor(options), EXECUTABLE)
  const bases = await readBases(sidecar)
  const base = await baseLine(repository, options.base)
  if (!bases.includes(base))
    await replaceFile(repository, join(sidecar, 'bases'), [...bases, base].map((line) => `${line}\n`).join(''), 0o644)
  return report(place, async (hook) => {
    const path = join(place.folder, hook)
    const refused = await refusal(git, place, hook, options.force === true)
    if (refused === undefined) {
      try {
        await writeHook(repository, path, hook, place.command(hook))
      } catch (error) {
        if (systemCode(error) === undefined) throw error
        return { state: 'absent', path, reason: `${path} cannot be written: ${messageOf(error)}.` }
      }
    }
    return statusOf(repository, place, hook, refused)
  })
}

/** Removes only what was installed: hooks are restored byte for byte, or deleted if they did not exist before. */
export async function uninstallHooks(git: Git, repository: Repository): Promise<HookReport> {
  const place = await findPlace(git, repository)
  // core.hooksPath may have been set since.
  for (const folder of new Set([place.folder, join(repository.commonDir, 'hooks')])) {
    for (const hook of HOOKS) {
      const path = join(folder, hook)
      const stat = lstatIfThere(path)
      if (stat?.isFile() !== true) continue
      const file = await readFile(path, 'latin1')
      const before = withoutBlock(file)
      if (before === undefined) await rm(path)
      else if (before !== file) await replaceFile(repository, path, before, stat.mode & 0o7777)
    }
  }
  await rm(hooksFolder(repository), { recursive: true, force: true })
  return report(place, (hook) => statusOf(repository, place, hook))
}

/** Without `git`, `core.hooksPath` is read from the repository's own configuration only. */
export async function hooksStatus(
  git: Git | undefined,
  repository: Repository,
  options: HookOptions,
): Promise<HookReport> {
  const place = await findPlace(git, repository)
  const sidecar = hooksFolder(repository)
  const runner = await readIfThere(join(sidecar, 'run'))
  const isCurrent =
    runner === (await runnerFor(options)) &&
    (await readBases(sidecar)).includes(await baseLine(repository, options.base))
  return report(place, async (hook) => {
    const status = await statusOf(repository, place, hook, await refusal(git, place, hook, false))
    if (status.state !== 'installed' || isCurrent) return status
    return {
      ...status,
      state: 'outdated',
      reason: 'It was installed by another kbgit or for another base: run "kbgit hooks install".',
    }
  })
}

async function statusOf(
  repository: Repository,
  place: HookPlace,
  hook: HookName,
  refused?: string,
): Promise<HookStatus> {
  const path = join(place.folder, hook)
  const file = place.kind === 'off' ? undefined : await readIfThere(path)
  const command = file === undefined ? undefined : installedCommand(file)
  const isExecutable = (lstatIfThere(path)?.mode ?? 0) & 0o111
  if (command === place.command(hook) && isExecutable) return { state: 'installed', path }
  if (command !== undefined) {
    const reason = isExecutable
      ? 'It was installed by another kbgit: run "kbgit hooks install".'
      : 'It is not executable, so git does not run it.'
    return { state: 'outdated', path, reason }
  }
  if (hook === 'pre-push' && file !== undefined && isExecutable && sendsLfs(file)) return { state: 'installed', path }
  const byHand = [file, await huskyScript(place, hook)].some((text) => text !== undefined && mentionsHook(text))
  if (byHand && (await readIfThere(join(hooksFolder(repository), 'run'))) !== undefined)
    return { state: 'installed', path }
  return refused === undefined
    ? { state: 'absent', path }
    : { state: 'absent', path, reason: refused, line: portableHookCommand(hook) }
}

/**
 * husky's `_/<hook>` runs the script of the same name in the parent folder, which belongs to the user and is tracked.
 */
async function huskyScript(place: HookPlace, hook: HookName): Promise<string | undefined> {
  return place.kind === 'worktree' && place.folder.endsWith('/_')
    ? readIfThere(join(dirname(place.folder), hook))
    : undefined
}

async function writeHook(repository: Repository, path: string, hook: HookName, command: string): Promise<void> {
  const file = await readIfThere(path)
  if (file === undefined) {
    await mkdir(dirname(path), { recursive: true })
    await replaceFile(repository, path, newHook(command), EXECUTABLE)
    return
  }
  if (hook === 'pre-push' && sendsLfs(file) && installedCommand(file) === undefined) return
  const wanted = withBlock(file, command)
  if (wanted !== file) await replaceFile(repository, path, wanted, (lstatIfThere(path)?.mode ?? EXECUTABLE) & 0o7777)
}

async function runnerFor(options: HookOptions): Promise<string> {
  return hookRunner(await readFile(TEMPLATE, 'latin1'), options.command.map(toByteString))
}

/** The base relative to its worktree, because each linked worktree has its own copy. */
async function baseLine(repository: Repository, base: string): Promise<string> {
  const path = relative(await realpath(repository.workTree), await realpath(base))
  return toByteString(path === '' ? '.' : path)
}

async function readBases(sidecar: string): Promise<string[]> {
  return ((await readIfThere(join(sidecar, 'bases'))) ?? '').split('\n').filter((line) => line !== '')
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'latin1')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP'].includes(systemCode(error) ?? '')) return undefined
    throw error
  }
}

/** git must never run a partial hook. An interrupted write leaves its file where recovery removes it. */
async function replaceFile({ commonDir }: Repository, path: string, content: string, mode: number): Promise<void> {
  const folder = unfinishedIn(commonDir)
  await mkdir(folder, { recursive: true })
  const fresh = join(folder, basename(path))
  await writeFile(fresh, content, { encoding: 'latin1', mode })
  await chmod(fresh, mode)
  moveOver(fresh, path)
  await removeUnfinishedHooks(commonDir)
}

/** Removes unfinished hook files. */
export async function removeUnfinishedHooks(commonDir: string): Promise<void> {
  if (lstatIfThere(unfinishedIn(commonDir)) !== undefined)
    await rm(unfinishedIn(commonDir), { recursive: true, force: true })
}

function unfinishedIn(commonDir: string): string {
  return join(commonDir, 'kbgit', 'hooks-new')
}

async function report(place: HookPlace, work: (hook: HookName) => Promise<HookStatus>): Promise<HookReport> {
  const states: [HookName, HookStatus['state']][] = []
  const notes: HookNote[] = []
  for (const hook of HOOKS) {
    const { state, path, reason, line } = await work(hook)
    states.push([hook, state])
    if (reason !== undefined) notes.push({ hook, path, reason, line })
  }
  return { path: place.folder, hooks: Object.fromEntries(states) as HookReport['hooks'], notes }
}

function hooksFolder(repository: Repository): string {
  return sidecarPath({ sidecarDir: sidecarOf(repository) }, 'hooks')
}
