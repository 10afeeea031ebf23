// The links of a page, and where in a base they may lead. Code spans and fences have no links; an escaped bracket does
// not begin one.

export type PageLink = {
  /** As written, without heading or displayed text; Markdown links percent-decoded. */
  target: string
  /** From 1. */
  line: number
  kind: 'wikilink' | 'markdown'
}

/** Wikilinks (`[[x]]`, `![[x]]`) and relative Markdown links and images of a page, in order. */
export function linksOf(markdown: string): PageLink[] {
  const lines = markdown.split('\n')
  return linkedLines(lines).flatMap((index) =>
    inlineLinks(lines[index] ?? '').map(({ target, kind }) => ({ target, kind, line: index + 1 })),
  )
}

/**
 * The page with some of its links replaced, as Markdown; undefined leaves a link unchanged. `shown` is the link's text.
 */
export function replaceLinks(
  markdown: string,
  replace: (link: PageLink & { shown: string }) => string | undefined,
): string {
  const lines = markdown.split('\n')
  for (const index of linkedLines(lines)) {
    // From the end, so that earlier positions stay valid; an image in a link's text is replaced first.
    for (const { start, end, shown, target, kind } of inlineLinks(lines[index] ?? '').reverse()) {
      const text = replace({ target, kind, line: index + 1, shown })
      const line = lines[index] ?? ''
      if (text !== undefined) lines[index] = line.slice(0, start) + text + line.slice(end)
    }
  }
  return lines.join('\n')
}

/** Lines, from 0, that may have links: not front matter, not code. */
function linkedLines(lines: string[]): number[] {
  const found: number[] = []
  let fence: string | undefined
  let inList = false
  let afterBlank = true
  // Front matter is data, not text.
  const body = /^\uFEFF?---\s*$/.test(lines[0] ?? '')
    ? lines.findIndex((line, index) => index > 0 && /^---\s*$/.test(line)) + 1
    : 0
  for (const [index, text] of lines.entries()) {
    if (index < body) continue
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1]
    if (fence !== undefined) {
      if (mark !== undefined && mark.startsWith(fence) && text.trim() === mark) fence = undefined
      continue
    }
    if (mark !== undefined) {
      fence = mark
      continue
    }
    if (text.trim() === '') {
      afterBlank = true
      continue
    }
    const indented = /^(?: {4}|\t)/.test(text)
    if (!indented && (afterBlank || !inList)) inList = /^ {0,3}(?:[-*+]|\d+[.)])\s/.test(text)
    // Indented by four after a blank line is code, unless it continues a list item.
    if (indented && afterBlank && !inList) continue
    afterBlank = false
    if (text.includes('[')) found.push(index)
  }
  return found
}

/** `start` and `end`: the link's position in the line. */
type InlineLink = Omit<PageLink, 'line'> & { start: number; end: number; shown: string }

/**
 * An escape, a code span (its backticks are the group), or backticks that begin none, from left to right as CommonMark
 * reads.
 */
const CODE_SPAN = /\\[\\`]|(`+)(?!`)(?:.*?[^`])\1(?!`)|`+/g

function inlineLinks(text: string): InlineLink[] {
  const links: InlineLink[] = []
  const plain = text.replace(CODE_SPAN, (match, ticks: string | undefined) =>
    ticks === undefined ? match : ' '.repeat(match.length),
  )
  for (const match of plain.matchAll(
    /(?<=(?<!\\)(?:\\\\)*)\[\[([^[\]|#\n]*)(?:#[^[\]|\n]*)?(?:\|[^[\]\n]*)?\]\]|(?<!\\)\]\(\s*(?:<([^<>\n]*)>|([^()\s]*(?:\([^()\s]*\)[^()\s]*)*))(?:\s+["'(].*?["')])?\s*\)/g,
  )) {
    const [whole, wiki, angled, bare] = match
    const end = match.index + whole.length
    if (wiki !== undefined) {
      // `[[#Heading]]` stays on its page.
      if (wiki.trim() === '') continue
      const start = match.index - (plain[match.index - 1] === '!' ? 1 : 0)
      const shown =
        /\|([^[\]\n]*)\]\]$/.exec(text.slice(match.index, end))?.[1] ??
        wiki.trim().slice(wiki.trim().lastIndexOf('/') + 1)
      links.push({ target: wiki.trim(), kind: 'wikilink', start, end, shown })
      continue
    }
    const target = (angled ?? bare ?? '').replace(/[#?].*$/, '')
    if (target === '' || /^[a-z][a-z\d+.-]*:|^\/\//i.test(target)) continue
    const open = openingBracket(plain, match.index)
    const start = open - (plain[open - 1] === '!' ? 1 : 0)
    links.push({ target: decode(target), kind: 'markdown', start, end, shown: text.slice(open + 1, match.index) })
  }
  return links
}

/** The opening bracket that the one at `close` closes; `close` itself if there is none. */
function openingBracket(text: string, close: number): number {
  let depth = 0
  for (let offset = close; offset >= 0; offset--) {
    if (text[offset - 1] === '\\') continue
    if (text[offset] === ']') depth++
    else if (text[offset] === '[' && --depth === 0) return offset
  }
  return close
}

function decode(target: string): string {
  try {
    return decodeURIComponent(target)
  } catch {
    return target
  }
}

/**
 * The paths, relative to the base, one of which must exist for a link on the page `from` to lead somewhere; the
 * likeliest first. A wikilink is a path from `wiki/` (or from the page's own folder), with or without `.md`.
 */
export function resolveLink(from: string, { target, kind }: Pick<PageLink, 'target' | 'kind'>): string[] {
  const folder = from.slice(0, from.lastIndexOf('/') + 1)
  if (kind === 'markdown') {
    const path = normalize(target.startsWith('/') ? target.slice(1) : folder + target)
    return path === undefined ? [] : [path, `${path}.md`]
  }
  const paths = [normalize(`wiki/${target}`), normalize(folder + target)]
  return [...new Set(paths.flatMap((path) => (path === undefined ? [] : [`${path}.md`, path])))]
}

/** Without `.` and `..`; undefined if it leads out of the base. */
function normalize(path: string): string | undefined {
  const kept: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') kept.push(part)
    else if (kept.pop() === undefined) return undefined
  }
  return kept.join('/')
}

/** Everything else in the base belongs to the user and is not checked. */
const OWN_FOLDERS = /^(?:documents|raw|wiki)\//

/**
 * Whether a link on the page `from` leads nowhere among the base's files. `stems` are page names: what a person writes
 * in a link that Obsidian finds in any folder.
 */
export function isBroken(
  from: string,
  link: Pick<PageLink, 'target' | 'kind'>,
  files: { has: (path: string) => boolean },
  stems: ReadonlySet<string>,
): boolean {
  const candidates = resolveLink(from, link)
  if (candidates.some((path) => files.has(path) || !OWN_FOLDERS.test(path))) return false
  return !stems.has(link.target.replace(/\.md$/, ''))
}

/** The page names among some paths, as Obsidian links use them. */
export function pageStems(paths: Iterable<string>): Set<string> {
  const stems = new Set<string>()
  for (const path of paths)
    if (path.startsWith('wiki/') && path.endsWith('.md'))
      stems.add(path.slice(path.lastIndexOf('/') + 1, -'.md'.length))
  return stems
}
