// Draws a wiki page as SVG, as an editor shows it: the files of the wiki on the left, the page on the right.
import { escaped, windowAround } from './svg.ts'

/** Pixels. */
const SIDEBAR = 190
const WIDTH = 836
const MARGIN = 28

type Word = { text: string; link: boolean }
type Block = { kind: 'h1' | 'h2' | 'p' | 'quote'; words: Word[] }

/** Pixels: font size, height of a line, space above the block, indentation. */
const LAYOUT = {
  h1: { size: 24, line: 30, above: 0, indent: 0 },
  h2: { size: 17, line: 24, above: 22, indent: 0 },
  p: { size: 14, line: 21, above: 12, indent: 0 },
  quote: { size: 14, line: 21, above: 10, indent: 16 },
} as const

/** A generous estimate of a word's width, in ems of a common sans-serif font. */
function ems(text: string): number {
  let sum = 0
  for (const character of text)
    sum += /[ijlt.,:;'()|!f]/.test(character)
      ? 0.35
      : /[mwMW]/.test(character)
        ? 0.9
        : /[A-Z]/.test(character)
          ? 0.72
          : 0.6
  return sum
}

/** Words of a line of Markdown; of links, the words that a reader sees. */
function wordsOf(text: string): Word[] {
  const words: Word[] = []
  for (const [, label, other] of text.matchAll(/\[\[[^\]|]*\|([^\]]*)\]\]|((?:(?!\[\[)[^])+)/g)) {
    const link = label !== undefined
    for (const part of (label ?? other ?? '').split(/(?<= )/)) words.push({ text: part, link })
  }
  return words
}

/** The kinds of blocks on topic pages. */
function blocksOf(page: string): Block[] {
  const body = page.replace(/^---\n[^]*?\n---\n/, '')
  return body.split(/\n{2,}/).flatMap((block): Block[] => {
    const [, mark = '', text = ''] = /^\s*(#{1,2} |> )?([^]*?)\s*$/.exec(block) ?? []
    if (text === '') return []
    const kind = mark === '# ' ? 'h1' : mark === '## ' ? 'h2' : mark === '> ' ? 'quote' : 'p'
    return [{ kind, words: wordsOf(text) }]
  })
}

/** Lines that fit the page. A link's closing bracket or full stop stays with it. */
function linesOf(words: readonly Word[], size: number, room: number): Word[][] {
  const lines: Word[][] = [[]]
  let used = 0
  for (const [i, word] of words.entries()) {
    const width = ems(word.text) * size
    const glued = i > 0 && !(words[i - 1]?.text.endsWith(' ') ?? true)
    if (used + width > room && !glued) {
      lines.push([])
      used = 0
    }
    lines.at(-1)?.push(word)
    used += width
  }
  return lines
}

function drawn(kind: Block['kind'], line: readonly Word[], x: number, y: number): string {
  const spans = line.map(({ text, link }) => (link ? `<tspan class="link">${escaped(text)}</tspan>` : escaped(text)))
  return `<text xml:space="preserve" class="${kind}" x="${x}" y="${y}">${spans.join('')}</text>`
}

/** @param page the page's text @param path its path in the wiki @param files all paths in the wiki, sorted */
export function pagePicture(page: string, path: string, files: readonly string[]): string {
  const parts: string[] = []
  let y = MARGIN
  for (const { kind, words } of blocksOf(page)) {
    const { size, line, above, indent } = LAYOUT[kind]
    const x = SIDEBAR + MARGIN + indent
    y += above
    const lines = linesOf(words, size, WIDTH - MARGIN - x)
    if (kind === 'quote')
      parts.push(`<rect x="${x - indent}" y="${y}" width="3" height="${lines.length * line}" fill="#c9ced4"/>`)
    for (const words of lines) {
      parts.push(drawn(kind, words, x, y + line * 0.72))
      y += line
    }
  }
  let row = 0
  let folder = ''
  for (const file of files) {
    const [name = '', inside] = file.split('/').reverse()
    if (inside !== undefined && inside !== folder) {
      folder = inside
      parts.push(`<text class="folder" x="18" y="${MARGIN + 12 + row++ * 20}">${escaped(folder)}</text>`)
    }
    const open = file === path
    if (open)
      parts.push(
        `<rect x="10" y="${MARGIN - 2 + row * 20}" width="${SIDEBAR - 20}" height="20" rx="4" fill="#dfe6f5"/>`,
      )
    const label = name.replace(/\.md$/, '')
    parts.push(
      `<text class="file" x="${inside === undefined ? 18 : 32}" y="${MARGIN + 12 + row++ * 20}">${escaped(label)}</text>`,
    )
  }
  const height = Math.max(y, MARGIN + row * 20) + MARGIN
  const sidebar = `<rect x="1" y="0" width="${SIDEBAR - 1}" height="${height - 9}" fill="#f3f4f6"/>`
  return windowAround({
    title: `wiki/${path}`,
    description: `The wiki page ${path}, with a section for each document that mentions its topic`,
    width: WIDTH,
    height,
    colours: { bar: '#e8eaed', title: '#4b5159', background: '#ffffff', border: '#c9ced4' },
    style: `text { font: 14px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #24292f }
.h1 { font-size: 24px; font-weight: 700 }
.h2 { font-size: 17px; font-weight: 600 }
.quote { fill: #57606a }
.link { fill: #2f5fd0 }
.folder { font-size: 12.5px; font-weight: 600; fill: #57606a }
.file { font-size: 12.5px }`,
    content: [sidebar, ...parts].join('\n'),
  })
}
