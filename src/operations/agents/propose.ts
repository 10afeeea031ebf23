// A proposal: page edits of an agent as one change, checked and committed as a whole or refused with reasons.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { openWriter, type OpenWriter } from '../../commit/open-writer.ts'
import type { Planned } from '../../commit/change.ts'
import type { Snapshot } from '../../commit/work.ts'
import { entryAt } from '../../core/document/base-entry.ts'
import { KbError } from '../../core/errors.ts'
import { shardOf } from '../../core/layout.ts'
import type { Proposal, ProposedEdit, ProposeOptions } from '../../core/options.ts'
import { splitFrontMatter } from '../../core/page/page.ts'
import type { CurrentVersion, Problem, ProposeResult } from '../../core/results.ts'
import { needsReview } from '../../core/review.ts'
import { fields, integer, list, misfitText, nullable, shapeOf, text } from '../../core/shape.ts'
import { repoPathOf, type Base } from '../../io/base.ts'
import { Draft } from '../../wiki/draft.ts'
import { Listings } from '../../wiki/listing-page.ts'
import { newReview, reviewOf } from '../review/branches.ts'
import { ProposalCheck } from './proposal-checks.ts'
import { assemble, pageFault, type ProposedPage } from './proposal-pages.ts'

const EDITS_MAX = 100
const SOURCES_MAX = 200
const PAGE_CHARACTERS_MAX = 1024 ** 2

const line = (charsMax: number) => text('one line', charsMax, /^[^\p{Cc}\p{Zl}\p{Zp}]*\S[^\p{Cc}\p{Zl}\p{Zp}]*$/u)
/** Of an agent or a program: what a trailer can name. */
export const AGENT_NAME = text('a name such as claude-code', 64, /^[\w][\w .@/+-]*$/)

const PROPOSAL = shapeOf<Proposal>()(
  fields(
    {
      edits: list(
        fields(
          {
            page: text('a path', 1_000),
            base: nullable(text('an object id or a revision', 1_000)),
            text: text('a text', PAGE_CHARACTERS_MAX),
          },
          { section: text('a heading', 1_000) },
        ),
        EDITS_MAX,
      ),
      reason: line(500),
      agent: AGENT_NAME,
    },
    {
      sources: list(
        fields({ document: text('a name', 1_000), quote: text('a quote', 4_000) }, { page: integer(1) }),
        SOURCES_MAX,
      ),
    },
  ),
)

/** Throws `KbError` (`usage`) for a value that is not a proposal. What does not hold in one is in the result. */
export async function propose(base: Base, proposal: Proposal, options: ProposeOptions = {}): Promise<ProposeResult> {
  const misfit = PROPOSAL(proposal, '')
  if (misfit !== undefined || proposal.edits.length === 0)
    throw new KbError(
      'usage',
      `This is not a proposal: ${misfit === undefined ? 'it has no edits' : misfitText(misfit)}.`,
      {
        hint: 'See "kbgit help propose".',
      },
    )
  const review = options.review ?? needsReview(base.config, { agent: true, model: false })
  await using tools = await openWriter({
    base,
    command: 'propose',
    agent: proposal.agent,
    signal: options.signal,
    branch: review ? newReview(base) : undefined,
  })
  const result: ProposeResult = {
    commit: null,
    changed: [],
    diff: '',
    problems: [],
    stale: [],
    dryRun: options.dryRun ?? false,
  }
  const read = await readVersions(base, tools, proposal.edits)
  const plan = (snapshot: Snapshot) => new Planning(base, tools, { ...proposal, read }, snapshot).run(result)
  await tools.writer.locked(async (session) => {
    if (result.dryRun) return void (await session.preview({ label: 'proposal', plan }))
    const { outcomes, unfinished } = await session.commit([{ label: 'proposal', plan }])
    const [outcome] = outcomes
    if (outcome?.kind === 'failed')
      throw new KbError('rolledBack', outcome.failure.message, { hint: outcome.failure.hint })
    if (outcome?.kind === 'committed') result.commit = outcome.commit
    if (unfinished !== undefined) throw unfinished
  })
  if (review && result.commit !== null) result.review = reviewOf(await tools.branch())
  return result
}

/** The object of the page that the agent read, for each edit: null if there was none, '' for one that is not known. */
async function readVersions(
  base: Base,
  { objects }: OpenWriter,
  edits: readonly ProposedEdit[],
): Promise<Map<ProposedEdit, string | null>> {
  const read = new Map<ProposedEdit, string | null>()
  for (const edit of edits) {
    const { base: version, page } = edit
    const object = version !== null && /^[0-9a-f]{7,64}$/.test(version) ? await objects.header(version) : undefined
    if (version === null) read.set(edit, null)
    else if (object?.type === 'blob') read.set(edit, object.oid)
    else {
      const commit = await objects.resolve(version)
      const found = commit === undefined ? undefined : await objects.header(`${commit}:${repoPathOf(base, page)}`)
      read.set(edit, commit === undefined ? '' : (found?.oid ?? null))
    }
  }
  return read
}

/** `read`: the object of the page that each edit was made from. */
type ReadProposal = Proposal & { read: ReadonlyMap<ProposedEdit, string | null> }

class Planning {
  readonly #base: Base
  readonly #tools: OpenWriter
  readonly #proposal: ReadProposal
  readonly #snapshot: Snapshot

  constructor(base: Base, tools: OpenWriter, proposal: ReadProposal, snapshot: Snapshot) {
    this.#base = base
    this.#tools = tools
    this.#proposal = proposal
    this.#snapshot = snapshot
  }

  /** Fills in the result; undefined if nothing is to be committed. */
  async run(result: ProposeResult): Promise<Planned | undefined> {
    const byPage = Map.groupBy(this.#proposal.edits, ({ page }) => page)
    result.problems = []
    result.stale = []
    const pages: ProposedPage[] = []
    for (const [path, edits] of byPage) {
      const made = await this.#page(path, edits, result.stale)
      if ('problem' in made) result.problems.push(made.problem)
      else pages.push(made.page)
    }
    const written = new Set(pages.map(({ path }) => path))
    const check = new ProposalCheck(
      this.#snapshot,
      async (path) => written.has(path) || (await this.#oidAt(this.#snapshot.commit, path)) !== null,
    )
    check.reason(this.#proposal.reason)
    for (const page of pages) await check.page(page)
    await check.sources(this.#proposal.sources ?? [])
    result.problems.push(...check.problems)
    const changed = pages.filter(({ before, after }) => before !== after)
    result.changed = changed.map(({ path }) => path).sort()
    result.diff = await this.#diff(changed)
    if (changed.length === 0 && result.problems.length === 0)
      result.problems.push({ code: 'same', at: '', message: 'The pages are like this already.' })
    return result.problems.length > 0 ? undefined : await this.#planned(changed)
  }

  async #page(
    path: string,
    edits: readonly ProposedEdit[],
    stale: CurrentVersion[],
  ): Promise<{ page: ProposedPage } | { problem: Problem }> {
    const { commit } = this.#snapshot
    const before = await this.#snapshot.read(path)
    const fault = pageFault(path, before === undefined, this.#snapshot)
    if (fault !== undefined) return { problem: fault }
    const oid = await this.#oidAt(commit, path)
    for (const edit of edits) {
      if (this.#proposal.read.get(edit) === oid) continue
      stale.push({ page: path, oid, commit: commit ?? '', text: before ?? null })
      const message =
        oid === null ? `${path} does not exist any more.` : `${path} is another one than the proposal was made from.`
      return { problem: { code: 'stale', at: path, message, hint: 'Read it again: "stale" has it as it is now.' } }
    }
    return assemble(path, before, edits)
  }

  async #oidAt(commit: string | null, path: string): Promise<string | null> {
    if (commit === null) return null
    return (await this.#tools.objects.header(`${commit}:${repoPathOf(this.#base, path)}`))?.oid ?? null
  }

  /** With the entries of new topic pages on their listing pages. */
  async #planned(pages: readonly ProposedPage[]): Promise<Planned> {
    const draft = new Draft(this.#snapshot)
    const listings = new Listings(draft)
    for (const { path, before, after } of pages) {
      await draft.read(path)
      draft.write(path, after)
      const entry = entryAt(path)
      if (before !== undefined || entry?.kind !== 'topic') continue
      const { title, description } = splitFrontMatter(after).front
      const kind = entry.topic === 'concept' ? 'concepts' : 'entities'
      await listings.add(kind, shardOf(path), {
        path,
        title: String(title),
        description: typeof description === 'string' ? description : '',
      })
    }
    const documents = [...new Set((this.#proposal.sources ?? []).map(({ document }) => document))]
    return {
      label: 'proposal',
      subject: `propose: ${this.#proposal.reason}`,
      trailers: documents.map((name): [string, string] => ['Kbgit-Source', name]),
      changes: draft
        .edits()
        .map(({ path, content }) => ({ path, content: content === null ? null : { bytes: content } })),
    }
  }

  async #diff(pages: readonly ProposedPage[]): Promise<string> {
    if (pages.length === 0) return ''
    const folder = this.#tools.staging.folder()
    await Promise.all(['a', 'b'].map((side) => mkdir(join(folder, side))))
    for (const { path, before, after } of pages) {
      for (const [side, content] of [
        ['a', before],
        ['b', after],
      ] as const) {
        if (content === undefined) continue
        const file = join(folder, side, path)
        await mkdir(dirname(file), { recursive: true })
        await writeFile(file, content)
      }
    }
    const args = ['-C', folder, 'diff', '--no-index', '--no-prefix', '--no-color', '--no-ext-diff', '--no-textconv']
    const { stdout } = await this.#base.git.run([...args, 'a', 'b'], { ok: [0, 1] })
    this.#tools.staging.discard(folder)
    return stdout.toString()
  }
}
