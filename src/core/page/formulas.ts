// Where a Markdown text may have mathematics, and how double brackets in it are kept from being links: a backslash would
// change the formula.
import type { Range } from './code-lines.ts'

/** What may be mathematics: between dollars on one line, or between two pairs of them. */
export function formulasOf(text: string): Range[] {
  return [...text.matchAll(/\$\$[^$]{1,4000}\$\$|\$(?=\S)[^$\n]{1,1000}\$/g)].map(({ 0: whole, index }) => ({
    start: index,
    end: index + whole.length,
  }))
}

/** What to put between the brackets at `index`: an empty group, or nothing if no reader takes them for a link. */
export function bracketBreak(text: string, index: number): string {
  return /^[^\]\n]*\]\]/.test(text.slice(index + 2, index + 1_002)) ? '{}' : ''
}

/** Whether a position is in one of the ranges; positions must be queried in order. */
export function follow(ranges: Range[]): (at: number) => boolean {
  let next = 0
  return (index) => {
    while ((ranges[next]?.end ?? Infinity) <= index) next++
    return (ranges[next]?.start ?? Infinity) <= index
  }
}
