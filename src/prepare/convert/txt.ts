// Plain text: paragraphs are kept, Markdown syntax is escaped, plain headings become headings.
import type { Converter } from './converter.ts'
import { codeBlock, escapeText, heading } from './markdown.ts'
import { readText, streamParagraphs, WHOLE_TEXT_BYTES_MAX } from './text-source.ts'

/** Maximum length of a plain heading. */
const HEADING_CHARACTERS_MAX = 90

export const convert: Converter = async (task) => {
  if (task.size > WHOLE_TEXT_BYTES_MAX) return { body: { kind: 'flow', markdown: streamed(streamParagraphs(task)) } }
  const text = await readText(task)
  return { body: { kind: 'flow', markdown: textToMarkdown(text) } }
}

async function* streamed(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const piece of pieces) yield textToMarkdown(piece)
}

/** Linear in the text. */
export function textToMarkdown(text: string): string {
  return text
    .split(/\n(?:[ \t\f]*\n)+/)
    .map((paragraph) => paragraphToMarkdown(paragraph.replaceAll('\f', '').replace(/(?<![ \t])[ \t]+$/gm, '')))
    .filter((block) => block !== '')
    .join('\n\n')
}

function paragraphToMarkdown(paragraph: string): string {
  const lines = paragraph.split('\n')
  const [first = '', second = '', ...rest] = lines
  if (paragraph.trim() === '') return ''
  const underline = /^\s*(={3,}|-{3,}|~{3,})\s*$/.exec(second)?.[1]
  if (underline !== undefined && isTitle(first)) {
    const below = rest.join('\n')
    const title = heading(underline.startsWith('=') ? 1 : 2, escapeText(first.trim()))
    return below.trim() === '' ? title : `${title}\n\n${paragraphToMarkdown(below)}`
  }
  if (lines.length === 1 && isTitle(first)) {
    const numbered = /^\s*(\d{1,3}(?:\.\d{1,3})*)\.?\s+\p{Lu}/u.exec(first)?.[1]
    if (numbered !== undefined) return heading(Math.min(6, numbered.split('.').length + 1), escapeText(first.trim()))
    if (/^\s*(?:chapter|part|book|section|appendix|kapitel|chapitre)\s+(?:\d+|[ivxlc]+|[a-z])\b/i.test(first))
      return heading(2, escapeText(first.trim()))
    if (/\p{Lu}{3}/u.test(first) && !/\p{Ll}/u.test(first)) return heading(2, escapeText(first.trim()))
  }
  // Columns aligned with spaces: a table or an ASCII drawing.
  const aligned = lines.filter((line) => /\S {3,}\S/.test(line)).length
  if (lines.length > 1 && aligned * 2 > lines.length) return codeBlock(paragraph.replace(/\t/g, '    '))
  return lines.map(line).join('\n')
}

/** List items stay items; other lines lose indentation that Markdown would interpret as code. */
function line(text: string): string {
  const item = /^\s*(?:[-*•‣·+]|(\d{1,9})[.)])\s+(?=\S)/.exec(text)
  if (item === null) return escapeText(text.trimStart())
  return `${item[1] === undefined ? '-' : `${item[1]}.`} ${escapeText(text.slice(item[0].length))}`
}

function isTitle(line: string): boolean {
  const text = line.trim()
  return text.length <= HEADING_CHARACTERS_MAX && !/[.,;:]$/.test(text) && /\p{L}/u.test(text)
}
