// The metadata of a web page: from its head, its data for search engines, and its first heading.
import { attribute, elementsOf, textOf, type HtmlElement } from '../html-tree.ts'
import type { Converted } from './converter.ts'

export type PageFacts = Pick<Converted, 'title' | 'author' | 'date' | 'language' | 'url'> & {
  /** The base of relative links. */
  base?: string
  description?: string
}

/** Maximum characters of data for search engines to read. */
const DATA_CHARACTERS_MAX = 256 * 1024

export function pageFacts(page: HtmlElement, html: string): PageFacts {
  const elements = elementsOf(page)
  const metas = new Map<string, string>()
  for (const element of elements) {
    if (element.name !== 'meta') continue
    const key = (
      attribute(element, 'name') ??
      attribute(element, 'property') ??
      attribute(element, 'itemprop') ??
      ''
    ).toLowerCase()
    const content = (attribute(element, 'content') ?? '').replace(/\s+/g, ' ').trim()
    if (content !== '' && !metas.has(key)) metas.set(key, content)
  }
  const meta = (...keys: string[]): string | undefined =>
    keys.map((key) => metas.get(key)).find((value) => value !== undefined)
  const data = dataOf(html)
  const canonical = elements.find((each) => each.name === 'link' && /\bcanonical\b/i.test(attribute(each, 'rel') ?? ''))
  const base = elements.find(({ name }) => name === 'base')
  const facts: PageFacts = {}
  const set = (key: keyof PageFacts, value: string | undefined): void => {
    if (value !== undefined && value.trim() !== '') facts[key] = value.trim()
  }
  set('title', titleOf(elements, meta('og:title', 'twitter:title', 'dc.title', 'citation_title')))
  set(
    'author',
    meta('author', 'dc.creator', 'dcterms.creator', 'citation_author', 'parsely-author') ??
      data.author ??
      webless(meta('article:author')),
  )
  set(
    'date',
    meta(
      'article:published_time',
      'datepublished',
      'date',
      'dc.date',
      'dcterms.created',
      'dcterms.date',
      'citation_publication_date',
      'pubdate',
    ) ??
      data.date ??
      timeOf(elements),
  )
  set(
    'language',
    attribute(elements.find(({ name }) => name === 'html') ?? page, 'lang') ?? meta('og:locale', 'dc.language'),
  )
  set('url', canonical === undefined ? undefined : attribute(canonical, 'href'))
  set('base', base === undefined ? undefined : attribute(base, 'href'))
  set('description', meta('dc.description', 'dcterms.description', 'dcterms.abstract', 'citation_abstract'))
  return facts
}

/** The page's title without the name of the site, which the first heading or the social card does not have. */
function titleOf(elements: HtmlElement[], card: string | undefined): string | undefined {
  const text = (element: HtmlElement | undefined): string =>
    element === undefined ? '' : textOf(element).replace(/\s+/g, ' ').trim()
  const title = text(elements.find(({ name, parent }) => name === 'title' && parent?.name !== 'svg'))
  const headings = elements.filter(({ name }) => name === 'h1').map(text)
  if (title === '') return card ?? headings.find((heading) => heading !== '')
  const shorter = [...headings, card ?? ''].find(
    (each) => each !== '' && each.length < title.length && title.toLowerCase().includes(each.toLowerCase()),
  )
  return shorter ?? title
}

function timeOf(elements: HtmlElement[]): string | undefined {
  const time = elements.find((each) => each.name === 'time' && (attribute(each, 'datetime') ?? '') !== '')
  return time === undefined ? undefined : attribute(time, 'datetime')
}

function webless(author: string | undefined): string | undefined {
  return author === undefined || /^https?:/i.test(author) ? undefined : author
}

/** Author and date in JSON-LD (schema.org). */
function dataOf(html: string): { author?: string; date?: string } {
  for (const match of html.matchAll(/<script\b[^>]*ld\+json[^>]*>([\s\S]*?)<\/script>/gi)) {
    if ((match[1] ?? '').length > DATA_CHARACTERS_MAX) continue
    try {
      const value: unknown = JSON.parse(match[1] ?? '')
      const graph = (value as { '@graph'?: unknown } | null)?.['@graph']
      for (const each of [value, graph].flat()) {
        const { author, datePublished } = (typeof each === 'object' && each !== null ? each : {}) as Record<
          string,
          unknown
        >
        if (typeof datePublished !== 'string') continue
        const names = [author]
          .flat()
          .map((one) => (typeof one === 'string' ? one : (one as { name?: unknown } | undefined)?.name))
        const shown = names.filter((name) => typeof name === 'string').join(', ')
        return { date: datePublished, ...(shown === '' ? {} : { author: shown }) }
      }
    } catch {
      // Not JSON: it says nothing about the page.
    }
  }
  return {}
}
