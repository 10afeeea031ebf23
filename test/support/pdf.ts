// Makes PDFs: lines of text at given positions, an outline, pictures, and broken files.
import { deflateSync } from 'node:zlib'

export type PdfLine = {
  text: string
  x?: number
  y: number
  size?: number
  bold?: boolean
  /** In Courier. */
  mono?: boolean
  /** Degrees counterclockwise. */
  turned?: number
}
export type PdfPage = {
  lines?: PdfLine[]
  /** Raw dictionaries; those of widgets are also form fields. */
  annotations?: string[]
  picture?: { width: number; height: number; rgb: Buffer }
}
export type PdfOptions = {
  title?: string
  author?: string
  created?: string
  outline?: { title: string; page: number; y?: number }[]
  /** Raw entries of the trailer, e.g. an `/Encrypt` dictionary. */
  trailer?: string
  /** The number of pages that the page tree claims. */
  claimedPages?: number
  /** How often the page tree names each page. */
  repeated?: number
}

/** Letter-sized pages; `y` counts from the top. Text is Latin-1. */
export function pdf(pages: PdfPage[], options: PdfOptions = {}): Buffer {
  const objects: (string | Buffer)[] = []
  const add = (content: string | Buffer): number => objects.push(content)
  const stream = (dictionary: string, data: Buffer): Buffer => {
    const packed = deflateSync(data)
    return Buffer.concat([
      Buffer.from(`<<${dictionary}/Filter/FlateDecode/Length ${packed.length}>>\nstream\n`),
      packed,
      Buffer.from('\nendstream'),
    ])
  }
  const catalog = add('')
  const tree = add('')
  const regular = add('<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>')
  const bold = add('<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>')
  const mono = add('<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>')
  const fields: number[] = []
  const kids = pages.map(({ lines = [], annotations = [], picture }) => {
    const drawn = lines.map(
      ({ text, x = 72, y, size = 10, bold: heavy = false, mono: fixed = false, turned = 0 }) =>
        `BT /${fixed ? 'M' : heavy ? 'B' : 'R'} ${size} Tf ${turn(turned)} ${real(x)} ${real(792 - y)} Tm (${text.replace(/[\\()]/g, '\\$&')}) Tj ET`,
    )
    const notes = annotations.map((annotation) => add(annotation))
    fields.push(...notes.filter((_, index) => annotations[index]?.includes('/Widget')))
    const image =
      picture === undefined
        ? undefined
        : add(
            stream(
              `/Type/XObject/Subtype/Image/Width ${picture.width}/Height ${picture.height}/ColorSpace/DeviceRGB/BitsPerComponent 8`,
              picture.rgb,
            ),
          )
    if (image !== undefined) drawn.push('q 612 0 0 792 0 0 cm /P Do Q')
    const content = add(stream('', Buffer.from(drawn.join('\n'), 'latin1')))
    const pictures = image === undefined ? '' : `/XObject<</P ${image} 0 R>>`
    return add(
      `<</Type/Page/Parent ${tree} 0 R/MediaBox[0 0 612 792]/Contents ${content} 0 R/Resources<</Font<</R ${regular} 0 R/B ${bold} 0 R/M ${mono} 0 R>>${pictures}>>/Annots[${notes.map((note) => `${note} 0 R`).join(' ')}]>>`,
    )
  })
  objects[tree - 1] =
    `<</Type/Pages/Count ${options.claimedPages ?? kids.length}/Kids[${kids.map((kid) => `${kid} 0 R `.repeat(options.repeated ?? 1)).join(' ')}]>>`
  const outline = options.outline ?? []
  let outlines = ''
  if (outline.length > 0) {
    const root = objects.length + 1
    add(`<</Type/Outlines/First ${root + 1} 0 R/Last ${root + outline.length} 0 R/Count ${outline.length}>>`)
    outline.forEach(({ title, page, y = 0 }, index) => {
      const next = index + 1 < outline.length ? `/Next ${root + index + 2} 0 R` : ''
      const before = index > 0 ? `/Prev ${root + index} 0 R` : ''
      add(`<</Title(${title})/Parent ${root} 0 R${next}${before}/Dest[${kids[page - 1]} 0 R/XYZ 72 ${792 - y} null]>>`)
    })
    outlines = `/Outlines ${root} 0 R`
  }
  const forms = fields.length === 0 ? '' : `/AcroForm<</Fields[${fields.map((field) => `${field} 0 R`).join(' ')}]>>`
  objects[catalog - 1] = `<</Type/Catalog/Pages ${tree} 0 R${outlines}${forms}>>`
  const { title, author, created } = options
  const information = add(
    `<<${title === undefined ? '' : `/Title(${title})`}${author === undefined ? '' : `/Author(${author})`}${created === undefined ? '' : `/CreationDate(${created})`}>>`,
  )
  return assemble(objects, `/Root ${catalog} 0 R/Info ${information} 0 R${options.trailer ?? ''}`)
}

/** Integers beyond 32 bits are read as 0, real numbers are not. */
function real(points: number): string {
  return Math.abs(points) < 1e6 ? String(points) : points.toFixed(1)
}

function turn(degrees: number): string {
  const radians = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(radians).toFixed(6), Math.sin(radians).toFixed(6)]
  return `${cos} ${sin} ${sin === '0.000000' ? '0' : `-${sin}`.replace('--', '')} ${cos}`
}

export function assemble(objects: (string | Buffer)[], trailer: string): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')]
  let index = parts[0]!.length
  const places = objects.map((content, n) => {
    const part = Buffer.concat([
      Buffer.from(`${n + 1} 0 obj\n`),
      Buffer.from(content as Buffer),
      Buffer.from('\nendobj\n'),
    ])
    parts.push(part)
    index += part.length
    return index - part.length
  })
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<</Size ${objects.length + 1}${trailer}>>\nstartxref\n${index}\n%%EOF\n`,
    ),
  )
  return Buffer.concat(parts)
}
