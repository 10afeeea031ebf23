// Whether text makes sense as letters: fonts without a mapping to Unicode produce garbage that looks like text.
import type { Word } from './pdf-words.ts'

/** The most frequent letter pairs in English, German, French, Spanish, Italian, Portuguese and Dutch. */
const PAIRS = new Set(
  (
    'th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li ch ll be ma si om ur ' +
    'ei ie ge un sc di au da el la nn ue ss us ai qu ia os do ta ad as ca ci lo no na so sa mo pa pe po pr pl tr tu ul ut il im ir is ns et eu ez ij ee aa oo ' +
    'ec em ev ex ac am ap ag ab av bl br bu cr ct cu em ep fo fi fr ga gr gh ho ht id if ig iv ke ki ks ld ls mi mp mu nc ni ns ol op ot ov ow pp ph rd rm rs rt ry sh sp su ty ts tt tte ub uc ud ug um up va vi wa we wh wi wo ye'
  ).split(' '),
)
const A = 97
const ALPHABET = 26
/** 1 for each frequent pair, by the places of its letters in the alphabet. */
const FREQUENT = new Uint8Array(ALPHABET * ALPHABET)
for (const pair of PAIRS)
  if (pair.length === 2) FREQUENT[(pair.charCodeAt(0) - A) * ALPHABET + pair.charCodeAt(1) - A] = 1
/** Minimum number of letters to judge a text. */
const LETTERS_MIN = 40
/** Share of frequent pairs: real text has 0.75 and more, shifted letters 0.2 to 0.4. */
const PAIRS_SHARE_MIN = 0.5
const UNMAPPED_SHARE_MAX = 0.2
/** The plausibility of a few letters that were guessed by their codes. */
const GUESSED = 0.3

/** From 0 to 1: how plausible a text is as natural language. 1 if that cannot be determined. */
export function plausibility(words: Word[]): number {
  let [letters, unmapped, unsure] = [0, 0, 0]
  for (const word of words) {
    letters += lengthOf(word.text)
    unmapped += word.unmapped ?? 0
    unsure += word.unsure ?? 0
  }
  if (letters === 0) return 0
  if (unmapped > letters * UNMAPPED_SHARE_MAX) return (1 - unmapped / letters) * 0.5
  // Too few letters to judge by, except by what the font says.
  if (letters < LETTERS_MIN) return unsure > letters * 0.5 ? GUESSED : 1
  // Letters that are spaced apart are words all the same.
  const written = words
    .map((word) => word.text)
    .join(' ')
    .replace(/(?<!\S)(\S) (?=\S(?!\S))/g, '$1')
  const plain = !/[^\0-\x7f]/.test(written)
  const lower = written.toLowerCase()
  const text = plain ? lower : lower.normalize('NFKD').replace(/\p{M}+/gu, '')
  const signs = text.match(/[^\s\p{L}\p{N}.,:;()%$€£'"–—-]/gu)?.length ?? 0
  if (signs > letters * 0.4) return 0.3
  const mixed = plain ? 0 : mixedShare(text)
  const { latin, pairs, usual } = countPairs(text)
  const others = (text.match(/\p{L}/gu)?.length ?? 0) - latin
  if (others > latin || latin < LETTERS_MIN) return 1 - mixed
  const share = pairs === 0 ? 1 : usual / pairs
  return Math.min(1 - mixed, share < PAIRS_SHARE_MIN ? share : 1)
}

/** Latin letters, pairs of them, and pairs that are frequent. */
function countPairs(text: string): { latin: number; pairs: number; usual: number } {
  let [latin, pairs, usual] = [0, 0, 0]
  let before = -1
  for (let offset = 0; offset < text.length; offset++) {
    const letter = text.charCodeAt(offset) - A
    if (letter < 0 || letter >= ALPHABET) {
      before = -1
      continue
    }
    latin++
    if (before >= 0) {
      pairs++
      usual += FREQUENT[before * ALPHABET + letter] ?? 0
    }
    before = letter
  }
  return { latin, pairs, usual }
}

/** Share of words with letters from several scripts, which natural language has only by chance. */
function mixedShare(text: string): number {
  if (
    !/[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Script=Armenian}\p{Script=Thai}\p{Script=Nko}]/u.test(
      text,
    )
  )
    return 0
  const words = text.match(/\p{L}{3,}/gu) ?? []
  const scripts = [
    /\p{Script=Latin}/u,
    /\p{Script=Cyrillic}/u,
    /\p{Script=Greek}/u,
    /\p{Script=Arabic}/u,
    /\p{Script=Armenian}/u,
    /\p{Script=Thai}/u,
    /\p{Script=Nko}/u,
  ]
  const mixed = words.filter((word) => scripts.filter((script) => script.test(word)).length > 1).length
  return words.length < 5 ? 0 : mixed / words.length
}

/** Whether a page of this plausibility should be recognised from its image. */
export function isGarbled(plausible: number): boolean {
  return plausible < 0.6
}

/** The words, except those with no known letter. */
export function decoded(words: Word[]): Word[] {
  return words.filter(
    ({ text, unmapped }) => unmapped === undefined || unmapped < lengthOf(text) * 0.5 || isBullet(text),
  )
}

function lengthOf(text: string): number {
  return /[\ud800-\udbff]/.test(text) ? [...text].length : text.length
}

function isBullet(text: string): boolean {
  return /^[\u{f0a7}\u{f0b7}\u{f0d8}\u{f076}\u{f0fc}]$/u.test(text)
}
