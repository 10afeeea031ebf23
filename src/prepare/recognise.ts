// Recognises the format of a file: by its content first, by its extension if the content is text that could be many
// things.
import { closeSync, openSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Format } from '../core/document/document.ts'
import { DocumentError } from '../core/errors.ts'
import { lookIntoCompoundFile, lookIntoZip, type Container } from './containers.ts'
import { formatOfExtension } from './convert/formats.ts'

export type Unrecognised = {
  label: string
  /** Lower case with its dot, or ''. */
  extension: string
  encoding?: string | undefined
  url?: string | undefined
  named: boolean
}

const HEAD_BYTES = 64 * 1024
const STRAY_CONTROLS_MAX = 2
/** Formats whose content is plain text. */
const TEXTUAL = new Set<Format>(['md', 'txt', 'csv', 'tsv', 'html', 'json', 'jsonl', 'xml', 'rss', 'ipynb', 'eml'])

/** Throws `DocumentError`: `unsupported`, `encrypted`, `corrupt` if the content does not match the extension. */
export async function recognise(path: string, size: number, source: Unrecognised): Promise<Format> {
  const head = headOf(path, Math.min(size, HEAD_BYTES))
  const promised = formatOfExtension(source.extension)
  if (isPdf(head, promised)) return 'pdf'
  if (head.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))) {
    await using file = await open(path)
    return contained(await lookIntoZip(file, size), promised, source.label)
  }
  if (head.subarray(0, 8).equals(Buffer.from('d0cf11e0a1b11ae1', 'hex'))) {
    await using file = await open(path)
    return contained(await lookIntoCompoundFile(file, size), promised, source.label)
  }
  if (head.subarray(0, 5).toString('latin1') === '{\\rtf') return 'rtf'
  const picture = pictureFormat(head)
  if (picture !== undefined) return picture
  if (!looksLikeText(head, source.encoding)) throw await notText(path, promised, source.label)
  return textFormat(head, promised, source)
}

/** Readers accept a header within the first 1024 bytes; a text that only mentions one stays a text. */
function isPdf(head: Buffer, promised: Format | undefined): boolean {
  const start = head.subarray(0, 1024).indexOf('%PDF-')
  if (start === -1) return false
  const isFirst = head.toString('latin1', 0, start).replace('\xef\xbb\xbf', '').trim() === ''
  return isFirst || promised === undefined || !TEXTUAL.has(promised)
}

function headOf(path: string, length: number): Buffer {
  const head = Buffer.alloc(length)
  const file = openSync(path, 'r')
  try {
    readSync(file, head, 0, length, 0)
  } finally {
    closeSync(file)
  }
  return head
}

function contained(found: Container, promised: Format | undefined, label: string): Format {
  switch (found) {
    case 'encrypted':
      throw new DocumentError('encrypted', `${label} is encrypted.`, 'Save it without a password and add that.')
    case 'broken':
      if (promised !== undefined && !TEXTUAL.has(promised)) throw corrupt(label, promised)
      throw unsupported(label, 'a broken zip archive')
    case 'other':
      throw unsupported(label, 'an archive or office format that is not read')
    default:
      return found
  }
}

/** First bytes in hex. */
const PICTURES: [Format, RegExp][] = [
  ['png', /^89504e470d0a1a0a/],
  ['jpg', /^ffd8ff/],
  ['webp', /^52494646.{8}57454250/],
  ['tiff', /^(?:49492a00|4d4d002a)/],
]

function pictureFormat(head: Buffer): Format | undefined {
  const start = head.toString('hex', 0, 12)
  return PICTURES.find(([, signature]) => signature.test(start))?.[0]
}

/** No NUL and hardly any control character, unless it is UTF-16 or the user names its encoding. */
function looksLikeText(head: Buffer, encoding: string | undefined): boolean {
  const bom = head.toString('latin1', 0, 2)
  if (bom === '\xff\xfe' || bom === '\xfe\xff') return true
  let control = 0
  let nulEven = 0
  let nulOdd = 0
  for (let offset = 0; offset < head.length; offset++) {
    const byte = head[offset] ?? 0
    if (byte === 0 && offset % 2 === 0) nulEven++
    else if (byte === 0) nulOdd++
    else if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) control++
  }
  const nul = nulEven + nulOdd
  // UTF-16 of Latin text: every second byte is NUL, always on the same side.
  if (nul > head.length / 4 && Math.min(nulEven, nulOdd) * 20 < nul && control * 50 < head.length) return true
  if (encoding !== undefined && /^(?:utf-?16|ucs-?2|unicode)/i.test(encoding)) return true
  // A stray bell or two do not make a file binary, however short it is.
  return (nul === 0 && control <= STRAY_CONTROLS_MAX) || (nul + control) * 200 <= head.length
}

async function notText(path: string, promised: Format | undefined, label: string): Promise<DocumentError> {
  if (promised !== undefined && !TEXTUAL.has(promised)) return corrupt(label, promised)
  const { fileTypeFromFile } = await import('file-type')
  const type = await fileTypeFromFile(path).catch(() => undefined)
  return unsupported(label, type === undefined ? 'binary' : type.mime)
}

function textFormat(head: Buffer, promised: Format | undefined, source: Unrecognised): Format {
  const text = head.includes(0) ? head.toString('latin1').replaceAll('\0', '') : head.toString('latin1')
  const start = text.replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '').slice(0, 4096)
  // Comments and declarations may precede the distinctive part.
  const markup = start.replace(/^(?:\s+|<\?xml[^>]*>|<!--[\s\S]*?-->)+/, '')
  const sniffed = sniffMarkup(start, markup)
  if (promised !== undefined && !TEXTUAL.has(promised)) {
    if (sniffed !== undefined) return sniffed
    throw corrupt(source.label, promised)
  }
  switch (promised) {
    case undefined:
      if (sniffed !== undefined) return sniffed
      if (
        /^(?:[A-Z][\w-]*: [^\n]*\n(?:[ \t][^\n]*\n)*){3,}/.test(start.replaceAll('\r', '')) &&
        /^(?:From|Date|Received|Message-ID): /im.test(start)
      )
        return 'eml'
      if (/^\s*[{[]/.test(start) && source.url !== undefined) return 'json'
      if (source.url !== undefined || (source.extension === '' && source.named)) return 'txt'
      throw unsupported(
        source.label,
        source.extension === '' ? 'plain text without an extension' : `a ${source.extension} file`,
      )
    case 'xml':
    case 'rss':
    case 'html':
      return sniffed ?? promised
    case 'json':
      return /"nbformat"\s*:/.test(text) && /"cells"\s*:/.test(text) ? 'ipynb' : 'json'
    default:
      return /^<!doctype html|^<html[\s>]/i.test(markup) ? 'html' : promised
  }
}

function sniffMarkup(start: string, markup: string): Format | undefined {
  if (/^<!doctype html|^<html[\s>]|^<head[\s>]|^<body[\s>]/i.test(markup)) return 'html'
  if (/^<(?:rss|rdf:RDF|feed)[\s>]/.test(markup)) return 'rss'
  return /^\s*<\?xml\s/.test(start) ? 'xml' : undefined
}

function corrupt(label: string, promised: Format): DocumentError {
  return new DocumentError(
    'corrupt',
    `${label} is damaged or no ${promised} file.`,
    'Open it in the program that made it, and save it again.',
  )
}

function unsupported(label: string, what: string): DocumentError {
  return new DocumentError(
    'unsupported',
    `${label} is of a kind that kbgit does not read (${what}).`,
    'Convert it to PDF, HTML, Markdown or text and add that.',
  )
}
