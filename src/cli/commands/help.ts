import { KbError } from '../../core/errors.ts'
import type { HelpResult } from '../../index.ts'
import { command } from '../command.ts'
import { COMMAND_NAMES, COMMANDS } from '../commands.ts'
import { commandPage, frontPage } from '../help-text.ts'
import { TOPIC_SUMMARIES, type HelpTopic, TOPICS } from '../topics.ts'
import type { Style } from '../style.ts'
import { suggest } from '../suggest.ts'
import { inline } from '../text.ts'

export const help = command({
  name: 'help',
  usage: '[command|topic]',
  arity: [0, 1],
  details: `Topics: ${Object.keys(TOPIC_SUMMARIES).join(', ')}.`,
  options: {},
  examples: [
    ['kbgit help add', 'options and examples of a command'],
    ['kbgit help exit-codes', 'a topic'],
  ],
  async run({ args, style }) {
    const text = await page(args[0], style)
    return { value: { topic: args[0] ?? null, text } satisfies HelpResult, text }
  },
})

async function page(subject: string | undefined, style: Style): Promise<string> {
  if (subject === undefined) return frontPage(style)
  if (isTopic(subject)) return TOPICS[subject]
  const entry = COMMANDS.find((each) => each.name === subject)
  if (entry !== undefined) return commandPage(entry, await entry.load(), style)
  const meant = suggest(subject, [...COMMAND_NAMES, ...Object.keys(TOPIC_SUMMARIES)])
  throw new KbError('usage', `There is no help on "${inline(subject)}".`, {
    hint: meant === undefined ? '"kbgit --help" lists commands and topics.' : `Did you mean "kbgit help ${meant}"?`,
  })
}

function isTopic(subject: string): subject is HelpTopic {
  return Object.hasOwn(TOPICS, subject)
}
