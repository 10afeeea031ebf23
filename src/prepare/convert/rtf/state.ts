// What applies to a group of RTF and ends with it: the looks of letters, the format of paragraphs, where text goes.
import type { RtfStyles } from './definitions.ts'
import { PLAIN_PARAGRAPH, PLAIN_STYLE, type ParagraphFormat, type RtfRunStyle } from './format.ts'
import type { Shape } from './shapes.ts'
import type { RtfStory } from './story.ts'

/** `form`: what a form field displays without a result. */
export type Field = { code: string; form: string; hasText: boolean }

export type State = {
  story: RtfStory
  style: RtfRunStyle
  hidden: boolean
  deleted: boolean
  format: ParagraphFormat
  skipped: boolean
  /** Around an `\upr`: whether its text in Unicode is skipped. */
  outside: boolean
  /** In the properties of a nested table. */
  nested: boolean
  field: Field | undefined
  /** In the code of a field, which is not displayed; its result is. */
  inCode: boolean
  shape: Shape | undefined
}

/** Follows a control word that formats. Values are shared between groups, so they are replaced, not changed. */
export function follow(state: State, word: string, number: number | undefined, styles: RtfStyles): void {
  const on = number !== 0
  const style = (change: Partial<RtfRunStyle>): void => {
    state.style = { ...state.style, ...change }
  }
  const format = (change: Partial<ParagraphFormat>): void => {
    state.format = { ...state.format, ...change }
  }
  switch (word) {
    case 'b':
      return style({ bold: on })
    case 'i':
      return style({ italic: on })
    case 'strike':
    case 'striked':
      return style({ strike: on })
    case 'super':
    case 'sub':
      return style({ shift: on ? word : undefined })
    case 'nosupersub':
      return style({ shift: undefined })
    case 'fs':
      return style({ size: number ?? PLAIN_STYLE.size })
    case 'cs':
      return style({ code: styles.role('cs', number) === 'code' })
    case 'v':
      state.hidden = on
      return
    case 'deleted':
      state.deleted = on
      return
    case 'plain':
      state.hidden = state.deleted = false
      return style({ ...PLAIN_STYLE, link: state.style.link })
    case 'pard':
      state.format = PLAIN_PARAGRAPH
      return
    case 's':
      return format({ style: number ?? 0 })
    case 'outlinelevel':
      return format({ outline: number })
    case 'ls':
      return format({ list: number })
    case 'ilvl':
      return format({ level: Math.max(0, number ?? 0) })
    case 'li':
      return format({ indent: number ?? 0 })
    case 'fi':
      return format({ hanging: (number ?? 0) < 0 })
    case 'intbl':
      return format({ table: on ? Math.max(1, state.format.table) : 0 })
    case 'itap':
      return format({ table: Math.max(0, number ?? 1) })
  }
}
