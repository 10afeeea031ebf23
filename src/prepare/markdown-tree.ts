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

/** Characters from which the share of marks is looked at: a quarter of them is more than any person writes. */
const DENSE_CHARACTERS_MIN = 4_096
/** Definitions of links and notes in what is parsed at once. */
const DEFINITIONS_MAX = 400

const NESTED = new RegExp(`(?:>[ \\t]?|(?:[-*+]|\\d[.)])[ \\t]+){${NESTING_MAX}}`)

/** Parses CommonMark with GFM. Undefined for what no person wrote and the parser would not end with in time. */
export function parseMarkdown(text: string): Root | undefined {
  return isDense(text) || NESTED.test(text) || text.split(/\n\s*\n/).some(isMeasureless)
    ? undefined
    : fromMarkdown(text, OPTIONS)
}

/** Hardly anything but marks, or definitions without end: the parser's time grows faster than such a text. */
function isDense(text: string): boolean {
  if (text.length < DENSE_CHARACTERS_MIN) return false
  const marks = text.match(/[[\]<>*_~`&\\!]/g)?.length ?? 0
  const entities = text.match(/&/g)?.length ?? 0
  if (marks * 4 > text.length || entities * 10 > text.length) return true
  return (text.match(/^[ \t>]*\[[^\]\n]*\]:/gm)?.length ?? 0) > DEFINITIONS_MAX
}

function isMeasureless(paragraph: string): boolean {
  return paragraph.length > MARKS_MAX && (paragraph.match(/\*+|_+|~+|\[/g)?.length ?? 0) > MARKS_MAX
}
