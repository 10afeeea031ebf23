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
/** Minimum number of letters to judge a text. */
const LETTERS_MIN = 40
/** Share of frequent pairs: real text has 0.75 and more, shifted letters 0.2 to 0.4. */
const PAIRS_SHARE_MIN = 0.5
const UNMAPPED_SHARE_MAX = 0.2

/** From 0 to 1: how plausible a text is as natural language. 1 if that cannot be determined. */
export function plausibility(words: Word[]): number {
  const letters = words.reduce((sum, { text }) => sum + [...text].length, 0)
  if (letters === 0) return 0
  const unmapped = words.reduce((sum, word) => sum + (word.unmapped ?? 0), 0)
  if (unmapped > letters * UNMAPPED_SHARE_MAX) return (1 - unmapped / letters) * 0.5
  const text = words.map((word) => word.text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '')).join(' ')
  const mixed = mixedShare(text)
  const latin = text.match(/[a-z]/g)?.length ?? 0
  const signs = text.match(/[^\s\p{L}\p{N}.,:;()%$€£'"–—-]/gu)?.length ?? 0
  if (letters < LETTERS_MIN) return 1
  if (signs > letters * 0.4) return 0.3
  if (latin < letters * 0.5 || latin < LETTERS_MIN) return 1 - mixed
  const pairs = text.match(/(?=([a-z]{2}))[a-z]/g)?.length ?? 0
  let usual = 0
  for (let offset = 0; offset + 1 < text.length; offset++) if (PAIRS.has(text.slice(offset, offset + 2))) usual++
  const share = pairs === 0 ? 1 : usual / pairs
  return Math.min(1 - mixed, share < PAIRS_SHARE_MIN ? share : 1)
}

/** Share of words with letters from several scripts, which natural language has only by chance. */
function mixedShare(text: string): number {
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
  return words.filter((word) => (word.unmapped ?? 0) < [...word.text].length * 0.5 || isBullet(word.text))
}

function isBullet(text: string): boolean {
  return /^[\u{f0a7}\u{f0b7}\u{f0d8}\u{f076}\u{f0fc}]$/u.test(text)
}
