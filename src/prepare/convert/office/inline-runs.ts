// Runs of styled text as inline Markdown.
import { target } from '../markdown.ts'

export type RunStyle = { bold: boolean; italic: boolean; strike: boolean; link: string | undefined }
/** `text` is already Markdown; a `\` at the end of a line is a line break. */
export type Run = RunStyle & { text: string }

export const PLAIN: RunStyle = { bold: false, italic: false, strike: false, link: undefined }

/** `plain` omits emphasis, for headings. */
export function renderRuns(runs: Run[], plain = false): string {
  return merge(plain ? runs.map((run) => ({ ...run, bold: false, italic: false, strike: false })) : runs)
    .map(renderRun)
    .join('')
    .replace(/(?<![ \t])[ \t]+(\\?\n)/g, '$1')
    .replace(/(?<!\n|\n\\)(?:\\?\n)+$/, '')
    .trim()
}

/** Merges adjacent runs of one style, so that no two marks meet in mid-word. */
function merge(runs: Run[]): Run[] {
  const merged: Run[] = []
  for (const run of runs) {
    if (run.text === '') continue
    const last = merged.at(-1)
    const blank = run.text.trim() === ''
    const alike =
      last !== undefined &&
      last.link === run.link &&
      (blank || (last.bold === run.bold && last.italic === run.italic && last.strike === run.strike))
    if (alike) last.text += run.text
    else merged.push({ ...run })
  }
  return merged
}

/** Marks go inside the white space around a run; next to white space they have no effect. */
function renderRun({ text, bold, italic, strike, link }: Run): string {
  const begin = /^(?:\s|\\\n)*/.exec(text)?.[0].length ?? 0
  const end = endOfText(text, begin)
  const [before, core, after] = [text.slice(0, begin), text.slice(begin, end), text.slice(end)]
  if (core === '') return text
  const marks = [strike ? '~~' : '', bold ? '**' : '', italic ? '*' : '']
  const marked = `${marks.join('')}${core}${marks.reverse().join('')}`
  const safe = link !== undefined && /^(?:https?:|mailto:)/i.test(link.trim())
  return before + (safe ? `[${marked.replace(/\\\n/g, ' ')}](${target(link)})` : marked) + after
}

/** Where the white space and line breaks at the end begin. Not a pattern, which would try every white space inside. */
function endOfText(text: string, begin: number): number {
  let end = text.length
  while (end > begin && /\s/.test(text[end - 1] ?? '')) end -= text[end - 1] === '\n' && text[end - 2] === '\\' ? 2 : 1
  return Math.max(begin, end)
}
