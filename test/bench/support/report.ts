// The results of a benchmark: a table for people, and JSON with everything needed to interpret them later.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'

export type Cell = string | number
export type Row = Record<string, Cell>

/** A figure and its target. */
export type Bar = { what: string; value: number; atMost?: number; atLeast?: number }

export type Report = {
  bench: string
  about: string
  /** One table or several. */
  tables: { title: string; rows: Row[] }[]
  bars: Bar[]
}

export function isHeld({ value, atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY }: Bar): boolean {
  return value <= atMost && value >= atLeast
}

/** Prints a report and writes it to `bench-results/`. Nothing passes or fails: each figure is shown with its target. */
export function tell(
  report: Report,
  settings: { sample: boolean; command: string; startedAt: Date; loadBefore: number },
): void {
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  say(`\n# ${report.bench}: ${report.about}`)
  for (const { title, rows } of report.tables) {
    say(`\n${title}\n`)
    for (const line of table(rows)) say(line)
  }
  if (report.bars.length > 0) say('')
  for (const bar of report.bars) {
    const limit = bar.atMost === undefined ? `at least ${shown(bar.atLeast ?? 0)}` : `at most ${shown(bar.atMost)}`
    say(
      `${isHeld(bar) ? 'held  ' : 'missed'}  ${bar.what}: ${shown(bar.value)} (${limit})${settings.sample ? ' at sample size' : ''}`,
    )
  }
  mkdirSync('bench-results', { recursive: true })
  const bars = report.bars.map((bar) => ({ ...bar, held: isHeld(bar) }))
  const told = {
    ...report,
    bars,
    ...settings,
    startedAt: settings.startedAt.toISOString(),
    seconds: Math.round((Date.now() - settings.startedAt.getTime()) / 1000),
    commit: commit(),
    machine: machine(),
  }
  writeFileSync(
    join('bench-results', `${report.bench}${settings.sample ? '.sample' : ''}.json`),
    `${JSON.stringify(told, null, 1)}\n`,
  )
}

function table(rows: Row[]): string[] {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const cells = [columns, ...rows.map((row) => columns.map((column) => shown(row[column] ?? '')))]
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)))
  const isText = columns.map((column) => rows.some((row) => typeof row[column] === 'string'))
  const drawn = cells.map(
    (line) =>
      `| ${line.map((cell, index) => (isText[index] === true ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join(' | ')} |`,
  )
  const rule = `|${widths.map((width, index) => (isText[index] === true ? `${'-'.repeat(width + 2)}` : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [drawn[0] ?? '', rule, ...drawn.slice(1)]
}

/** Three significant digits; whole numbers unchanged. */
function shown(value: Cell): string {
  if (typeof value === 'string') return value
  if (Number.isInteger(value)) return value.toLocaleString('en')
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
}

/** The load at the moment: on a busy machine times are misleading, and ratios within one run less so. */
function machine(): Record<string, Cell> {
  const [processor] = cpus()
  const git = execFileSync('git', ['--version'], { encoding: 'utf8' }).trim()
  return {
    processor: processor?.model ?? arch(),
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    system: `${platform()} ${release()}`,
    node: process.version,
    git,
    load: loadavg()[0] ?? 0,
  }
}

function commit(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { encoding: 'utf8', cwd: import.meta.dirname }).trim()
  return (
    git('rev-parse', '--short=10', 'HEAD') +
    (git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ' with changes')
  )
}
