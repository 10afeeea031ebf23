import { z } from 'zod'
import { AT, COMMIT, documentOf } from '../material.ts'
import { tool } from '../tool.ts'

const TEXT_CHARACTERS_MAX = 1_000_000
const CITATIONS_SHOWN_MAX = 500

export const verify = tool({
  name: 'verify',
  title: 'Check quotes and citations',
  description:
    'Checks a text before you hand it out: lines such as `[1] wiki/sources/x.md page 3: "exact words"`, quotes with a link or a footnote, block quotes, or the JSON of an answer. Each quote is looked up word for word on the page that it names.',
  effect: 'read',
  input: z.object({ text: z.string().min(1).max(TEXT_CHARACTERS_MAX), at: AT }),
  output: z.object({
    at: COMMIT,
    ok: z.boolean(),
    checked: z.number(),
    held: z.number(),
    citations: z.array(
      z.object({
        page: z.string(),
        document: z.string().optional(),
        pageNumber: z.number().optional(),
        lastPage: z.number().optional(),
        heading: z.string().optional(),
        line: z.number().optional(),
        quote: z.string().optional(),
        holds: z.boolean(),
        reason: z.string().optional(),
        foundOn: z.number().optional(),
        digest: z.string().optional(),
        commit: z.string(),
      }),
    ),
  }),
  run: async ({ text, at }, { kb }) => {
    const { citations, ...result } = await kb.verify(text, { at })
    const shown = citations.slice(0, CITATIONS_SHOWN_MAX).map((each) => {
      const document = each.document ?? documentOf(each.page)
      const { quote, ...rest } = { ...each, ...(document === undefined ? {} : { document }) }
      // The quote is the client's own text: the line says which one it is.
      return quote === undefined || rest.line !== undefined
        ? { ...rest, commit: result.at }
        : { ...rest, quote, commit: result.at }
    })
    const faults = shown.filter(({ holds }) => !holds).map((each) => JSON.stringify(each))
    const summary =
      result.checked === 0 ? 'No citations were found.' : `${result.held} of ${result.checked} citations hold.`
    return { value: { ...result, citations: shown }, text: [summary, ...faults].join('\n') }
  },
})
