// No document loses a word silently: what a converter's result lacks compared to the plain extraction is put back in
// its place as plain paragraphs; what has no place, or is too short to read alone, is recorded and named in a note.
import { coverageNote } from '../core/document/coverage-note.ts'
import type { DocumentWarning } from '../core/document/prepared.ts'
import { escapeText } from './convert/markdown.ts'
import type { Converted, ConvertedBody, ConvertedPage } from './convert/converter.ts'
import { compareWords, shareOf, type LostRun } from './coverage.ts'
import { blockEndAt } from './markdown-lines.ts'

/** Final once the body is consumed. */
export type Conservation = {
  /** Share of words kept, if it is below 1. */
  coverage?: number | undefined
  warnings: DocumentWarning[]
  notes: string[]
  /** Words that were put back. */
  putBack: number
}

/** Characters kept for the comparison; a longer text is reported as not checked. */
const HELD_CHARACTERS_MAX = 32 * 1024 ** 2
/** A shorter run says nothing as a paragraph of its own, unless it is all of its part. */
const PARAGRAPH_WORDS_MIN = 3
/** Number of lost runs that are named, and characters of each. */
const NAMED_MAX = 20
const NAMED_CHARACTERS_MAX = 120

/** The document with lost text put back. `outcome` is complete once its body is consumed. */
export function conserve(converted: Converted): { converted: Converted; outcome: Conservation } {
  const outcome: Conservation = { warnings: [], notes: [], putBack: 0 }
  const { plain, dropped, body } = converted
  if (plain === undefined) return { converted, outcome }
  const whole = async function* (): AsyncGenerator<string> {
    const pieces: string[] = []
    let held = 0
    for await (const piece of piecesOf(body)) {
      pieces.push(piece)
      held += piece.length
      if (held <= HELD_CHARACTERS_MAX) continue
      outcome.notes.push('The text is too long for the check that no word of the original is lost.')
      yield* pieces.splice(0)
    }
    if (held > HELD_CHARACTERS_MAX) return yield* pieces
    yield* restored(pieces, { plain: [...plain], dropped: [...(dropped ?? [])] }, outcome, body.kind)
  }
  return { converted: { ...converted, body: bodyOf(body, whole) }, outcome }
}

export async function* piecesOf(body: ConvertedBody): AsyncGenerator<string> {
  if (body.kind === 'pages') {
    for await (const page of body.pages) yield page.content
  } else if (typeof body.markdown === 'string') yield body.markdown
  else yield* body.markdown
}

function bodyOf(body: ConvertedBody, pieces: () => AsyncGenerator<string>): ConvertedBody {
  if (body.kind === 'flow') return { kind: 'flow', markdown: pieces() }
  const pages = async function* (): AsyncGenerator<ConvertedPage> {
    for await (const content of pieces()) yield { content }
  }
  return { kind: 'pages', physical: body.physical, pages: pages() }
}

function restored(
  pieces: string[],
  { plain, dropped }: { plain: Exclude<Converted['plain'], undefined>; dropped: string[] },
  outcome: Conservation,
  kind: ConvertedBody['kind'],
): string[] {
  const { words, lost } = compareWords(plain, pieces, dropped)
  const gone: LostRun[] = []
  const insertions: { piece: number; offset: number; text: string }[] = []
  for (const run of lost) {
    const place = placeOf(run, pieces, kind)
    if (place !== undefined && (run.whole || run.words >= PARAGRAPH_WORDS_MIN)) {
      insertions.push({ ...place, text: paragraph(run.text) })
      outcome.putBack += run.words
    } else gone.push(run)
  }
  const whole = inserted(pieces, insertions)
  const missing = gone.reduce((sum, run) => sum + run.words, 0)
  if (missing === 0) return whole
  outcome.coverage = shareOf(words, missing)
  const share = `${Math.floor(outcome.coverage * 10_000) / 100}% of the words of the original were kept`
  outcome.warnings.push(...gone.slice(0, NAMED_MAX).map((run) => warning(run, share)))
  outcome.notes.push(`${share}. ${missingList(gone, missing)}`)
  whole[0] = [coverageNote(escapeText(outcome.notes.at(-1) ?? '')), whole[0] ?? ''].join('\n\n').trimEnd()
  return whole
}

/** After the block that has the words before it; on a page whose words are elsewhere, at the page's end. */
function placeOf(
  { after, part }: LostRun,
  pieces: string[],
  kind: ConvertedBody['kind'],
): { piece: number; offset: number } | undefined {
  const page = kind === 'pages' && part.page !== undefined ? part.page - 1 : undefined
  if (after !== undefined && (page === undefined || page === after.piece))
    return { piece: after.piece, offset: blockEndAt(pieces[after.piece] ?? '', after.offset) }
  if (page !== undefined) return page < pieces.length ? { piece: page, offset: pieces[page]?.length ?? 0 } : undefined
  // Nothing of the original before it was kept: it was first.
  return pieces.length === 0 ? undefined : { piece: 0, offset: 0 }
}

/** Insertions are in the order of the original, also within one place. */
function inserted(pieces: string[], insertions: { piece: number; offset: number; text: string }[]): string[] {
  const whole = [...pieces]
  const ordered = insertions.toSorted((a, b) => a.piece - b.piece || a.offset - b.offset)
  for (let to = ordered.length; to > 0;) {
    const { piece = 0, offset = 0 } = ordered[to - 1] ?? {}
    let from = to - 1
    while (ordered[from - 1]?.piece === piece && ordered[from - 1]?.offset === offset) from--
    const text = whole[piece] ?? ''
    whole[piece] = [text.slice(0, offset), ...ordered.slice(from, to).map((each) => each.text), text.slice(offset)]
      .map((each) => each.replace(/^\n+|\n+$/g, ''))
      .filter((each) => each !== '')
      .join('\n\n')
    to = from
  }
  return whole
}

function paragraph(text: string): string {
  return escapeText(text.replace(/\s+/g, ' ').trim())
}

function warning(run: LostRun, share: string): DocumentWarning {
  const { page } = run.part
  return {
    code: 'textLost',
    message: `Missing from the text${whereOf(run)}: ${named(run)} (${share}).`,
    page,
  }
}

function missingList(gone: LostRun[], missing: number): string {
  const shown = gone.slice(0, NAMED_MAX).map((run) => `${named(run)}${whereOf(run)}`)
  const more = gone.length - shown.length
  return `Missing (${missing} ${missing === 1 ? 'word' : 'words'}): ${shown.join('; ')}${more > 0 ? `; and ${more} more places` : ''}.`
}

function named({ text }: LostRun): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return `"${line.length <= NAMED_CHARACTERS_MAX ? line : `${line.slice(0, NAMED_CHARACTERS_MAX)}…`}"`
}

function whereOf({ part: { page, where } }: LostRun): string {
  if (page !== undefined) return ` on page ${page}`
  return where === undefined ? '' : ` in ${where}`
}
