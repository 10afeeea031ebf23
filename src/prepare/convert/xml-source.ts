// Parses XML into text and tags. Entities of a document type are never expanded; entities that could be a bomb are
// refused.
import { DocumentError } from '../../core/errors.ts'
import { tokenize } from '../html-tokens.ts'
import type { ConvertTask } from './converter.ts'
import { declaredEncoding, readText } from './text-source.ts'

export type XmlElement = {
  name: string
  attributes: string
  /** Its own text and elements; `content` has both in order. */
  text: string
  children: XmlElement[]
  content: (string | XmlElement)[]
}

/** Bytes: a tree is about ten times as large as its text. */
const XML_BYTES_MAX = 64 * 1024 * 1024
/** Maximum nesting of elements. */
const DEPTH_MAX = 1_000
const ELEMENTS_MAX = 2_000_000
const DECLARATION = /^(?:\xef\xbb\xbf)?<\?xml[^>]*\bencoding\s*=\s*["']([\w.-]+)/

/**
 * The text of an XML file. Throws `DocumentError`: `tooLarge`, or `bomb` for entities made of other entities or files.
 */
export async function readXml(task: Pick<ConvertTask, 'path' | 'size' | 'label' | 'encoding'>): Promise<string> {
  if (task.size > XML_BYTES_MAX) {
    throw new DocumentError(
      'tooLarge',
      `${task.label} is too large for an XML file (${task.size} bytes).`,
      `XML up to ${XML_BYTES_MAX} bytes is accepted; split it.`,
    )
  }
  const encoding = task.encoding ?? (await declaredEncoding(task, DECLARATION, 256))
  const text = await readText({ ...task, encoding })
  refuseBombs(text, task.label)
  return text
}

/** Nested entities grow without bound when expanded; external ones read other files. */
function refuseBombs(text: string, label: string): void {
  if (!/<!ENTITY/i.test(text.slice(0, 1024 * 1024))) return
  for (const match of text.matchAll(
    /<!ENTITY\s+(?:%\s+)?\S+\s+(?:(SYSTEM|PUBLIC)\b((?:\s+(?:"[^"]*"|'[^']*'))*\s+NDATA\b)?|"([^"]*)"|'([^']*)')/gi,
  )) {
    // Names of pictures and other files beside the document, which its text cannot refer to.
    if (match[2] !== undefined) continue
    if (match[1] === undefined && !/[&%](?!#)[\w:.-]+;/.test(match[3] ?? match[4] ?? '')) continue
    throw new DocumentError(
      'bomb',
      `${label} declares entities that expand without bound or read other files.`,
      'Save it without its document type.',
    )
  }
}

/**
 * The elements of XML, without a parent. Tolerates mismatched tags. Throws `DocumentError` (`bomb`) beyond the limits.
 */
export function xmlTree(text: string, label: string): XmlElement[] {
  const root = elementOf('', '')
  const stack = [root]
  let count = 0
  tokenize(
    text,
    {
      text: (part) => {
        const top = stack.at(-1)
        if (top === undefined) return
        top.text += part
        top.content.push(part)
      },
      open: (name, attributes, empty) => {
        if (++count > ELEMENTS_MAX || stack.length > DEPTH_MAX) {
          throw new DocumentError(
            'bomb',
            `${label} has too many elements, or nests them too deeply.`,
            `At most ${ELEMENTS_MAX} elements, nested ${DEPTH_MAX} deep, are accepted.`,
          )
        }
        const element = elementOf(name, empty ? attributes.replace(/\/$/, '') : attributes)
        const top = stack.at(-1)
        top?.children.push(element)
        top?.content.push(element)
        if (!empty) stack.push(element)
      },
      close: (name) => {
        const index = stack.findLastIndex((element) => element.name === name)
        if (index > 0) stack.length = index
      },
    },
    { xml: true },
  )
  return root.children
}

function elementOf(name: string, attributes: string): XmlElement {
  return { name, attributes, text: '', children: [], content: [] }
}

/** The first child with this name, ignoring the prefix. */
export function child(element: XmlElement, ...names: string[]): XmlElement | undefined {
  return names.map((name) => element.children.find((each) => local(each) === name)).find((each) => each !== undefined)
}

export function local(element: XmlElement): string {
  return element.name.slice(element.name.indexOf(':') + 1)
}

/** All text inside an element, in reading order, on one line. Texts of different elements are separated by spaces. */
export function textOf(element: XmlElement): string {
  return joined(element).replace(/\s+/g, ' ').trim()
}

function joined(element: XmlElement): string {
  const mixed = element.text.trim() !== ''
  return element.content.map((part) => (typeof part === 'string' ? part : joined(part))).join(mixed ? '' : ' ')
}
