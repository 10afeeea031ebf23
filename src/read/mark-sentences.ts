// Sentences of a model's answer that no citation backs, marked where they stand.
import { endsSentence, proseSentences } from '../core/search/sentences.ts'

export const NO_SOURCE = '(no source)'

/** How many sentences there are, and how many have a citation that holds. */
export type SentenceCount = { sentences: number; cited: number }
export type MarkedLine = SentenceCount & { text: string }

const CITED = /\[\d+(?:, \d+)*\]/
/** Marks that stand behind the end of their sentence. */
const LEADING_MARKS = /^\s*(?:\[\d+(?:, \d+)*\])+/
const LIST_ITEM = /^\s*(?:[-*+]|\d{1,9}[.)])\s/
/** A heading, a row of a table, or a line without letters. */
const NO_SENTENCE = /^\s*(?:#{1,6}\s|\|)|^[^\p{L}\p{N}]*$/u

/**
 * One line of an answer, whose marks are those of checked citations. Questions, what ends with a colon, and the beginning of a
 * sentence that goes on in the next line are no statements. Rows of tables are left as they are.
 */
export function markSentences(line: string): MarkedLine {
  if (NO_SENTENCE.test(line)) return { text: line, sentences: 0, cited: 0 }
  const pieces = withMarks(proseSentences(line))
  const marked = { text: '', sentences: 0, cited: 0 }
  for (const [index, piece] of pieces.entries()) {
    const isItem = index === pieces.length - 1 && LIST_ITEM.test(line)
    const isCited = CITED.test(piece)
    if (!isCited && !isStatement(piece, isItem)) marked.text += piece
    else {
      marked.sentences += 1
      marked.cited += isCited ? 1 : 0
      marked.text += isCited ? piece : piece.replace(/\s*$/, (space) => ` ${NO_SOURCE}${space}`)
    }
  }
  return marked
}

function withMarks(sentences: string[]): string[] {
  const found: string[] = []
  for (const sentence of sentences) {
    const marks = LEADING_MARKS.exec(sentence)?.[0] ?? ''
    if (marks === '' || found.length === 0) found.push(sentence)
    else {
      const before = found.pop() ?? ''
      const rest = sentence.slice(marks.length)
      const space = /^\s*/.exec(rest)?.[0] ?? ''
      found.push(before + marks + space)
      if (rest.length > space.length) found.push(rest.slice(space.length))
    }
  }
  return found
}

function isStatement(piece: string, isItem: boolean): boolean {
  const text = piece.trim()
  if (!/[\p{L}\p{N}]/u.test(text) || /[:?？：]["”’)*_]*$/u.test(text)) return false
  return isItem || endsSentence(text)
}
