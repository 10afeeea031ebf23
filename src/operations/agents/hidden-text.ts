// Finds text in a proposal that a rendered page would not show, for example instructions to a model that reads the file.
import { CONCEALING, visibleText } from '../../core/page/visible-text.ts'

/** Characters that are part of what is seen: of emoji, and of flags. */
const EMOJI_PARTS = /(?<=[\p{Emoji}\p{EMod}])(?:\uFE0F(?:\u20E3)?|\u200D(?=\p{Extended_Pictographic}))/gu
const FLAG = /\u{1F3F4}[\u{E0020}-\u{E007E}]{1,8}\u{E007F}/gu
const SOFT_HYPHEN = /(?<=\p{L})\u00AD(?=\p{L})/gu
/** Obsidian's comments. */
const COMMENT = /%%/
/** A definition of a link or a footnote: only what refers to it shows it. */
const DEFINITION = /^ {0,3}\[(\^?[^\]\n]+)\]:/
/** Of formulas: takes room, or has a colour. */
const UNSEEN_FORMULA = /\\(?:[hv]?phantom|(?:text)?color|smash|mathchoice)\b/

export type Hidden = { line: string; what: string }

/** In the lines of `text` that `before` does not have. */
export function hiddenIn(text: string, before: string): Hidden[] {
  const known = new Set(before.split('\n'))
  let fence: string | undefined
  return text.split('\n').flatMap((line): Hidden[] => {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    const isCode = fence !== undefined || mark !== undefined
    if (fence === undefined) fence = mark
    else if (mark?.startsWith(fence) === true) fence = undefined
    if (known.has(line)) return []
    if (hasInvisible(line)) return [{ line: visibleText(line), what: 'characters that nobody sees' }]
    if (isCode) return []
    const plain = line.replace(/`[^`]*`/g, '')
    if (COMMENT.test(plain)) return [{ line, what: 'a comment between %%' }]
    if (UNSEEN_FORMULA.test(plain)) return [{ line, what: 'a formula that hides or colours a part of it' }]
    const label = DEFINITION.exec(line)?.[1]
    if (label !== undefined && !isUsed(label, text)) return [{ line, what: 'a definition that nothing refers to' }]
    return []
  })
}

export function hasInvisible(text: string): boolean {
  const seen = text.replace(/\r/g, '').replace(FLAG, '').replace(EMOJI_PARTS, '').replace(SOFT_HYPHEN, '')
  return CONCEALING.test(text) || visibleText(seen) !== seen
}

function isUsed(label: string, text: string): boolean {
  const wanted = `[${label.toLowerCase()}]`
  const folded = text.toLowerCase()
  for (let at = folded.indexOf(wanted); at !== -1; at = folded.indexOf(wanted, at + 1))
    if (folded[at + wanted.length] !== ':') return true
  return false
}

/** Comments of YAML. */
export function commentsIn(front: string): string[] {
  return front
    .split('\n')
    .filter(
      (line) => /(?:^|\s)#(?:\s|$)/.test(line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'/g, '')) || /^\s*#/.test(line),
    )
}
