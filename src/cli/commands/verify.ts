import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { EXIT_SOME_FAILED, KbError } from '../../core/errors.ts'
import type { CheckedCitation, VerifyResult } from '../../index.ts'
import { command } from '../command.ts'
import { counted, cut, inline } from '../text.ts'
import { AT, atOf } from './list.ts'

/** Characters of a quote in the report. */
const QUOTE_SHOWN = 100

export const verify = command({
  name: 'verify',
  usage: '<file>',
  arity: [1, 1],
  details:
    'Reads the citations of a text and looks each of them up: quotes word for word, on the page that is named. The file may\n' +
    'be the output of "kbgit query --json" or "kbgit context --json", a saved answer, or any Markdown with lines such as\n' +
    '[1] wiki/sources/x.md page 3: "the words". "-" is stdin. Exit code 3 if one does not hold, or if there is none.',
  options: { at: AT },
  examples: [
    ['kbgit query "Who built it?" --json > answer.json', 'ask today'],
    ['kbgit verify answer.json', 'later: is it still what the documents say?'],
    ['kbgit verify draft.md --at v1.0', 'against an older revision'],
  ],
  async run({ args, flags, kb, host }) {
    const file = args[0] ?? ''
    const text = file === '-' ? await textOf(host.stdin) : await contentOf(resolve(host.cwd, file), file)
    const result = await (await kb()).verify(text, atOf(flags))
    return {
      value: result,
      text: [...result.citations.filter(({ holds }) => !holds).map(sayFault), summary(result)].join('\n'),
      exitCode: result.ok ? 0 : EXIT_SOME_FAILED,
    }
  },
})

async function contentOf(path: string, named: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new KbError('notFound', `${inline(named)} cannot be read.`, { cause })
  }
}

function sayFault(fault: CheckedCitation): string {
  const { line, page, pageNumber, lastPage, heading = '', quote, reason, foundOn } = fault
  const at = line === undefined ? '' : `line ${line}: `
  const pages = lastPage === undefined ? ` page ${pageNumber}` : ` pages ${pageNumber} to ${lastPage}`
  const place = `${inline(page)}${pageNumber === undefined ? '' : pages}`
  const words = quote === undefined ? '' : ` "${cut(inline(quote.replace(/\s+/g, ' ')), QUOTE_SHOWN)}"`
  if (reason === 'noSource') return `${at}nothing says what ${inline(page)} stands for`
  if (reason === 'noHeading') return `${at}there is no heading "${inline(heading)}" on ${place}`
  if (reason === 'noPage') return `${at}there is no page ${place}${words}`
  return `${at}not on ${place}${reason === 'otherPage' ? ` but on page ${foundOn}` : ''}:${words}`
}

function summary({ checked, held }: VerifyResult): string {
  return checked === 0 ? 'No citations were found.' : `${held} of ${counted(checked, 'citation')} hold.`
}
