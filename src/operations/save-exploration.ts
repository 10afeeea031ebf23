// Saves an answer as a wiki page, `wiki/explorations/<name>.md`, in a commit of its own.
import { openWriter } from '../commit/open-writer.ts'
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
  const sections =
    citations.length === 0
      ? []
      : [
          {
            heading: 'Sources',
            body: citations
              .map(
                ({ page, document, pageNumber, quote }) =>
                  `- ${wikilink(linkTarget(page), document)}${pageNumber === undefined ? '' : `, p. ${pageNumber}`}: “${sanitizeLine(quote, 500)}”`,
              )
              .join('\n'),
          },
        ]
  let saved = ''
  const { outcomes, unfinished } = await tools.writer.locked((session) =>
    session.commit([
      {
        label: title,
        plan: async (snapshot) => {
          const base_ = slugify(title.toLowerCase())
          const taken = new Set<string>()
          for (let name = base_; ; name = freeName(base_, (key) => taken.has(key))) {
            saved = `${EXPLORATIONS}/${name}.md`
            if ((await snapshot.read(saved)) === undefined) break
            taken.add(name.toLowerCase())
          }
          const front = {
            type: 'exploration',
            title,
            question: title,
            at,
            model: model ?? 'builtin',
            date: timestamp(base.clock),
          }
          const text = renderPage({ front, intro: `# ${title}\n\n${answer}`, sections })
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
