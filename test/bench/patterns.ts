// node test/bench/patterns.ts [--bytes <number>] [--only <text>] [--formats md,html]: CPU seconds per MB of markup of texts
// that repeat one mark, for each format that can carry it. Exits with 1 if one takes more than the bar.
import { parseArgs } from 'node:util'
import { CARRIERS, PATTERNS, PLAIN_TEXT, secondsPerMb } from '../support/patterns.ts'

/** CPU seconds per MB. */
const BAR = 2
/** Of as many runs the fastest counts: in the first, code is still being compiled. */
const RUNS = 3

const { values } = parseArgs({
  options: {
    bytes: { type: 'string', default: '300000' },
    only: { type: 'string', default: '' },
    formats: { type: 'string', default: CARRIERS.join(',') },
  },
})
const bytes = Number(values.bytes)
const formats = CARRIERS.filter((carrier) => values.formats.split(',').includes(carrier))
const say = (line: string): void => void process.stdout.write(`${line}\n`)
say(`| ${bytes} bytes of | ${formats.join(' | ')} |\n|---|${'--:|'.repeat(formats.length)}`)
for (const carrier of formats) await secondsPerMb(PLAIN_TEXT, carrier, { bytes, runs: RUNS })
let over = 0
for (const pattern of [PLAIN_TEXT, ...PATTERNS].filter(({ name }) => name.includes(values.only))) {
  const cells: string[] = []
  for (const carrier of formats) {
    const measured = await secondsPerMb(pattern, carrier, { bytes, runs: RUNS })
    if (measured === undefined) {
      cells.push('–')
      continue
    }
    const { seconds, failed } = measured
    if (seconds > BAR) over++
    const shown = `${seconds.toFixed(2)}${failed === undefined ? '' : ` ${failed}`}`
    cells.push(seconds > BAR ? `**${shown}**` : shown)
  }
  say(`| ${pattern.name} | ${cells.join(' | ')} |`)
}
if (over > 0) {
  say(`\n${over} take more than ${BAR} CPU seconds per MB.`)
  process.exitCode = 1
}
