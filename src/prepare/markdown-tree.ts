// The syntax tree of Markdown, with positions. The only module that knows the parser.
import type { Root } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'

const OPTIONS = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }

/** Block quotes and list items inside one another, beyond which the parser's time is no longer in proportion. */
const NESTING_MAX = 60
/** The same for marks that may pair, in one paragraph. */
const MARKS_MAX = 3_000

const NESTED = new RegExp(`(?:>[ \\t]?|(?:[-*+]|\\d[.)])[ \\t]+){${NESTING_MAX}}`)

/** Parses CommonMark with GFM. Undefined for what no person wrote and the parser would not end with in time. */
export function parseMarkdown(text: string): Root | undefined {
  return NESTED.test(text) || text.split(/\n\s*\n/).some(isMeasureless) ? undefined : fromMarkdown(text, OPTIONS)
}

function isMeasureless(paragraph: string): boolean {
  return paragraph.length > MARKS_MAX && (paragraph.match(/\*+|_+|~+|\[/g)?.length ?? 0) > MARKS_MAX
}
