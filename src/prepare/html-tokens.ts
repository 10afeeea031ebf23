// Splits HTML or XML into text and tags, in linear time for any input. It builds no tree and expands only character
// entities, so neither depth nor declarations can cost more than the text itself.

export type TokenSink = {
  /** Text as written, with character references decoded. `verbatim`: CDATA. */
  text: (text: string) => void
  /** `name` is lower case in HTML. `attributes` is the text after it: see `attributeOf`. */
  open: (name: string, attributes: string, empty: boolean) => void
  close: (name: string) => void
}

/** HTML elements whose content is not markup. Their text is skipped unless it is useful. */
const RAW_TEXT = new Set(['script', 'style', 'iframe', 'noembed', 'noframes', 'xmp', 'textarea', 'title'])
const SHOWN_RAW_TEXT = new Set(['xmp', 'textarea', 'title'])

/**
 * Passes the tokens of `source` to `sink`, in order. `xml`: names keep their case, CDATA is text, no element is raw.
 */
export function tokenize(source: string, sink: TokenSink, options: { xml?: boolean } = {}): void {
  const xml = options.xml === true
  let offset = 0
  while (offset < source.length) {
    const start = source.indexOf('<', offset)
    if (start < 0) break
    if (start > offset) sink.text(decode(source.slice(offset, start)))
    const next = source.charCodeAt(start + 1)
    if (next === 0x21 || next === 0x3f) offset = skipDeclaration(source, start, sink)
    else if (isNameStart(next) || (next === 0x2f && isNameStart(source.charCodeAt(start + 2)))) {
      const end = tagEnd(source, start + 1)
      // An unclosed tag swallows the rest, as it does in browsers.
      if (end < 0) return
      offset = end + 1
      const closing = next === 0x2f
      const inner = source.slice(start + (closing ? 2 : 1), end)
      const length = inner.search(/[\s/]/)
      const raw = length < 0 ? inner : inner.slice(0, length)
      const name = xml ? raw : raw.toLowerCase()
      if (closing) {
        sink.close(name)
        continue
      }
      const empty = inner.endsWith('/')
      sink.open(name, length < 0 ? '' : inner.slice(length), empty)
      if (!xml && RAW_TEXT.has(name) && !empty) offset = rawText(source, offset, name, inner, sink)
    } else {
      sink.text('<')
      offset = start + 1
    }
  }
  if (offset < source.length) sink.text(decode(source.slice(offset)))
}

/** The end of a comment, a declaration, a processing instruction or CDATA. */
function skipDeclaration(source: string, start: number, sink: TokenSink): number {
  const after = (mark: string, from: number): number => {
    const end = source.indexOf(mark, from)
    return end < 0 ? source.length : end + mark.length
  }
  if (source.startsWith('<!--', start)) return after('-->', start + 2)
  if (source.startsWith('<![CDATA[', start)) {
    const end = source.indexOf(']]>', start)
    sink.text(source.slice(start + 9, end < 0 ? source.length : end))
    return after(']]>', start)
  }
  const end = after('>', start)
  // A document type may contain declarations of its own, in brackets. Other declarations, such as Word's `<![if …]>`,
  // are comments to HTML and end at the first bracket.
  const declares = /^<!doctype\b[^>]*\[/i.test(source.slice(start, end))
  return declares ? after('>', after(']', start)) : end
}

function rawText(source: string, from: number, name: string, inner: string, sink: TokenSink): number {
  const closing = new RegExp(`</${name}(?=[\\s/>])`, 'gi')
  closing.lastIndex = from
  const end = closing.exec(source)?.index ?? source.length
  const isMath = name === 'script' && /math\/(?:tex|asciimath)/i.test(inner)
  if (SHOWN_RAW_TEXT.has(name) || isMath) sink.text(isMath ? source.slice(from, end) : decode(source.slice(from, end)))
  return end
}

/** The `>` that ends a tag, respecting quotes; -1 if there is none. */
function tagEnd(source: string, from: number): number {
  let quote = 0
  let value = false
  for (let offset = from; offset < source.length; offset++) {
    const c = source.charCodeAt(offset)
    if (quote !== 0) {
      if (c === quote) quote = 0
    } else if (c === 0x3e) return offset
    // A quote opens a value only after an equals sign.
    else if ((c === 0x22 || c === 0x27) && value) quote = c
    if (c === 0x3d) value = true
    else if (c > 0x20) value = false
  }
  return -1
}

function isNameStart(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || code > 0x7f
}

/** The value of one attribute, decoded; '' if it has no value, undefined if it is missing. */
export function attributeOf(attributes: string, name: string): string | undefined {
  if (!attributes.toLowerCase().includes(name.toLowerCase())) return undefined
  for (const match of attributes.matchAll(/([^\s=>"'/][^\s=>/]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)) {
    if (match[1]?.toLowerCase() === name.toLowerCase()) return decode(match[2] ?? match[3] ?? match[4] ?? '')
  }
  return undefined
}

/** Names of U+00A0 to U+00FF, in order (HTML 4.01, 24.2). */
const LATIN =
  `nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute
micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil
Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute
Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute
icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml`.split(
    /\s+/,
  )
/** Greek from U+0391 and U+03B1, and the rest by code point. */
const GREEK =
  `Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho - Sigma Tau Upsilon Phi
Chi Psi Omega`.split(/\s+/)
const OTHERS =
  `quot:22 amp:26 lt:3c gt:3e apos:27 OElig:152 oelig:153 Scaron:160 scaron:161 Yuml:178 fnof:192 circ:2c6 tilde:2dc
sigmaf:3c2 ensp:2002 emsp:2003 thinsp:2009 zwnj:200c zwj:200d ndash:2013 mdash:2014 lsquo:2018 rsquo:2019 sbquo:201a
ldquo:201c rdquo:201d bdquo:201e dagger:2020 Dagger:2021 bull:2022 hellip:2026 permil:2030 prime:2032 Prime:2033
lsaquo:2039 rsaquo:203a oline:203e frasl:2044 euro:20ac image:2111 trade:2122 larr:2190 uarr:2191 rarr:2192 darr:2193
harr:2194 lArr:21d0 rArr:21d2 hArr:21d4 forall:2200 part:2202 exist:2203 empty:2205 nabla:2207 isin:2208 notin:2209
ni:220b prod:220f sum:2211 minus:2212 radic:221a prop:221d infin:221e and:2227 or:2228 cap:2229 cup:222a int:222b
there4:2234 sim:223c cong:2245 asymp:2248 ne:2260 equiv:2261 le:2264 ge:2265 sub:2282 sup:2283 sube:2286 supe:2287
oplus:2295 otimes:2297 perp:22a5 sdot:22c5 lceil:2308 rceil:2309 lfloor:230a rfloor:230b lang:27e8 rang:27e9 loz:25ca
spades:2660 clubs:2663 hearts:2665 diams:2666 check:2713 colon:3a lpar:28 rpar:29 NewLine:0a Tab:09`.split(/\s+/)

const ENTITIES = new Map<string, string>([
  ...LATIN.map((name, index): [string, string] => [name, String.fromCodePoint(0xa0 + index)]),
  ...GREEK.map((name, index): [string, string] => [name, String.fromCodePoint(0x391 + index)]),
  ...GREEK.map((name, index): [string, string] => [name.toLowerCase(), String.fromCodePoint(0x3b1 + index)]),
  ...OTHERS.map((entry): [string, string] => {
    const [name = '', code = ''] = entry.split(':')
    return [name, String.fromCodePoint(Number.parseInt(code, 16))]
  }),
])

/** Decodes character references: numeric ones and the names of HTML 4. Others are left unchanged. */
export function decode(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([A-Za-z]\w{1,9}));?/g,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined)
        return whole.endsWith(';') || LATIN.includes(name) || /^(?:amp|lt|gt|quot)$/.test(name)
          ? (ENTITIES.get(name) ?? whole)
          : whole
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
      if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return '\ufffd'
      return String.fromCodePoint(code >= 0x80 && code < 0xa0 ? windows1252(code) : code)
    },
  )
}

/** Numeric references to C1 controls mean Windows-1252 (HTML, 13.2.5.80). */
function windows1252(code: number): number {
  return new TextDecoder('windows-1252').decode(Uint8Array.of(code)).codePointAt(0) ?? code
}
