// Finds active content in Markdown, and what to replace it with.
import { bracketBreak, follow, formulasOf } from '../core/page/formulas.ts'
import type { Definition, Html, Image, ImageReference, Link, LinkReference, Node, Parent, Root } from 'mdast'
import { CONCEALING } from '../core/page/visible-text.ts'
import type { Edit } from './edit.ts'
import { placeIn, type Excerpt } from './excerpt.ts'
import { inlineHtml, flowHtml } from './raw-html.ts'
import { target } from './convert/markdown.ts'
import { localLink, plainWords } from './wikilinks.ts'

export type SanitizeOptions = {
  /** Whether `file` of a `kbgit-image:` link was stored for this document. */
  hasImage: (file: string) => boolean
  /** The base of relative links; without it they lead nowhere and become text. */
  url?: string | undefined
  /** Stores a picture next to the document, and returns its link target. */
  sibling?: ((address: string) => string | undefined) | undefined
  /** The address of a link to another document, given its name or path; without it such a link becomes text. */
  link?: ((target: string) => string | undefined) | undefined
  /** Double brackets are links too; see `wikilinks.ts`. */
  wikilinks?: boolean
}

type Range = { start: number; end: number }

/** Schemes that a click may follow. All others belong to programs on the reader's machine. */
const SCHEMES = new Set(['http', 'https', 'mailto', 'tel', 'ftp', 'ftps', 'news', 'doi', 'urn'])
/** Wikilinks, image marks, and invisible characters. */
const SCANNED = new RegExp(`\\[\\[|!(?=\\[)|${CONCEALING.source}`, 'gu')
const INLINE_IMAGE = /^data:image\/(?:png|jpe?g|gif|webp|bmp|avif);base64,[\w+/=]*$/i

/** A target unchanged, made absolute, or the kind of text that replaces it. */
type Target = { kind: 'keep' } | { kind: 'absolute'; address: string } | { kind: 'nowhere' } | { kind: 'unsafe' }

/** Edits of `whole`, given the parsed part of it. */
export function findActive(whole: string, excerpt: Excerpt, options: SanitizeOptions): Edit[] {
  const place = placeIn(excerpt)
  const edits: Edit[] = []
  for (const { start, end, text } of new Finder(whole, excerpt, options).find()) {
    const from = place(start)
    if (from !== undefined) edits.push({ start: from, end: from + end - start, text })
  }
  return edits
}

class Finder {
  readonly #whole: string
  readonly #excerpt: Excerpt
  readonly #text: string
  readonly #options: SanitizeOptions
  readonly #edits: Edit[] = []
  readonly #code: Range[] = []
  readonly #images = new Set<number>()
  /** Addresses by identifier. */
  readonly #definitions: Map<string, string>

  constructor(whole: string, excerpt: Excerpt, options: SanitizeOptions) {
    this.#whole = whole
    this.#excerpt = excerpt
    this.#text = excerpt.text
    this.#options = options
    this.#definitions = new Map(excerpt.definitions)
  }

  find(): Edit[] {
    const { tree } = this.#excerpt
    this.#collect(tree)
    this.#walk(tree, [])
    this.#scanText()
    return this.#edits
  }

  #collect(node: Node): void {
    for (const child of childrenOf(node)) {
      if (child.type === 'definition') {
        const definition = child as Definition
        if (!this.#definitions.has(definition.identifier)) this.#definitions.set(definition.identifier, definition.url)
      } else this.#collect(child)
    }
  }

  #walk(node: Parent | Root, within: string[]): void {
    const children = childrenOf(node)
    children.forEach((child, index) => {
      const range = rangeOf(child)
      switch (child.type) {
        case 'code':
        case 'inlineCode':
          this.#code.push(range)
          return
        case 'html': {
          const found =
            node.type === 'root' || FLOW.has(node.type)
              ? flowHtml(child as Html, this.#text, range)
              : inlineHtml(children, index, within, this.#text)
          this.#edits.push(...found)
          return
        }
        case 'definition':
          this.#definition(child as Definition, range)
          return
        case 'image':
        case 'imageReference':
          this.#image(child as Image | ImageReference, range, within)
          return
        case 'link':
        case 'linkReference':
          this.#link(child as Link | LinkReference, range)
          this.#walk(child as Parent, [...within, 'link'])
          return
        default:
          if ('children' in child) this.#walk(child as Parent, [...within, child.type])
      }
    })
  }

  #classify(address: string): Target {
    const clean = address.replace(/[\p{Cc}\p{Cf}\s]+/gu, '')
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(clean)?.[1]?.toLowerCase()
    if (clean === '' || clean.startsWith('#')) return clean === '' ? { kind: 'nowhere' } : { kind: 'keep' }
    if (scheme === 'kbgit-link' && this.#options.link !== undefined) return { kind: 'keep' }
    if (scheme !== undefined && !/^[a-z]$/.test(scheme))
      return SCHEMES.has(scheme) ? { kind: 'keep' } : { kind: 'unsafe' }
    const { url } = this.#options
    if (url === undefined || scheme !== undefined || !URL.canParse(clean, url)) return { kind: 'nowhere' }
    const absolute = new URL(clean, url)
    return /^https?:$/.test(absolute.protocol) ? { kind: 'absolute', address: absolute.href } : { kind: 'nowhere' }
  }

  #link(node: Link | LinkReference, { start, end }: Range): void {
    const address = node.type === 'link' ? node.url : this.#definitions.get(node.identifier)
    if (address === undefined) return
    const classified = this.#classify(address)
    if (classified.kind === 'keep') return
    const inner = innerOf(node)
    if (inner === undefined) {
      this.#edits.push({ start, end, text: '' })
      return
    }
    const local = classified.kind === 'unsafe' ? undefined : localLink(address, classified.kind, this.#options)
    if (local !== undefined) {
      this.#edits.push({ start, end: inner.start, text: '[' }, { start: inner.end, end, text: `](${local})` })
      return
    }
    if (classified.kind === 'absolute') {
      // A reference follows its definition, which is fixed itself.
      if (node.type === 'link') this.#edits.push({ start: inner.end, end, text: `](${target(classified.address)})` })
      return
    }
    const shown = this.#text.slice(inner.start, inner.end)
    const tail =
      classified.kind === 'nowhere' && address.trim() !== '' && !shown.includes(address)
        ? ` (${plainAddress(address)})`
        : ''
    this.#edits.push({ start, end: inner.start, text: '' }, { start: inner.end, end, text: tail })
  }

  #image(node: Image | ImageReference, { start, end }: Range, within: string[]): void {
    const address = (node.type === 'image' ? node.url : this.#definitions.get(node.identifier)) ?? ''
    const file = /^kbgit-image:(.*)$/.exec(address)?.[1]
    this.#images.add(start)
    if (file === undefined ? INLINE_IMAGE.test(address) : this.#options.hasImage(file)) return
    const alt = plainWords(node.alt ?? '')
    const sibling = this.#options.sibling?.(address)
    if (sibling !== undefined) {
      this.#edits.push({ start, end, text: `![${alt}](${sibling})` })
      return
    }
    const classified = this.#classify(address)
    const remote =
      classified.kind === 'absolute'
        ? classified.address
        : classified.kind === 'keep' && !address.startsWith('#')
          ? address
          : undefined
    if (remote === undefined) {
      const lost = classified.kind === 'nowhere' && address.trim() !== '' ? plainAddress(address) : ''
      this.#edits.push({ start, end, text: alt === '' ? lost : lost === '' ? alt : `${alt} (${lost})` })
    } else {
      const name = alt === '' ? plainWords(fileName(remote)) : alt
      // Links cannot be nested: inside a link only the name is left.
      this.#edits.push({ start, end, text: within.includes('link') ? name : `[${name}](${target(remote)})` })
    }
  }

  #definition(node: Definition, { start, end }: Range): void {
    const isImage = node.url.startsWith('kbgit-image:') && this.#options.hasImage(node.url.slice(12))
    if (isImage || INLINE_IMAGE.test(node.url)) return
    const classified = this.#classify(node.url)
    if (classified.kind === 'keep') return
    const text =
      classified.kind === 'absolute' ? `[${node.label ?? node.identifier}]: ${target(classified.address)}` : ''
    this.#edits.push({ start, end, text })
  }

  /** What is not a node: wikilinks, image marks that a definition elsewhere could complete, control characters. */
  #scanText(): void {
    this.#code.sort((a, b) => a.start - b.start)
    const text = this.#text
    let from = 0
    const inCode = (index: number): boolean => {
      while ((this.#code[from]?.end ?? Infinity) <= index) from++
      return (this.#code[from]?.start ?? Infinity) <= index
    }
    const inFormula = this.#formulas()
    for (const match of text.matchAll(SCANNED)) {
      const i = match.index
      if (inCode(i)) continue
      if (match[0] === '!') {
        if (!this.#images.has(i) && text[i - 1] !== '\\') this.#edits.push({ start: i, end: i, text: '\\' })
        continue
      }
      if (match[0] !== '[[') {
        this.#edits.push({ start: i, end: i + match[0].length, text: '' })
        continue
      }
      const lineEnd = text.indexOf('\n', i)
      const close = text
        .slice(i, Math.min(lineEnd < 0 ? text.length : lineEnd, i + WIKILINK_CHARACTERS_MAX))
        .indexOf(']]')
      if (close < 0) continue
      if (inFormula(i)) {
        const group = bracketBreak(text, i)
        if (group !== '') this.#edits.push({ start: i + 1, end: i + 1, text: group })
        continue
      }
      this.#edits.push({ start: i + 1, end: i + 1, text: '\\' }, { start: i + close, end: i + close, text: '\\' })
    }
  }

  /** A formula may go on over blocks that are not in the excerpt. */
  #formulas(): (index: number) => boolean {
    const inFormula = follow(formulasOf(this.#whole))
    const place = placeIn(this.#excerpt)
    return (index) => {
      const at = place(index)
      return at !== undefined && inFormula(at)
    }
  }
}

const FLOW = new Set(['blockquote', 'listItem', 'footnoteDefinition'])
const WIKILINK_CHARACTERS_MAX = 1_000

function childrenOf(node: Node): Node[] {
  return 'children' in node ? (node as Parent).children : []
}

function rangeOf(node: Node): Range {
  return { start: node.position?.start.offset ?? 0, end: node.position?.end.offset ?? 0 }
}

/** The displayed text of a link: from its first child to its last. */
function innerOf(node: Parent): Range | undefined {
  const [first] = node.children
  const last = node.children.at(-1)
  return first === undefined || last === undefined ? undefined : { start: rangeOf(first).start, end: rangeOf(last).end }
}

/** An address as text that is not read as Markdown. */
function plainAddress(address: string): string {
  return plainWords(address.length > 200 ? `${address.slice(0, 200)}…` : address)
}

function fileName(address: string): string {
  const last =
    address
      .replace(/[?#].*$/, '')
      .split('/')
      .findLast((part) => part !== '') ?? ''
  try {
    return decodeURIComponent(last).slice(0, 100) || 'image'
  } catch {
    return last.slice(0, 100) || 'image'
  }
}
