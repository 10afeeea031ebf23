// The final output of commands that add or rewrite documents.
import { EXIT_ROLLED_BACK, EXIT_SOME_FAILED, KbError } from '../core/errors.ts'
import type { AddedDocument, AddResult, FailedSource, LargeOriginals, ModelUsage, Stopped } from '../index.ts'
import { counted, inline } from './text.ts'

/** Lines that name single documents; beyond that, documents are only counted. */
const NAMED_LINES_MAX = 20

/**
 * An early stop decides; otherwise one failed document is enough for 3. 14 means that nothing changed, so it is not
 * used once a commit was made.
 */
export function exitCodeOf(result: { failed: FailedSource[]; stopped?: Stopped; base: string; head: string }): number {
  if (result.stopped !== undefined) {
    const { exitCode } = new KbError(result.stopped.code, '')
    return exitCode === EXIT_ROLLED_BACK && result.head !== result.base ? EXIT_SOME_FAILED : exitCode
  }
  return result.failed.length > 0 ? EXIT_SOME_FAILED : 0
}

/** Problems apart from failed documents. */
export function warningsOf(result: { overview: AddResult['overview']; stopped?: Stopped }): string[] {
  const { overview, stopped } = result
  return [
    ...(overview.error === undefined
      ? []
      : [withHint(`Overviews are still due: ${overview.error.message}`, overview.error.hint)]),
    ...(stopped === undefined ? [] : [withHint(`Stopped early: ${stopped.message}`, stopped.hint)]),
  ]
}

/** What documents lost when they were read: the first warning of each, and only the first documents if there are many. */
export function lossesOf(documents: AddedDocument[]): string[] {
  const lines = documents.flatMap(({ name, warnings = [] }) => {
    const [first, ...others] = warnings
    if (first === undefined) return []
    const rest = others.length === 0 ? '' : ` And ${counted(others.length, 'more warning')}: see --json.`
    return [`${inline(name)}: ${first.message}${rest}`]
  })
  const more = lines.length - NAMED_LINES_MAX
  return more > 0 ? [...lines.slice(0, NAMED_LINES_MAX), `${counted(more, 'more document')}: see --json`] : lines
}

/** `model: 24 calls, 48,000 tokens in (12,000 cached), 3,000 out`; nothing if no model was called. */
export function modelLine(usage: ModelUsage): string[] {
  if (usage.calls === 0 && usage.cachedAnswers === 0) return []
  const kept = usage.cachedAnswers === 0 ? '' : `, ${counted(usage.cachedAnswers, 'cached answer')} reused`
  const cached = usage.cachedTokens === 0 ? '' : ` (${thousands(usage.cachedTokens)} cached)`
  const tokens = `${thousands(usage.promptTokens)} tokens in${cached}, ${thousands(usage.completionTokens)} out`
  return [`model: ${counted(usage.calls, 'call')}, ${tokens}${kept}`]
}

/** Large originals that no other machine can have; nothing if there are none. */
export function onlyHereLine(large: LargeOriginals | undefined): string[] {
  if (large === undefined || large.onlyHere === 0) return []
  const count = large.onlyHere === 1 ? '1 original is' : `${thousands(large.onlyHere)} originals are`
  const remedy: Record<LargeOriginals['gitLfs'], string> = {
    ready: 'run kbgit sync',
    absent: 'install git-lfs and run kbgit sync',
    broken: 'git-lfs is installed but does not run; repair it and run kbgit sync',
    unhooked: 'git push does not send large files here; run kbgit hooks install, then kbgit sync',
  }
  return [`${count} only on this machine: ${remedy[large.gitLfs]}`]
}

/** Names after a word that says what was done to them: only the first ones if there are many. */
export function named(done: string, names: readonly string[]): string[] {
  const lines = names.slice(0, NAMED_LINES_MAX).map((name) => `${done} ${inline(name)}`)
  const more = names.length - lines.length
  return more > 0 ? [...lines, `${done} ${more} more`] : lines
}

export function thousands(count: number): string {
  return count.toLocaleString('en-US')
}

export function shortCommit(commit: string): string {
  return commit.slice(0, 8)
}

function withHint(message: string, hint: string | undefined): string {
  return hint === undefined ? message : `${message}\n  ${hint}`
}
