// Footnotes of a page: the note moves to where its call can reach it, whichever of the usual forms both are written in.
import {
  attribute,
  closest,
  elementsOf,
  labelOf,
  replaceWith,
  textOf,
  type HtmlElement,
  type HtmlNode,
} from './html-tree.ts'

/** Notes of one page. */
const NOTES_MAX = 5_000
/** Characters of a call: a number, a letter, a sign. */
const CALL_CHARACTERS_MAX = 8
/** With the white space around it. */
const LINK_CHARACTERS_MAX = 500
/** Characters of Markdown around a note's number in its call; private use, so that they pass through as text. */
const [BEGIN, END] = ['\ue0f0', '\ue0f1']
const CALL_MARK = new RegExp(`\\^?${BEGIN}(\\d{1,5})${END}`, 'g')
/** Several calls in one superscript. */
const RAISED_CALLS = new RegExp(`\\^\\(([^()]*${BEGIN}[^()]*)\\)`, 'g')
const CONTAINER = /(?:^|[\s_-])(?:foot-?notes?|end-?notes?|notes?|references|reflist|fn)(?:[\s_-]|$)/
const BACK = /^[\s[\](){}]*(?:↩|⏎|↵|\^|↑|⤴|back|return|jump up)[\s\ufe0e\ufe0f↑^[\](){}]*$/i

export type Footnotes = {
  /** The text of the notes, the first for number 1. */
  notes: HtmlNode[][]
  /** Text that was left out: labels, and links back. */
  dropped: string[]
}

/** Removes the notes from the page, and leaves marks in place of their calls. Changes the tree. */
export function takeFootnotes(page: HtmlElement): Footnotes {
  const elements = elementsOf(page)
  const byId = new Map<string, HtmlElement>()
  for (const element of elements) {
    const id = attribute(element, 'id') ?? (element.name === 'a' ? attribute(element, 'name') : undefined)
    if (id !== undefined && id !== '' && !byId.has(id)) byId.set(id, element)
  }
  const order = new Map(elements.map((element, i) => [element, i]))
  const numbers = new Map<HtmlElement, number>()
  const calls = new Map<HtmlElement, HtmlElement[]>()
  const dropped: string[] = []
  const texts: ShortTexts = new Map()
  for (const link of elements) {
    const note = link.name === 'a' ? noteOf(link, byId, texts) : undefined
    // A link that points upwards is a link back.
    if (note === undefined || numbers.size >= NOTES_MAX || (order.get(note) ?? 0) < (order.get(link) ?? 0)) continue
    calls.set(note, [...(calls.get(note) ?? []), link])
    if (!numbers.has(note)) numbers.set(note, numbers.size + 1)
  }
  for (const [note, number] of numbers) {
    const links = calls.get(note) ?? []
    const label = textOf(links[0] ?? '').replace(/[\s[\](){}]/g, '')
    for (const link of links) {
      const call = around(link)
      dropped.push(textOf(call), wordBefore(call) + textOf(call))
      replaceWith(call, `${BEGIN}${number}${END}`)
    }
    dropped.push(...withoutBackLinks(note, links, label))
  }
  const notes = [...numbers.keys()].map((note) => note.children)
  for (const note of numbers.keys()) takeOut(note, dropped)
  return { notes, dropped }
}

/** Texts of elements; undefined for one that is too long for a call. Links may be inside each other, each is read once. */
type ShortTexts = Map<HtmlElement, string | undefined>

function shortTextOf(element: HtmlElement, texts: ShortTexts): string | undefined {
  if (texts.has(element)) return texts.get(element)
  let text: string | undefined = ''
  for (const child of element.children) {
    const part: string | undefined = typeof child === 'string' ? child : shortTextOf(child, texts)
    text = part === undefined || text.length + part.length > LINK_CHARACTERS_MAX ? undefined : text + part
    if (text === undefined) break
  }
  texts.set(element, text)
  return text
}

/** The note that a link calls; undefined if it leads elsewhere. */
function noteOf(link: HtmlElement, byId: Map<string, HtmlElement>, texts: ShortTexts): HtmlElement | undefined {
  const href = attribute(link, 'href') ?? ''
  if (!href.includes('#')) return undefined
  const text = shortTextOf(link, texts)?.trim() ?? ''
  if (text === '' || text.length > CALL_CHARACTERS_MAX) return undefined
  if (BACK.test(text) || /(?:^|\s)(?:backlink|footnote-back|reversefootnote)|doc-backlink/.test(link.attributes))
    return undefined
  const target = byId.get(idOf(href))
  // An older page has the anchor at the beginning of its note.
  const note =
    target === undefined
      ? undefined
      : /^(?:a|span|sup)$/.test(target.name)
        ? closest(target.parent, ({ name }) => /^(?:li|p|dd|td|div|aside)$/.test(name))
        : target
  if (note === undefined || !/^(?:li|p|dd|div|aside|section)$/.test(note.name)) return undefined
  if (closest(link, (each) => each === note) !== undefined) return undefined
  const isMarked =
    /doc-noteref|data-footnote-ref/.test(link.attributes) ||
    /\bnoteref\b/.test(attribute(link, 'epub:type') ?? '') ||
    /(?:^|[\s_-])(?:foot-?note|note-?ref|fnref|footnote-ref)/.test(labelOf(link))
  const raised = isRaised(link)
  const inNotes = closest(note, isNotes) !== undefined
  return isMarked ||
    (raised && (inNotes || /^\W?\w{1,4}\W?$/.test(text))) ||
    (inNotes && /^[[(]?(?:\d{1,4}|[*†‡§a-z])[\])]?$/i.test(text))
    ? note
    : undefined
}

function idOf(href: string): string {
  const fragment = href.slice(href.indexOf('#') + 1)
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}

function isRaised(link: HtmlElement): boolean {
  const only = link.children.filter((child) => typeof child !== 'string' || child.trim() !== '')
  return (
    closest(link, ({ name }) => name === 'sup') !== undefined ||
    (only.length === 1 && typeof only[0] === 'object' && only[0].name === 'sup')
  )
}

function isNotes(element: HtmlElement): boolean {
  return (
    CONTAINER.test(labelOf(element)) ||
    /\b(?:data-footnotes|doc-endnotes?|doc-footnote)\b/.test(element.attributes) ||
    /\b(?:footnotes?|endnotes?|rearnotes?)\b/.test(attribute(element, 'epub:type') ?? '')
  )
}

/** The superscript that contains only the call, apart from brackets. */
function around(link: HtmlElement): HtmlElement {
  const sup = closest(link.parent, ({ name }) => name === 'sup')
  if (sup === undefined) return link
  const rest = textOf(sup)
    .replace(textOf(link), '')
    .replace(/[\s[\](){},]/g, '')
  return rest === '' ? sup : link
}

/** A word count reads the call as part of the word before it. */
function wordBefore(call: HtmlElement): string {
  const siblings = call.parent?.children ?? []
  const before = siblings[siblings.indexOf(call) - 1]
  return before === undefined ? '' : (/\S+$/.exec(textOf(before))?.[0] ?? '')
}

/** Removes links back to the calls, and the label at the beginning. Returns their text. */
function withoutBackLinks(note: HtmlElement, links: HtmlElement[], label: string): string[] {
  // A word count reads the label as part of the word after it.
  const dropped = [/^\S+/.exec(textOf(note).trim())?.[0] ?? '']
  const ids = new Set<string>()
  for (const link of links) {
    for (let each: HtmlElement | undefined = link, up = 0; each !== undefined && up < 3; each = each.parent, up++) {
      const id = attribute(each, 'id') ?? attribute(each, 'name')
      if (id !== undefined) ids.add(id)
    }
  }
  const remove = (element: HtmlElement): void => {
    dropped.push(textOf(element))
    replaceWith(element, '')
  }
  for (const element of elementsOf(note)) {
    const isBack =
      /doc-backlink|data-footnote-backref/.test(element.attributes) ||
      /(?:^|\s)(?:mw-cite-backlink|footnote-backref|footnote-back|reversefootnote|fn-backref)(?:\s|$)/.test(
        labelOf(element),
      ) ||
      (element.name === 'a' && ids.has(idOf(attribute(element, 'href') ?? ''))) ||
      (element.name === 'a' && (attribute(element, 'href') ?? '').startsWith('#') && BACK.test(textOf(element)))
    if (isBack) remove(element)
  }
  const first = firstOf(note)
  if (first !== undefined && first.name === 'sup' && textOf(first).replace(/[\s[\](){}.]/g, '') === label) remove(first)
  return dropped
}

/** The first element inside that begins the note's text. */
function firstOf(note: HtmlElement): HtmlElement | undefined {
  const first = note.children.find((child) => typeof child !== 'string' || child.trim() !== '')
  if (first === undefined || typeof first === 'string') return undefined
  return first.name === 'p' ? firstOf(first) : first
}

/** Also removes its list and its section, once only their title is left. */
function takeOut(note: HtmlElement, dropped: string[]): void {
  let parent = note.parent
  replaceWith(note, '')
  while (parent !== undefined && (isNotes(parent) || /^(?:ol|ul|dl)$/.test(parent.name))) {
    const rest = parent.children.filter((child) => typeof child !== 'string' || child.trim() !== '')
    if (rest.some((child) => typeof child === 'string' || !/^(?:h[1-6]|hr)$/.test(child.name))) return
    const up: HtmlElement | undefined = parent.parent
    dropped.push(...rest.map(textOf))
    replaceWith(parent, '')
    parent = up
  }
}

/** Writes the calls of a text as `[^1]`, and appends the notes that are first called there. */
export class FootnoteWriter {
  readonly #notes: HtmlNode[][]
  readonly #write: (nodes: HtmlNode[]) => string
  readonly #written = new Set<number>()

  constructor({ notes }: Footnotes, write: (nodes: HtmlNode[]) => string) {
    this.#notes = notes
    this.#write = write
  }

  /** Of a whole page, or of a chapter. */
  text(markdown: string): string {
    const called = new Set<number>()
    const body = mark(markdown, called)
    const definitions: string[] = []
    // A note may call another one, which is then written as well.
    for (const number of called) {
      if (this.#written.has(number)) continue
      this.#written.add(number)
      const text = mark(this.#write(this.#notes[number - 1] ?? []), called)
      definitions.push(`[^${number}]: ${text.replace(/\n(?!\n|$)/g, '\n    ')}`)
    }
    return [body, ...definitions].filter((block) => block !== '').join('\n\n')
  }

  /** Notes whose calls were left out with a part of the page: programs would hide a definition without a call. */
  rest(): string {
    const left = this.#notes.filter((_, i) => !this.#written.has(i + 1))
    return left.map((note) => mark(this.#write(note), new Set())).join('\n\n')
  }
}

function mark(text: string, called: Set<number>): string {
  return text.replace(RAISED_CALLS, '$1').replace(CALL_MARK, (_, number: string) => {
    called.add(Number(number))
    return `[^${number}]`
  })
}
