// The format of letters and paragraphs in RTF.
import type { RunStyle } from '../office/inline-runs.ts'

/** Properties of a paragraph: what its last mark finds. */
export type ParagraphFormat = {
  style: number
  outline: number | undefined
  /** `\ls` and `\ilvl`. */
  list: number | undefined
  level: number | undefined
  /** In twips. */
  indent: number
  hanging: boolean
  /** Nesting of tables: 0 outside of tables. */
  table: number
}

export const PLAIN_PARAGRAPH: ParagraphFormat = {
  style: 0,
  outline: undefined,
  list: undefined,
  level: undefined,
  indent: 0,
  hanging: false,
  table: 0,
}

export type RtfRunStyle = RunStyle & { shift: 'super' | 'sub' | undefined; size: number; code: boolean }

export const PLAIN_STYLE: RtfRunStyle = {
  bold: false,
  italic: false,
  strike: false,
  link: undefined,
  shift: undefined,
  /** In half points. */
  size: 24,
  code: false,
}
