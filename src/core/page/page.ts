// A wiki page as text and as a value: YAML front matter, an introduction, and sections under `##` headings.
import { parse, stringify } from 'yaml'

export type FrontMatter = Record<string, unknown>

/** One `##` section. `body` has no trailing blank lines. */
export type Section = {
  /** The heading's text, without `## `. */
  heading: string
  body: string
}

export type Page = {
  front: FrontMatter
  /** Everything between the front matter and the first section: title, overview. No trailing blank lines. */
  intro: string
  sections: Section[]
}

/** Splits a page. If front matter is missing or is not YAML, `front` is empty. */
export function parsePage(text: string): Page {
  const { front, body } = splitFrontMatter(text)
  const parts: { heading: string | undefined; lines: string[] }[] = [{ heading: undefined, lines: [] }]
  let fence: string | undefined
  for (const line of body.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence === undefined) {
      if (mark !== undefined) fence = mark
      else if (line.startsWith('## ')) {
        parts.push({ heading: line.slice(3).trim(), lines: [] })
        continue
      }
    } else if (mark !== undefined && mark.startsWith(fence) && line.trim() === mark) fence = undefined
    parts.at(-1)?.lines.push(line)
  }
  const [intro, ...sections] = parts
  return {
    front,
    intro: trimBlank(intro?.lines ?? []),
    sections: sections.map(({ heading, lines }) => ({ heading: heading ?? '', body: trimBlank(lines) })),
  }
}

/** The page's text: ends in one newline, one blank line between parts. `parsePage(renderPage(p))` equals `p`. */
export function renderPage(page: Page): string {
  const parts = [renderFrontMatter(page.front) + page.intro]
  for (const { heading, body } of page.sections) parts.push(body === '' ? `## ${heading}` : `## ${heading}\n\n${body}`)
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

export function renderFrontMatter(front: FrontMatter): string {
  const kept = Object.fromEntries(Object.entries(front).filter(([, value]) => value !== undefined))
  if (Object.keys(kept).length === 0) return ''
  return `---\n${Object.entries(kept)
    .map(([key, value]) => renderEntry(key, value))
    .join('')}---\n\n`
}

/** Front matter and the unchanged rest. */
export function splitFrontMatter(text: string): { front: FrontMatter; body: string } {
  const match = /^\uFEFF?---\r?\n([\s\S]*?)(?:^|\r?\n)---[ \t]*(?:\r?\n|$)/.exec(text)
  if (match === null) return { front: {}, body: text }
  const front = parseFrontMatter(match[1] ?? '')
  return front === undefined
    ? { front: {}, body: text }
    : { front, body: text.slice(match[0].length).replace(/^\r?\n/, '') }
}

/** Limit on alias expansion in the YAML of one page; more would be a bomb. */
const ALIASES_MAX = 100

/** What is parsed without the YAML library: the forms that `renderEntry` writes. */
function parseFrontMatter(yaml: string): FrontMatter | undefined {
  const front: FrontMatter = {}
  for (const line of yaml.split('\n')) {
    const match =
      /^([A-Za-z_][\w-]*): (?:("(?:[^"\\]|\\.)*"|\[(?:"(?:[^"\\]|\\.)*"(?:, )?)*\]|\d{1,15})|([A-Za-z][\w/.@-]*))$/.exec(
        line,
      )
    if (match === null) return parseYaml(yaml)
    const [, key = '', json, plain] = match
    if (key === '__proto__') return parseYaml(yaml)
    if (plain !== undefined && /^(?:true|false|null|yes|no|on|off|y|n)$/i.test(plain)) return parseYaml(yaml)
    try {
      front[key] = json === undefined ? plain : JSON.parse(json)
    } catch {
      return parseYaml(yaml)
    }
  }
  return front
}

function parseYaml(yaml: string): FrontMatter | undefined {
  try {
    const value: unknown = parse(yaml, { maxAliasCount: ALIASES_MAX, logLevel: 'error' })
    if (value === null) return {}
    return typeof value === 'object' && !Array.isArray(value) ? (value as FrontMatter) : undefined
  } catch {
    return undefined
  }
}

function renderEntry(key: string, value: unknown): string {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return `${key}: ${value}\n`
  if (typeof value === 'string') {
    const plain = /^[A-Za-z][\w/.@-]*$/.test(value) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(value)
    return `${key}: ${plain ? value : JSON.stringify(value)}\n`
  }
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return `${key}: [${value.map((item) => JSON.stringify(item)).join(', ')}]\n`
  }
  return stringify({ [key]: value })
}

function trimBlank(lines: string[]): string {
  return lines
    .join('\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .replace(/\s+$/, '')
}

/** A wikilink; characters that would end the displayed text are removed. */
export function wikilink(target: string, shown?: string): string {
  if (shown === undefined) return `[[${target}]]`
  const text = shown
    .replace(/[[\]|\r\n]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return text === '' ? `[[${target}]]` : `[[${target}|${text}]]`
}

/**
 * The target of a heading that is one wikilink (`[[summaries/x|Title]]` → `summaries/x`): this is how a section names
 * its document.
 */
export function headingTarget(heading: string): string | undefined {
  return /^\[\[([^\]|#]+)(?:#[^\]|]*)?(?:\|[^\]]*)?\]\]$/.exec(heading)?.[1]
}
