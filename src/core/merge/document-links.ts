// Merging the texts of a document: kbgit writes them, so two sides differ in where their links lead, and in nothing else.
import { byCode } from './three-way.ts'

/** A link between documents, as kbgit writes it. */
const LINK =
  /\[\[(?:summaries|sources)\/[^[\]|\n]+\|([^[\]\n]+)\]\]|\[((?:[^[\]\\\n]|\\.)+)\]\((?:\.\.\/)+(?:summaries|sources)\/[^()\s]*\)/g

type Links = { plain: string; links: Map<number, { shown: string; link: string }> }

/** Undefined if the sides differ in more than their links. */
export function mergeDocumentLinks(ancestor: string, ours: string, theirs: string): string | undefined {
  const [before, left, right] = [linksOf(ancestor), linksOf(ours), linksOf(theirs)]
  if (left.plain !== right.plain) return undefined
  const places = [...new Set([...left.links.keys(), ...right.links.keys()])].sort((a, b) => a - b)
  let text = ''
  let end = 0
  for (const place of places) {
    const shown = (left.links.get(place) ?? right.links.get(place))?.shown ?? ''
    const [a, b, c] = [before, left, right].map(({ links }) => links.get(place)?.link)
    text += left.plain.slice(end, place) + (merged(a, b, c) ?? shown)
    end = place + shown.length
  }
  return text + left.plain.slice(end)
}

function merged(a: string | undefined, b: string | undefined, c: string | undefined): string | undefined {
  if (b === c || a === c) return b
  if (a === b) return c
  return [b, c].filter((link) => link !== undefined).sort(byCode)[0]
}

function linksOf(text: string): Links {
  const links: Links['links'] = new Map()
  let plain = ''
  let end = 0
  for (const { 0: link, 1: wiki, 2: markdown, index } of text.matchAll(LINK)) {
    const shown = wiki ?? markdown ?? ''
    plain += text.slice(end, index)
    links.set(plain.length, { shown, link })
    plain += shown
    end = index + link.length
  }
  return { plain: plain + text.slice(end), links }
}
