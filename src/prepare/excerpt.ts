// Parses the part of a Markdown text that has to be parsed in full: most blocks have nothing active, and the parser that
// knows positions is slow. A fast parser finds the blocks and the definitions.
import markdownIt, { type Env } from 'markdown-it'
import type { Root } from 'mdast'
import { parseParsable } from './markdown-tree.ts'

/** Blocks of a text that can be parsed without the others. */
export type Excerpt = {
  /** The blocks, after the names of definitions that they refer to. */
  text: string
  tree: Root
  blocks: Block[]
  /** The address of each definition of the whole text, by its name as the syntax tree has it. */
  definitions: Map<string, string>
}

/** `start` is its place in the whole text, `at` in the excerpt. */
type Block = { text: string; start: number; at: number }

/** A text so short is parsed as a whole. */
const SPLIT_CHARACTERS_MIN = 1_000

const PARSER = markdownIt({ html: true })
PARSER.core.ruler.enableOnly(['block'])
// What is unsafe is decided later: all addresses are recorded as they are.
PARSER.validateLink = () => true
PARSER.normalizeLink = (address) => address
// It knows no notes: the definition of one is a paragraph to it, and must not be that of a link.
const paragraph = PARSER.block.ruler.getRules('').at(-1)
PARSER.block.ruler.before('reference', 'note', (state, line, end, silent) => {
  const start = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0)
  return state.src.startsWith('[^', start) && paragraph?.(state, line, end, silent) === true
})

/** Without brackets inside, as names of definitions are. */
const LABEL = /\[((?:[^[\]\\]|\\[^])*)\]/g
/** The definition of a note, in the content of what this parser takes for a paragraph. */
const NOTE = /^\[(\^[^\]\s]+)\]:/gm
const WEB = /^(?:https?:\/\/|#)/i

/**
 * The blocks that `needs` chooses, and those that refer to a definition which does not lead to the web. The whole text,
 * if the parsers do not agree on where blocks begin.
 */
export function excerptOf(text: string, needs: (block: string) => boolean): Excerpt {
  // A line end without a line feed, and a mark before the first line, are not the same to both parsers.
  if (text.length < SPLIT_CHARACTERS_MIN || /\r|^\uFEFF/.test(text)) return wholeOf(text)
  const { starts, definitions, notes } = structureOf(text)
  const doubtful = [...definitions.values()].some((address) => !WEB.test(address))
  const chosen: Omit<Block, 'at'>[] = []
  for (const [index, start] of starts.entries()) {
    const block = text.slice(start, starts[index + 1])
    const refers = doubtful && labelsOf(block).some((label) => !WEB.test(definitions.get(keyOf(label)) ?? '#'))
    if (refers || needs(block)) chosen.push({ text: block, start })
  }
  let excerpt = namesFor(chosen, (key) => definitions.has(key) || notes.has(key))
  const blocks = chosen.map((block) => {
    const placed = { ...block, at: excerpt.length }
    excerpt += block.text
    return placed
  })
  const tree = parseParsable(excerpt)
  const begins = new Set(tree.children.map(({ position }) => position?.start.offset))
  return blocks.every(({ start, at }) => start === 0 || begins.has(at))
    ? { text: excerpt, tree, blocks, definitions }
    : wholeOf(text)
}

function wholeOf(text: string): Excerpt {
  return { text, tree: parseParsable(text), blocks: [{ text, start: 0, at: 0 }], definitions: new Map() }
}

/** Where a place of the excerpt is in the whole text; undefined for one in what was put before the blocks. */
export function placeIn({ blocks }: Excerpt): (offset: number) => number | undefined {
  let current = 0
  return (offset) => {
    if (offset < (blocks[current]?.at ?? 0)) current = 0
    while ((blocks[current + 1]?.at ?? Infinity) <= offset) current++
    const block = blocks[current]
    return block === undefined || offset < block.at ? undefined : block.start + offset - block.at
  }
}

type Structure = {
  /** Where a new block begins, in order. */
  starts: number[]
  definitions: Map<string, string>
  /** The names of notes. */
  notes: Set<string>
}

/**
 * A new block begins at the margin after a blank line: no list, quote or note continues there, and no code or HTML is
 * open.
 */
function structureOf(text: string): Structure {
  const env: Env = {}
  const lines = lineStarts(text)
  const starts = [0]
  const notes = new Set<string>()
  for (const { type, level, nesting, map, content } of PARSER.parse(text, env)) {
    if (type === 'inline' && content.includes('[^'))
      for (const [, label = ''] of content.matchAll(NOTE)) notes.add(keyOf(label))
    const line = level === 0 && nesting >= 0 ? (map?.[0] ?? 0) : 0
    const [before = 0, start = 0] = line === 0 ? [] : [lines[line - 1], lines[line]]
    if (start > 0 && /^\S/.test(text[start] ?? '') && /^[ \t]*\n$/.test(text.slice(before, start))) starts.push(start)
  }
  const references = Object.entries(env.references ?? {})
  return { starts, definitions: new Map(references.map(([label, { href }]) => [keyOf(label), href])), notes }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1)
  return starts
}

/** Definitions of what the blocks refer to, so that it is read as links and notes; a rule ends them. */
function namesFor(blocks: { text: string }[], isDefined: (key: string) => boolean): string {
  const names = new Map<string, string>()
  for (const block of blocks) {
    for (const label of labelsOf(block.text)) {
      const key = keyOf(label)
      if (isDefined(key)) names.set(key, label.replace(/\n[ \t>]*/g, ' '))
    }
  }
  return names.size === 0 ? '' : `${[...names.values()].map((name) => `[${name}]: x\n\n`).join('')}***\n\n`
}

function labelsOf(block: string): string[] {
  return block.includes('[') ? [...block.matchAll(LABEL)].map(([, label = '']) => label) : []
}

/** The name of a definition as the syntax tree has it. */
function keyOf(label: string): string {
  return label
    .replace(/\n[ \t>]*/g, ' ')
    .replace(/[\t ]+/g, ' ')
    .trim()
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
}
