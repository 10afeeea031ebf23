// Saves an answer as a wiki page, `wiki/explorations/<name>.md`, in a commit of its own.
import { openWriter } from '../commit/open-writer.ts'
import type { Snapshot } from '../commit/work.ts'
import { sanitizeLine } from '../core/page/sanitize-markdown.ts'
import { KbError } from '../core/errors.ts'
import { EXPLORATIONS, linkTarget } from '../core/layout.ts'
import { renderPage, wikilink } from '../core/page/page.ts'
import type { QueryResult } from '../core/results.ts'
import { freeName, slugify } from '../core/page/slug.ts'
import { timestamp, type Base } from '../io/base.ts'

const TITLE_CHARACTERS_MAX = 200

/** The answer is already sanitized Markdown; the question is raw user input. */
export async function saveExploration(
  base: Base,
  { question, answer, citations, model, at }: QueryResult,
): Promise<{ saved: string; commit: string }> {
  await using tools = await openWriter({ base, command: 'query' })
  const title = sanitizeLine(question, TITLE_CHARACTERS_MAX)
  let saved = ''
  const { outcomes, unfinished } = await tools.writer.locked((session) =>
    session.commit([
      {
        label: title,
        plan: async (snapshot) => {
          saved = await freePath(snapshot, title)
          const front = {
            type: 'exploration',
            title,
            question: title,
            at,
            model: model ?? 'builtin',
            date: timestamp(base.clock),
          }
          const text = renderPage({ front, intro: `# ${title}\n\n${answer}`, sections: sourceSections(citations) })
          return {
            label: title,
            subject: `query: ${title}`,
            trailers: model === null ? [] : [['Kbgit-Model', model]],
            changes: [{ path: saved, content: { bytes: text } }],
          }
        },
      },
    ]),
  )
  if (unfinished !== undefined) throw unfinished
  const [outcome] = outcomes
  if (outcome?.kind !== 'committed') {
    throw new KbError(
      'rolledBack',
      outcome?.kind === 'failed' ? outcome.failure.message : 'The answer could not be saved.',
    )
  }
  return { saved, commit: outcome.commit }
}

/** The sources of an answer as a section, if it has any. */
function sourceSections(citations: QueryResult['citations']): { heading: string; body: string }[] {
  const lines = citations.map(({ page, document, pageNumber, quote }) => {
    const place = pageNumber === undefined ? '' : `, p. ${pageNumber}`
    return `- ${wikilink(linkTarget(page), document)}${place}: “${sanitizeLine(quote, 500)}”`
  })
  return lines.length === 0 ? [] : [{ heading: 'Sources', body: lines.join('\n') }]
}

/** The path of a page with this title that no other page has. */
async function freePath(snapshot: Snapshot, title: string): Promise<string> {
  const stem = slugify(title.toLowerCase())
  const taken = new Set<string>()
  for (let name = stem; ; name = freeName(stem, (key) => taken.has(key))) {
    const path = `${EXPLORATIONS}/${name}.md`
    if ((await snapshot.read(path)) === undefined) return path
    taken.add(name.toLowerCase())
  }
}
