// How a document's picture appears in Markdown.
import { escapeText } from '../markdown.ts'
import { attr, type XmlNode } from './xml-nodes.ts'

/** The author's description of a picture. */
export function altOf(node: XmlNode | undefined): string | undefined {
  const alt = (attr(node, 'descr') ?? '').trim() || (attr(node, 'title') ?? '').trim()
  return alt === '' ? undefined : alt
}

/** The picture if it was stored, else its description, else nothing. */
export function pictureMarkdown(target: string | undefined, alt: string): string {
  const shown = escapeText(alt.replace(/\s+/g, ' ').trim())
  if (target !== undefined) return `![${shown}](${target})`
  return shown === '' ? '' : `*Image: ${shown}*`
}
