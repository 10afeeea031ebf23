// PDFs whose font does not say which letters its glyphs are: the page looks perfect, and its text is nothing.
import { assemble } from './pdf.ts'
import { drawLines, type Drawn } from './pictures.ts'

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.,'
/** Points of a letter's cell, and the font size. */
const CELL = 20
const SIZE = 10
const COLUMNS = 14
/** Pixels per point of a drawing, and pixels of a cell's side. */
const SCALE = 1_800 / 612
const SIDE = Math.round(CELL * SCALE)
/** Points from the left and the bottom of a cell to the origin of its letter. */
const [LEFT, BELOW] = [5, 6]

type Letter = { mask: Buffer; width: number }

/** A page with these lines. Its glyphs are numbered in any order, and named after their numbers. */
export async function unmappedPdf(lines: string[]): Promise<Buffer> {
  const letters = await drawLetters()
  const codes = new Map([...LETTERS].map((letter, index) => [letter, 33 + ((index * 23) % LETTERS.length)]))
  const objects: (string | Buffer)[] = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Count 1/Kids[3 0 R]>>']
  const sorted = [...codes].toSorted((a, b) => a[1] - b[1])
  const show = (line: string): string => {
    const parts = line.split(' ').map((word) => {
      const hex = [...word].map((letter) => (codes.get(letter) ?? 0).toString(16).padStart(2, '0')).join('')
      return `<${hex}>`
    })
    // A space is a movement, as in the output of old printer drivers.
    return `[${parts.join(' -300 ')}] TJ`
  }
  const content = lines.map((line, n) => `BT /F ${SIZE} Tf 1 0 0 1 72 ${700 - n * 24} Tm ${show(line)} ET`).join('\n')
  objects.push(
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>',
    `<</Length ${content.length}>>\nstream\n${content}\nendstream`,
    `<</Type/Font/Subtype/Type3/FontBBox[-5 -6 15 14]/FontMatrix[0.1 0 0 0.1 0 0]/FirstChar 33/LastChar ${32 + LETTERS.length}/Encoding<</Differences[33 ${sorted.map(([, code]) => `/g${code}`).join(' ')}]>>/CharProcs<<${sorted.map(([, code], n) => `/g${code} ${6 + n} 0 R`).join(' ')}>>/Widths[${sorted.map(([letter]) => letters.get(letter)?.width ?? 0).join(' ')}]/Resources<<>>>>`,
    ...sorted.map(([letter]) => glyphOf(letters.get(letter) as Letter)),
  )
  return assemble(objects, '/Root 1 0 R')
}

function glyphOf({ mask, width }: Letter): Buffer {
  const head = `${width} 0 -5 -6 15 14 d1\n${CELL} 0 0 ${CELL} -${LEFT} -${BELOW} cm\nBI /W ${SIDE} /H ${SIDE} /IM true /BPC 1 /D [0 1] /F /AHx ID\n`
  const stream = Buffer.from(`${head}${mask.toString('hex')}>\nEI`)
  return Buffer.concat([Buffer.from(`<</Length ${stream.length}>>\nstream\n`), stream, Buffer.from('\nendstream')])
}

async function drawLetters(): Promise<Map<string, Letter>> {
  const place = (index: number): { x: number; y: number } => ({
    x: 40 + (index % COLUMNS) * CELL * 2,
    y: 60 + Math.floor(index / COLUMNS) * CELL * 2,
  })
  const drawn = await drawLines([...LETTERS].map((text, index) => ({ text, ...place(index) })))
  return new Map([...LETTERS].map((letter, index) => [letter, cut(drawn, place(index))]))
}

/** A letter's cell as a mask with 0 for ink, and how far its ink reaches. */
function cut({ width, pixels }: Drawn, { x, y }: { x: number; y: number }): Letter {
  const [left, top] = [Math.round((x - LEFT) * SCALE), Math.round((y + BELOW - CELL) * SCALE)]
  const mask = Buffer.alloc(Math.ceil(SIDE / 8) * SIDE, 0xff)
  let ink = 0
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      if ((pixels[((top + row) * width + left + column) * 3] ?? 255) > 140) continue
      const at = row * Math.ceil(SIDE / 8) + (column >> 3)
      mask[at] = (mask[at] ?? 0) & ~(0x80 >> (column & 7))
      ink = Math.max(ink, column)
    }
  }
  return { mask, width: ink / SCALE - LEFT + 1 }
}
