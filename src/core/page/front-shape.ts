// The front matter that kbgit writes, with its types. Other keys belong to the user.
import { FORMATS } from '../document/document.ts'
import { integer, list, oneOf, text, type Misfit, type Shape } from '../shape.ts'
import type { FrontMatter } from './page.ts'

const TEXT_CHARS_MAX = 4_000
const ITEMS_MAX = 10_000

const line = text('a text', TEXT_CHARS_MAX)
const names = list(line, ITEMS_MAX)

const SUMMARY: Record<string, Shape<unknown>> = {
  title: line,
  description: line,
  document: line,
  sha256: text('a SHA-256', 64, /^[0-9a-f]{64}$/),
  format: oneOf(...FORMATS),
  pages: integer(0),
  language: line,
  author: line,
  date: line,
  url: line,
  from: line,
  to: line,
  subject: line,
  aliases: names,
  tags: names,
}

const TOPIC: Record<string, Shape<unknown>> = {
  title: line,
  aliases: names,
  description: line,
  entity_type: line,
  sources: names,
  overview: line,
  part: integer(2),
}

/** What in a page's front matter differs from what kbgit writes; pages of other types belong to the user. */
export function frontMisfit(front: FrontMatter): Misfit | undefined {
  const type = front['type']
  const shapes = type === 'summary' ? SUMMARY : type === 'concept' || type === 'entity' ? TOPIC : {}
  for (const [key, shape] of Object.entries(shapes)) {
    const misfit = Object.hasOwn(front, key) ? shape(front[key], key) : undefined
    if (misfit !== undefined) return misfit
  }
  return undefined
}
