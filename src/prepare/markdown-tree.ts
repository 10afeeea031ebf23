// The syntax tree of Markdown, with positions. The only module that uses the parser.
import type { Root } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'

const OPTIONS = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }

/** Nesting of block quotes and list items beyond which the parser is no longer linear. */
const NESTING_MAX = 60
/** The same for marks that may pair, in one paragraph. */
const MARKS_MAX = 3_000

/**
 * Number of characters from which the share of marks is checked: a quarter of the text is more than any person writes.
 * Well below the size of a page: the pages of a long document are parsed one by one.
 */
const DENSE_CHARACTERS_MIN = 1_024
/** Maximum number of link and note definitions parsed at once, and how many characters each has at least on average. */
const DEFINITIONS_MAX = 400
const DEFINITION_CHARACTERS_MIN = 25

const NESTED = new RegExp(`(?:>[ \\t]?|(?:[-*+]|\\d[.)])[ \\t]+){${NESTING_MAX}}`)

/** Parses CommonMark with GFM. Undefined for input that no person wrote and that would take the parser too long. */
export function parseMarkdown(text: string): Root | undefined {
  return isParsable(text) ? parseParsable(text) : undefined
}

/** Whether the parser takes the text, or a part of it, in time that its length explains. */
export function isParsable(text: string): boolean {
  return !isDense(text) && !NESTED.test(text) && !text.split(/\n\s*\n/).some(isMeasureless)
}

/** Parses what is known to be parsable. */
export function parseParsable(text: string): Root {
  return fromMarkdown(text, OPTIONS)
}

/** Almost only marks, or endless definitions: the parser is not linear in such a text. */
function isDense(text: string): boolean {
  if (text.length < DENSE_CHARACTERS_MIN) return false
  const marks = text.match(/[[\]<>*_~`&\\!]/g)?.length ?? 0
  const entities = text.match(/&/g)?.length ?? 0
  if (marks * 4 > text.length || entities * 10 > text.length) return true
  const definitions = text.match(/^[ \t>]*\[[^\]\n]*\]:/gm)?.length ?? 0
  return definitions > DEFINITIONS_MAX || definitions * DEFINITION_CHARACTERS_MIN > text.length
}

function isMeasureless(paragraph: string): boolean {
  return paragraph.length > MARKS_MAX && (paragraph.match(/\*+|_+|~+|\[/g)?.length ?? 0) > MARKS_MAX
}
