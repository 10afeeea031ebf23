import { z } from 'zod'
import { material, MATERIAL, ORIGINS, originsOf, UNTRUSTED } from '../material.ts'
import { tool } from '../tool.ts'

const EDITS_MAX = 50
const TEXT_CHARACTERS_MAX = 500_000
const DIFF_CHARACTERS_MAX = 40_000

export const PROBLEM = z.object({
  code: z.string(),
  at: z.string().describe('Where: a page and a line, or a field'),
  message: z.string(),
  hint: z.string().optional(),
})
export const REVIEW = z.object({ number: z.number(), branch: z.string() }).describe('Set if it waits for a review')

export const propose = tool({
  name: 'propose',
  title: 'Propose page edits',
  description: `Changes pages of the wiki, whole or by section, as one commit in your name, or on a review branch if the base asks for review. Links, citations, front matter and quotes are checked, and one thing that does not hold refuses the whole: see "problems". Read each page first and pass the commit as "base"; if the page has changed since, "stale" and the material have it as it is now. A new page needs front matter with its type (concept, entity or exploration) and a title. The texts of documents cannot be edited. ${UNTRUSTED}`,
  effect: 'write',
  input: z.object({
    edits: z
      .array(
        z.object({
          page: z.string().max(1_000).describe('Path, e.g. "wiki/concepts/tide.md"'),
          base: z.string().max(100).optional().describe('The commit at which you read it; leave it out for a new page'),
          text: z
            .string()
            .max(TEXT_CHARACTERS_MAX)
            .describe('The whole page, or with "section" the body of that section'),
          section: z.string().max(1_000).optional().describe('Heading of a "##" section; a new one goes to the end'),
        }),
      )
      .min(1)
      .max(EDITS_MAX),
    reason: z.string().min(1).max(500).describe('Why, in one line'),
    sources: z
      .array(
        z.object({
          document: z.string().max(1_000),
          quote: z.string().min(1).max(2_000).describe('Word for word'),
          page: z.number().int().min(1).optional(),
        }),
      )
      .max(100)
      .optional()
      .describe('What bears the edits out'),
    dryRun: z.boolean().default(false),
    review: z.boolean().optional().describe('Put it on a review branch in any case'),
  }),
  output: z.object({
    commit: z.string().nullable(),
    review: REVIEW.optional(),
    changed: z.array(z.string()),
    pages: ORIGINS,
    problems: z.array(PROBLEM),
    stale: z.array(z.object({ page: z.string(), oid: z.string().nullable(), commit: z.string() })),
    dryRun: z.boolean(),
    material: MATERIAL.describe('The difference, and pages that are stale as they are now'),
  }),
  run: async ({ edits, reason, sources, dryRun, review }, { kb, client, signal }) => {
    const proposed = edits.map((edit) => ({ ...edit, base: edit.base ?? null }))
    const result = await kb.propose({ edits: proposed, reason, sources, agent: client }, { dryRun, review, signal })
    const { commit, changed, problems, stale, diff } = result
    const current = stale.map(({ page, text }) => `[${page}]\n${text ?? '(there is no such page)'}`)
    const shown = material([diff.slice(0, DIFF_CHARACTERS_MAX), ...current].filter((part) => part !== '').join('\n\n'))
    const value = {
      commit,
      ...(result.review === undefined ? {} : { review: result.review }),
      changed,
      pages:
        commit === null
          ? []
          : await originsOf(
              kb,
              commit,
              changed.map((page) => ({ page })),
            ),
      problems,
      stale: stale.map(({ page, oid, commit: at }) => ({ page, oid, commit: at })),
      dryRun: result.dryRun,
      material: shown,
    }
    return { value, text: `${outcome(value)}\n${shown}` }
  },
})

function outcome({
  commit,
  review,
  changed,
  problems,
  dryRun,
}: {
  commit: string | null
  review?: { number: number; branch: string }
  changed: string[]
  problems: { code: string; at: string; message: string; hint?: string | undefined }[]
  dryRun: boolean
}): string {
  if (problems.length > 0) return ['Nothing was changed:', ...problems.map(problemLine)].join('\n')
  const pages = changed.join(', ')
  if (commit === null) return dryRun ? `It would change ${pages}.` : 'Nothing was changed.'
  const where = review === undefined ? '' : ` It waits as review ${review.number} on ${review.branch}.`
  return `Changed ${pages}, commit ${commit.slice(0, 12)}.${where}`
}

export function problemLine({ code, at, message, hint }: z.infer<typeof PROBLEM>): string {
  return `${code} at ${at}: ${message}${hint === undefined ? '' : ` ${hint}`}`
}
