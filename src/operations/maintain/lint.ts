// `kbgit lint`: writes a report page of the wiki's problems; with `fix`, the same commit repairs what can be repaired.
import { openWriter, type OpenWriter } from '../../commit/open-writer.ts'
import type { Planned } from '../../commit/change.ts'
import type { Snapshot } from '../../commit/work.ts'
import { Draft } from '../../wiki/draft.ts'
import { relinkOwn } from '../../wiki/document-links.ts'
import { lintReport } from '../../wiki/lint-report.ts'
import { WikiFixer } from '../../wiki/fix/wiki.ts'
import { KbError } from '../../core/errors.ts'
import { REPORTS } from '../../core/layout.ts'
import type { FsckProblem, LintProblem, LintResult, Progress } from '../../core/results.ts'
import { timestamp, type Base } from '../../io/base.ts'
import { openHistory } from '../../io/open-history.ts'
import { readLeases, writeLeases } from '../../io/sidecar/leases.ts'
import { findContradictions, type Opinions } from './lint-contradictions.ts'
import type { BaseReader } from '../../read/base-reader.ts'
import { lookAtWiki, type LookOptions } from '../../read/lint.ts'

export type LintOptions = {
  fix?: boolean | undefined
  /** On whose behalf. */
  agent?: string | undefined
  signal?: AbortSignal | undefined
  onProgress?: ((progress: Progress) => void) | undefined
}

/** Rounds of fixes: one round may leave links to pages it removed, which the next turns into plain text. */
const ROUNDS_MAX = 4

/** Throws `KbError` without having changed anything. A page that a person is editing is committed as theirs first. */
export async function lint(base: Base, options: LintOptions = {}): Promise<LintResult> {
  const { signal, onProgress } = options
  await using history = await openHistory({ ...base, driver: 'git', held: undefined })
  const reader: BaseReader = { ...base, history }
  await using tools = await openWriter({
    base,
    command: 'lint',
    agent: options.agent,
    signal,
  })
  await tools.writer.locked((session) => session.head())
  // Ask before taking the lock: a model takes time.
  const opinions = await opinionsOf(base, tools, signal ?? new AbortController().signal)
  const look: LookOptions = {
    signal,
    onPage: (files, bytes) => void (files % 100 === 0 && onProgress?.({ kind: 'scan', files, bytes })),
  }
  const path = `${REPORTS}/lint-${timestamp(base.clock).slice(0, 10)}.md`
  const result: LintResult = { problems: [], report: path, commit: null }

  const plan = async (snapshot: Snapshot): Promise<Planned | undefined> => {
    const checked = await checkAndFix(reader, tools, snapshot, options.fix === true, look)
    result.problems = [...checked.problems, ...opinions.problems]
    const report = lintReport(result.problems, timestamp(base.clock))
    const changes = checked.edits.map(({ path: page, content }) => ({
      path: page,
      content: content === null ? null : { bytes: content },
    }))
    const last = await lastReport(reader, await tip(tools))
    const isNews = last === undefined ? result.problems.length > 0 : withoutDates(last) !== withoutDates(report)
    result.report = isNews || changes.length > 0 ? path : null
    if (isNews && last !== report) changes.push({ path, content: { bytes: report } })
    if (changes.length === 0) return undefined
    return { label: path, subject: subjectOf(result.problems), trailers: [], changes }
  }
  const { outcomes, unfinished } = await tools.writer.locked(async (session) => {
    if (opinions.waiting !== undefined) writeLeases(base, { ...(await readLeases(base)), checks: opinions.waiting })
    return session.commit([{ label: path, plan }])
  })
  const [outcome] = outcomes
  if (outcome?.kind === 'failed') {
    const { message, hint } = outcome.failure
    throw new KbError('rolledBack', message, { hint })
  }
  if (unfinished !== undefined) throw unfinished
  if (outcome?.kind === 'committed') result.commit = outcome.commit
  if (opinions.waiting !== undefined && opinions.waiting.length > 0) result.waiting = opinions.waiting.length
  return result
}

/** Findings of the model or of agents. Without them, the rest of the check still counts. */
async function opinionsOf(base: Base, tools: OpenWriter, signal: AbortSignal): Promise<Opinions> {
  try {
    return await findContradictions(base, tools, signal)
  } catch (error) {
    if (!(error instanceof KbError) || !(error.code === 'config' || error.code.startsWith('model'))) throw error
    const { code, message, hint } = error
    base.logger.warn(
      { code },
      `No model was asked for contradictions: ${message}${hint === undefined ? '' : ` ${hint}`}`,
    )
    return { problems: [] }
  }
}

/** The newest report in a commit. */
async function lastReport({ history }: BaseReader, commit: string): Promise<string | undefined> {
  let newest: string | undefined
  for await (const { path } of history.list(commit, [REPORTS])) if (/\/lint-[\d-]+\.md$/.test(path)) newest = path
  return newest === undefined ? undefined : (await history.page(commit, newest))?.toString()
}

function withoutDates(report: string): string {
  return report.replace(/\d{4}-\d\d-\d\d(?:T[\d:.]+Z)?/g, '')
}

/** The commit that planning builds on: the lock is held, and nothing else is planned. */
async function tip(tools: OpenWriter): Promise<string> {
  const commit = await tools.tip()
  if (commit === undefined)
    throw new KbError('noBase', 'There is no commit yet.', { hint: 'Run "kbgit init" to make the first one.' })
  return commit
}

async function checkAndFix(
  reader: BaseReader,
  tools: OpenWriter,
  snapshot: Snapshot,
  fix: boolean,
  look: LookOptions,
): Promise<{ problems: LintProblem[]; edits: ReturnType<Draft['edits']> }> {
  const draft = new Draft(snapshot)
  const commit = await tip(tools)
  const before = await lookAtWiki(reader, commit, look)
  if (!fix) return { problems: before.problems.map((problem) => ({ ...problem, fixed: false })), edits: [] }
  // A merge brings documents together that were not in one base when their links were written.
  for (const document of tools.catalog.documents()) await relinkOwn(document, draft)
  const fixer = new WikiFixer(draft)
  let state = before
  let planned = new Map<string, string | null>()
  for (let round = 0; round < ROUNDS_MAX && state.problems.length > 0; round++) {
    await fixer.fix(state)
    const next = new Map(draft.edits().map(({ path, content }) => [path, content]))
    const stable = next.size === planned.size && [...next].every(([path, content]) => planned.get(path) === content)
    planned = next
    if (stable) break
    state = await lookAtWiki(reader, commit, { ...look, planned })
  }
  return { problems: compareProblems(before.problems, state.problems), edits: draft.edits() }
}

/** Marks the earlier problems that are gone as fixed, and adds those that are new. */
function compareProblems(before: FsckProblem[], after: FsckProblem[]): LintProblem[] {
  // Fixing a page moves its lines.
  const keyOf = ({ code, path, message }: FsckProblem): string => `${code} ${path} ${message.replace(/:\d+:/, ':')}`
  const left = new Set(after.map(keyOf))
  const known = new Set(before.map(keyOf))
  return [
    ...before.map((problem) => ({ ...problem, fixed: !left.has(keyOf(problem)) })),
    ...after.filter((problem) => !known.has(keyOf(problem))).map((problem) => ({ ...problem, fixed: false })),
  ]
}

function subjectOf(problems: LintProblem[]): string {
  const fixed = problems.filter((problem) => problem.fixed).length
  const count = `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`
  return `lint: ${problems.length === 0 ? 'no problems' : count}${fixed === 0 ? '' : `, ${fixed} fixed`}`
}
