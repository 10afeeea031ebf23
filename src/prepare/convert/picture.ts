// A picture as a document: the picture itself, and what text recognition reads on it. Runs in a process of its own, like
// PDFs, because recognition uses native code.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { DocumentError } from '../../core/errors.ts'
import type { Converted, ConvertTask } from './converter.ts'
import { escapeText } from './markdown.ts'
import { bodyStyle } from './pdf-headings.ts'
import { layOut } from './pdf-layout.ts'
import { readLines } from './pdf-lines.ts'
import { loadNative } from './pdf-native.ts'
import { unpackLanguageData } from './pdf-ocr.ts'
import { recognisedWords } from './pdf-words.ts'

/** Read as a whole. */
const PICTURE_BYTES_MAX = 256 * 1024 * 1024
/** Share of the letters of text recognition that a model's text has at least. */
const TRANSCRIPT_SHARE_MIN = 0.5
/** Pages of a TIFF that are counted. */
const DIRECTORIES_MAX = 10_000

export async function convert(task: ConvertTask): Promise<Converted> {
  if (task.size > PICTURE_BYTES_MAX)
    throw new DocumentError(
      'tooLarge',
      `${task.label} is larger than ${PICTURE_BYTES_MAX} bytes, the limit for a picture.`,
      'Save a smaller version of it.',
    )
  const bytes = await readFile(task.path)
  const target = task.images.add(bytes)
  const { markdown, plain, notes } = preferred(await recognise(task, bytes), transcriptOf(task, bytes))
  const name = task.label.slice(task.label.lastIndexOf('/') + 1)
  const alt = escapeText(name.slice(0, name.length - extname(name).length))
  const picture = target === undefined ? '' : `![${alt}](${target})`
  const pages = task.format === 'tiff' ? countPages(bytes) : 1
  return {
    body: { kind: 'flow', markdown: [picture, markdown].filter((part) => part !== '').join('\n\n') },
    plain: [{ text: plain }],
    notes: [
      ...notes,
      ...(task.format === 'tiff' ? ['Only the original shows the picture: browsers do not show TIFF.'] : []),
      ...(pages > 1 ? [`Only the first of its ${pages} pages is read.`] : []),
    ],
  }
}

type Recognised = { markdown: string; plain: string; notes: string[] }

/** What a model read on the picture. */
function transcriptOf({ seen }: ConvertTask, bytes: Buffer): string {
  if (seen === undefined) return ''
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return seen.pictures.find((picture) => picture.sha256 === sha256)?.text ?? ''
}

/** What the model read, unless text recognition found far more. */
function preferred(recognised: Recognised, transcript: string): Recognised {
  const letters = (text: string): number => text.replace(/[^\p{L}\p{N}]/gu, '').length
  if (transcript === '' || letters(transcript) < letters(recognised.plain) * TRANSCRIPT_SHARE_MIN) return recognised
  const notes = ['The text of the picture was read by a model that sees, and may contain mistakes.']
  return { markdown: transcript, plain: '', notes }
}

async function recognise(task: ConvertTask, bytes: Buffer): Promise<Recognised> {
  const native = await loadNative()
  await using data = native === undefined ? undefined : await unpackLanguageData(task.path)
  if (native === undefined || data === undefined)
    return {
      markdown: '',
      plain: '',
      notes: ['The picture was not searched for text: text recognition is not installed.'],
    }
  let read: Awaited<ReturnType<typeof native.recognise>>
  try {
    read = await native.recognise(bytes, 1, data.folder)
  } catch {
    throw new DocumentError(
      'corrupt',
      `${task.label} is damaged: it cannot be read as a picture.`,
      'Open it in a picture viewer, and save it again.',
    )
  }
  const words = recognisedWords(read.items)
  if (words.length === 0) return { markdown: '', plain: '', notes: ['No text was found in the picture.'] }
  const { lines } = readLines({ page: 1, width: read.width, words })
  const options = {
    height: read.height,
    headings: new Map(),
    body: bodyStyle(lines).size,
    hyphenated: new Set<string>(),
  }
  return {
    markdown: layOut(lines, [], options),
    plain: read.items.map(({ text }) => text).join('\n'),
    notes: ['The text of the picture was read by text recognition and may contain mistakes.'],
  }
}

/** Follows the chain of directories (TIFF 6.0, section 2). */
function countPages(bytes: Buffer): number {
  const little = bytes.toString('latin1', 0, 2) === 'II'
  const read = (offset: number, size: 2 | 4): number =>
    little ? bytes.readUIntLE(offset, size) : bytes.readUIntBE(offset, size)
  let count = 0
  for (let offset = read(4, 4); offset !== 0 && offset + 2 <= bytes.length && count < DIRECTORIES_MAX; count++) {
    const next = offset + 2 + read(offset, 2) * 12
    if (next + 4 > bytes.length) return count + 1
    offset = read(next, 4)
  }
  return count
}
