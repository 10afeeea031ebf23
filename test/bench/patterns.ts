// node test/bench/patterns.ts [--bytes <number>] [--only <text>] [--formats md,html]: CPU seconds per MB of texts that repeat
// one mark, for each format that can carry it. Exits with 1 if one takes more than the bar.
import { parseArgs } from 'node:util'
import { CARRIERS, cpuMsOf, documentOf, PATTERNS, PLAIN_TEXT, type Carrier, type Pattern } from '../support/patterns.ts'

/** CPU seconds per MB. */
const BAR = 2
/** Of as many runs the fastest counts: in the first, code is still being compiled. */
const RUNS = 2

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
for (const carrier of formats) await secondsPerMb(PLAIN_TEXT, carrier)
let over = 0
for (const pattern of [PLAIN_TEXT, ...PATTERNS].filter(({ name }) => name.includes(values.only))) {
  const cells: string[] = []
  for (const carrier of formats) {
    const { seconds, failed } = await secondsPerMb(pattern, carrier)
    if (seconds > BAR) over++
    const shown = `${seconds.toFixed(2)}${failed === undefined ? '' : ` ${failed}`}`
    cells.push(Number.isNaN(seconds) ? '–' : seconds > BAR ? `**${shown}**` : shown)
  }
  say(`| ${pattern.name} | ${cells.join(' | ')} |`)
}
if (over > 0) {
  say(`\n${over} take more than ${BAR} CPU seconds per MB.`)
  process.exitCode = 1
}

async function secondsPerMb(
  pattern: Pattern,
  carrier: Carrier,
): Promise<{ seconds: number; failed?: string | undefined }> {
  const content = documentOf(pattern, carrier, bytes)
  if (content === undefined) return { seconds: NaN }
  let best: Awaited<ReturnType<typeof cpuMsOf>> | undefined
  for (let run = 0; run < RUNS; run++) {
    const measured = await cpuMsOf(`x.${carrier}`, content)
    if (best === undefined || measured.cpuMs < best.cpuMs) best = measured
  }
  return { seconds: (best?.cpuMs ?? NaN) / 1000 / (bytes / 1e6), failed: best?.failed }
}
