// The citations of any text: what it quotes, and from where. Reads what kbgit prints (`query --json`, saved answers, context
// packs), what it asks models to write, and the usual forms of Markdown (see markdown-citations.ts).
import { markdownClaims, type CitedPlace, type Claim } from './markdown-citations.ts'

export type { Claim } from './markdown-citations.ts'

/** Stands in a quote for words that are left out. */
export const ELLIPSIS = /\s*(?:\.{3}|…|\[\.{3}\]|\[…\])\s*/
/** Citations per text; the rest is left out. */
const CLAIMS_MAX = 10_000
const DEPTH_MAX = 20

/** The citations of a text in their order: of JSON, every object with a page and a quote; else of Markdown. */
export function claimsIn(text: string): Claim[] {
  const values = parsed(text)
  const claims: Claim[] = []
  if (values === undefined) claims.push(...markdownClaims(text))
  else for (const value of values) jsonClaims(value, claims, 0)
  return claims.slice(0, CLAIMS_MAX)
}

/** The value of JSON, or one for each line. */
function parsed(text: string): object[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined
  const whole = jsonObject(text)
  if (whole !== undefined) return [whole]
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const values = lines.map(jsonObject)
  return values.every((value) => value !== undefined) ? values : undefined
}

function jsonObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function jsonClaims(value: unknown, claims: Claim[], depth: number): void {
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX || claims.length >= CLAIMS_MAX) return
  const { quote, digest, text, answer, citations } = value as Record<string, unknown>
  // A block of a context pack is quoted whole.
  const words = quote ?? (typeof digest === 'string' ? text : undefined)
  const place = placeIn(value)
  if (typeof words === 'string' && place !== undefined) claims.push({ ...place, quote: words })
  if (typeof answer === 'string') {
    const listed = Array.isArray(citations) ? citations.map(placeIn) : []
    for (const { line: _, ...claim } of markdownClaims(answer, listed)) claims.push(claim)
  }
  for (const item of Object.values(value)) jsonClaims(item, claims, depth + 1)
}

/** A document may be named with the number of its page as `page`. */
function placeIn(value: unknown): CitedPlace | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { page, document, pageNumber } = value as Record<string, unknown>
  const named = typeof document === 'string' && document !== '' ? document : undefined
  const place = typeof page === 'string' ? page : named
  const number = typeof page === 'number' ? page : pageNumber
  if (place === undefined) return undefined
  return {
    page: place,
    ...(named === undefined ? {} : { document: named }),
    ...(Number.isSafeInteger(number) ? { pageNumber: Number(number) } : {}),
  }
}
