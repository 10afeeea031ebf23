// Prompts for the usual jobs: which tools to use, and in which order.
import { z } from 'zod'

export type McpPrompt = {
  name: string
  title: string
  description: string
  args: z.ZodObject
  text: (args: Record<string, string | undefined>) => string
}

const line = (about: string) => z.string().max(2_000).describe(about)
/** An argument is the user's, but it ends where its quotation marks do. */
const quoted = (text = ''): string => JSON.stringify(text)

const CITE =
  'Cite every statement: a mark such as [1] in the text, and at the end a list "Sources:" with lines such as\n' +
  '[1] wiki/sources/name.md page 3: "the exact words". Then call "verify" with the whole text, and correct what does not hold.'

export const PROMPTS: readonly McpPrompt[] = [
  {
    name: 'answer_with_citations',
    title: 'Answer with citations',
    description: 'Answers a question from the base alone, with quotes that were checked',
    args: z.object({ question: line('The question') }),
    text: ({ question }) =>
      `Answer this question from the knowledge base alone: ${quoted(question)}\n\nCall "context" with the question first; if that is not enough, "search" and "read". If the base does not say it, say so. ${CITE}`,
  },
  {
    name: 'whats_new',
    title: 'Summarise what changed',
    description: 'Summarises what is new in the base since a day, a tag or a commit',
    args: z.object({ since: line('For example "last week", "2026-11-01" or a commit') }),
    text: ({ since }) =>
      `Summarise what changed in the knowledge base since ${quoted(since)}.\n\nCall "history" with the action "changes". Read the summaries of new and updated documents ("summaries/<name>"), and use the action "diff" for pages that changed. Group by subject, the most important first, and name what was removed. ${CITE}`,
  },
  {
    name: 'compare_documents',
    title: 'Compare two documents',
    description: 'Where two documents agree, where they differ, and what only one of them says',
    args: z.object({
      first: line('Name of a document'),
      second: line('Name of another document'),
      about: line('What to compare; default: everything').optional(),
    }),
    text: ({ first, second, about }) =>
      `Compare the documents ${quoted(first)} and ${quoted(second)}${about === undefined ? '' : `, as regards ${quoted(about)}`}.\n\nRead the summaries of both ("summaries/<name>"), then the parts of their texts that matter; of a long document the table of contents first. Say where they agree, where they contradict each other, and what only one of them says. ${CITE}`,
  },
]
