// Reads text files in whatever encoding they are, whole or as a stream of bounded memory.
import { createReadStream, readFileSync } from 'node:fs'
import { isUtf8 } from 'node:buffer'
import { open } from 'node:fs/promises'
import { DocumentError } from '../../core/errors.ts'
import { cjkEncodingOf } from './cjk-encoding.ts'
import type { ConvertTask } from './converter.ts'

/** Bytes up to which a text is read whole. */
export const WHOLE_TEXT_BYTES_MAX = 4 * 1024 * 1024
/** Characters of one piece of a streamed text: a blank line is looked for up to here, then any line end. */
const PIECE_CHARACTERS_MAX = 256 * 1024
const SAMPLE_BYTES = 256 * 1024
/** Of chardet's confidence, which goes from 0 to 100. */
const WESTERN_BONUS = 15
const CHUNK_BYTES = 128 * 1024

type Source = Pick<ConvertTask, 'path' | 'size' | 'label' | 'encoding'>

/** The whole text: `\n` line ends, no byte order mark, no NUL. Invalid bytes become U+FFFD. */
export async function readText(source: Source): Promise<string> {
  const bytes = readFileSync(source.path)
  const encoding = source.encoding === undefined && isUtf8(bytes) ? 'utf-8' : await encodingOf(source)
  return plainLines(new TextDecoder(encoding).decode(bytes))
}

/** The text in pieces that end at line ends where there are any; joined, they are the whole. */
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

/** A streamed text as pieces of whole paragraphs: cut at blank lines, past 256 Ki characters at any line or anywhere. */
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
 * A label that TextDecoder takes: what the user says, else the byte order mark, else UTF-8 where a sample is valid,
 * else what chardet finds most likely. Throws `DocumentError` (`unsupported`) for a name that no encoding has.
 */
export async function encodingOf({ path, size, label, encoding }: Source): Promise<string> {
  if (encoding !== undefined) return known(encoding, label)
  const sample = Buffer.alloc(Math.min(size, SAMPLE_BYTES))
  await using file = await open(path)
  await file.read(sample, 0, sample.length, 0)
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le'
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be'
  const nuls = [0, 0]
  for (let at = 0; at < Math.min(sample.length, 4096); at++)
    if (sample[at] === 0) nuls[at % 2] = (nuls[at % 2] ?? 0) + 1
  const [even = 0, odd = 0] = nuls
  if (even + odd > Math.min(sample.length, 4096) / 4) return odd > even ? 'utf-16le' : 'utf-16be'
  if (isUtf8(sample) || isUtf8(sample.subarray(0, lastWhole(sample)))) return 'utf-8'
  const eastAsian = cjkEncodingOf(sample)
  if (eastAsian !== undefined) return eastAsian
  const { default: chardet } = await import('chardet')
  const found = chardet
    .analyse(withoutAsciiRuns(sample))
    .filter(({ name }) => !/^(?:UTF-(?:8|16|32)|ASCII|ISO-2022-CN)/i.test(name))
  const [best] = found
  // Short texts of western languages score about as well in neighbouring encodings, which are far rarer.
  const western = found.find(({ name }) => name === 'windows-1252' || name === 'ISO-8859-1')
  if (best === undefined || (western !== undefined && western.confidence >= best.confidence - WESTERN_BONUS))
    return 'windows-1252'
  return known(best.name, label)
}

/** The end of the last character that cannot have been cut: where an ASCII byte stands. */
function lastWhole(sample: Buffer): number {
  let end = sample.length
  while (end > sample.length - 4 && end > 0 && (sample[end - 1] ?? 0) >= 0x80) end--
  return end
}

/** What is not ASCII, with a little of what stands around it: long Latin stretches must not outvote the rest. */
function withoutAsciiRuns(sample: Buffer): Buffer {
  const text = sample.toString('latin1').replace(/[^\x80-\xff]{64,}/g, (run) => `${run.slice(0, 24)} ${run.slice(-24)}`)
  return Buffer.from(text.slice(0, 64 * 1024), 'latin1')
}

function known(encoding: string, label: string): string {
  try {
    return new TextDecoder(encoding).encoding
  } catch {
    throw new DocumentError(
      'unsupported',
      `${label} cannot be read as "${encoding}": no encoding has that name.`,
      'Give --encoding a name such as utf-8, utf-16le, shift_jis or windows-1252.',
    )
  }
}
