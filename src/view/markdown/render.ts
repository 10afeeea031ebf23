// Markdown of a base to HTML: links become places of the viewer, citations numbers that lead to their passage.
import { resolveLink } from '../../core/page/wiki-links.ts'
import type { ViewContext } from '../context.ts'
import { trusted, type Html } from '../html.ts'
import { headingId, type Place } from '../places.ts'
import { citedPlace, dialect, escapeText, markCitations, wordsOf, type CitedPlace } from './dialect.ts'
import { renderFormula } from './formula.ts'
import { passageFragment } from './fragment.ts'
import type { Parser, Token } from './tokens.ts'

export type Heading = { level: number; text: string; id: string }

/** A claim of a page with the place that it names. `number` is that of the mark in the text, from 1. */
export type Evidence = CitedPlace & { number: number; label: string; words: string }

export type MarkdownOptions = {
  context: ViewContext
  /** The page that the text is from, relative to the base. */
  from: string
  /** The place of a file of the base; undefined if there is none at the commit. */
  placeOf: (path: string) => Place | undefined
  /** Citations of one page, numbered together: new ones are added. Without it, citations are links in the text. */
  evidence?: Evidence[] | undefined
  /** The document that `(page 3)` refers to. */
  cites?: string | undefined
  /** The text quotes documents, so that the dollar signs of their formulas are escaped, as all marks are. */
  quotes?: boolean
  /** Levels added to each heading, which must be below those of the page around it. Default: 0. */
  shift?: number
  /** What stands in the margin at a heading; called for each in order. */
  marginOf?: ((heading: Heading) => Html | undefined) | undefined
  /** Ids that are taken: those of the headings are added. */
  ids?: Set<string>
}

export type Rendered = { html: Html; headings: Heading[] }

type Env = MarkdownOptions & { headings: Heading[]; ids: Set<string> }

let parser: Parser | undefined

export function renderMarkdown(markdown: string, options: MarkdownOptions): Rendered {
  parser ??= ready()
  const env: Env = { ...options, headings: [], ids: options.ids ?? new Set() }
  const text = options.evidence === undefined ? markdown : markCitations(markdown, options.cites)
  const tokens = parser.parse(text, env)
  // A heading's anchor needs all of its text, a citation what stands before it.
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'heading_open') takeHeading(token, tokens[index + 1], env)
    if (token.type === 'inline') takeCitations(token.children ?? [], env)
  }
  return { html: trusted(parser.renderer.render(tokens, parser.options, env)), headings: env.headings }
}

/** One line of Markdown, such as an entry of a list. */
export function renderInline(markdown: string, options: MarkdownOptions): Html {
  parser ??= ready()
  const env: Env = { ...options, headings: [], ids: new Set() }
  return trusted(parser.renderInline(markdown, env))
}

function takeHeading(token: Token, inline: Token | undefined, env: Env): void {
  const text = wordsOf(inline?.children ?? [])
  const level = Math.min(6, Number(token.tag.slice(1)) + (env.shift ?? 0))
  let id = headingId(text)
  for (let n = 2; env.ids.has(id); n++) id = `${headingId(text)}-${n}`
  env.ids.add(id)
  token.attrSet('id', id)
  const heading = { level, text, id }
  env.headings.push(heading)
  token.meta = { margin: env.marginOf?.(heading) }
}

function takeCitations(children: readonly Token[], env: Env): void {
  let from = 0
  for (const [index, token] of children.entries()) {
    if (token.type !== 'citation' || env.evidence === undefined) continue
    const words = wordsOf(children.slice(from, index)).replace(/\s+/g, ' ').trim()
    from = index + 1
    const place = citedPlace(token.meta as { target: string; heading?: string })
    const number = env.evidence.length + 1
    env.evidence.push({ ...place, number, label: token.content, words })
    token.meta = { ...token.meta, evidence: env.evidence.at(-1) }
  }
}

function ready(): Parser {
  const md = dialect()
  const { rules } = md.renderer
  const openTag = (tokens: Token[], index: number, env: unknown, close: boolean): string => {
    const token = tokens[index]
    const level = Math.min(6, Number(token?.tag.slice(1)) + ((env as Env).shift ?? 0))
    const id = attribute(token, 'id')
    const margin = String((token?.meta as { margin?: Html } | null)?.margin ?? '')
    return close ? `</h${level}>\n` : `<h${level}${id === '' ? '' : ` id="${escapeText(id)}"`}>${margin}`
  }
  rules['heading_open'] = (tokens, index, _options, env) => openTag(tokens, index, env, false)
  rules['heading_close'] = (tokens, index, _options, env) => openTag(tokens, index, env, true)
  rules['table_open'] = () => '<div class="table" role="region" aria-label="Table" tabindex="0"><table>\n'
  rules['table_close'] = () => '</table></div>\n'
  rules['fence'] = (tokens, index) =>
    code(tokens[index]?.content ?? '', tokens[index]?.info.trim().split(/\s/)[0] ?? '')
  rules['code_block'] = (tokens, index) => code(tokens[index]?.content ?? '', '')
  rules['formula'] = (tokens, index) => {
    const { content = '', block = false } = tokens[index] ?? {}
    const shown = String(renderFormula(content, block))
    return block ? `<div class="formula" tabindex="0">${shown}</div>` : shown
  }
  rules['image'] = (tokens, index, _options, env) => picture(tokens[index] as Token, env as Env)
  rules['link_open'] = (tokens, index, _options, env) => linkTag(attribute(tokens[index], 'href'), env as Env)
  rules['wikilink_open'] = (tokens, index, _options, env) => wikilinkTag(tokens[index] as Token, env as Env)
  rules['wikilink_close'] = (tokens, index) => (closesNothing(tokens, index) ? '</span>' : '</a>')
  rules['link_close'] = (tokens, index) => (closesNothing(tokens, index) ? '</span>' : '</a>')
  rules['citation'] = (tokens, index, _options, env) => citation(tokens[index] as Token, env as Env)
  return md
}

function code(text: string, language: string): string {
  const name = /^[\w+#-]{1,30}$/.test(language) ? ` data-language="${escapeText(language)}"` : ''
  return `<div class="code"${name}><pre tabindex="0"><code>${escapeText(text)}</code></pre></div>\n`
}

/** Links that lead nowhere are spans: which ones is remembered on their opening token. */
function closesNothing(tokens: Token[], index: number): boolean {
  const type = tokens[index]?.type.replace('_close', '_open')
  for (let at = index - 1; at >= 0; at--) if (tokens[at]?.type === type) return tokens[at]?.meta?.gone === true
  return false
}

function wikilinkTag(token: Token, env: Env): string {
  const { target, heading } = token.meta as { target: string; heading?: string }
  if (target === '') return `<a href="#${escapeText(headingId(heading ?? ''))}">`
  const place = placeOfLink(env, { target, kind: 'wikilink' })
  if (place === undefined) return gone(token)
  return anchorTag(env, heading === undefined ? place : withHeading(place, heading))
}

function linkTag(href: string, env: Env): string {
  if (/^(?:https?|mailto):/i.test(href))
    return `<a href="${escapeText(href)}" class="external" rel="noopener noreferrer">`
  if (href.startsWith('#')) return `<a href="${escapeText(href)}">`
  const [path = '', heading] = decoded(href).split('#')
  const place = placeOfLink(env, { target: path, kind: 'markdown' })
  if (place === undefined) return '<a>'
  return anchorTag(env, heading === undefined ? place : withHeading(place, heading))
}

function placeOfLink(env: Env, link: { target: string; kind: 'wikilink' | 'markdown' }): Place | undefined {
  for (const path of resolveLink(env.from, link)) {
    const place = env.placeOf(path)
    if (place !== undefined) return place
  }
  return undefined
}

function withHeading(place: Place, heading: string): Place {
  return { ...place, anchor: headingId(heading) }
}

function anchorTag(env: Env, place: Place): string {
  const kind = place.kind === 'section' ? '' : ` class="to-${place.kind}"`
  return `<a href="${escapeText(env.context.link(place))}"${kind}>`
}

function gone(token: Token): string {
  token.meta = { ...token.meta, gone: true }
  return '<span class="gone" title="This page does not exist at this moment">'
}

function picture(token: Token, env: Env): string {
  const source = decoded(attribute(token, 'src'))
  const alt = escapeText(wordsOf(token.children ?? []))
  const [path] = /^[a-z][a-z\d+.-]*:|^\/\//i.test(source)
    ? []
    : resolveLink(env.from, { target: source, kind: 'markdown' })
  if (path === undefined) return `<span class="gone">${alt === '' ? 'picture' : alt}</span>`
  const address = escapeText(env.context.file(path))
  return `<a class="picture" href="${address}"><img src="${address}" alt="${alt}" loading="lazy"></a>`
}

function citation(token: Token, env: Env): string {
  const evidence = (token.meta as { evidence?: Evidence }).evidence
  if (evidence === undefined) return ''
  const { number, document, label } = evidence
  const place = env.placeOf(`wiki/summaries/${document}.md`)
  const title = escapeText(`${document}${label === '' ? '' : `, ${label}`}`)
  if (place === undefined)
    return `<sup class="cite gone" title="${title} (not in the base at this moment)">${number}</sup>`
  const href = escapeText(env.context.link(placeOfEvidence(evidence, place, env.context)))
  return `<sup class="cite"><a href="${href}" data-cite="${number}" aria-label="Source ${number}: ${title}">${number}</a></sup>`
}

/**
 * Where the evidence is: the text of the document, at the page or heading, with its words lit; beside it the original at
 * that page, if a browser can show it there.
 *
 * @param summary the place of the document
 */
export function placeOfEvidence(
  { document, heading, page, words }: Omit<Evidence, 'number' | 'label'>,
  summary: Place,
  { mode }: Pick<ViewContext, 'mode'>,
): Place {
  const at = page !== undefined ? `p${page}` : heading === undefined ? '' : headingId(heading)
  const hasBeside = mode === 'live' && page !== undefined && summary.kind === 'document' && summary.paged === true
  const query = hasBeside ? { beside: String(page) } : undefined
  return { kind: 'document', name: document, tab: 'text', page, anchor: `${at}${passageFragment(words)}`, query }
}

function attribute(token: Token | undefined, name: string): string {
  return String(token?.attrGet(name) ?? '')
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address)
  } catch {
    return address
  }
}
