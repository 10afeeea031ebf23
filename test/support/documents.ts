// Makes documents in every Office format, small ones and broken ones.
import { CFB, utils, write, type WorkBook } from '@e965/xlsx'
import { crc32, deflateSync } from 'node:zlib'
import { zip, type ZipMember } from './zip.ts'

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/package/2006/relationships'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

export function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}

/** A PNG of `side` by `side` pixels; a different `seed` gives a different picture. */
export function png(side = 64, seed = 1): Buffer {
  const pixels = Buffer.alloc(side * side * 3)
  for (let at = 0, value = seed; at < pixels.length; at++) {
    value = (value * 1103515245 + 12345) % 2147483648
    pixels[at] = value >> 16
  }
  return pngOf(side, side, pixels)
}

/** A PNG of these pixels: three bytes each, row by row. */
export function pngOf(width: number, height: number, pixels: Buffer): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const out = Buffer.alloc(12 + data.length)
    out.writeUInt32BE(data.length, 0)
    out.write(type, 4, 'latin1')
    data.copy(out, 8)
    out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length)
    return out
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2], 8)
  const rows = Buffer.alloc(height * (1 + width * 3))
  for (let row = 0; row < height; row++)
    pixels.copy(rows, row * (1 + width * 3) + 1, row * width * 3, (row + 1) * width * 3)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function contentTypes(parts: Record<string, string>): ZipMember {
  const overrides = Object.entries(parts).map(
    ([part, type]) =>
      `<Override PartName="/${part}" ContentType="application/vnd.openxmlformats-officedocument.${type}+xml"/>`,
  )
  const defaults =
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
  return {
    name: '[Content_Types].xml',
    content: `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${defaults}${overrides.join('')}</Types>`,
  }
}

function relationships(
  name: string,
  targets: { id: string; type: string; target: string; external?: boolean }[],
): ZipMember {
  const list = targets.map(
    ({ id, type, target, external }) =>
      `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${escapeXml(target)}"${external === true ? ' TargetMode="External"' : ''}/>`,
  )
  return { name, content: `${XML}<Relationships xmlns="${RELATIONSHIPS}">${list.join('')}</Relationships>` }
}

export type Properties = { title?: string; author?: string; created?: string }

function coreProperties({ title, author, created }: Properties): ZipMember {
  const fields = [
    title === undefined ? '' : `<dc:title>${escapeXml(title)}</dc:title>`,
    author === undefined ? '' : `<dc:creator>${escapeXml(author)}</dc:creator>`,
    created === undefined ? '' : `<dcterms:created xsi:type="dcterms:W3CDTF">${created}</dcterms:created>`,
  ]
  return {
    name: 'docProps/core.xml',
    content: `${XML}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${fields.join('')}</cp:coreProperties>`,
  }
}

export type DocxOptions = Properties & {
  /** Inner XML of `w:styles`. */
  styles?: string
  /** Inner XML of `w:numbering`. */
  numbering?: string
  footnotes?: string
  /** Relationships of the document. */
  links?: { id: string; type: string; target: string; external?: boolean }[]
  members?: ZipMember[]
}

/** A Word document. `body` is the inner XML of `w:body`; the prefixes w, r, m, wp, a and pic are bound. */
export function docx(body: string, options: DocxOptions = {}): Buffer {
  const namespaces = `${W} xmlns:r="${OFFICE}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"`
  const links = [...(options.links ?? [])]
  const members: ZipMember[] = [...(options.members ?? [])]
  const part = (name: string, root: string, inner: string | undefined): void => {
    if (inner === undefined) return
    members.push({ name: `word/${name}.xml`, content: `${XML}<w:${root} ${namespaces}>${inner}</w:${root}>` })
    links.push({ id: `r_${name}`, type: name, target: `${name}.xml` })
  }
  part('styles', 'styles', options.styles)
  part('numbering', 'numbering', options.numbering)
  part('footnotes', 'footnotes', options.footnotes)
  return zip([
    contentTypes({ 'word/document.xml': 'wordprocessingml.document.main' }),
    relationships('_rels/.rels', [{ id: 'r1', type: 'officeDocument', target: 'word/document.xml' }]),
    { name: 'word/document.xml', content: `${XML}<w:document ${namespaces}><w:body>${body}</w:body></w:document>` },
    relationships('word/_rels/document.xml.rels', links),
    coreProperties(options),
    ...members,
  ])
}

/** `w:p` with text in one run. */
export function paragraph(text: string, style?: string): string {
  const properties = style === undefined ? '' : `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`
  return `<w:p>${properties}<w:r><w:t xml:space="preserve">${escapeXml(text)}</w:t></w:r></w:p>`
}

/** A Word table; cells are block XML. */
export function wordTable(rows: string[][]): string {
  return `<w:tbl>${rows.map((row) => `<w:tr>${row.map((cell) => `<w:tc>${cell}</w:tc>`).join('')}</w:tr>`).join('')}</w:tbl>`
}

export type Slide = {
  title?: string
  body?: string[]
  notes?: string
  shapes?: string
  links?: { id: string; type: string; target: string }[]
}

/** A PowerPoint presentation. */
export function pptx(slides: Slide[], options: Properties & { members?: ZipMember[] } = {}): Buffer {
  const namespaces = `xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="${OFFICE}" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"`
  const shape = (id: number, kind: string, texts: string[]): string =>
    `<p:sp><p:nvSpPr><p:cNvPr id="${id}" name="Shape ${id}"/><p:cNvSpPr/><p:nvPr><p:ph type="${kind}"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>${texts.map((text) => `<a:p><a:r><a:t>${escapeXml(text)}</a:t></a:r></a:p>`).join('')}</p:txBody></p:sp>`
  const members = slides.flatMap((slide, at): ZipMember[] => {
    const n = at + 1
    const shapes = [
      slide.title === undefined ? '' : shape(2, 'title', [slide.title]),
      slide.body === undefined ? '' : shape(3, 'body', slide.body),
      slide.shapes ?? '',
    ]
    const links = [
      ...(slide.links ?? []),
      ...(slide.notes === undefined
        ? []
        : [{ id: 'rNotes', type: 'notesSlide', target: `../notesSlides/notesSlide${n}.xml` }]),
    ]
    return [
      {
        name: `ppt/slides/slide${n}.xml`,
        content: `${XML}<p:sld ${namespaces}><p:cSld><p:spTree>${shapes.join('')}</p:spTree></p:cSld></p:sld>`,
      },
      relationships(`ppt/slides/_rels/slide${n}.xml.rels`, links),
      ...(slide.notes === undefined
        ? []
        : [
            {
              name: `ppt/notesSlides/notesSlide${n}.xml`,
              content: `${XML}<p:notes ${namespaces}><p:cSld><p:spTree>${shape(2, 'body', [slide.notes])}</p:spTree></p:cSld></p:notes>`,
            },
          ]),
    ]
  })
  return zip([
    contentTypes({
      'ppt/presentation.xml': 'presentationml.presentation.main',
      ...Object.fromEntries(slides.map((_, at) => [`ppt/slides/slide${at + 1}.xml`, 'presentationml.slide'])),
    }),
    relationships('_rels/.rels', [{ id: 'r1', type: 'officeDocument', target: 'ppt/presentation.xml' }]),
    {
      name: 'ppt/presentation.xml',
      content: `${XML}<p:presentation ${namespaces}><p:sldIdLst>${slides.map((_, at) => `<p:sldId id="${256 + at}" r:id="r${at + 1}"/>`).join('')}</p:sldIdLst></p:presentation>`,
    },
    relationships(
      'ppt/_rels/presentation.xml.rels',
      slides.map((_, at) => ({ id: `r${at + 1}`, type: 'slide', target: `slides/slide${at + 1}.xml` })),
    ),
    coreProperties(options),
    ...members,
    ...(options.members ?? []),
  ])
}

type Cell = string | number | boolean | Date | null

/** A workbook in the format of `bookType`, e.g. `xlsx`, `biff8` (xls) or `ods`. */
export function workbook(
  sheets: Record<string, Cell[][]>,
  bookType: 'xlsx' | 'biff8' | 'ods',
  change: (book: WorkBook) => void = () => {},
): Buffer {
  const book = utils.book_new()
  for (const [name, rows] of Object.entries(sheets))
    utils.book_append_sheet(book, utils.aoa_to_sheet(rows, { UTC: true, cellDates: true }), name)
  change(book)
  return write(book, { type: 'buffer', bookType, compression: true }) as Buffer
}

const ODF = ['office', 'text', 'table', 'style', 'draw', 'presentation', 'meta', 'fo', 'svg']
  .map(
    (prefix) =>
      `xmlns:${prefix}="urn:oasis:names:tc:opendocument:xmlns:${prefix === 'draw' ? 'drawing' : prefix === 'fo' || prefix === 'svg' ? `${prefix === 'fo' ? 'xsl-fo' : 'svg'}-compatible` : prefix}:1.0"`,
  )
  .concat('xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"')
  .join(' ')

/** An OpenDocument file. `body` is the inner XML of `office:text` or `office:presentation`. */
export function odf(
  kind: 'text' | 'presentation',
  body: string,
  options: Properties & { styles?: string; automatic?: string; members?: ZipMember[]; manifest?: string } = {},
): Buffer {
  const { title, author, created } = options
  const meta = [
    title === undefined ? '' : `<dc:title>${escapeXml(title)}</dc:title>`,
    author === undefined ? '' : `<dc:creator>${escapeXml(author)}</dc:creator>`,
    created === undefined ? '' : `<meta:creation-date>${created}</meta:creation-date>`,
  ]
  return zip([
    { name: 'mimetype', content: `application/vnd.oasis.opendocument.${kind}`, stored: true },
    {
      name: 'META-INF/manifest.xml',
      content: `${XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">${options.manifest ?? ''}</manifest:manifest>`,
    },
    {
      name: 'content.xml',
      content: `${XML}<office:document-content ${ODF}><office:automatic-styles>${options.automatic ?? ''}</office:automatic-styles><office:body><office:${kind}>${body}</office:${kind}></office:body></office:document-content>`,
    },
    {
      name: 'styles.xml',
      content: `${XML}<office:document-styles ${ODF}><office:styles>${options.styles ?? ''}</office:styles></office:document-styles>`,
    },
    {
      name: 'meta.xml',
      content: `${XML}<office:document-meta ${ODF}><office:meta>${meta.join('')}</office:meta></office:document-meta>`,
    },
    ...(options.members ?? []),
  ])
}

/** An EPUB of chapters: inner XHTML of their bodies, and their titles in the table of contents. */
export function epub(
  chapters: { title?: string; body: string }[],
  options: Properties & { language?: string | undefined; members?: ZipMember[] } = {},
): Buffer {
  const page = (inner: string): string =>
    `${XML}<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>x</title></head><body>${inner}</body></html>`
  const items = chapters.map(
    (_, at) => `<item id="c${at}" href="text/c%20${at}.xhtml" media-type="application/xhtml+xml"/>`,
  )
  const entries = chapters.map(({ title }, at) =>
    title === undefined ? '' : `<li><a href="text/c%20${at}.xhtml">${escapeXml(title)}</a></li>`,
  )
  const meta = [
    `<dc:title>${escapeXml(options.title ?? 'Untitled')}</dc:title>`,
    options.author === undefined ? '' : `<dc:creator>${escapeXml(options.author)}</dc:creator>`,
    options.created === undefined ? '' : `<dc:date>${options.created}</dc:date>`,
    `<dc:language>${options.language ?? 'en'}</dc:language>`,
  ]
  return zip([
    { name: 'mimetype', content: 'application/epub+zip', stored: true },
    {
      name: 'META-INF/container.xml',
      content: `${XML}<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OPS/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`,
    },
    {
      name: 'OPS/package.opf',
      content: `${XML}<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">${meta.join('')}</metadata><manifest>${items.join('')}<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="nav"/>${chapters.map((_, at) => `<itemref idref="c${at}"/>`).join('')}</spine></package>`,
    },
    { name: 'OPS/nav.xhtml', content: page(`<nav epub:type="toc"><ol>${entries.join('')}</ol></nav>`) },
    ...chapters.map(({ body }, at) => ({ name: `OPS/text/c ${at}.xhtml`, content: page(body) })),
    ...(options.members ?? []),
  ])
}

/** An Outlook message: streams of MAPI properties by their tag (MS-OXMSG 2.2). Texts are of type PT_UNICODE. */
export function msg(
  texts: Record<string, string>,
  attachments: { name: string; content: Uint8Array }[] = [],
  binary: Record<string, Uint8Array> = {},
): Buffer {
  const file = CFB.utils.cfb_new()
  const add = (path: string, content: Uint8Array): void => {
    CFB.utils.cfb_add(file, path, Buffer.from(content))
  }
  const property = (folder: string, tag: string, text: string): void =>
    add(`${folder}__substg1.0_${tag}001F`, Buffer.from(text, 'utf16le'))
  add('/__properties_version1.0', Buffer.alloc(32))
  for (const [tag, text] of Object.entries(texts)) property('/', tag, text)
  for (const [tag, content] of Object.entries(binary)) add(`/__substg1.0_${tag}0102`, content)
  attachments.forEach(({ name, content }, at) => {
    const folder = `/__attach_version1.0_#${at.toString(16).padStart(8, '0')}/`
    add(`${folder}__properties_version1.0`, Buffer.alloc(8))
    property(folder, '3707', name)
    add(`${folder}__substg1.0_37010102`, content)
  })
  return Buffer.from(CFB.write(file, { type: 'buffer' }) as Uint8Array)
}
