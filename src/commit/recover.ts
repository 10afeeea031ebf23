// Recovers from dead runs: decide first (pure), then act. Idempotent.
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { decideRecovery } from '../core/transaction/decide-recovery.ts'
import { KbError, messageOf } from '../core/errors.ts'
import type { Intent } from '../core/transaction/intent.ts'
import type { Base } from '../io/base.ts'
import { sidecarPath } from '../io/sidecar/paths.ts'
import { lstatIfThere } from '../io/durable-fs.ts'
import { removeCrashReports } from '../io/git/fast-import.ts'
import { namesIn } from '../io/folder-names.ts'
import { lockIndex, releaseDeadIndexLock, type IndexLock } from '../io/git/index.ts'
import type { ObjectReader } from '../io/git/objects.ts'
import { removeUnfinishedHooks } from '../io/git/hooks.ts'
import { clearStalePrivateRefLocks, clearStaleRefLocks } from '../io/git/ref-locks.ts'
import { finishConfigWrite } from './config-write.ts'
import { isAncestor } from './head.ts'
import type { Journal } from './journal.ts'
import { publish } from './publish.ts'
import { PRIVATE_REFS } from './private-ref.ts'
import { dropReplacement, finishRefs, readReplacement, removeOldHistory, type Replacement } from './replacement.ts'
import { reapStaging } from './staging.ts'
import { findWorktree } from './worktree.ts'

export type Recovered = {
  rolledForward: number
  rolledBack: number
  quarantined: number
  reaped: number
  kept: string[]
}

export type RecoverTools = { base: Base; journal: Journal; objects: ObjectReader }

/** Milliseconds that recovery waits for the user's git to release the index. */
const INDEX_WAIT_MS = 10_000

/**
 * Finishes or undoes every transaction in the journal and removes the leftovers of dead runs. Call it while holding the
 * exclusive lock: then no transaction is in progress, and all journal entries belong to dead runs.
 */
export async function recover(
  tools: RecoverTools,
  { leftovers = true, indexWaitMs = Math.min(INDEX_WAIT_MS, tools.base.config.lockWaitMs) } = {},
): Promise<Recovered> {
  const done: Recovered = { rolledForward: 0, rolledBack: 0, quarantined: 0, reaped: 0, kept: [] }
  await finishConfigWrite(tools.base)
  const replacement = await readReplacement(tools.base)
  const replaced = replacement !== undefined && (await finishRefs(tools.base, replacement.refs, 'kbgit: purge'))
  const entries = await tools.journal.entries()
  for (const name of entries) await recoverEntry(tools, name, done, indexWaitMs)
  if (replacement !== undefined && replaced) await finishReplacement(tools, replacement)
  else await dropReplacement(tools.base)
  if (entries.length > 0 || (leftovers && (await hasPrivateRefs(tools.base)))) await dropPrivateRefs(tools.base)
  if (entries.length > 0 || leftovers) {
    done.reaped = await reapStaging(tools.base)
    await removeUnfinishedHooks(tools.base.repository.commonDir)
    await removeCrashReports(tools.base.repository.gitDir, `${PRIVATE_REFS}/`)
  }
  return done
}

async function recoverEntry(tools: RecoverTools, name: string, done: Recovered, indexWaitMs: number): Promise<void> {
  const { base, journal } = tools
  const parsed = await journal.read(name)
  if (parsed === undefined) return
  const intent = parsed.kind === 'intent' ? parsed.intent : undefined
  const place = intent === undefined ? undefined : await findWorktree(base, intent)
  // Nothing follows a branch that is not checked out: it has moved or it has not.
  const follows = intent !== undefined && intent.paths.length > 0
  if (intent !== undefined) await clearStaleLocks(base, intent)
  if (intent?.refs !== undefined) await finishRefs(base, intent.refs, 'kbgit: recover')
  const decision = decideRecovery({
    journal: parsed.kind,
    reachable: intent !== undefined && (await isReachable(tools, intent)),
    worktree: follows ? (place?.kind ?? 'gone') : 'gone',
    attempts: intent?.attempts ?? 0,
  })
  if (decision === 'wait') return
  if (intent !== undefined && place !== undefined) await releaseDeadIndexLock(place.gitDir, intent.id)
  if (decision === 'quarantine' || intent === undefined) {
    const path = await journal.quarantine(name)
    base.logger.warn({ path, reason: parsed.kind }, 'quarantined a journal entry that cannot be recovered')
    done.quarantined++
    return
  }
  const attempt = async (): Promise<void> => {
    // The count is durable before the attempt, so that an attempt that kills us is counted too.
    await journal.record({ ...intent, attempts: intent.attempts + 1 })
    if (name !== `${intent.id}.json`) await journal.drop(name)
  }
  try {
    if (decision === 'rollForward' && follows && place?.kind === 'found') {
      // Lock before counting the attempt: a busy repository is not a broken transaction.
      await using lock = await lockIndex(place.base.repository, intent.id, indexWaitMs)
      await attempt()
      done.kept.push(...(await rollForward(place.base, tools.objects, intent, lock)))
    } else await attempt()
    await journal.clear(intent.id)
  } catch (cause) {
    if (cause instanceof KbError && cause.code === 'repositoryBusy') throw cause
    throw new KbError(
      'storage',
      `An interrupted transaction could not be ${decision === 'rollForward' ? 'finished' : 'undone'}: ${messageOf(cause)}`,
      {
        hint: 'Fix the cause and run kbgit recover. After five attempts it is moved to quarantine; nothing is deleted.',
        cause,
      },
    )
  }
  if (decision === 'rollForward') done.rolledForward++
  else done.rolledBack++
}

/** Blocks nothing: if it fails, the next command tries again. */
async function finishReplacement(tools: RecoverTools, replacement: Replacement): Promise<void> {
  try {
    await removeOldHistory(tools, replacement)
  } catch (error) {
    tools.base.logger.warn({ error: messageOf(error) }, 'could not remove what is left of a purged document')
  }
}

/**
 * Whether any branch, or a HEAD, contains a commit of the transaction. Looked up by the commit's trailer, not by branch
 * name: the branch may have been renamed since. kbgit's private refs do not count.
 */
async function isReachable({ base, objects }: RecoverTools, intent: Intent): Promise<boolean> {
  const { id, base: parent, tip, branch } = intent
  if (tip !== undefined) return isAncestor(base.git, tip, branch)
  const since = parent !== null && (await objects.header(parent)) !== undefined ? [`^${parent}`] : []
  const trailer = ['--basic-regexp', `--grep=^Kbgit-Transaction: ${id}$`]
  const refs = ['--exclude=refs/kbgit/*', '--all']
  return (await base.git.text(['rev-list', '-1', ...trailer, ...refs, '--end-of-options', ...since, '--'])) !== ''
}

/** A git process orphaned by its dead parent may still be moving the branch: wait for it before asking. */
async function clearStaleLocks(base: Base, intent: Intent): Promise<void> {
  const made = await base.git.text(['for-each-ref', '--format=%(objectname)', `${PRIVATE_REFS}/`])
  await clearStaleRefLocks(base.repository, intent.branch, made.split('\n'))
}

/** Brings index and disk to HEAD for paths that HEAD still has as the transaction left them; later commits are kept. */
async function rollForward(base: Base, objects: ObjectReader, intent: Intent, lock: IndexLock): Promise<string[]> {
  const head = await base.git.text(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], { ok: [0, 1] })
  const current = await Promise.all(
    intent.paths.map(async (entry) => ({
      entry,
      oid: head === '' ? null : ((await objects.header(`${head}:${entry.path}`))?.oid ?? null),
    })),
  )
  const paths = current.filter(({ entry, oid }) => oid === entry.after).map(({ entry }) => entry)
  const scratch = sidecarPath(base, 'staging', `recover-${intent.id}`)
  // An interrupted earlier attempt may have left partial files there.
  await rm(scratch, { recursive: true, force: true })
  await mkdir(scratch, { recursive: true })
  const kept = await publish(
    base,
    lock,
    paths.map((path) => ({ ...path, replaceEmpty: true })),
    scratch,
  )
  await rm(scratch, { recursive: true, force: true })
  return kept
}

/**
 * Checks the disk instead of starting a process: refs are loose unless packed. An interrupted deletion leaves a lock.
 */
async function hasPrivateRefs(base: Base): Promise<boolean> {
  if (lstatIfThere(join(base.repository.commonDir, 'packed-refs.lock')) !== undefined) return true
  return (await namesIn(join(base.repository.commonDir, PRIVATE_REFS))).length > 0
}

/** Best effort: if a git process of the user holds the lock, the next command drops them. */
async function dropPrivateRefs(base: Base): Promise<void> {
  await clearStalePrivateRefLocks(base.repository, PRIVATE_REFS)
  try {
    const refs = await base.git.text(['for-each-ref', '--format=delete %(refname)', `${PRIVATE_REFS}/`])
    if (refs !== '') await base.git.run(['update-ref', '--stdin'], { input: `${refs}\n` })
  } catch (error) {
    base.logger.warn({ error: messageOf(error) }, 'could not drop private refs')
  }
}
