// The citations of any text: what it quotes, and from where. Reads what kbgit prints (`query --json`, saved answers, context
// packs) and what it asks models to write: `[1] wiki/sources/x.md page 3: "the words"`.

export type Claim = {
  /** Path of a page, a link's target, or the name of a document. */
  page: string
  document?: string | undefined
  pageNumber?: number | undefined
  /** Without it, only the page must exist. */
  quote?: string | undefined
  /** Line of the text, from 1; absent in JSON. */
  line?: number | undefined
}

/** Stands in a quote for words that are left out. */
export const ELLIPSIS = /\s*(?:\.{3}|…|\[\.{3}\]|\[…\])\s*/
/** Citations per text; the rest is left out. */
const CLAIMS_MAX = 10_000
const DEPTH_MAX = 20
const LINE_CHARACTERS_MAX = 20_000

const NUMBER = /(?:,?\s+\(?(?:pages?|p\.)\s*(\d{1,6})\)?)?/.source
/** `[1] wiki/sources/x.md page 3: "…"` */
const LISTED = new RegExp(
  `^\\s*(?:[-*]\\s+)?\\[\\d{1,3}\\]:?\\s+\`?([^\\s\`"“:,]+)\`?${NUMBER}\\s*[:,–—-]?\\s*["“](.+)["”]\\s*$`,
  'i',
)
/** `- [[sources/x|X]], p. 3: “…”` */
const LINKED = new RegExp(`\\[\\[([^\\]|#]+)(?:#[^\\]|]*)?(?:\\|[^\\]]*)?\\]\\]${NUMBER}:\\s*["“](.+)["”]\\s*$`, 'i')
/** `“…” ([[sources/x]], p. 3)`, with or without brackets. */
const QUOTED = new RegExp(
  `["“]([^"“”]+)["”][\\s,–—-]*\\(?\\[\\[([^\\]|#]+)(?:#[^\\]|]*)?(?:\\|[^\\]]*)?\\]\\]${NUMBER}`,
  'gi',
)
const LINK = /(?<!!)\[\[([^\]|#\n]+)(?:#[^\]|\n]*)?(?:\|[^\]\n]*)?\]\]/g

/** The citations of a text in their order: of JSON, every object with a page and a quote; else of Markdown. */
export function claimsIn(text: string): Claim[] {
  const value = parsed(text)
  const claims: Claim[] = []
  if (value === undefined) markdownClaims(text, claims)
  else jsonClaims(value, claims, 0)
  return claims.slice(0, CLAIMS_MAX)
}

function parsed(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function jsonClaims(value: unknown, claims: Claim[], depth: number): void {
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX || claims.length >= CLAIMS_MAX) return
  const { page, document, pageNumber, quote, digest, text } = value as Record<string, unknown>
  // A block of a context pack is quoted whole.
  const words = quote ?? (typeof digest === 'string' ? text : undefined)
  const place = typeof page === 'string' ? page : document
  if (typeof words === 'string' && typeof place === 'string')
    claims.push({
      page: place,
      ...(typeof document === 'string' && document !== '' ? { document } : {}),
      ...(Number.isSafeInteger(pageNumber) ? { pageNumber: Number(pageNumber) } : {}),
      quote: words,
    })
  for (const item of Object.values(value)) jsonClaims(item, claims, depth + 1)
}

function markdownClaims(text: string, claims: Claim[]): void {
  let fence: string | undefined
  for (const [index, whole] of text.split(/\r\n?|\n/).entries()) {
    const line = whole.slice(0, LINE_CHARACTERS_MAX)
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence !== undefined) {
      if (mark !== undefined && mark.startsWith(fence)) fence = undefined
    } else if (mark !== undefined) fence = mark
    else claims.push(...lineClaims(line).map((claim) => ({ ...claim, line: index + 1 })))
  }
}

function lineClaims(line: string): Claim[] {
  const listed = LISTED.exec(line)
  if (listed !== null) return [claim(listed[1], listed[2], listed[3])]
  const linked = LINKED.exec(line)
  if (linked !== null) return [claim(linked[1], linked[2], linked[3])]
  const quoted = [...line.matchAll(QUOTED)].map(([, quote, page, number]) => claim(page, number, quote))
  const known = new Set(quoted.map(({ page }) => page))
  const links = [...line.replace(/`[^`]*`/g, '').matchAll(LINK)].map(([, page = '']) => page.trim())
  return [...quoted, ...links.filter((page) => !known.has(page)).map((page) => ({ page }))]
}

function claim(page = '', pageNumber?: string, quote?: string): Claim {
  return {
    page: page.trim(),
    ...(pageNumber === undefined ? {} : { pageNumber: Number(pageNumber) }),
    ...(quote === undefined ? {} : { quote }),
  }
}
