// An answer on its way to the reader: streamed to a terminal, printed as a whole elsewhere.
import type { QueryResult } from '../index.ts'
import type { Context } from './command.ts'
import { MarkdownStream, markdown } from './markdown.ts'
import type { Style } from './style.ts'
import { block, inline } from './text.ts'

export type AnswerPrinter = {
  /** For the library, if the answer can be shown as it arrives. */
  onText?: ((piece: string) => void) | undefined
  /** The part of the answer that is not on stdout yet, and its citations. */
  rest: (result: QueryResult) => string
}

/** `raw`: unstyled Markdown, even on a terminal. */
export function answerPrinter(
  { host, json, write, style }: Pick<Context, 'host' | 'json' | 'write' | 'style'>,
  raw: boolean,
): AnswerPrinter {
  const onTerminal = host.stdout.isTTY === true && !raw
  if (host.stdout.isTTY !== true || json) return { rest: (result) => answerText(result, onTerminal, style) }
  const stream = raw ? { push: block, end: () => '' } : new MarkdownStream(style)
  let streamed = false
  return {
    onText: (piece) => {
      streamed ||= piece !== ''
      void write(stream.push(piece))
    },
    rest: (result) => (streamed ? `${stream.end()}${citations(result, style)}` : answerText(result, onTerminal, style)),
  }
}

function answerText(result: QueryResult, styled: boolean, style: Style): string {
  const answer = result.answer.trimEnd()
  const shown = styled ? highlight(markdown(answer, style).trimEnd(), result.words ?? [], style) : answer
  return `${shown}\n${citations(result, style)}`
}

/** The words of the question in the lines of passages, with their endings. */
function highlight(text: string, words: readonly string[], style: Style): string {
  const long = words.filter((word) => word.length >= 3)
  if (long.length === 0) return text
  const beginnings = long.map((word) => (word.length > 5 ? word.slice(0, -2) : word))
  // Words have letters and digits alone. The codes of colours have too few letters to be one.
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${beginnings.join('|')})[\\p{L}\\p{N}]{0,4}(?![\\p{L}\\p{N}])`,
    'giu',
  )
  return text
    .split('\n')
    .map((line) => (/^\W*[-•*] /.test(line) ? line.replace(pattern, (word) => style('bold', word)) : line))
    .join('\n')
}

function citations({ answer, citations, spent, saved, commit }: QueryResult, style: Style): string {
  const lines = citations.map(({ page, document, pageNumber, quote }, index) => {
    const place = pageNumber === undefined ? '' : `, page ${pageNumber}`
    // Without a model the answer is the passages themselves.
    const words = answer.includes(quote) ? '' : ` "${inline(quote.replace(/\s+/g, ' ').trim())}"`
    return `[${index + 1}] ${style('cyan', inline(document))}${place}:${words} ${style('dim', inline(page))}`
  })
  const parts = [
    ...(lines.length === 0 ? [] : [`\n${style('bold', 'Sources')}\n${lines.join('\n')}\n`]),
    ...(spent === undefined
      ? []
      : [
          `\n${style('dim', `${spent.steps} of ${spent.stepsMax} steps, ${spent.tokens} of ${spent.tokensMax} tokens`)}\n`,
        ]),
    ...(saved === undefined
      ? []
      : [`\nSaved as ${inline(saved)}${commit === undefined ? '' : ` (commit ${commit.slice(0, 8)})`}.\n`]),
  ]
  return parts.join('')
}
