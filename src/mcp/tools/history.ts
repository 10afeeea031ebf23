import { z } from 'zod'
import type { Kb } from '../../api.ts'
import { KbError } from '../../core/errors.ts'
import type { ChangesResult, Comparison, DifferenceLine } from '../../core/results.ts'
import {
  AT,
  COMMIT,
  documentOf,
  material,
  MATERIAL,
  NAME,
  originOf,
  ORIGINS,
  originsOf,
  UNTRUSTED,
} from '../material.ts'
import { tool } from '../tool.ts'
import { counted } from '../words.ts'

const LINES_MAX = 400
const LINES_DEFAULT = 100
/** Unchanged lines shown around a changed one. */
const CONTEXT_LINES = 2

type Place = { page: string; document?: string | undefined }
type Shown = { page?: string | undefined; pages?: Place[] | undefined; commits?: object[] | undefined; lines: string[] }

export const history = tool({
  name: 'history',
  title: 'See how it came to be',
  description: `The history in terms of documents. "log": commits, of one document or page if "target" is given. "blame": which commit and document each line of a page came from. "diff": a page between two revisions, "since" and "at". "changes": what is new since a commit, a tag or a day such as "2026-11-01" or "last week". ${UNTRUSTED}`,
  effect: 'read',
  input: z.object({
    action: z.enum(['log', 'blame', 'diff', 'changes']),
    target: z.string().max(1_000).optional().describe('Document or page; needed for blame and diff'),
    since: z.string().max(200).optional().describe('Needed for diff and changes'),
    at: AT,
    from: z.number().int().min(0).default(0).describe('Line of the answer to start at'),
    limit: z.number().int().min(1).max(LINES_MAX).default(LINES_DEFAULT).describe('Lines'),
  }),
  output: z.object({
    at: COMMIT,
    action: z.string(),
    document: NAME.optional(),
    page: z.string().optional(),
    digest: z.string().optional().describe('SHA-256 of the page at the commit'),
    pages: ORIGINS.optional(),
    commits: z
      .array(z.object({ commit: z.string(), date: z.string(), operation: z.string(), documents: z.array(NAME) }))
      .optional(),
    lines: z.number().describe('Lines of the whole answer'),
    next: z.number().optional(),
    material: MATERIAL,
  }),
  run: async ({ action, target, since, at, from, limit }, { kb }) => {
    const commit = await kb.resolve({ at })
    const {
      page,
      pages = [],
      commits,
      lines,
    } = await looked(kb, action, { target, since, at: commit, upTo: from + limit + 1 })
    const next = from + limit < lines.length ? { next: from + limit } : {}
    const part = lines.slice(from, from + limit)
    const shown = material([...(page === undefined ? [] : [page]), ...part].join('\n'))
    return {
      value: {
        at: commit,
        action,
        ...(page === undefined ? {} : await placeOf(kb, commit, page)),
        ...(pages.length === 0 ? {} : { pages: await originsOf(kb, commit, pages.slice(0, limit)) }),
        ...(commits === undefined ? {} : { commits: commits.slice(from, from + limit) }),
        lines: lines.length,
        ...next,
        material: shown,
      },
      text: `${action} at commit ${commit.slice(0, 12)}\n${shown}${next.next === undefined ? '' : `\nRead on with from: ${next.next}.`}`,
    }
  },
})

async function placeOf(kb: Kb, commit: string, page: string) {
  const { commit: _, ...place } = await originOf(kb, commit, page, { document: documentOf(page) })
  return place
}

type Asked = { target: string | undefined; since: string | undefined; at: string; upTo: number }

async function looked(kb: Kb, action: 'log' | 'blame' | 'diff' | 'changes', asked: Asked): Promise<Shown> {
  const { target, since, at } = asked
  switch (action) {
    case 'log': {
      const { commits } = await kb.log({ at, limit: asked.upTo, ...(target === undefined ? {} : { of: target }) })
      return {
        commits: commits.map(({ commit, date, operation, documents }) => ({ commit, date, operation, documents })),
        lines: commits.map(
          ({ commit, date, author, message }) =>
            `${commit.slice(0, 12)} ${date.slice(0, 10)} ${author}: ${firstLine(message)}`,
        ),
      }
    }
    case 'blame': {
      const { page, lines } = await kb.blame(needed(target, 'target', action), { at })
      return {
        page,
        lines: lines.map(
          ({ line, commit, document, model, text }) =>
            `${line} ${commit.slice(0, 12)} ${document ?? '-'}${model === undefined ? '' : ` (${model})`} | ${text}`,
        ),
      }
    }
    case 'diff': {
      const found = await kb.compare(needed(target, 'target', action), { from: needed(since, 'since', action), to: at })
      return { page: found.page, lines: differences(found) }
    }
    case 'changes':
      return changed(await kb.changes(needed(since, 'since', action), { at }))
  }
}

function needed(value: string | undefined, name: string, action: string): string {
  if (value !== undefined && value !== '') return value
  throw new KbError('usage', `"${action}" needs "${name}".`)
}

function differences({ rows, added, removed }: Comparison): string[] {
  const near = new Set<number>()
  for (const [index, { kind }] of rows.entries())
    if (kind !== 'same') for (let at = index - CONTEXT_LINES; at <= index + CONTEXT_LINES; at++) near.add(at)
  const lines = [`${added} words added, ${removed} removed`]
  for (const [index, row] of rows.entries()) {
    if (!near.has(index)) continue
    if (row.kind === 'same') lines.push(`  ${plain(row.after)}`)
    if (row.kind === 'removed' || row.kind === 'changed') lines.push(`- ${plain(row.before)}`)
    if (row.kind === 'added' || row.kind === 'changed') lines.push(`+ ${plain(row.after)}`)
  }
  return lines
}

function plain({ parts }: DifferenceLine): string {
  return parts.map(({ text }) => text).join('')
}

function changed(found: ChangesResult): Shown {
  const documents = [...found.documents.added, ...found.documents.updated]
  const topics = [...found.topics.added, ...found.topics.changed]
  const edited = found.edits.flatMap(({ pages }) => pages)
  const seen = new Map<string, Place>(edited.map((page) => [page, { page }]))
  for (const { page } of topics) seen.set(page, { page })
  for (const { page, name } of documents) seen.set(page, { page, document: name })
  return { pages: [...seen.values()], lines: changeLines(found) }
}

function changeLines({ commits, documents, topics, edits }: ChangesResult): string[] {
  const named = (what: string, items: readonly { title: string; page: string }[]): string[] =>
    items.map(({ title, page }) => `${what}: ${title} (${page})`)
  return [
    counted(commits, 'commit'),
    ...named('new document', documents.added),
    ...named('updated document', documents.updated),
    ...named('removed document', documents.removed),
    ...named('new topic', topics.added),
    ...named('topic with other documents', topics.changed),
    ...named('removed topic', topics.removed),
    ...edits.map(
      ({ date, author, message, pages }) =>
        `edit ${date.slice(0, 10)} by ${author}: ${firstLine(message)} (${pages.join(', ')})`,
    ),
  ]
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
