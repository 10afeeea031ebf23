// Runs of text in officeparser's tree as inline Markdown.
import type { OfficeContentNode } from 'officeparser'
import { cleanLatex, escapeText, inlineCode, lowered, raised, target } from './markdown.ts'

/** What rendering a tree needs and collects. */
export type AstContext = {
  /** Markdown of an image if it was stored, else its description, else ''. */
  image: (name: string | undefined, alt: string | undefined) => string
  /** The number of a footnote; the same note always gets the same number. */
  noteNumber: (note: OfficeContentNode) => number
}

type Style = { bold: boolean; italic: boolean; strike: boolean; link: string | undefined }
type Run = Style & { text: string }

/**
 * Inline Markdown of a node's children; a `\` at the end of a line is a line break. `plain` omits emphasis, for
 * headings.
 */
export function renderInline(nodes: OfficeContentNode[], context: AstContext, plain = false): string {
  const runs: Run[] = []
  for (const node of nodes) gather(node, { bold: false, italic: false, strike: false, link: undefined }, context, runs)
  return merge(plain ? runs.map((run) => ({ ...run, bold: false, italic: false, strike: false })) : runs)
    .map(renderRun)
    .join('')
    .replace(/[ \t]+(\\?\n)/g, '$1')
    .replace(/(?:\\?\n)+$/, '')
    .trim()
}

function gather(node: OfficeContentNode, style: Style, context: AstContext, into: Run[]): void {
  const children = node.children ?? []
  switch (node.type) {
    case 'text': {
      const own: Style = {
        bold: style.bold || node.formatting?.bold === true,
        italic: style.italic || node.formatting?.italic === true,
        strike: style.strike || node.formatting?.strikethrough === true,
        link: node.metadata?.linkType === 'internal' ? style.link : (node.metadata?.link ?? style.link),
      }
      const text = escapeText((node.text ?? '').replace(/\s*\n\s*/g, ' '))
      if (text !== '' && children.length === 0)
        into.push({ ...own, text: shifted(text, into.at(-1)?.text ?? '', node.formatting) })
      for (const child of children) gather(child, own, context, into)
      break
    }
    case 'break':
      if (node.metadata?.breakType === 'textWrapping' || node.metadata?.breakType === 'carriageReturn')
        into.push({ ...style, bold: false, italic: false, strike: false, text: '\\\n' })
      break
    case 'code':
      into.push({
        ...style,
        text: node.metadata?.math === undefined ? inlineCode(node.text ?? '') : `$${cleanLatex(node.text ?? '')}$`,
      })
      break
    case 'image':
      into.push({
        ...style,
        bold: false,
        italic: false,
        text: context.image(node.metadata?.attachmentName, node.metadata?.altText),
      })
      break
    case 'comment':
    case 'note':
      break
    default:
      if (children.length === 0 && node.text !== undefined)
        into.push({ ...style, text: escapeText(node.text.replace(/\s*\n\s*/g, ' ')) })
      for (const child of children) gather(child, style, context, into)
  }
  for (const note of node.type === 'note' ? [] : (node.notes ?? []))
    into.push({
      ...style,
      bold: false,
      italic: false,
      strike: false,
      link: undefined,
      text: `[^${context.noteNumber(note)}]`,
    })
}

/** Merges adjacent runs of one style, so that no two marks meet in mid-word. */
function merge(runs: Run[]): Run[] {
  const merged: Run[] = []
  for (const run of runs.filter(({ text }) => text !== '')) {
    const last = merged.at(-1)
    const blank = run.text.trim() === ''
    if (
      last !== undefined &&
      (blank || (last.bold === run.bold && last.italic === run.italic && last.strike === run.strike)) &&
      last.link === run.link
    )
      last.text += run.text
    else merged.push({ ...run })
  }
  return merged
}

/** Marks go inside the white space around a run; next to white space they have no effect. */
function renderRun({ text, bold, italic, strike, link }: Run): string {
  const match = /^((?:\s|\\\n)*)([\s\S]*?)((?:\s|\\\n)*)$/.exec(text)
  const [, before = '', core = '', after = ''] = match ?? []
  if (core === '') return text
  const marks = (strike ? '~~' : '') + (bold ? '**' : '') + (italic ? '*' : '')
  const marked =
    marks +
    core +
    [...marks.matchAll(/~~|\*\*|\*/g)]
      .map(([mark]) => mark)
      .reverse()
      .join('')
  const safe = link !== undefined && /^(?:https?:|mailto:)/i.test(link.trim())
  return before + (safe ? `[${marked.replace(/\\\n/g, ' ')}](${target(link)})` : marked) + after
}

/** Marks of superscript and subscript go inside the white space around them. */
function shifted(text: string, before: string, formatting: OfficeContentNode['formatting']): string {
  const shift = (letters: string): string => {
    if (formatting?.superscript === true) return raised(letters)
    return formatting?.subscript === true ? lowered(letters, before) : letters
  }
  return text.replace(/\S(?:[\s\S]*\S)?/, shift)
}
