// Reads RTF (1.9.1) into blocks. Groups are followed with a stack of their own, so that no nesting exhausts the
// machine's; time is linear in the source.
import type { ImageSink } from '../converter.ts'
import { escapeText } from '../markdown.ts'
import { commentHead } from '../office/blocks.ts'
import { linkOfCode, symbolOfCode } from '../office/word-fields.ts'
import { isVisible, levelOf, RtfContent } from './content.ts'
import { informationOf, listsOf } from './definitions.ts'
import { destinationOf } from './destinations.ts'
import { rtfEvents, type RtfEvent } from './events.ts'
import { PLAIN_PARAGRAPH, PLAIN_STYLE } from './format.ts'
import { formulasIn } from './formulas.ts'
import { GroupBuilder, groupNamed, textIn, type RtfGroup } from './group.ts'
import { pictureIn } from './pictures.ts'
import { describe, descriptionOf, formValue, type Shape } from './shapes.ts'
import { follow, type Field, type State } from './state.ts'

/** Maximum nesting of groups: Word writes a few dozen levels. */
export const DEPTH_MAX = 2_000

export type RtfText = {
  /** Markdown blocks, notes last. */
  blocks: string[]
  information: Record<'title' | 'author' | 'date', string>
}

/** `source` is bytes as Latin-1. Returns why it cannot be read: its groups are nested too deeply, or do not end. */
export function readRtf(source: string, images: ImageSink): RtfText | 'deep' | 'cut' {
  const reader = new RtfReader(images)
  let depth = 0
  for (const event of rtfEvents(source)) {
    if (event.kind === 'open' && ++depth > DEPTH_MAX) return 'deep'
    if (event.kind === 'close') depth--
    reader.take(event)
  }
  return depth > 0 ? 'cut' : reader.end()
}

class RtfReader {
  readonly #content: RtfContent
  readonly #stack: { state: State; onClose: (() => void) | undefined }[] = []
  #state: State
  #onClose: (() => void) | undefined
  #collecting: { builder: GroupBuilder; use: (group: RtfGroup) => void } | undefined
  #listTable: RtfGroup | undefined
  #information: RtfGroup | undefined
  #comment: { author: string; initials: string; date: string | undefined } = {
    author: '',
    initials: '',
    date: undefined,
  }

  constructor(images: ImageSink) {
    this.#content = new RtfContent(images)
    this.#state = {
      story: this.#content.body,
      style: PLAIN_STYLE,
      hidden: false,
      deleted: false,
      format: PLAIN_PARAGRAPH,
      skipped: false,
      outside: false,
      nested: false,
      field: undefined,
      inCode: false,
      shape: undefined,
    }
  }

  end(): RtfText {
    return { blocks: this.#content.end(this.#state), information: informationOf(this.#information) }
  }

  take(event: RtfEvent): void {
    if (this.#collecting !== undefined) {
      const group = this.#collecting.builder.take(event)
      if (group === undefined) return
      const { use } = this.#collecting
      this.#collecting = undefined
      use(group)
    }
    const state = this.#state
    if (event.kind === 'open') {
      this.#stack.push({ state, onClose: this.#onClose })
      this.#state = { ...state }
      this.#onClose = undefined
    } else if (event.kind === 'close') this.#close()
    else if (event.kind === 'text') this.#content.text(state, event.text)
    else if (event.kind === 'word') {
      const destination = event.first ? destinationOf(event.word, event.starred) : 'format'
      if (event.word === 'ud') state.skipped = state.outside
      if (state.skipped) return
      if (destination === 'skipped') state.skipped = true
      else if (destination === 'collected') this.#collect(event.word)
      else if (destination === 'shown') this.#enter(event.word)
      else this.#word(event.word, event.number)
    }
  }

  #close(): void {
    this.#onClose?.()
    const outer = this.#stack.pop()
    if (outer === undefined) return
    // A paragraph at the end of the text has no mark: its format ends with the last group.
    if (this.#stack.length === 0) this.#content.endParagraph(this.#state)
    this.#state = outer.state
    this.#onClose = outer.onClose
  }

  #collect(word: string): void {
    const state = this.#state
    this.#collecting = { builder: new GroupBuilder(word), use: (group) => this.#use(group, state) }
  }

  #use(group: RtfGroup, state: State): void {
    const { story, field, shape } = state
    switch (group.name) {
      case 'stylesheet':
        return this.#content.styles.define(group)
      case 'listtable':
        this.#listTable = group
        return
      case 'listoverridetable':
        return this.#content.lists.define(listsOf(this.#listTable, group))
      case 'info':
        this.#information = group
        return
      case 'fldinst':
        if (field === undefined) return
        field.code += textIn(group)
        field.form += formValue(groupNamed(group, 'formfield'))
        return
      case 'listtext':
      case 'pntext':
        if (isVisible(state)) story.paragraph.label = textIn(group)
        return
      case 'pict':
        return this.#content.picture(state, pictureIn(group), descriptionOf(group))
      case 'sp':
        if (shape !== undefined) describe(shape, group)
        return
      case 'mmath':
        for (const latex of formulasIn(group)) this.#content.inline(state, `$${latex}$`)
        return
      case 'atnid':
        this.#comment.initials = textIn(group).trim()
        return
      case 'atnauthor':
        this.#comment.author = textIn(group).trim()
        return
      case 'atndate':
        this.#comment.date = dayOf(Number(textIn(group)))
    }
  }

  #enter(word: string): void {
    const state = this.#state
    switch (word) {
      case 'field': {
        const field: Field = { code: '', form: '', hasText: false }
        Object.assign(state, { field, inCode: true })
        this.#onClose = () => this.#endField(field)
        return
      }
      case 'fldrslt': {
        const link = linkOfCode(state.field?.code ?? '')
        state.inCode = false
        if (link !== undefined) state.style = { ...state.style, link }
        return
      }
      case 'upr':
        state.outside = state.skipped
        state.skipped = true
        return
      case 'footnote':
        this.#onClose = this.#content.note(state, () => '')
        return
      case 'annotation':
        this.#onClose = this.#content.note(state, () => this.#commentHead())
        return
      case 'shp':
        return this.#shape()
      case 'shptxt':
      case 'dptxbxtext':
        this.#onClose = this.#content.box(state)
        return
      case 'nesttableprops':
        state.nested = true
    }
  }

  #endField({ code, form, hasText }: Field): void {
    const shown = form === '' ? symbolOfCode(code) : form
    if (hasText || shown === '') return
    // The field's own group: what it displays is outside of its code.
    this.#state.inCode = false
    this.#content.text(this.#state, shown)
  }

  #commentHead(): string {
    const { author, initials, date } = this.#comment
    this.#comment = { author: '', initials: '', date: undefined }
    return commentHead(author || initials, date)
  }

  #shape(): void {
    const shape: Shape = { picture: undefined, art: '', description: '' }
    const state = this.#state
    state.shape = shape
    this.#onClose = () => {
      this.#content.inline(state, escapeText(shape.art))
      if (shape.picture !== undefined) this.#content.picture(state, shape.picture, shape.description)
    }
  }

  #word(word: string, number: number | undefined): void {
    const state = this.#state
    const content = this.#content
    switch (word) {
      case 'par':
      case 'sect':
        // The mark of a hidden paragraph is hidden with it.
        return isVisible(state) ? content.endParagraph(state) : undefined
      case 'line':
      case 'lbr':
        return content.lineBreak(state)
      case 'page':
      case 'column':
      case 'softpage':
      case 'softcol':
        return content.text(state, ' ')
      case 'cell':
        return content.endCell(state, 1)
      case 'nestcell':
        return content.endCell(state, Math.max(2, levelOf(state)))
      case 'row':
        return content.endRow(state, 1)
      case 'nestrow':
        return content.endRow(state, Math.max(2, levelOf(state)))
      case 'trowd':
        return content.beginRow(state)
      case 'trleft':
      case 'cellx':
        return content.edge(state, word, number ?? 0)
      default:
        follow(state, word, number, content.styles)
    }
  }
}

/** Decodes minutes, hours, day, month and year from the bits of a number. Undefined if the date is invalid. */
function dayOf(packed: number): string | undefined {
  const [day, month, year] = [(packed >> 11) & 31, (packed >> 16) & 15, ((packed >> 20) & 511) + 1900]
  if (!(packed > 0) || day === 0 || month === 0 || month > 12) return undefined
  return [year, month, day].map((part) => String(part).padStart(2, '0')).join('-')
}
