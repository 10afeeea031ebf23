// The main content of a page: site navigation is left out, everything else stays. Whatever is left out is returned, so
// that it can be distinguished from lost words.
import { INLINE, isHidden, ROW, SKIPPED, SPACED } from './html-elements.ts'
import { attribute, closest, elementsOf, labelOf, replaceWith, textOf, type HtmlElement } from './html-tree.ts'

/** Minimum share of words in links for a part of a page to count as navigation. */
const LINKS_MIN = 0.5
/** Words, outside of links, that make a line a sentence. */
const SENTENCE_WORDS_MIN = 10
/**
 * Maximum words of a part without sentences that can be left out by its name: a form, a row of buttons, a copyright
 * line.
 */
const SMALL_WORDS_MAX = 60
/** Share of the sentences of a page that its `main` or `article` must have to count as the page. */
const MAIN_SHARE_MIN = 0.5

/** Names of parts that pages have around their content; whole words of a class or an id. */
const AROUND =
  /(?:^|[\s_-])(?:nav(?:bar|box|igation)?|menu|breadcrumbs?|sidebar|side-bar|share|sharing|social|socials|related|recommended|cookies?|consent|gdpr|newsletter|subscribe|subscription|ads?|advert(?:isement|ising)?|sponsor(?:ed)?|promo|pagination|pager|toolbar|skip|skip-link|masthead|site-(?:header|footer)|page-footer|widget|popup|modal|login|sign-?up|search(?:box|-form)?|catlinks|editsection|jump-link|toc|printfooter)(?:[\s_-]|$)/
const AROUND_ROLES = /^(?:navigation|search|contentinfo|complementary|menu|menubar|toolbar|dialog|alertdialog)$/
const BLOCKS = /^(?:div|section|ul|ol|dl|aside|form|header|footer|nav|menu|table|span)$/

export type MainContent = { root: HtmlElement; dropped: string[] }

type Weight = {
  words: number
  /** Words in links. */
  linked: number
  /** Words of lines that are sentences, which menus do not have. */
  prose: number
  /** Has the title of a page, or an element named as its main part. */
  titled: boolean
}

const NOTHING: Weight = { words: 0, linked: 0, prose: 0, titled: false }

/** Removes site navigation from a page, and finds what remains. Changes the tree. */
export function mainContent(body: HtmlElement): MainContent {
  const dropped: string[] = []
  const drop = (element: HtmlElement): void => {
    dropped.push(spacedText(element))
    replaceWith(element, ' ')
  }
  labelTabs(body, drop)
  dropAround(body, weigh(body), drop)
  const weights = weigh(body)
  const root = mainOf(body, weights)
  if (root === body) return { root, dropped }
  const title = titleOutside(body, root)
  replaceWith(root, ' ')
  if (title !== undefined) {
    replaceWith(title, ' ')
    root.children.unshift(title)
  }
  dropped.push(spacedText(body))
  return { root, dropped }
}

/** `main`, else the article, if it has the sentences of the page; else the element around all of them. */
function mainOf(body: HtmlElement, weights: Map<HtmlElement, Weight>): HtmlElement {
  const prose = (element: HtmlElement): number => weights.get(element)?.prose ?? 0
  const elements = elementsOf(body)
  const heaviest = (found: HtmlElement[]): HtmlElement | undefined =>
    found.reduce<HtmlElement | undefined>(
      (best, each) => (best === undefined || prose(each) > prose(best) ? each : best),
      undefined,
    )
  const main = heaviest(elements.filter((each) => each.name === 'main' || attribute(each, 'role') === 'main'))
  if (main !== undefined && prose(main) > 0 && prose(main) >= prose(body) * MAIN_SHARE_MIN) return main
  const articles = elements.filter(({ name, parent }) => name === 'article' && closest(parent, isArticle) === undefined)
  const [article] = articles
  if (
    articles.length === 1 &&
    article !== undefined &&
    prose(article) > 0 &&
    prose(article) >= prose(body) * MAIN_SHARE_MIN
  )
    return article
  let root = body
  for (;;) {
    const next = root.children.find(
      (each): each is HtmlElement => typeof each !== 'string' && prose(each) === prose(root),
    )
    if (
      next === undefined ||
      prose(next) === 0 ||
      !/^(?:html|body|div|section|article|main|center|form)$/.test(next.name)
    )
      return root
    root = next
  }
}

function isArticle({ name }: HtmlElement): boolean {
  return name === 'article'
}

/** For a page whose title is above its main content. */
function titleOutside(body: HtmlElement, root: HtmlElement): HtmlElement | undefined {
  const isTitle = ({ name }: HtmlElement): boolean => name === 'h1'
  if (elementsOf(root).some(isTitle)) return undefined
  const outside = elementsOf(body).filter((each) => isTitle(each) && textOf(each).trim() !== '')
  return outside.length === 1 ? outside[0] : undefined
}

function dropAround(body: HtmlElement, weights: Map<HtmlElement, Weight>, drop: (element: HtmlElement) => void): void {
  const visit = (element: HtmlElement, within: 'page' | 'content' | 'table'): void => {
    for (const child of element.children) {
      if (typeof child === 'string' || SKIPPED.has(child.name)) continue
      // Inside a table nothing is left out by its name.
      if (
        isHidden(child.name, child.attributes) ||
        (within !== 'table' && isAround(child, within === 'content', weights))
      )
        drop(child)
      else if (child.name === 'table' && !isLayout(child)) visit(child, 'table')
      else
        visit(child, within === 'page' && /^(?:article|main|blockquote|figure)$/.test(child.name) ? 'content' : within)
    }
  }
  visit(body, 'page')
}

/** Tables used to lay out the whole page, as was common before style sheets. */
function isLayout(table: HtmlElement): boolean {
  return /role\s*=\s*["']?presentation/i.test(table.attributes) || holdsTable(table)
}

function holdsTable(element: HtmlElement): boolean {
  return element.children.some((child) => typeof child !== 'string' && (child.name === 'table' || holdsTable(child)))
}

function isAround(element: HtmlElement, inContent: boolean, weights: Map<HtmlElement, Weight>): boolean {
  const { words, linked, prose, titled } = weights.get(element) ?? NOTHING
  if (words === 0) return false
  const leads = linked >= words * LINKS_MIN
  const role = attribute(element, 'role') ?? ''
  if (element.name === 'nav' || /^(?:navigation|menu|menubar|toolbar)$/.test(role)) return prose === 0 || leads
  if (!BLOCKS.test(element.name)) return false
  if (titled) return false
  if (role !== '' && AROUND_ROLES.test(role) && (leads || (prose === 0 && words <= SMALL_WORDS_MAX))) return true
  if (element.name === 'footer' && !inContent) return leads || words <= SMALL_WORDS_MAX * 2
  if (element.name === 'header' && !inContent) return leads || (prose === 0 && words <= SMALL_WORDS_MAX)
  if (element.name === 'aside') return leads
  if (element.name === 'form') return prose === 0 && words <= SMALL_WORDS_MAX
  const label = labelOf(element)
  if (label === '' || !AROUND.test(label)) return false
  return (
    leads ||
    (prose === 0 && words <= SMALL_WORDS_MAX && !INLINE.has(element.name)) ||
    /editsection|jump-link/.test(label)
  )
}

/** Moves the label of each tab to the head of its panel, where the reader finds the text; hidden panels are shown. */
function labelTabs(body: HtmlElement, drop: (element: HtmlElement) => void): void {
  const elements = elementsOf(body)
  const tabs = elements.filter(
    (each) =>
      attribute(each, 'role') === 'tab' || /\bdata-(?:bs-)?toggle\s*=\s*["']?(?:tab|pill)\b/i.test(each.attributes),
  )
  if (tabs.length === 0) return
  const byId = new Map(elements.map((each) => [attribute(each, 'id') ?? '', each]))
  for (const tab of tabs) {
    const own = [tab, ...elementsOf(tab)]
    const target = own
      .map((each) => attribute(each, 'aria-controls') ?? attribute(each, 'data-bs-target') ?? attribute(each, 'href'))
      .find((id) => id !== undefined)
    const panel = byId.get(target?.replace(/^#/, '') ?? '')
    const label = textOf(tab).replace(/\s+/g, ' ').trim()
    if (panel === undefined || label === '' || closest(tab, (each) => each === panel) !== undefined) continue
    panel.attributes = ` id="${attribute(panel, 'id') ?? ''}"`
    panel.children.unshift({
      name: 'p',
      attributes: '',
      parent: panel,
      children: [{ name: 'strong', attributes: '', parent: panel, children: [label] }],
    })
    drop(tab)
  }
}

/** For every element; a line is text not divided by blocks. */
function weigh(root: HtmlElement): Map<HtmlElement, Weight> {
  const weights = new Map<HtmlElement, Weight>()
  const visit = (element: HtmlElement, inLink: boolean): Weight & { line: number } => {
    const weight = { ...NOTHING }
    let line = 0
    const endLine = (): void => {
      if (line >= SENTENCE_WORDS_MIN) weight.prose += line
      line = 0
    }
    for (const child of element.children) {
      if (typeof child === 'string') {
        const words = wordsOf(child)
        weight.words += words
        if (inLink) weight.linked += words
        else line += words
      } else if (!SKIPPED.has(child.name)) {
        const isInline = INLINE.has(child.name) || child.name === 'math'
        if (!isInline && child.name !== 'br') endLine()
        const inner = visit(child, inLink || child.name === 'a')
        weight.words += inner.words
        weight.linked += inner.linked
        weight.prose += inner.prose
        if (inner.titled || /^(?:h1|main|article)$/.test(child.name)) weight.titled = true
        if (isInline) line += inner.line
      }
    }
    const isInline = INLINE.has(element.name)
    const rest = isInline ? line : 0
    if (!isInline) endLine()
    weights.set(element, weight)
    return { ...weight, line: rest }
  }
  visit(root, false)
  return weights
}

function wordsOf(text: string): number {
  let words = 0
  let inWord = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    // Scripts written without spaces: about two characters per word.
    if (code >= 0x2e80 && code <= 0x9fff) words += 0.5
    const isSpace = code <= 0x20 || code === 0xa0
    if (!isSpace && !inWord) words++
    inWord = !isSpace
  }
  return words
}

/** All text of an element, with word boundaries as in the plain text of the page. */
function spacedText(element: HtmlElement): string {
  const parts: string[] = []
  const visit = (node: HtmlElement): void => {
    let previous: HtmlElement | undefined
    for (const child of node.children) {
      if (typeof child === 'string') parts.push(child)
      else if (!SKIPPED.has(child.name)) {
        const apart = !INLINE.has(child.name) || SPACED.has(child.name)
        if (apart || (previous !== undefined && ROW.has(previous.name) && ROW.has(child.name))) parts.push(' ')
        visit(child)
        if (apart) parts.push(' ')
      }
      previous = typeof child === 'string' ? undefined : child
    }
  }
  visit(element)
  return parts.join('')
}
