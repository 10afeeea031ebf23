import { KbError } from '../../core/errors.ts'
import type { Original } from '../../index.ts'
import { command } from '../command.ts'
import { markdown } from '../markdown.ts'
import { inline, size } from '../text.ts'
import { AT, atOf } from './list.ts'

export const show = command({
  name: 'show',
  usage: '<page>',
  arity: [1, 1],
  details: '<page> is a path, a wiki link, or the name of a document, concept or entity.',
  options: {
    at: AT,
    raw: { type: 'flag', describe: "Write a document's original to stdout, byte for byte" },
  },
  examples: [
    ['kbgit show attention-is-all-you-need', "a document's summary page"],
    ['kbgit show concepts/self-attention --at HEAD~5', 'a page as it was'],
    ['kbgit show --raw report > report.pdf', 'the original, wherever it is kept'],
  ],
  async run({ args, flags, kb, json, host, style, write }) {
    const page = args[0] ?? ''
    if (flags.raw) {
      if (json) throw new KbError('usage', '--raw writes bytes and --json writes JSON: use only one of them.')
      await writeOriginal(await (await kb()).showRaw(page, atOf(flags)), host.stdout.isTTY === true, write)
      return undefined
    }
    const result = await (await kb()).show(page, atOf(flags))
    return { value: result, text: host.stdout.isTTY === true ? markdown(result.text, style) : result.text }
  },
})

async function writeOriginal(
  original: Original,
  toTerminal: boolean,
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  for await (const chunk of original.chunks) {
    if (toTerminal && chunk.includes(0)) {
      throw new KbError(
        'usage',
        `${inline(original.document)} is not text (${size(original.size)}), so a terminal cannot show it.`,
        {
          hint: `Write it to a file: kbgit show --raw ${inline(original.document)} > file`,
        },
      )
    }
    await write(chunk)
  }
}
