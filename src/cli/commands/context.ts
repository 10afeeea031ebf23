import { KbError } from '../../core/errors.ts'
import type { ContextResult } from '../../index.ts'
import { command } from '../command.ts'
import { block, counted } from '../text.ts'
import { AT, atOf } from './list.ts'

export const context = command({
  name: 'context',
  usage: '<task>',
  arity: [0, Infinity],
  details:
    'Collects passages, pages and sections of long documents that are about the task, each with its origin, to paste\n' +
    'into a prompt. What documents say is between marks that they cannot write. Needs no model.',
  options: {
    budget: {
      type: 'number',
      value: 'tokens',
      min: 500,
      max: 1_000_000,
      describe: 'Tokens that the pack may have (default: 8000)',
    },
    at: AT,
  },
  examples: [
    ['kbgit context "How do we handle refunds?"', 'a pack of at most 8000 tokens'],
    ['kbgit context "Compare the two designs" --budget 2000 | llm', 'pass it to a model'],
    ['kbgit context "What did we know?" --at v1.0 --json', 'of an older revision, with all origins'],
  ],
  async run({ args, flags, kb }) {
    const task = args.join(' ').trim()
    if (task === '')
      throw new KbError('usage', 'kbgit context needs a task or a question.', {
        hint: 'For example: kbgit context "How do we handle refunds?"',
      })
    const result = await (await kb()).context(task, { ...atOf(flags), budgetTokens: flags.budget })
    return { value: result, text: block(result.text), warnings: leftOut(result) }
  },
})

function leftOut({ blocks, omitted, budget }: ContextResult): string[] {
  if (blocks.length > 0 || omitted.passages === 0) return blocks.length > 0 ? [] : ['Nothing in the base matches.']
  return [`No passage fits into ${counted(budget, 'token')}.`]
}
