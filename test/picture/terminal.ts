// Draws a terminal session as SVG.
import type { Step } from './session.ts'
import { escaped, windowAround } from './svg.ts'

const COLUMNS = 100
/** Pixels. */
const CHARACTER = 8
const LINE = 19
const MARGIN = 18

type Run = { text: string; styles: string[] }

/** The classes for the colours that kbgit and git use; undefined resets all of them. */
const STYLES: Record<string, string | undefined> = {
  '1': 'bold',
  '2': 'dim',
  '31': 'red',
  '32': 'green',
  '33': 'yellow',
  '36': 'cyan',
}

/** A line with colours, as runs of one style each. */
function runsOf(line: string): Run[] {
  const runs: Run[] = []
  let styles: string[] = []
  // oxlint-disable-next-line no-control-regex
  for (const [, code, text = ''] of line.matchAll(/(?:\x1b\[(\d*)m)?([^\x1b]*)/g)) {
    if (code !== undefined) {
      const style = STYLES[code]
      styles = style === undefined ? [] : [...styles, style]
    }
    if (text !== '') runs.push({ text, styles })
  }
  return runs
}

/** Breaks a line as a terminal would. */
function broken(runs: readonly Run[]): Run[][] {
  const lines: Run[][] = [[]]
  let room = COLUMNS
  for (const { text, styles } of runs) {
    for (let rest = text; rest !== '';) {
      if (room === 0) {
        lines.push([])
        room = COLUMNS
      }
      const part = rest.slice(0, room)
      lines.at(-1)?.push({ text: part, styles })
      room -= part.length
      rest = rest.slice(part.length)
    }
  }
  return lines
}

function drawn(line: readonly Run[], row: number): string {
  let column = 0
  const spans = line.map(({ text, styles }) => {
    const x = MARGIN + column * CHARACTER
    column += text.length
    const width = `textLength="${text.length * CHARACTER}" lengthAdjust="spacingAndGlyphs"`
    return `<tspan x="${x}" ${width}${styles.length === 0 ? '' : ` class="${styles.join(' ')}"`}>${escaped(text)}</tspan>`
  })
  return `<text xml:space="preserve" y="${MARGIN + (row + 0.75) * LINE}">${spans.join('')}</text>`
}

export function terminalPicture(steps: readonly Step[]): string {
  const lines = steps.flatMap(({ command, output }, number) => [
    ...(number === 0 ? [] : [[]]),
    [
      { text: '$ ', styles: ['green'] },
      { text: command, styles: ['bold'] },
    ],
    ...output
      .replace(/\n$/, '')
      .split('\n')
      .filter((_line, _i, all) => all.join('') !== '')
      .flatMap((line) => broken(runsOf(line))),
  ])
  return windowAround({
    title: 'kbgit',
    description: `A terminal session: ${steps.map(({ command }) => command).join('; ')}`,
    width: 2 * MARGIN + COLUMNS * CHARACTER,
    height: 2 * MARGIN + lines.length * LINE,
    colours: { bar: '#2b3036', title: '#b9c0c8', background: '#1d2125', border: '#3a4048' },
    style: `text { font: 13.3px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d8dee4 }
.bold { font-weight: 700; fill: #ffffff }
.dim { fill: #98a2ad }
.red { fill: #f47067 }
.green { fill: #6bc46d }
.yellow { fill: #daaa3f }
.cyan { fill: #56c2d6 }`,
    content: lines.map((line, row) => drawn(line, row)).join('\n'),
  })
}
