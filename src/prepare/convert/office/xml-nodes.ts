// Parses a part of an office file into a tree of elements and texts, in reading order. Names have the prefixes used in
// the standards, whatever the file declares, so that readers can compare plain strings.
import { DocumentError } from '../../../core/errors.ts'
import { decode } from '../../html-tokens.ts'

export type XmlNode = { name: string; attributes: string; children: (XmlNode | string)[] }

/** Maximum elements per part and maximum nesting: readers walk trees by recursion. */
const ELEMENTS_MAX = 2_000_000
const DEPTH_MAX = 1_000

const OOXML = 'http://schemas.openxmlformats.org/'
const STRICT = 'http://purl.oclc.org/ooxml/'
const ODF = 'urn:oasis:names:tc:opendocument:xmlns:'
/** The usual prefix of each namespace; for Office Open XML in both forms (ECMA-376, transitional and strict). */
const PREFIXES = new Map<string, string>([
  ...[
    ['wordprocessingml', 'w'],
    ['drawingml', 'a'],
    ['presentationml', 'p'],
    ['spreadsheetml', 'x'],
  ].flatMap(([name, prefix = '']): [string, string][] => [
    [`${OOXML}${name}/2006/main`, prefix],
    [`${STRICT}${name}/main`, prefix],
  ]),
  ...[
    ['wordprocessingDrawing', 'wp'],
    ['spreadsheetDrawing', 'xdr'],
    ['picture', 'pic'],
    ['chart', 'c'],
    ['diagram', 'dgm'],
  ].flatMap(([name, prefix = '']): [string, string][] => [
    [`${OOXML}drawingml/2006/${name}`, prefix],
    [`${STRICT}drawingml/${name}`, prefix],
  ]),
  ...[
    ['relationships', 'r'],
    ['math', 'm'],
  ].flatMap(([name, prefix = '']): [string, string][] => [
    [`${OOXML}officeDocument/2006/${name}`, prefix],
    [`${STRICT}officeDocument/${name}`, prefix],
  ]),
  [`${OOXML}markup-compatibility/2006`, 'mc'],
  [`${OOXML}package/2006/relationships`, 'rel'],
  [`${OOXML}package/2006/metadata/core-properties`, 'cp'],
  ['urn:schemas-microsoft-com:vml', 'v'],
  ['http://schemas.microsoft.com/office/word/2010/wordprocessingShape', 'wps'],
  ['http://schemas.microsoft.com/office/drawing/2010/main', 'a14'],
  ['http://purl.org/dc/elements/1.1/', 'dc'],
  ['http://purl.org/dc/terms/', 'dcterms'],
  ['http://www.w3.org/1999/xlink', 'xlink'],
  ['http://www.w3.org/1998/Math/MathML', 'math'],
  ...['office', 'text', 'table', 'style', 'presentation', 'meta', 'chart', 'number'].map((name): [string, string] => [
    `${ODF}${name}:1.0`,
    name === 'chart' ? 'chart' : name,
  ]),
  [`${ODF}drawing:1.0`, 'draw'],
  [`${ODF}xsl-fo-compatible:1.0`, 'fo'],
  [`${ODF}svg-compatible:1.0`, 'svg'],
])

/** From the prefixes in the file to the usual ones, where they differ. */
type Scope = Map<string, string>

/** The root element. Throws `DocumentError`: `corrupt` if tags do not match, `bomb` beyond the limits. */
export function parseXml(source: string, label: string): XmlNode {
  const root: XmlNode = { name: '', attributes: '', children: [] }
  const open: { node: XmlNode; raw: string; scope: Scope }[] = [{ node: root, raw: '', scope: new Map() }]
  let count = 0
  for (let offset = 0; offset < source.length;) {
    const start = source.indexOf('<', offset)
    const top = open.at(-1)
    if (top === undefined) throw notXml(label)
    if (start !== offset && open.length > 1)
      top.node.children.push(decode(source.slice(offset, start < 0 ? undefined : start)))
    if (start < 0) break
    const next = source.charCodeAt(start + 1)
    if (next === 0x21 || next === 0x3f) {
      offset = skipDeclaration(source, start, top.node)
      continue
    }
    const end = tagEnd(source, start + 1)
    if (end < 0) throw notXml(label)
    offset = end + 1
    if (next === 0x2f) {
      if (top.raw !== source.slice(start + 2, end).trimEnd() || open.length === 1) throw notXml(label)
      open.pop()
      continue
    }
    if (++count > ELEMENTS_MAX || open.length > DEPTH_MAX) throw tooMuch(label)
    const empty = source.charCodeAt(end - 1) === 0x2f
    const { raw, attributes } = splitTag(source, start + 1, empty ? end - 1 : end)
    const scope = attributes.includes('xmlns') ? declared(attributes, top.scope) : top.scope
    const node: XmlNode = { name: nameIn(scope, raw), attributes, children: [] }
    top.node.children.push(node)
    if (!empty) open.push({ node, raw, scope })
  }
  const first = root.children.find((child) => typeof child !== 'string')
  if (open.length !== 1 || first === undefined) throw notXml(label)
  return first
}

function splitTag(source: string, from: number, to: number): { raw: string; attributes: string } {
  let offset = from
  while (offset < to && source.charCodeAt(offset) > 0x20) offset++
  return { raw: source.slice(from, offset), attributes: offset < to ? source.slice(offset, to) : '' }
}

/** The `>` that ends a tag, respecting quotes. */
function tagEnd(source: string, from: number): number {
  let end = source.indexOf('>', from)
  for (let quote = from; end >= 0;) {
    while (quote < end && source.charCodeAt(quote) !== 0x22 && source.charCodeAt(quote) !== 0x27) quote++
    if (quote >= end) return end
    const close = source.indexOf(source[quote] ?? '', quote + 1)
    if (close < 0) return -1
    quote = close + 1
    if (close > end) end = source.indexOf('>', close)
  }
  return -1
}

/** Comments and processing instructions are skipped; CDATA is text. */
function skipDeclaration(source: string, start: number, node: XmlNode): number {
  const [mark, length] = source.startsWith('<!--', start)
    ? ['-->', 4]
    : source.startsWith('<![CDATA[', start)
      ? [']]>', 9]
      : ['>', 1]
  const end = source.indexOf(mark, start + length)
  if (mark === ']]>') node.children.push(source.slice(start + 9, end < 0 ? undefined : end))
  return end < 0 ? source.length : end + mark.length
}

function declared(attributes: string, outer: Scope): Scope {
  const scope = new Map(outer)
  for (const match of attributes.matchAll(/xmlns(?::([\w.-]+))?\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    const prefix = match[1] ?? ''
    const usual = PREFIXES.get(match[2] ?? match[3] ?? '')
    if (usual === undefined ? scope.has(prefix) : usual !== prefix) scope.set(prefix, usual ?? prefix)
    else scope.delete(prefix)
  }
  return scope
}

function nameIn(scope: Scope, raw: string): string {
  if (scope.size === 0) return raw
  const colon = raw.indexOf(':')
  const usual = scope.get(colon < 0 ? '' : raw.slice(0, colon))
  return usual === undefined ? raw : `${usual}:${raw.slice(colon + 1)}`
}

function notXml(label: string): DocumentError {
  return new DocumentError(
    'corrupt',
    `${label} is damaged: a part of it is not well-formed XML.`,
    'Open it in the program that made it, and save it again.',
  )
}

function tooMuch(label: string): DocumentError {
  return new DocumentError(
    'bomb',
    `${label} has too many elements, or nests them too deeply.`,
    `At most ${ELEMENTS_MAX} elements per part, ${DEPTH_MAX} deep, are read.`,
  )
}

const EXACT = new Map<string, [exact: RegExp, local: RegExp | undefined]>()

/** An attribute by name; a name with a prefix also matches under any other prefix. */
export function attr(node: XmlNode | undefined, name: string): string | undefined {
  if (node === undefined || node.attributes === '') return undefined
  let patterns = EXACT.get(name)
  if (patterns === undefined) {
    const local = name.slice(name.indexOf(':') + 1)
    const of = (prefix: string): RegExp => new RegExp(`\\s${prefix}${local}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)
    patterns = [of(name.slice(0, name.length - local.length)), local === name ? undefined : of('(?:[\\w.-]+:)?')]
    EXACT.set(name, patterns)
  }
  const match = patterns[0].exec(node.attributes) ?? patterns[1]?.exec(node.attributes)
  const value = match?.[1] ?? match?.[2]
  return value === undefined ? undefined : decode(value)
}

export function numberAttr(node: XmlNode | undefined, name: string): number | undefined {
  const value = Number(attr(node, name) ?? NaN)
  return Number.isFinite(value) ? value : undefined
}

export function elements(node: XmlNode | undefined): XmlNode[] {
  return (node?.children ?? []).filter((child) => typeof child !== 'string')
}

/** The first child element with the first name, and so on down the path. */
export function child(node: XmlNode | undefined, ...path: string[]): XmlNode | undefined {
  let found = node
  for (const name of path)
    found = found?.children.find((each): each is XmlNode => typeof each !== 'string' && each.name === name)
  return found
}

export function children(node: XmlNode | undefined, name: string): XmlNode[] {
  return elements(node).filter((each) => each.name === name)
}

/** All descendants with these names, in order; matches are not searched themselves. */
export function* descendants(node: XmlNode | undefined, ...names: string[]): Generator<XmlNode> {
  for (const each of elements(node)) {
    if (names.includes(each.name)) yield each
    else yield* descendants(each, ...names)
  }
}

export function descendant(node: XmlNode | undefined, ...names: string[]): XmlNode | undefined {
  for (const found of descendants(node, ...names)) return found
  return undefined
}

/** All text inside, unchanged. */
export function textOf(node: XmlNode | string | undefined): string {
  if (node === undefined || typeof node === 'string') return node ?? ''
  return node.children.map(textOf).join('')
}

/** Replaces alternate content by the choice if it has any content, else by the fallback (ECMA-376 part 3). */
export function chosen(alternate: XmlNode): XmlNode[] {
  const choice = children(alternate, 'mc:Choice').find((each) => elements(each).length > 0)
  return elements(choice ?? child(alternate, 'mc:Fallback'))
}
