// The part of a text that a link names after `#`: a heading by its text or by its anchor on a host, or a block's id.
import { codeOf } from './code-lines.ts'
import { collisionKey } from './slug.ts'

/** Where a part is, as a link writes it: the heading's text, or `^id`. Undefined if the text does not have it. */
export function findPart(text: string, part: string): string | undefined {
  const last = part.slice(part.lastIndexOf('#') + 1).trim()
  if (last.startsWith('^')) return hasBlock(text, last) ? last : undefined
  const key = anchorKey(last)
  if (key === '') return undefined
  let similar: string | undefined
  for (const heading of headingLines(text)) {
    if (heading === last) return heading
    if (similar === undefined && anchorKey(heading) === key) similar = heading
  }
  return similar
}

/** `Second part`, `second-part` and `Second_part` are the same place. */
function anchorKey(heading: string): string {
  return collisionKey(heading).replace(/[^\p{L}\p{M}\p{N}]+/gu, '')
}

function hasBlock(text: string, id: string): boolean {
  return text.split('\n').some((line) => {
    const end = line.trimEnd()
    return end === id || end.endsWith(` ${id}`)
  })
}

/** ATX and setext headings outside of code, as they are displayed. */
function* headingLines(text: string): Generator<string> {
  const code = codeOf(text)
  let inCode = 0
  let start = 0
  let previous = ''
  for (const line of text.split('\n')) {
    while ((code[inCode]?.end ?? Infinity) <= start) inCode++
    const isCode = (code[inCode]?.start ?? Infinity) <= start
    start += line.length + 1
    const atx = isCode ? null : /^ {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/.exec(line)
    if (atx !== null) yield displayed(atx[1] ?? '')
    else if (!isCode && previous !== '' && /^ {0,3}(?:=+|-+)[ \t]*$/.test(line)) yield displayed(previous)
    previous = isCode || atx !== null ? '' : line.trim()
  }
}

function displayed(inline: string): string {
  return inline
    .replace(/!?\[\[(?:[^[\]|\n]*\|)?([^[\]\n]*)\]\]/g, '$1')
    .replace(/!?\[((?:[^[\]\\]|\\.)*)\]\([^()]*\)/g, '$1')
    .replace(/(?<!\\)(\*\*|__|~~|`+)/g, '')
    .replace(/(?<![\\\p{L}\p{N}])[*_](?=\S)|(?<=\S)(?<!\\)[*_](?![\p{L}\p{N}])/gu, '')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .trim()
}
