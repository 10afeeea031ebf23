// The plain text of RTF, found by its control words alone, for the coverage check.
import { rtfTokens } from './rtf-source.ts'

/** Groups outside the text: definitions, data, headers and footers, list markers, field instructions. */
const SKIPPED = new Set(
  `fonttbl colortbl stylesheet info listtable listoverridetable rsidtbl generator themedata colorschememapping latentstyles
datastore pict objdata filetbl revtbl xmlnstbl mmathPr userprops docvar header headerl headerr headerf footer footerl footerr
footerf fldinst listtext pntext nonesttables bkmkstart bkmkend xe tc annotation atnid atnauthor atndate atnref atrfstart
atrfend sp sn sv shpgrp nonshppict object macpict ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn pgdsctbl pntxta pntxtb mmath`.split(
    /\s+/,
  ),
)
const BREAKS = /^(?:par|pard|line|page|sect|column|cell|nestcell|row|nestrow|tab)$/
const CHARACTERS: Record<string, string> = {
  emdash: '—',
  endash: '–',
  bullet: '•',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
}
/** Encodings by font character set (RTF 1.9.1, "Font Table"). */
const CHARSETS: Record<string, string> = {
  '77': 'macintosh',
  '128': 'shift_jis',
  '129': 'euc-kr',
  '134': 'gb18030',
  '136': 'big5',
  '161': 'windows-1253',
  '162': 'windows-1254',
  '163': 'windows-1258',
  '177': 'windows-1255',
  '178': 'windows-1256',
  '186': 'windows-1257',
  '204': 'windows-1251',
  '222': 'windows-874',
  '238': 'windows-1250',
}

type State = { skip: boolean; hidden: boolean; fallback: number; font: string }

/** The text of each paragraph or cell. `text` is bytes as Latin-1. */
export function plainOfRtf(text: string): { text: string }[] {
  const parts: string[] = []
  const stack: State[] = []
  let state: State = { skip: false, hidden: false, fallback: 1, font: '' }
  let bytes: number[] = []
  let part = ''
  /** Number of fallback characters after a `\u`. */
  let passed = 0
  let afterStar = false
  const fonts = fontEncodings(text)
  const main = `windows-${/\\ansicpg(\d+)/.exec(text.slice(0, 4096))?.[1] ?? '1252'}`
  const flush = (): void => {
    if (bytes.length > 0) part += decode(Uint8Array.from(bytes), fonts.get(state.font) ?? main)
    bytes = []
  }
  const put = (shown: string): void => {
    flush()
    if (!state.skip && !state.hidden) part += shown
  }
  for (const { text: token, word, number, first } of rtfTokens(text)) {
    const starred: boolean = afterStar
    afterStar = token === '\\*' || (starred && /^[\r\n]+$/.test(token))
    if (token === '{' || token === '}') {
      flush()
      if (token === '{') stack.push({ ...state })
      else state = stack.pop() ?? state
    } else if (word !== undefined) {
      // Groups with a star are for programs that know them, except shapes, which may contain text.
      if (first && (SKIPPED.has(word) || (starred && !word.startsWith('shp')))) state.skip = true
      if (word === 'f') flush()
      if (word === 'f') state.font = number ?? ''
      else if (word === 'uc') state.fallback = Number(number ?? 1)
      else if (word === 'v' || word === 'deleted') state.hidden = number !== '0'
      else if (word === 'plain') state.hidden = false
      else if (word === 'u') {
        put(String.fromCharCode(Number(number ?? 0) & 0xffff))
        passed = state.fallback
      } else if (CHARACTERS[word] !== undefined) put(CHARACTERS[word])
      else if (BREAKS.test(word) && !state.skip) {
        put(' ')
        if (word !== 'tab' && word !== 'line') {
          parts.push(part)
          part = ''
        }
      }
    } else if (token.startsWith("\\'")) {
      if (passed > 0) passed--
      else if (!state.skip && !state.hidden) bytes.push(Number.parseInt(token.slice(2), 16))
    } else if (token === '\\~') put(' ')
    else if (token === '\\_') put('-')
    else if (token.length === 2 && token.startsWith('\\')) {
      if (/[\\{}]/.test(token[1] ?? '')) put(token.slice(1))
    } else {
      const shown = token.replace(/[\r\n]/g, '').slice(passed)
      passed = Math.max(0, passed - token.length)
      // Two bytes may be one character, or a code and a letter.
      if (bytes.length > 0 && !state.skip && !state.hidden) bytes.push(...Buffer.from(shown, 'latin1'))
      else put(shown)
    }
  }
  flush()
  return [...parts, part].filter((each) => each.trim() !== '').map((each) => ({ text: each }))
}

function fontEncodings(text: string): Map<string, string> {
  const fonts = new Map<string, string>()
  for (const match of text
    .slice(0, 1024 * 1024)
    .matchAll(/\{\\f(\d+)(?:\\(?!fcharset)[a-z]+-?\d*|\{[^{}]*\})*\\fcharset(\d+)/g)) {
    const encoding = CHARSETS[match[2] ?? '']
    if (encoding !== undefined) fonts.set(match[1] ?? '', encoding)
  }
  return fonts
}

function decode(bytes: Uint8Array, label: string): string {
  try {
    return new TextDecoder(label).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
