// RTF, parsed by officeparser.
import { readFile } from 'node:fs/promises'
import { DocumentError } from '../../core/errors.ts'
import { AstWriter } from './ast-markdown.ts'
import type { ConvertTask, Converted } from './converter.ts'
import { metadataOf, parse } from './office-ast.ts'
import { plainOfRtf } from './rtf-plain.ts'
import { readableRtf } from './rtf-source.ts'

/**
 * RTF is parsed as a whole, which takes about twenty times its size in memory; pictures in it are hexadecimal digits.
 */
const RTF_BYTES_MAX = 128 * 1024 * 1024
/** Maximum nesting of groups: Word writes a few dozen levels. */
const DEPTH_MAX = 2_000

export async function convert(task: ConvertTask): Promise<Converted> {
  if (task.size > RTF_BYTES_MAX)
    throw new DocumentError(
      'tooLarge',
      `${task.label} is larger than ${RTF_BYTES_MAX} bytes, the maximum for an RTF file.`,
      'Save it as docx and add that.',
    )
  const bytes = await readFile(task.path)
  const depth = measureDepth(bytes)
  if (depth.deepest > DEPTH_MAX)
    throw new DocumentError(
      'bomb',
      `${task.label} nests its groups ${depth.deepest} levels deep.`,
      'Open it in the program that made it, and save it again.',
    )
  if (depth.open > 0)
    throw new DocumentError(
      'corrupt',
      `${task.label} is damaged: it ends too early.`,
      'Open it in the program that made it, and save it again.',
    )
  const ast = await parse(task, tellHeadings(Buffer.from(readableRtf(bytes.toString('latin1')), 'latin1')))
  const writer = new AstWriter({ images: task.images, attachments: ast.attachments })
  const blocks = writer.blocks(ast.content)
  return {
    ...information(bytes),
    ...metadataOf(ast),
    body: { kind: 'flow', markdown: [...blocks, ...writer.footnotes()].join('\n\n') },
    plain: plainOfRtf(bytes.toString('latin1')),
  }
}

/** How deeply groups are nested, and how many are open at the end (RTF 1.9.1, "Groups"). `\{` and `\}` are text. */
function measureDepth(bytes: Buffer): { deepest: number; open: number } {
  let open = 0
  let deepest = 0
  for (let offset = 0; offset < bytes.length; offset++) {
    const byte = bytes[offset]
    if (byte === 0x5c) offset++
    else if (byte === 0x7b) deepest = Math.max(deepest, ++open)
    else if (byte === 0x7d) {
      open--
      // Whatever follows the outermost group is not part of the document.
      if (open === 0) return { deepest, open }
    }
  }
  return { deepest, open }
}

/** Bytes at the beginning that contain the style sheet and the document's metadata. */
const HEAD_BYTES = 1024 * 1024
/** officeparser treats styles 1 to 9 as headings of that level, whatever the style sheet says. */
const HEADING_STYLES = 9

/**
 * Renumbers the styles so that 1 to 9 are the headings, recognised by their names, which Word writes in English in
 * every language.
 */
function tellHeadings(bytes: Buffer): Buffer {
  const head = bytes.toString('latin1', 0, HEAD_BYTES)
  const start = head.indexOf('{\\stylesheet')
  if (start < 0) return bytes
  const levels = new Map<string, number>()
  for (const match of head.slice(start).matchAll(/\{\\s(\d{1,4})(?!\d)[^{}]{0,2000}?\sheading ([1-9]);\}/gi))
    levels.set(match[1] ?? '', Number(match[2]))
  if (levels.size === 0 && !/\{\\s[1-9]\D/.test(head.slice(start))) return bytes
  const text = bytes.toString('latin1').replace(/\\[\\{}]|\\s(\d{1,4})(?!\d)/g, (whole, id?: string) => {
    if (id === undefined) return whole
    const level = levels.get(id)
    return `\\s${level ?? (Number(id) <= HEADING_STYLES ? Number(id) + 1_000 : id)}`
  })
  return Buffer.from(text, 'latin1')
}

function information(bytes: Buffer): Pick<Converted, 'title' | 'author' | 'date'> {
  const head = bytes.toString('latin1', 0, HEAD_BYTES)
  const field = (name: string): string => {
    const raw = new RegExp(`\\{\\\\${name} ([^{}]{0,1000})\\}`).exec(head)?.[1] ?? ''
    return raw
      .replace(/\\u(-?\d{1,6}) ?(?:\\'[\da-f]{2}|\?)?/gi, (_, code: string) =>
        String.fromCharCode(Number(code) & 0xffff),
      )
      .replace(/\\'([\da-f]{2})/gi, (_, hex: string) => new TextDecoder('windows-1252').decode(Buffer.from(hex, 'hex')))
      .trim()
  }
  const [, year, month, day] = /\{\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})/.exec(head) ?? []
  const title = field('title')
  const author = field('author')
  return {
    ...(title === '' ? {} : { title }),
    ...(author === '' ? {} : { author }),
    ...(year === undefined || month === undefined || day === undefined
      ? {}
      : { date: `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` }),
  }
}
