// The citations of Markdown: quotes with a place beside them or a mark such as `[1]` behind them, block quotes, lists of
// sources, footnotes, and links to pages of the wiki.
import { markdownBlocks, type Block } from './markdown-blocks.ts'

/** Where a text says that something is. */
export type CitedPlace = {
  /** Path of a page, a link's target, or the name of a document. */
  page: string
  document?: string | undefined
  /** Of a link to a part of the page. */
  heading?: string | undefined
  pageNumber?: number | undefined
  /** Of `pages 3-5`. */
  lastPage?: number | undefined
}

export type Claim = CitedPlace & {
  /** Without it, only the place must exist. */
  quote?: string | undefined
  /** Line of the text, from 1; absent in JSON. */
  line?: number | undefined
  /** Of a quote with several marks: the other places that may have it. */
  others?: CitedPlace[] | undefined
  /** `[4]`, if nothing says what it stands for; then `page` is the mark. */
  isDangling?: true | undefined
}

/** Words between quotation marks of any kind; what is around them has one character on each side. */
const QUOTE =
  /(?:"[^"]+"|“[^“”]+”|„[^„“”]+[“”]|«[^«»]+»|»[^«»]+«|‹[^‹›]+›|‘(?:[^‘’]|’(?=\p{L}))+’|「[^「」]+」|『[^『』]+』)/u
    .source
/** The rest of a text, which may have quotation marks of its own. */
const WHOLE_QUOTE = /^["“„«»‘‹「『]([^]+)["”“»«’›」』]\.?$/u
const NUMBER = /(?:(?:,\s*|\s+)\(?(?:pages?|pp?\.)\s*(?<first>\d{1,6})(?:\s*(?:[-–—]|to)\s*(?<last>\d{1,6}))?\)?)?/
  .source
const WIKILINK = /(?<!!)\[\[(?<wiki>[^[\]|#\n]*)(?:#(?<heading>[^[\]|\n]*))?(?:\|[^[\]\n]{0,300})?\]\]/.source
const MARKDOWN_LINK = /(?<!!)\[[^[\]\n]{0,300}\]\(<?(?<address>[^\s()<>]+)>?\)/.source
const BARE = /`?(?<bare>kbgit:\/\/[^\s`"“”()[\]<>,;]*[^\s`"“”()[\]<>,;.:!?]|wiki\/[^\s`"“”()[\]<>,;]+\.(?:md|json))`?/
  .source
/** A place with its page numbers. */
const PLACE = `(?:${WIKILINK}|${MARKDOWN_LINK}|${BARE})${NUMBER}`
/** `[1]`, `[1, 2]`, `[^a]`, several in a row; no link. */
const MARKS = /(?<marks>(?:\s?\[\^?[\w.-]{1,20}(?:\s*[,;]\s*\d{1,3})*\])+)(?![(:[])/.source

const EVERY_PLACE = new RegExp(PLACE, 'gu')
/** `“…” ([[sources/x]], p. 3)`, with or without brackets. */
const QUOTED_THEN_PLACE = new RegExp(`(?<quote>${QUOTE})[\\s,.–—-]*\\(?(?:from|in|see)?\\s*${PLACE}`, 'giu')
/** `“…” [1]` */
const QUOTED_THEN_MARKS = new RegExp(`(?<quote>${QUOTE})[\\s.,;:!?)…]{0,3}${MARKS}`, 'gu')
/** `[[sources/x]], p. 3: “…”` */
const PLACE_THEN_QUOTE = new RegExp(`${PLACE}\\s*[:—–]\\s*(?<quote>${QUOTE})`, 'gu')
/** The same as an item of its own, whose quote may have quotation marks. */
const PLACE_OF_ITEM = new RegExp(`^\\s*(?:[-*+]\\s+)?${PLACE}\\s*[:—–]\\s*`, 'u')
/** `[1] …`, `[^a]: …`, `1. …` with a place at its beginning. */
const DEFINITION = /^\s*(?:[-*+]\s+)?(?:\[(?<label>\^?[\w.-]{1,20})\]:?\s+|(?<item>\d{1,3})[.)]\s+(?=\[\[|`?wiki\/|\[))/
/** What follows the label: a place, perhaps after a name; or a name without blanks. */
const DEFINED = new RegExp(`^(?:[^\\s:"“[\\]]{1,200}:\\s+)?${PLACE}\\s*(?:[:,–—-]\\s*)?`, 'u')
const DEFINED_BY_NAME = new RegExp(`^\`?(?<bare>[^\\s\`"“„«‘:,[\\]]+)\`?${NUMBER}\\s*[:,–—-]?\\s*`, 'iu')
/** At the end of a block quote. */
const ATTRIBUTED = new RegExp(`\\s*(?:(?:—|–|--?)\\s*[^"“”[\\]\\n]{0,120})?\\(?${PLACE}\\)?\\.?\\s*$`, 'u')
const MARKED = new RegExp(`\\s*${MARKS}\\s*$`, 'u')
const PAGE_ALONE = /\s*\((?:page|p\.)\s*(?<first>\d{1,6})\)\s*$/
const PART_ALONE = /\s*\(in “[^”]*”\)\s*$/
/** The paragraph after a block quote says where it is from. */
const SAYS_SOURCE = /^(?:—|–|--?\s|\(|(?:source|from)\b|\[)/i
const SAID_CHARACTERS_MAX = 300

const FOLDERS = /^(?:wiki\/)?(?:sources|summaries|concepts|entities|themes|explorations|reports|contents)\//

/** `listed`: what `[1]`, `[2]`, … stand for if the text does not say. */
export function markdownClaims(text: string, listed: readonly (CitedPlace | undefined)[] = []): Claim[] {
  return new MarkdownCitations(markdownBlocks(text), listed).claims()
}

class MarkdownCitations {
  readonly #blocks: readonly Block[]
  /** By label. `null`: something that is not a page. */
  readonly #sources = new Map<string, CitedPlace | null>()
  /** The document that the section is about. */
  #section: string | undefined

  constructor(blocks: readonly Block[], listed: readonly (CitedPlace | undefined)[]) {
    this.#blocks = blocks
    for (const [index, place] of listed.entries()) this.#sources.set(String(index + 1), place ?? null)
    for (const block of blocks) {
      const definition = definitionIn(block)
      if (definition !== undefined && !this.#sources.has(definition.label))
        this.#sources.set(definition.label, definition.place ?? null)
    }
  }

  claims(): Claim[] {
    return this.#blocks.flatMap((block, index) => {
      if (block.kind === 'quote') return this.#blockQuote(block, index)
      if (block.kind === 'heading') this.#enter(block)
      return this.#text(block, definitionIn(block))
    })
  }

  #enter({ text }: Block): void {
    const [, name] = /\[\[(?:summaries|sources)\/(?:v\d+\/)?([^[\]|#\n]+)/.exec(text) ?? []
    this.#section = name?.replace(/\.md$/, '')
  }

  #text(block: Block, definition: Definition | undefined): Claim[] {
    const { text } = block
    if (definition?.place !== undefined) {
      const { place, quote } = definition
      if (quote !== undefined || definition.isWhole)
        return [{ ...place, ...(quote === undefined ? {} : { quote }), line: block.line }]
    }
    const item = quotedItem(text)
    if (item !== undefined) return [{ ...item, line: block.line }]
    const found: { at: number; claim: Claim }[] = []
    const add = (at: number, claim: Claim): void =>
      void found.push({ at, claim: { ...claim, line: lineAt(block, at) } })
    // What has been read is blanked, so that each quote and each link is read once.
    let rest = text.replace(/`[^`\n]*`/g, (code) => (/^`(?:wiki\/|kbgit:)/.test(code) ? code : blank(code)))
    const take = ({ 0: whole, index }: RegExpExecArray): void => {
      rest = rest.slice(0, index) + blank(whole) + rest.slice(index + whole.length)
    }
    for (const form of [PLACE_THEN_QUOTE, QUOTED_THEN_PLACE])
      for (const match of rest.matchAll(form)) {
        const place = placeOf(match)
        if (place === undefined) continue
        add(match.index, { ...place, quote: inner(match.groups?.['quote']) })
        take(match)
      }
    for (const match of rest.matchAll(QUOTED_THEN_MARKS)) {
      const [first, ...others] = this.#marked(match.groups?.['marks'])
      if (first === undefined) continue
      add(match.index, { ...first, quote: inner(match.groups?.['quote']), ...(others.length === 0 ? {} : { others }) })
    }
    for (const match of rest.matchAll(EVERY_PLACE)) {
      const linked = placeOf(match)
      if (linked !== undefined) add(match.index, linked)
    }
    for (const { mark, at } of this.#dangling(rest)) add(at, { page: mark, isDangling: true })
    return found.sort((a, b) => a.at - b.at).map(({ claim }) => claim)
  }

  /** Marks that nothing explains; of numbers only in a text with a list of sources. */
  #dangling(text: string): { mark: string; at: number }[] {
    const isNumbered = [...this.#sources.keys()].some((label) => /^\d+$/.test(label))
    const plain = text.replace(new RegExp(QUOTE, 'gu'), blank)
    const marks = plain.matchAll(/(?<![[\w!])\[(\^[\w.-]{1,20}|\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\](?![(:[])/g)
    return [...marks].flatMap(({ 1: inside = '', index }) =>
      inside
        .split(/\s*[,;]\s*/)
        .filter((label) => !this.#sources.has(label) && (isNumbered || label.startsWith('^')))
        .map((label) => ({ mark: `[${label}]`, at: index })),
    )
  }

  #marked(marks = ''): CitedPlace[] {
    const labels = [...marks.matchAll(/\^?[\w.-]+/g)].map(([label]) => label)
    return labels.flatMap((label) => this.#sources.get(label) ?? [])
  }

  #blockQuote(block: Block, index: number): Claim[] {
    const { text, line } = block
    const said = this.#attribution(text) ?? this.#saidBy(index)
    if (said === undefined) return []
    const { place, others, words = text } = said
    const [, bare = words.trim()] = WHOLE_QUOTE.exec(words.trim()) ?? []
    const isBare = /["“”„«»]/.test(bare)
    return [{ ...place, quote: isBare ? words.trim() : bare, line, ...(others.length === 0 ? {} : { others }) }]
  }

  /** Where the quote itself says that it is from, or the section that it is in. */
  #attribution(text: string): { place: CitedPlace; others: CitedPlace[]; words: string } | undefined {
    const attributed = ATTRIBUTED.exec(text)
    const place = attributed === null ? undefined : placeOf(attributed)
    if (attributed !== null && place !== undefined) return { place, others: [], words: text.slice(0, attributed.index) }
    const marked = MARKED.exec(text)
    const [first, ...others] = this.#marked(marked?.groups?.['marks'])
    if (marked !== null && first !== undefined) return { place: first, others, words: text.slice(0, marked.index) }
    if (this.#section === undefined) return undefined
    const alone = PAGE_ALONE.exec(text)
    const own = { page: `sources/${this.#section}`, ...pagesOf(alone?.groups) }
    return { place: own, others: [], words: text.replace(PAGE_ALONE, '').replace(PART_ALONE, '') }
  }

  /** The paragraph after or before a block quote. */
  #saidBy(index: number): { place: CitedPlace; others: CitedPlace[]; words?: undefined } | undefined {
    const [before, after] = [this.#blocks[index - 1], this.#blocks[index + 1]]
    for (const [block, isSaid] of [
      [after, after?.kind === 'text' && SAYS_SOURCE.test(after.text.trim()) && definitionIn(after) === undefined],
      [before, before?.kind === 'text' && /:\s*$/.test(before.text)],
    ] as const) {
      if (block === undefined || !isSaid) continue
      const said = block.text.slice(0, SAID_CHARACTERS_MAX)
      const places = [...said.matchAll(EVERY_PLACE)].flatMap((match) => placeOf(match) ?? [])
      const labels = [...said.matchAll(new RegExp(MARKS, 'gu'))].flatMap(({ groups }) =>
        this.#marked(groups?.['marks']),
      )
      const defined = definitionIn(block)?.place
      const [place, ...others] = [...places.slice(-1), ...(defined === undefined ? [] : [defined]), ...labels]
      if (place !== undefined) return { place, others }
    }
    return undefined
  }
}

/** A place and what it says, and nothing else. */
function quotedItem(text: string): Claim | undefined {
  const begin = PLACE_OF_ITEM.exec(text)
  const place = begin === null ? undefined : placeOf(begin)
  const [, quote] = WHOLE_QUOTE.exec(text.slice(begin?.[0].length ?? 0).trim()) ?? []
  return place === undefined || quote === undefined || quote.includes('[[') ? undefined : { ...place, quote }
}

/** `isWhole`: the block says nothing else. */
type Definition = {
  label: string
  place: CitedPlace | undefined
  quote: string | undefined
  isWhole: boolean
}

function definitionIn({ kind, text }: Block): Definition | undefined {
  const begin = kind === 'text' ? DEFINITION.exec(text) : null
  const label = begin?.groups?.['label'] ?? begin?.groups?.['item']
  // A box of a task list.
  if (begin === null || label === undefined || /^[xX]$/.test(label)) return undefined
  const rest = text.slice(begin[0].length).trim()
  const linked = DEFINED.exec(rest)
  const place = linked === null ? undefined : placeOf(linked)
  if (linked !== null && place !== undefined) {
    const after = rest.slice(linked[0].length)
    const quote = WHOLE_QUOTE.exec(after)?.[1]
    return { label, place, quote, isWhole: after === '' }
  }
  const named = DEFINED_BY_NAME.exec(rest)
  const quote = WHOLE_QUOTE.exec(rest.slice(named?.[0].length ?? 0))?.[1]
  const isPage = named?.groups?.['first'] !== undefined && named[0].length === rest.length
  if (named !== null && (quote !== undefined || isPage || FOLDERS.test(named.groups?.['bare'] ?? '')))
    return {
      label,
      place: { page: named.groups?.['bare'] ?? '', ...pagesOf(named.groups) },
      quote,
      isWhole: named[0].length === rest.length,
    }
  const [first] = [...rest.matchAll(EVERY_PLACE)].flatMap((match) => placeOf(match) ?? [])
  return { label, place: first, quote: undefined, isWhole: false }
}

/** Undefined for what leads elsewhere: to the web, or to a file that is not of a wiki. */
function placeOf({ groups = {} }: RegExpMatchArray): CitedPlace | undefined {
  const { wiki, heading, address, bare } = groups
  if (wiki !== undefined)
    return wiki.trim() === ''
      ? undefined
      : {
          page: wiki.trim(),
          ...(heading === undefined || heading === '' || heading.startsWith('page=') ? {} : { heading }),
          ...pagesOf(groups, heading),
        }
  const named = address ?? bare ?? ''
  const [path = '', part] = decoded(named).split('#')
  const [, kind, uri] = /^kbgit:\/\/(page|document)\/(.+)$/.exec(path) ?? []
  if (kind !== undefined) return { page: uri ?? '', ...pagesOf(groups, part) }
  const inside = path.replace(/^(?:\.{1,2}\/)+/, '')
  return FOLDERS.test(inside) || bare !== undefined ? { page: inside, ...pagesOf(groups, part) } : undefined
}

function pagesOf(
  groups: Record<string, string | undefined> = {},
  part = '',
): Pick<CitedPlace, 'pageNumber' | 'lastPage'> {
  const first = groups['first'] ?? /^page=(\d{1,6})$/.exec(part)?.[1]
  const last = groups['last']
  return {
    ...(first === undefined ? {} : { pageNumber: Number(first) }),
    ...(last === undefined || Number(last) <= Number(first) ? {} : { lastPage: Number(last) }),
  }
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address)
  } catch {
    return address
  }
}

function inner(quote = ''): string {
  return quote.slice(1, -1)
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ')
}

function lineAt({ line, text }: Block, at: number): number {
  return line + (text.slice(0, at).match(/\n/g)?.length ?? 0)
}
