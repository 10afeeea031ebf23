import { KbError } from '../../core/errors.ts'
import { answerPrinter } from '../answer.ts'
import { command } from '../command.ts'
import { AT, atOf } from './list.ts'

export const query = command({
  name: 'query',
  usage: '<question>',
  arity: [0, Infinity],
  details: 'With a model, an answer with citations. Without one, the best passages with citations.',
  options: {
    save: { type: 'flag', describe: 'Save the answer as a page of the wiki, in a commit' },
    at: AT,
    raw: { type: 'flag', describe: 'Print raw Markdown, even on a terminal' },
  },
  examples: [
    ['kbgit query "What is multi-head attention?"', 'ask a question'],
    ['kbgit query "Who wrote it?" --save', 'save the answer in wiki/explorations/'],
    ['kbgit query "What did we know?" --at v1.0', 'ask an older revision'],
  ],
  async run(context) {
    const { args, flags, kb, signal } = context
    const question = args.join(' ').trim()
    if (question === '')
      throw new KbError('usage', 'kbgit query needs a question.', {
        hint: 'For example: kbgit query "What is attention?"',
      })
    const printer = answerPrinter(context, flags.raw)
    const base = await kb()
    const result = await base.query(question, {
      ...atOf(flags),
      save: flags.save,
      signal,
      onText: printer.onText,
    })
    return { value: result, text: printer.rest(result) }
  },
})
