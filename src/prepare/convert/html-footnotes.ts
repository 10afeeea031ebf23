// Footnotes of web pages, taken out before the main content is looked for: they stand far from it, and would be lost.
import { htmlToMarkdown, type HtmlOptions } from '../html-markdown.ts'

/** As much of a document tree as is used here. */
export type PageNode = {
  tagName: string
  id: string
  innerHTML: string
  textContent: string | null
  getAttribute: (name: string) => string | null
  querySelectorAll: (selector: string) => Iterable<PageNode>
  replaceWith: (text: string) => void
  remove: () => void
}

/** Notes of one page. */
const NOTES_MAX = 5_000
/** Stand around a number where a note is called; private use, so that they pass through as text. */
const [BEGIN, END] = ['\ue0f0', '\ue0f1']

/** Takes the notes out of the page and leaves marks where they are called. Gives their HTML, the first for number 1. */
export function takeFootnotes(document: Pick<PageNode, 'querySelectorAll'>): string[] {
  const targets = new Map<string, PageNode>()
  for (const node of document.querySelectorAll('li[id], aside[id], dd[id], p[id], div[id].footnote'))
    targets.set(node.id, node)
  if (targets.size === 0) return []
  const numbers = new Map<string, number>()
  const calls = document.querySelectorAll(
    'sup a[href^="#"], a[role="doc-noteref"][href^="#"], a.footnote-ref[href^="#"]',
  )
  for (const call of [...calls].slice(0, NOTES_MAX * 4)) {
    const id = idOf(call)
    if (id === undefined || !targets.has(id)) continue
    const number = numbers.get(id) ?? numbers.size + 1
    if (number > NOTES_MAX) continue
    numbers.set(id, number)
    call.replaceWith(`${BEGIN}${number}${END}`)
  }
  const notes = [...numbers.keys()].map((id) => targets.get(id))
  for (const note of notes) {
    for (const back of note?.querySelectorAll(
      '.mw-cite-backlink, a.footnote-backref, a.reversefootnote, a[role="doc-backlink"], a[href^="#fnref"], a[href^="#cite_ref"]',
    ) ?? [])
      back.remove()
  }
  const html = notes.map((note) => note?.innerHTML ?? '')
  for (const note of notes) note?.remove()
  return html
}

/** The text with its notes called as `[^1]`, and those that are called at its end. */
export function withFootnotes(markdown: string, notes: string[], options: HtmlOptions): string {
  if (notes.length === 0) return markdown
  const called = new Set<number>()
  const mark = (text: string): string =>
    text.replace(new RegExp(`\\^?${BEGIN}(\\d{1,5})${END}`, 'g'), (_, number: string) => {
      called.add(Number(number))
      return `[^${number}]`
    })
  const body = mark(markdown)
  const definitions: string[] = []
  // A note may call another one, which is then written as well.
  for (const number of called) {
    const text = mark(htmlToMarkdown(notes[number - 1] ?? '', options))
    definitions.push(`[^${number}]: ${text.replace(/\n(?!\n|$)/g, '\n    ')}`)
  }
  return [body, ...definitions].join('\n\n')
}

function idOf(call: PageNode): string | undefined {
  try {
    return decodeURIComponent(call.getAttribute('href')?.slice(1) ?? '')
  } catch {
    return undefined
  }
}
