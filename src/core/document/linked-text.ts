// A document's text with its links, as committed, and without them, as it is compiled. A link that leads nowhere is its
// displayed text, so `unlink(link(text))` is the text.
import { linkTarget } from '../layout.ts'
import { parsePages } from './stored-text.ts'
import type { DocumentLink, DocumentRecord } from './document.ts'

/** What a link leads to. */
export type Linked = Pick<DocumentRecord, 'kind' | 'source' | 'summary'>

/** A link as it is in a text: where it begins there, how long it is, and whether it leads anywhere. */
type Placed = { link: DocumentLink; start: number; end: number; target: string | undefined }

/** Text that a wikilink displays as it is. */
const PLAIN = /^[^[\]|`*~\\<&$\n]+$/
const WIKILINK = /\[\[((?:summaries|sources)\/[^[\]|\n]+)\|/y
const AFTER_TEXT = /\]\((?:\.\.\/)+((?:summaries|sources)\/[^()\s]*)\)/y

type Decide = (link: DocumentLink, target: string | undefined) => string | undefined
/** The document that has the text. */
type Owner = Pick<DocumentRecord, 'kind' | 'source' | 'links'>

/**
 * A document's committed text with some links changed: `decide` returns the target that a link should have, given the
 * one that it has. In `text` each link is its displayed text or was written here; undefined if one is neither, because
 * the text was edited.
 */
export function relink(text: string, { kind, source, links = [] }: Owner, decide: Decide): string | undefined {
  if (kind === 'short') return relinkPage(text, links, decide, source)
  const byPage = Map.groupBy(links, ({ page = 1 }) => page)
  const lines = text.split('\n')
  for (const [index, line] of lines.entries()) {
    const own = byPage.get(Number(/^\{"page":(\d{1,9}),/.exec(line)?.[1]))
    if (own === undefined) continue
    const [page] = parsePages(`[${line.replace(/,$/, '')}]`) ?? []
    const content = page === undefined ? undefined : relinkPage(page.content, own, decide, source)
    if (content === undefined) return undefined
    if (content !== page?.content) lines[index] = JSON.stringify({ ...page, content }) + (line.endsWith(',') ? ',' : '')
  }
  return lines.join('\n')
}

/** The text without its links, as it was compiled; unchanged if it was edited. */
export function withoutLinks(text: string, owner: Owner): string {
  return relink(text, owner, () => undefined) ?? text
}

function relinkPage(text: string, links: readonly DocumentLink[], decide: Decide, from: string): string | undefined {
  const placed = placedIn(text, links)
  if (placed === undefined) return undefined
  const changes = placed.flatMap((one) => {
    const wanted = decide(one.link, one.target)
    return wanted === one.target ? [] : [{ ...one, wanted }]
  })
  const plain = changes.length === 0 ? '' : plainText(text, placed)
  let result = ''
  let end = 0
  for (const { link, start, end: after, wanted } of changes) {
    const now = wanted === undefined ? link.text : written(link, wanted, around(plain, link), from)
    result += text.slice(end, start) + now
    end = after
  }
  return result + text.slice(end)
}

/** Where the links of a text without links are in it, or undefined. */
function placedIn(text: string, links: readonly DocumentLink[]): Placed[] | undefined {
  const placed: Placed[] = []
  let shift = 0
  for (const link of links) {
    const start = link.at + shift
    const found = linkAt(text, start, link.text)
    if (found === undefined) return undefined
    placed.push({ link, start, ...found })
    shift += found.end - start - link.text.length
  }
  return placed
}

function linkAt(text: string, start: number, shown: string): Omit<Placed, 'link' | 'start'> | undefined {
  WIKILINK.lastIndex = start
  const wiki = WIKILINK.exec(text)
  if (wiki !== null && text.startsWith(`${shown}]]`, WIKILINK.lastIndex))
    return { end: WIKILINK.lastIndex + shown.length + 2, target: wiki[1] }
  if (text[start] === '[' && text.startsWith(shown, start + 1)) {
    AFTER_TEXT.lastIndex = start + 1 + shown.length
    const after = AFTER_TEXT.exec(text)
    if (after !== null) return { end: AFTER_TEXT.lastIndex, target: targetOfAddress(after[1] ?? '') }
  }
  return text.startsWith(shown, start) ? { end: start + shown.length, target: undefined } : undefined
}

function plainText(text: string, placed: Placed[]): string {
  let plain = ''
  let end = 0
  for (const { link, start, end: after } of placed) {
    plain += text.slice(end, start) + link.text
    end = after
  }
  return plain + text.slice(end)
}

/** The rest of a link's line in the text without links, before and after it. */
function around(plain: string, { at, text }: DocumentLink): { before: string; after: string } {
  const end = at + text.length
  const next = plain.indexOf('\n', end)
  return {
    before: plain.slice(plain.lastIndexOf('\n', at - 1) + 1, at),
    after: plain.slice(end, next < 0 ? plain.length : next),
  }
}

/** A bar would end the cell of a table, and a wikilink before a bracket could be read as the text of another link. */
function written(
  { text }: DocumentLink,
  target: string,
  { before, after }: { before: string; after: string },
  from: string,
): string {
  // It would be a picture.
  if (before.endsWith('!')) return text
  const isWiki =
    PLAIN.test(text) && !`${before}${after}`.includes('|') && !before.endsWith('[') && !/^[([:{]/.test(after)
  return isWiki ? `[[${target}|${text}]]` : `[${text}](${addressOf(target, from)})`
}

/** `summaries/x`, or `sources/x#Heading` if the link names a part that the page has; see `findPart`. */
export function targetOf({ kind, source, summary }: Linked, part = ''): string {
  const named = part.replace(/[[\]|\n]+/g, ' ').trim()
  return named === '' || kind === 'long' ? linkTarget(summary) : `${linkTarget(source)}#${named}`
}

/** From the text's folder up to `wiki/`, and down again. */
function addressOf(target: string, from: string): string {
  const [page, part] = splitPart(target)
  const up = '../'.repeat(from.split('/').length - 2)
  return `${up}${encoded(page)}.md${part === undefined ? '' : `#${encoded(part)}`}`
}

function targetOfAddress(address: string): string {
  const [page, part] = splitPart(address)
  return decoded(page).replace(/\.md$/, '') + (part === undefined ? '' : `#${decoded(part)}`)
}

function splitPart(target: string): [page: string, part: string | undefined] {
  const index = target.indexOf('#')
  return index < 0 ? [target, undefined] : [target.slice(0, index), target.slice(index + 1)]
}

function encoded(text: string): string {
  return encodeURI(text.toWellFormed()).replace(
    /[()#?]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
