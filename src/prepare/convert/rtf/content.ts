// What an RTF file shows, as it is read: paragraphs, tables, notes and pictures, in blocks.
import type { ImageSink } from '../converter.ts'
import { COLUMNS_MAX, noteText, renderBlocks, textBlock, type Block } from '../office/blocks.ts'
import { pictureMarkdown } from '../office/picture.ts'
import { RtfStyles } from './definitions.ts'
import { PLAIN_PARAGRAPH, PLAIN_STYLE } from './format.ts'
import { applyHeadings } from './headings.ts'
import { RtfLists } from './lists.ts'
import type { Headings } from './paragraph.ts'
import type { State } from './state.ts'
import { RtfStory, TABLES_MAX, type RowFormat } from './story.ts'

/** Takes the state at each piece of content, which says where it belongs and how it looks. */
export class RtfContent {
  readonly body = new RtfStory()
  readonly styles = new RtfStyles()
  readonly lists = new RtfLists()
  readonly #images: ImageSink
  readonly #headings: Headings = { marked: [], sized: [], letters: new Map() }
  readonly #notes: string[] = []
  /** The format of rows, by the nesting of their tables. */
  readonly #rows: RowFormat[] = []

  constructor(images: ImageSink) {
    this.#images = images
  }

  /** Markdown blocks, notes last. */
  end(state: State): string[] {
    const blocks = this.#endStory(state, this.body)
    applyHeadings(this.#headings)
    return [...renderBlocks(blocks), ...this.#notes]
  }

  text(state: State, text: string): void {
    if (!isVisible(state) || state.inCode) return
    if (state.field !== undefined) state.field.hasText = true
    state.story.paragraph.text(text, state.style)
  }

  /** Markdown inside a paragraph. */
  inline(state: State, markdown: string): void {
    if (isVisible(state)) state.story.paragraph.inline(markdown)
  }

  lineBreak(state: State): void {
    if (isVisible(state)) state.story.paragraph.lineBreak()
  }

  picture(state: State, bytes: Buffer | undefined, description: string): void {
    if (!isVisible(state)) return
    this.inline(state, pictureMarkdown(bytes === undefined ? undefined : this.#images.add(bytes), description))
  }

  /** A note or comment, whose reference stands here; `state` becomes that of its text. Returns what ends it. */
  note(state: State, head: () => string): (() => void) | undefined {
    if (!isVisible(state)) {
      state.skipped = true
      return undefined
    }
    const number = this.#notes.push('')
    this.inline(state, `[^${number}]`)
    const story = begin(state)
    return () => {
      this.#notes[number - 1] = noteText(number, head(), this.#endStory(state, story))
    }
  }

  /** A text box; `state` becomes that of its text, which stands before the paragraph. Returns what ends it. */
  box(state: State): () => void {
    const { story: around } = state
    const level = levelOf(state)
    const story = begin(state)
    return () => around.add(renderBlocks(this.#endStory(state, story)).flatMap(textBlock), level)
  }

  endParagraph(state: State): void {
    const { story, format } = state
    if (!story.paragraph.isEmpty) story.add(this.#block(state, format), levelOf(state))
  }

  endCell(state: State, level: number): void {
    const { story, format } = state
    story.add(this.#block(state, { ...format, table: level }), level)
    story.endCell(level)
  }

  endRow({ story }: State, level: number): void {
    story.endRow(level, this.#rows[level] ?? { left: 0, edges: [] })
  }

  beginRow(state: State): void {
    this.#rows[rowLevelOf(state)] = { left: 0, edges: [] }
  }

  /** In twips: the left edge of the row, or the right edge of its next cell. */
  edge(state: State, kind: 'trleft' | 'cellx', twips: number): void {
    const row = (this.#rows[rowLevelOf(state)] ??= { left: 0, edges: [] })
    if (kind === 'trleft') row.left = twips
    else if (row.edges.length < COLUMNS_MAX) row.edges.push(twips)
  }

  #block({ story }: State, format: State['format']): Block[] {
    return story.paragraph.end(format, { styles: this.styles, lists: this.lists, headings: this.#headings })
  }

  #endStory(state: State, story: RtfStory): Block[] {
    this.endParagraph(state)
    return story.end()
  }
}

export function isVisible({ skipped, hidden, deleted }: State): boolean {
  return !skipped && !hidden && !deleted
}

/** The nesting of tables around the current paragraph. */
export function levelOf({ story, format }: State): number {
  return Math.min(TABLES_MAX, Math.max(format.table, story.openRow))
}

function rowLevelOf(state: State): number {
  return state.nested ? Math.max(2, levelOf(state)) : 1
}

function begin(state: State): RtfStory {
  const story = new RtfStory()
  Object.assign(state, { story, style: PLAIN_STYLE, format: PLAIN_PARAGRAPH, inCode: false, field: undefined })
  return story
}
