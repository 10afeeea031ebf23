// Text fragments: the part of an address that makes a browser scroll to words and light them
// (https://wicg.github.io/scroll-to-text-fragment/). A browser that does not know them goes to the anchor before.
import { piecesOf } from './formula.ts'

/** Words at each end of the passage that are named. */
const WORDS = 5
const WORDS_MIN = 3

/** `:~:text=first words,last words`, or '' for a text that is too short to be found. */
export function passageFragment(text: string): string {
  // A formula is shown in other letters than it is written in: the longest words beside it are looked for.
  const [longest = ''] = piecesOf(text)
    .flatMap(({ text: piece, formula }) => (formula === undefined ? [piece] : []))
    .sort((a, b) => b.length - a.length)
  const words = longest
    .replace(/[“”"‘’…]+/g, ' ')
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length < WORDS_MIN) return ''
  const part = (some: string[]): string => encodeURIComponent(some.join(' ')).replaceAll('-', '%2D')
  if (words.length <= 2 * WORDS) return `:~:text=${part(words)}`
  return `:~:text=${part(words.slice(0, WORDS))},${part(words.slice(-WORDS))}`
}
