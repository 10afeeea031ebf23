// Reads text files in any encoding, whole or as a stream in bounded memory.
import { createReadStream, readFileSync } from 'node:fs'
import { isUtf8 } from 'node:buffer'
import { open } from 'node:fs/promises'
import { DocumentError } from '../../core/errors.ts'
import type { ConvertTask } from './converter.ts'
import { judgeEncoding } from './encoding.ts'

/** Texts up to this many bytes are read whole. */
export const WHOLE_TEXT_BYTES_MAX = 4 * 1024 * 1024
/** Characters per piece of a streamed text: it ends at a blank line if there is one, else at any line end. */
const PIECE_CHARACTERS_MAX = 256 * 1024
const CHUNK_BYTES = 128 * 1024

type Source = Pick<ConvertTask, 'path' | 'size' | 'label' | 'encoding'>

/** The whole text with `\n` line ends, without byte order mark and NULs. Invalid bytes become U+FFFD. */
export async function readText(source: Source): Promise<string> {
  const bytes = readFileSync(source.path)
  const encoding =
    source.encoding !== undefined
      ? known(source.encoding, source.label)
      : isUtf8(bytes) && !bytes.includes(0)
        ? 'utf-8'
        : await judgeEncoding([bytes])
  return plainLines(new TextDecoder(encoding).decode(bytes))
}

/** The text in pieces that end at line ends if there are any; joined, they are the whole. */
export async function* streamText(source: Source): AsyncGenerator<string> {
  const decoder = new TextDecoder(await encodingOf(source))
  let carried = ''
  for await (const chunk of createReadStream(source.path, { highWaterMark: CHUNK_BYTES })) {
    const text = carried + decoder.decode(chunk as Buffer, { stream: true })
    // A carriage return at the end may be half of a line end.
    const end = text.endsWith('\r') ? text.length - 1 : text.length
    carried = text.slice(end)
    yield plainLines(text.slice(0, end))
  }
  yield plainLines(carried + decoder.decode())
}

/**
 * A streamed text in pieces of whole paragraphs: cut at blank lines, beyond 256 Ki characters at any line end, else
 * anywhere.
 */
export async function* streamParagraphs(source: Source): AsyncGenerator<string> {
  let held = ''
  for await (const text of streamText(source)) {
    held += text
    const blank = held.lastIndexOf('\n\n')
    let end = blank < 0 ? -1 : blank + 2
    if (end < 0 && held.length > PIECE_CHARACTERS_MAX) {
      const line = held.lastIndexOf('\n')
      end = line > 0 ? line + 1 : held.length - (/[\ud800-\udbff]$/.test(held) ? 1 : 0)
    }
    if (end < 0) continue
    yield held.slice(0, end)
    held = held.slice(end)
  }
  if (held !== '') yield held
}

function plainLines(text: string): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  return lines.includes('\0') ? lines.replaceAll('\0', '') : lines
}

/**
 * A label for TextDecoder: the encoding that the user named, else the one that all bytes of the file indicate. Throws
 * `DocumentError` (`unsupported`) for a name that is not an encoding.
 */
export async function encodingOf({ path, label, encoding }: Source): Promise<string> {
  if (encoding !== undefined) return known(encoding, label)
  return judgeEncoding(createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>)
}

/** The encoding declared at the beginning of a file, unless its bytes are certain to be UTF-8 or UTF-16. */
export async function declaredEncoding(source: Source, declaration: RegExp, headBytes: number): Promise<string> {
  const found = await encodingOf(source)
  if (found.startsWith('utf-')) return found
  await using file = await open(source.path)
  const head = Buffer.alloc(Math.min(headBytes, source.size))
  await file.read(head, 0, head.length, 0)
  const named = declaration.exec(head.toString('latin1'))?.[1]
  try {
    return named === undefined ? found : new TextDecoder(named).encoding
  } catch {
    return found
  }
}

function known(encoding: string, label: string): string {
  try {
    return new TextDecoder(encoding).encoding
  } catch {
    throw new DocumentError(
      'unsupported',
      `${label} cannot be read as "${encoding}": this encoding is not known.`,
      'Give --encoding a name such as utf-8, utf-16le, shift_jis or windows-1252.',
    )
  }
}
