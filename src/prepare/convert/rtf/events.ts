// RTF as groups, control words and Unicode text: everything about bytes, fonts and fallbacks is decided here.
import { decodeBytes, encodingOfCharset, encodingOfCodepage, fromSymbols, isSymbolFont } from './encodings.ts'
import { rtfTokens, type Token } from './tokens.ts'

export type RtfEvent =
  | { kind: 'open' }
  | { kind: 'close' }
  | { kind: 'word'; word: string; number: number | undefined; first: boolean; starred: boolean }
  /** As displayed; a tab is `\t`. */
  | { kind: 'text'; text: string }
  /** Of a `\bin`, as Latin-1. */
  | { kind: 'bytes'; bytes: string }

/** Control words that stand for a character. */
const CHARACTERS: Record<string, string> = {
  tab: '\t',
  emdash: '—',
  endash: '–',
  bullet: '•',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  emspace: '\u2003',
  enspace: '\u2002',
  qmspace: '\u2005',
  zwj: '\u200d',
  zwnj: '\u200c',
}
const SYMBOLS: Record<string, string> = { '~': '\u00a0', _: '\u2011', '\\': '\\', '{': '{', '}': '}', '\t': '\t' }
const CODEPAGE_OF: Record<string, number> = { mac: 10_000, pc: 437, pca: 850 }

type Font = { encoding: string | undefined; name: string; symbols: boolean }
type State = {
  font: number | undefined
  /** Number of fallback bytes after a `\u` for readers that do not know it. */
  fallback: number
  /** In the font table: fonts are defined, not used. */
  defines: boolean
}

const FONTS_MAX = 10_000
const NAME_MAX = 100

/** In order, up to the end of the outermost group. `source` is bytes as Latin-1. Linear. */
export function* rtfEvents(source: string): Generator<RtfEvent> {
  const characters = new Characters()
  for (const token of rtfTokens(source)) {
    const event = characters.event(token)
    if (event === undefined) continue
    const text = characters.text()
    if (text !== '') yield { kind: 'text', text }
    yield event
    // Whatever follows the outermost group is not part of the document.
    if (event.kind === 'close' && characters.isAtEnd) return
  }
  const text = characters.text()
  if (text !== '') yield { kind: 'text', text }
}

class Characters {
  readonly #fonts = new Map<number, Font>()
  readonly #stack: State[] = []
  #state: State = { font: undefined, fallback: 1, defines: false }
  #main = 'windows-1252'
  /** The font of text that names none. */
  #standard: number | undefined
  #text = ''
  /** Bytes of one encoding: two may be one character. */
  #bytes = ''
  /** Fallback characters still to be skipped. */
  #skipped = 0

  get isAtEnd(): boolean {
    return this.#stack.length === 0
  }

  /** What has been collected since the last event. */
  text(): string {
    this.#decode()
    const text = this.#text
    this.#text = ''
    return text
  }

  /** Undefined for text, which is collected. */
  event(token: Token): RtfEvent | undefined {
    const { text, word, number, first, starred } = token
    if (text === '{') {
      this.#decode()
      this.#skipped = 0
      this.#stack.push(this.#state)
      this.#state = { ...this.#state }
      return { kind: 'open' }
    }
    if (text === '}') {
      this.#decode()
      this.#skipped = 0
      this.#state = this.#stack.pop() ?? this.#state
      return { kind: 'close' }
    }
    if (word === undefined) return this.#symbol(text)
    if (word === 'bin') return { kind: 'bytes', bytes: text }
    const character = CHARACTERS[word]
    if (word === 'u') this.#unicode(number ?? 0)
    else if (character === undefined) {
      this.#skipped = 0
      this.#follow(word, number)
      return { kind: 'word', word, number, first, starred }
    } else if (this.#skipped > 0) this.#skipped--
    else this.#put(character)
    return undefined
  }

  #symbol(text: string): RtfEvent | undefined {
    if (!text.startsWith('\\')) {
      this.#plain(text.replace(/[\r\n\0]+/g, ''))
      return undefined
    }
    // Half of an escape is skipped with it, such as the `\*` of a group.
    if (text === '\\*') return undefined
    if (text === '\\\n' || text === '\\\r')
      return { kind: 'word', word: 'par', number: undefined, first: false, starred: false }
    if (this.#skipped > 0) this.#skipped--
    else if (text.startsWith("\\'")) this.#byte(String.fromCharCode(Number.parseInt(text.slice(2), 16)))
    else this.#put(SYMBOLS[text[1] ?? ''] ?? '')
    return undefined
  }

  #plain(text: string): void {
    const shown = this.#skipped > 0 ? text.slice(this.#skipped) : text
    this.#skipped = Math.max(0, this.#skipped - text.length)
    // The second byte of a character may be a letter.
    if (this.#bytes !== '' || /[\x80-\xff]/.test(shown)) this.#byte(shown)
    else this.#put(shown)
  }

  #byte(bytes: string): void {
    this.#bytes += bytes
  }

  #unicode(code: number): void {
    this.#put(String.fromCharCode(code & 0xffff))
    this.#skipped = this.#state.fallback
  }

  #put(text: string): void {
    this.#decode()
    this.#add(text)
  }

  #add(text: string): void {
    const font = this.#font
    if (this.#state.defines && font !== undefined && font.name.length < NAME_MAX) {
      font.name += text.trimStart()
      font.symbols = isSymbolFont(font.name)
      return
    }
    this.#text += font?.symbols === true ? fromSymbols(text, font.name.replace(/;.*/, '')) : text
  }

  #decode(): void {
    if (this.#bytes === '') return
    const bytes = this.#bytes
    this.#bytes = ''
    const font = this.#font
    this.#add(font?.symbols === true ? bytes : decodeBytes(bytes, font?.encoding ?? this.#main))
  }

  get #font(): Font | undefined {
    return this.#fonts.get(this.#state.font ?? this.#standard ?? -1)
  }

  #follow(word: string, number: number | undefined): void {
    const state = this.#state
    switch (word) {
      case 'ansicpg':
        this.#main = encodingOfCodepage(number ?? 1252)
        break
      case 'mac':
      case 'pc':
      case 'pca':
        this.#main = encodingOfCodepage(CODEPAGE_OF[word] ?? 1252)
        break
      case 'fonttbl':
        state.defines = true
        break
      case 'uc':
        state.fallback = Math.max(0, number ?? 1)
        break
      case 'deff':
        this.#standard = number
        break
      case 'f':
        this.#decode()
        state.font = number
        if (state.defines && number !== undefined && this.#fonts.size < FONTS_MAX)
          this.#fonts.set(number, { encoding: undefined, name: '', symbols: false })
        break
      case 'plain':
        this.#decode()
        state.font = undefined
        break
      case 'fcharset':
      case 'cpg':
        if (state.defines && this.#font !== undefined)
          this.#font.encoding = word === 'cpg' ? encodingOfCodepage(number ?? 1252) : encodingOfCharset(number ?? 1)
    }
  }
}
