// Detects the encoding of a text from all of its bytes, in one pass and bounded memory.
import { isAscii } from 'node:buffer'
import { cjkEncodingOf } from './cjk-encoding.ts'

/** Bytes of the sample for statistics: everything that is not ASCII, with a little of the context. */
const SAMPLE_BYTES = 64 * 1024
/** ASCII bytes kept before and after each stretch that is not ASCII. */
const CONTEXT_BYTES = 24
/** Bytes at the beginning in which NULs reveal UTF-16 without a byte order mark. */
const HEAD_BYTES = 4096
/** chardet's confidence, from 0 to 100. */
const WESTERN_BONUS = 15

/**
 * A label for TextDecoder. A byte order mark decides; then UTF-8, if most of the bytes beyond ASCII are valid UTF-8: a
 * stray byte does not turn a UTF-8 text into another encoding. Everything else is decided by statistics.
 */
export async function judgeEncoding(chunks: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<string> {
  const survey = new ByteSurvey()
  for await (const chunk of chunks) {
    const marked = survey.isFirst ? unicodeOf(chunk) : undefined
    if (marked !== undefined) return marked
    survey.feed(chunk)
  }
  survey.finish()
  if (survey.valid >= survey.invalid) return 'utf-8'
  return cjkEncodingOf(survey.sample) ?? (await likelyEncoding(survey.sample))
}

/** A label for TextDecoder, if the first bytes of a file have a byte order mark or the NULs of UTF-16. */
export function unicodeOf(head: Buffer): string | undefined {
  return markOf(head) ?? utf16Of(head.subarray(0, HEAD_BYTES))
}

function markOf(head: Buffer): string | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 'utf-8' : undefined
}

function utf16Of(head: Buffer): string | undefined {
  const nuls = [0, 0]
  for (let i = 0; i < head.length; i++) if (head[i] === 0) nuls[i % 2] = (nuls[i % 2] ?? 0) + 1
  const [even = 0, odd = 0] = nuls
  if (even + odd <= head.length / 4) return undefined
  return odd > even ? 'utf-16le' : 'utf-16be'
}

async function likelyEncoding(sample: Buffer): Promise<string> {
  const { default: chardet } = await import('chardet')
  const found = chardet.analyse(sample).filter(({ name }) => !/^(?:UTF-(?:8|16|32)|ASCII|ISO-2022-CN)/i.test(name))
  const [best] = found
  // Short texts in western languages score about as well in related encodings, which are far rarer.
  const western = found.find(({ name }) => name === 'windows-1252' || name === 'ISO-8859-1')
  if (best === undefined || (western !== undefined && western.confidence >= best.confidence - WESTERN_BONUS))
    return 'windows-1252'
  try {
    return new TextDecoder(best.name).encoding
  } catch {
    return 'windows-1252'
  }
}

class ByteSurvey {
  /** UTF-8 characters beyond ASCII, and bytes that belong to none. */
  valid = 0
  invalid = 0
  isFirst = true
  #carried = Buffer.alloc(0)
  readonly #sample: Buffer[] = []
  #sampled = 0

  feed(chunk: Buffer): void {
    this.isFirst = false
    if (this.#carried.length === 0 && isAscii(chunk)) return
    const bytes = this.#carried.length === 0 ? chunk : Buffer.concat([this.#carried, chunk])
    const end = this.#count(bytes, false)
    this.#take(chunk)
    this.#carried = Buffer.from(bytes.subarray(end))
  }

  finish(): void {
    this.#count(this.#carried, true)
  }

  get sample(): Buffer {
    return Buffer.concat(this.#sample)
  }

  /** Returns the end of the counted bytes: a sequence cut by the end of the chunk is counted with the next one. */
  #count(bytes: Buffer, last: boolean): number {
    let i = 0
    while (i < bytes.length) {
      const lead = bytes[i] ?? 0
      if (lead < 0x80) {
        i++
        continue
      }
      const length =
        lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xc2 && lead < 0xe0 ? 2 : 0
      let trails = 1
      while (trails < length && ((bytes[i + trails] ?? 0) & 0xc0) === 0x80) trails++
      if (!last && i + trails === bytes.length && trails < length) return i
      if (length > 0 && trails === length) {
        this.valid++
        i += length
      } else {
        this.invalid++
        i++
      }
    }
    return i
  }

  /** Long stretches of Latin must not outvote the rest. */
  #take(chunk: Buffer): void {
    let i = 0
    while (this.#sampled < SAMPLE_BYTES) {
      while (i < chunk.length && (chunk[i] ?? 0) < 0x80) i++
      if (i >= chunk.length) return
      const start = Math.max(0, i - CONTEXT_BYTES)
      let end = i
      for (let ascii = 0; end < chunk.length && ascii < CONTEXT_BYTES && end - start < SAMPLE_BYTES; end++)
        ascii = (chunk[end] ?? 0) < 0x80 ? ascii + 1 : 0
      this.#sample.push(Buffer.from(chunk.subarray(start, end)))
      this.#sampled += end - start
      i = end
    }
  }
}
