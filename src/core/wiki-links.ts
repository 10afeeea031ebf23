// The links of a page, and where in a base they may lead. Code, spans and fences, has no links; an escaped bracket
// begins none.

export type PageLink = {
  /** As written, without heading or shown text; Markdown links percent-decoded. */
  target: string
  /** From 1. */
  line: number
  kind: 'wikilink' | 'markdown'
}

/** Wikilinks (`[[x]]`, `![[x]]`) and relative Markdown links and images of a page, in order. */
export function linksOf(markdown: string): PageLink[] {
  const links: PageLink[] = []
  let fence: string | undefined
  let inList = false
  let afterBlank = true
  const lines = markdown.split('\n')
  // Front matter is data, not text.
  const body = /^\uFEFF?---\s*$/.test(lines[0] ?? '') ? lines.findIndex((line, at) => at > 0 && /^---\s*$/.test(line)) + 1 : 0
  for (const [at, text] of lines.entries()) {
    if (at < body) continue
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
    // Indented by four after a blank line is code, but for what goes on in a list.
    if (indented && afterBlank && !inList) continue
    afterBlank = false
    if (text.includes('[')) for (const link of inlineLinks(text)) links.push({ ...link, line: at + 1 })
  }
  return links
}

function inlineLinks(text: string): Omit<PageLink, 'line'>[] {
  const links: Omit<PageLink, 'line'>[] = []
  const plain = text.replace(/(?<![\\`])(`+)(?!`)(?:.*?[^`])\1(?!`)/g, (span) => ' '.repeat(span.length))
  for (const match of plain.matchAll(/(?<!\\)\[\[([^[\]|#\n]*)(?:#[^[\]|\n]*)?(?:\|[^[\]\n]*)?\]\]|(?<!\\)\]\(\s*(?:<([^<>\n]*)>|([^()\s]*(?:\([^()\s]*\)[^()\s]*)*))(?:\s+["'(].*?["')])?\s*\)/g)) {
    const [, wiki, angled, bare] = match
    if (wiki !== undefined) {
      // `[[#Heading]]` stays on its page.
      if (wiki.trim() !== '') links.push({ target: wiki.trim(), kind: 'wikilink' })
      continue
    }
    const target = (angled ?? bare ?? '').replace(/[#?].*$/, '')
    if (target === '' || /^[a-z][a-z\d+.-]*:|^\/\//i.test(target)) continue
    links.push({ target: decode(target), kind: 'markdown' })
  }
  return links
}

function decode(target: string): string {
  try {
    return decodeURIComponent(target)
  } catch {
    return target
  }
}

/**
 * The paths, relative to the base, of which one must exist for a link on the page `from` to lead somewhere; the
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

/** Without `.` and `..`; undefined where it leads out of the base. */
function normalize(path: string): string | undefined {
  const kept: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') kept.push(part)
    else if (kept.pop() === undefined) return undefined
  }
  return kept.join('/')
}
