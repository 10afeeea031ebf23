// RTF as tokens (RTF 1.9.1, "Basic entities"): removes hidden text before the library reads it, and rewrites characters
// that the library does not know by name.

/** Characters with control words. Quotation marks have some too, but the library knows those. */
const CHARACTERS: Record<string, string> = {
  emdash: '—',
  endash: '–',
  bullet: '•',
  emspace: '\u2003',
  enspace: '\u2002',
  qmspace: '\u2005',
  zwj: '\u200d',
  zwnj: '\u200c',
}
/** Control words that break a line; without them the words around would be joined. */
const BREAKS = new Set(['page', 'column', 'sect', 'softpage', 'softcol'])
/** Groups of definitions or data, which are not text of the document. */
const DEFINITIONS = new Set(
  `fonttbl colortbl stylesheet info listtable listoverridetable rsidtbl generator themedata colorschememapping latentstyles
datastore pict objdata filetbl revtbl xmlnstbl mmathPr userprops docvar`.split(/\s+/),
)
/** Twips by which word processors and pandoc indent each level of a list. */
const LEVEL_TWIPS = 360

type State = {
  /** Number of fallback bytes after a `\u` for readers that do not know it. */
  fallback: number
  hidden: boolean
  deleted: boolean
  /** Of the paragraph, in twips. */
  indent: number
  hanging: boolean
  definition: boolean
}

const TOKEN = /\\([a-zA-Z]+)(-?\d+)? ?|\\'[\da-fA-F]{2}|\\[^a-zA-Z]|[{}]|[^\\{}]+/g

/** The same document without hidden and deleted text. `text` and the result are bytes as Latin-1. Linear. */
export function readableRtf(text: string): string {
  const writer = new VisibleWriter()
  for (const token of rtfTokens(text)) writer.take(token)
  return writer.end()
}

type Token = {
  text: string
  /** The name of a control word; its number is separate. */
  word?: string | undefined
  number?: string | undefined
  /** The first in its group, or the first after `\*`. */
  first: boolean
}

/** In order; the bytes of a `\bin` are one token. */
export function* rtfTokens(text: string): Generator<Token> {
  const pattern = new RegExp(TOKEN)
  let first = false
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [token, word, number] = match
    // Bytes that may look like anything.
    if (word === 'bin') pattern.lastIndex += Math.max(0, Number(number ?? 0))
    yield { text: word === 'bin' ? text.slice(match.index, pattern.lastIndex) : token, word, number, first }
    // Line ends in the file have no meaning.
    first = token === '{' || (first && (token === '\\*' || /^[\r\n]+$/.test(token)))
  }
}

class VisibleWriter {
  readonly #out: string[] = []
  readonly #stack: State[] = []
  #state: State = { fallback: 1, hidden: false, deleted: false, indent: 0, hanging: false, definition: false }
  /** Nothing of the paragraph has been written, except perhaps a bullet, which a tab may follow. */
  #atStart = true
  #afterBullet = false

  take({ text, word, number, first }: Token): void {
    if (text === '{') this.#stack.push({ ...this.#state })
    else if (text === '}') this.#state = this.#stack.pop() ?? this.#state
    else if (word === undefined && text !== '\\*') {
      if (this.#state.definition) this.#out.push(text)
      else if (!this.#isHidden) this.#put(text)
      return
    } else if (word !== undefined && word !== 'bin') {
      if (first && DEFINITIONS.has(word)) this.#state.definition = true
      if (first && (word === 'listtext' || word === 'pntext')) this.#atStart = false
      this.#follow(word, number)
      this.#control(word, number)
      return
    }
    this.#out.push(text)
  }

  end(): string {
    return this.#out.join('')
  }

  get #isHidden(): boolean {
    return this.#state.hidden || this.#state.deleted
  }

  #follow(word: string, number: string | undefined): void {
    const state = this.#state
    const on = number !== '0'
    if (word === 'v') state.hidden = on
    else if (word === 'deleted') state.deleted = on
    else if (word === 'plain') state.hidden = state.deleted = false
    else if (word === 'uc') state.fallback = Number(number ?? 1)
    else if (word === 'pard') Object.assign(state, { indent: 0, hanging: false })
    else if (word === 'li') state.indent = Number(number ?? 0)
    else if (word === 'fi') state.hanging = number?.startsWith('-') === true
  }

  #control(word: string, number: string | undefined): void {
    const written = this.#state.definition ? undefined : this.#character(word)
    if (this.#isHidden) {
      // Marks of paragraphs and breaks are hidden with their text; formatting stays.
      if (written === undefined && !/^(?:par|line|tab|u|[lr]d?bl?quote)$/.test(word))
        this.#out.push(whole(word, number))
    } else if (word === 'bullet' && this.#atStart && this.#state.hanging) {
      // pandoc writes lists this way: a bullet, a tab, and the level only as indentation.
      const level = Math.max(0, Math.round(this.#state.indent / LEVEL_TWIPS) - 1)
      this.#out.push(`{\\listtext \\'95\\tab}\\ilvl${level} `)
      this.#atStart = false
      this.#afterBullet = true
    } else if (word === 'tab' && this.#afterBullet) this.#afterBullet = false
    else if (written === undefined) {
      if (/^(?:par|pard|cell|nestcell)$/.test(word)) this.#atStart = true
      if (word === 'u' || word === 'tab') this.#atStart = this.#afterBullet = false
      this.#out.push(whole(word, number))
    } else this.#put(written)
  }

  /** How to write a character or a break for the library; undefined for other control words. */
  #character(word: string): string | undefined {
    const shown = CHARACTERS[word]
    if (shown !== undefined) return `\\u${shown.charCodeAt(0)} ${'?'.repeat(this.#state.fallback)}`
    return BREAKS.has(word) ? '\\line ' : undefined
  }

  #put(text: string): void {
    // Line ends in the file are not text.
    if (/[^\r\n]/.test(text)) this.#atStart = this.#afterBullet = false
    if (text === '\\~') this.#out.push("\\'a0")
    else if (text === '\\_') this.#out.push(`\\u8209 ${'?'.repeat(this.#state.fallback)}`)
    else if (text !== '\\-') this.#out.push(text)
  }
}

function whole(word: string, number: string | undefined): string {
  return `\\${word}${number ?? ''} `
}
