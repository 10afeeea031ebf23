// Names from outside: of files, as bytes that need not be UTF-8, and of web pages.
// A byte string has one character per byte (latin1), so that sorting and comparing it is sorting bytes.

/** One well-formed UTF-8 sequence beyond ASCII, in a byte string (RFC 3629, section 4). */
const MULTIBYTE =
  '[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|' +
  '\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}'
const SEQUENCES = new RegExp(`[\0-\x7f]+|(?:${MULTIBYTE})+|[\x80-\xff]`, 'g')
const ASCII = /^[\0-\x7f]*$/

/** What may become part of a file name in the base; anything longer or with other characters is not an extension. */
const EXTENSION = /\.[a-z0-9]{1,16}$/

export function toByteString(text: string): string {
  return ASCII.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}

export function toBytes(byteString: string): Uint8Array {
  return Buffer.from(byteString, 'latin1')
}

/** For people and JSON: the text, with every byte that is not UTF-8 as `\xNN`. */
export function displayPath(byteString: string): string {
  if (ASCII.test(byteString)) return byteString
  return byteString.replace(SEQUENCES, (sequence) => {
    if (ASCII.test(sequence)) return sequence
    if (sequence.length > 1) return Buffer.from(sequence, 'latin1').toString('utf8')
    return `\\x${sequence.charCodeAt(0).toString(16)}`
  })
}

/** The lower-case extension of a file name with its dot, or ''. A leading dot does not start an extension. */
export function extensionOf(name: string): string {
  const found = EXTENSION.exec(name.toLowerCase())
  return found === null || found.index === 0 ? '' : found[0]
}

/** A file name (as a byte string) without its extension, as text. */
export function stemOf(name: string): string {
  const extension = extensionOf(name)
  return displayPath(extension === '' ? name : name.slice(0, -extension.length))
}

/** A name for a web page from its address alone: the last part of its path without extension, else its host. */
export function urlStem(url: URL): string {
  const last = url.pathname.split('/').findLast((part) => part !== '')
  if (last === undefined) return url.hostname
  let text = last
  try {
    text = decodeURIComponent(last)
  } catch {
    // A stray `%`: keep the address as it is.
  }
  const extension = extensionOf(text)
  return extension === '' ? text : text.slice(0, -extension.length)
}
