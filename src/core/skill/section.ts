// A section of a file of the user's, between marks: put in, replaced and taken out without touching the rest. The first mark
// has the version and a hash of what kbgit wrote, so that text which the user changed is noticed.
import { createHash } from 'node:crypto'

export type SectionState =
  /** No marks. */
  | { kind: 'absent' }
  | { kind: 'present'; version: number; edited: boolean; start: number; end: number }
  /** One mark without the other, or more than one pair. */
  | { kind: 'broken' }

const BEGIN = /<!-- kbgit:begin (\d{1,6}) ([0-9a-f]{12}) -->/g
const END = '<!-- kbgit:end -->'

/** Finds the section in a text with any line ends. */
export function findSection(text: string): SectionState {
  const begins = [...text.matchAll(BEGIN)]
  const ends = text.split(END).length - 1
  const [begin] = begins
  if (begin === undefined) return { kind: ends === 0 ? 'absent' : 'broken' }
  const bodyStart = begin.index + begin[0].length
  const end = text.indexOf(END, bodyStart)
  if (begins.length > 1 || ends !== 1 || end === -1) return { kind: 'broken' }
  const body = text.slice(bodyStart, end)
  return {
    kind: 'present',
    version: Number(begin[1]),
    edited: hashOf(body) !== begin[2],
    start: begin.index,
    end: end + END.length,
  }
}

/** The section with its marks, as kbgit writes it. */
export function renderSection(body: string, version: number): string {
  const inside = `\n${body.trim()}\n`
  return `<!-- kbgit:begin ${version} ${hashOf(inside)} -->${inside}${END}`
}

/** The text with the section at its place, or at the end; with the text's own line ends. */
export function withSection(text: string, state: SectionState, section: string): string {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n'
  const own = section.replaceAll('\n', lineEnd)
  if (state.kind === 'present') return text.slice(0, state.start) + own + text.slice(state.end)
  if (text.trim() === '') return `${own}${lineEnd}`
  const gap = text.endsWith('\n') ? lineEnd : lineEnd + lineEnd
  return `${text}${gap}${own}${lineEnd}`
}

/** The text without the section and the blank line that came with it. */
export function withoutSection(text: string, state: SectionState): string {
  if (state.kind !== 'present') return text
  const before = text.slice(0, state.start)
  const after = text.slice(state.end).replace(/^\r?\n/, '')
  if (after.trim() !== '') return before + after.replace(/^\r?\n/, '')
  return before.trim() === '' ? '' : before.replace(/(\r?\n)(?:\r?\n)$/, '$1') + after
}

/** The same for all line ends: git may change them. */
function hashOf(body: string): string {
  return createHash('sha256').update(body.replaceAll('\r\n', '\n')).digest('hex').slice(0, 12)
}
