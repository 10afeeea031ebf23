// Links between documents. While a text is made safe, a link that may lead to another document has the address
// `kbgit-link:<n>`. In the end it is taken out of the text, which keeps what it displays; the commit finds the document.
import type { DocumentLink, Format } from '../core/document/document.ts'
import { codeOf } from '../core/page/code-lines.ts'

/** Formats whose relative links lead to other files of the same folder. */
const LINKING = new Set<Format>(['md', 'html', 'ipynb'])
const LINKS_MAX = 10_000
const TARGET_CHARACTERS_MAX = 500
/** Characters of all targets and displayed texts: a registry file stays far below its limit. */
const CHARACTERS_MAX = 1024 ** 2

/** A bracket, an escaped character, or the end of a link to another document. */
const MARKS = /\\[^]|\[|\]\(kbgit-link:(\d{1,6})\)|\]/g
const PICTURE = /\.(?:png|jpe?g|gif|webp|bmp|avif|svg)$/i

type Target = Pick<DocumentLink, 'to' | 'part'>

export class DocumentLinks {
  readonly #targets: Target[] = []
  readonly #numbers = new Map<string, number>()
  /** In the order of the text. */
  readonly kept: DocumentLink[] = []
  #characters = 0

  /** Undefined if links of the format lead elsewhere, or the document was fetched. */
  static of(format: Format, url: string | undefined): DocumentLinks | undefined {
    return url === undefined && LINKING.has(format) ? new DocumentLinks() : undefined
  }

  /** The address of a link to a name or path, percent-decoded, with its part after `#`; undefined if it does not lead to a document. */
  add(target: string): string | undefined {
    const hash = target.indexOf('#')
    const to = (hash < 0 ? target : target.slice(0, hash)).trim()
    const part = hash < 0 ? '' : target.slice(hash + 1).trim()
    if (to.length > TARGET_CHARACTERS_MAX || part.length > TARGET_CHARACTERS_MAX) return undefined
    if ((to === '' && part === '') || PICTURE.test(to) || /[\p{Cc}\p{Zl}\p{Zp}]|\/$/u.test(target)) return undefined
    const key = `${to}#${part}`
    const number = this.#numbers.get(key) ?? this.#targets.length
    if (number === this.#targets.length) {
      this.#numbers.set(key, number)
      // A page of a PDF, and the like, is not a heading.
      this.#targets.push(part === '' || part.includes('=') ? { to } : { to, part })
    }
    return `kbgit-link:${number}`
  }

  /** The text with each link as what it displays, and the links. */
  take(markdown: string, page?: number): { text: string; links: DocumentLink[] } {
    const links: DocumentLink[] = []
    if (!markdown.includes('](kbgit-link:')) return { text: markdown, links }
    const code = codeOf(markdown)
    let inCode = 0
    const open: number[] = []
    const found: { start: number; close: number; after: number; target: Target | undefined }[] = []
    for (const { 0: mark, 1: number, index } of markdown.matchAll(MARKS)) {
      while ((code[inCode]?.end ?? Infinity) <= index) inCode++
      if ((code[inCode]?.start ?? Infinity) <= index) continue
      if (mark === '[') open.push(index)
      else if (mark.startsWith(']')) {
        const start = open.pop()
        if (number !== undefined && start !== undefined)
          found.push({ start, close: index, after: index + mark.length, target: this.#targets[Number(number)] })
      }
    }
    let text = ''
    let end = 0
    // A link inside a link, which Markdown does not have, is text.
    for (const { start, close, after, target } of found.sort((a, b) => a.start - b.start)) {
      if (start < end) continue
      text += markdown.slice(end, start)
      const shown = markdown.slice(start + 1, close).replace(/\]\(kbgit-link:\d+\)/g, ']')
      if (target !== undefined && shown.trim() !== '')
        links.push({ ...target, text: shown, at: text.length, ...(page === undefined ? {} : { page }) })
      text += shown
      end = after
    }
    return { text: text + markdown.slice(end), links }
  }

  keep(links: DocumentLink[]): void {
    for (const link of links) {
      this.#characters += link.to.length + (link.part?.length ?? 0) + link.text.length
      if (this.kept.length < LINKS_MAX && this.#characters <= CHARACTERS_MAX) this.kept.push(link)
    }
  }
}
