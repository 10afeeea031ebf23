// Who wrote each passage of a page: lines that belong together and come from the same commit and document.
import type { BlameLine } from '../results/read.ts'

export type Passage = Omit<BlameLine, 'line' | 'text'> & {
  /** Lines from 1, ends inclusive. */
  from: number
  to: number
  text: string
}

/** The passages of a page without its front matter. Blank lines belong to the passage before them. */
export function passagesOf(lines: readonly BlameLine[]): Passage[] {
  const passages: Passage[] = []
  for (const { line, text, ...origin } of lines.slice(frontLines(lines))) {
    const last = passages.at(-1)
    const isSame = last !== undefined && last.commit === origin.commit && last.document === origin.document
    if (last !== undefined && (isSame || text.trim() === '')) {
      last.text += `\n${text}`
      last.to = line
    } else passages.push({ ...origin, from: line, to: line, text })
  }
  return passages.filter(({ text }) => text.trim() !== '')
}

function frontLines(lines: readonly BlameLine[]): number {
  if (lines[0]?.text.trim() !== '---') return 0
  const end = lines.findIndex(({ text }, index) => index > 0 && text.trim() === '---')
  return end + 1
}
