// The outcome of a sweep: a table for people, JSON for programs.
import { writeFileSync } from 'node:fs'

export type Row = {
  sweep: string
  workload: string
  tree: string
  /** Places where a fault can be injected, as recorded in a run without one. */
  points: number
  /** Faults that were to be injected: two at a call of git if kbgit may survive. */
  tried: number
  /** Faults that strace or the kernel confirmed. */
  injected: number
  failures: string[]
  seconds: number
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Prints the table, writes `json` if it is named, and sets the exit code. */
export function report(rows: Row[], json: string | undefined): void {
  const cells = rows.map(({ sweep, workload, tree, points, tried, injected, failures, seconds }) => [
    sweep,
    workload,
    tree,
    points,
    tried,
    injected,
    failures.length,
    Math.round(seconds),
  ])
  const sum = (of: (row: Row) => number): number => Math.round(rows.reduce((total, row) => total + of(row), 0))
  cells.push([
    'total',
    '',
    '',
    sum((row) => row.points),
    sum((row) => row.tried),
    sum((row) => row.injected),
    sum((row) => row.failures.length),
    sum((row) => row.seconds),
  ])
  say('')
  say('| fault | command | work tree | points | tried | injected | failures | seconds |')
  say('|---|---|---|--:|--:|--:|--:|--:|')
  for (const row of cells) say(`| ${row.join(' | ')} |`)
  for (const { sweep, workload, tree, failures } of rows)
    for (const failure of failures) say(`\nFAILED ${sweep}, ${workload}, ${tree}: ${failure}`)
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ rows }, undefined, 2)}\n`)
  if (rows.some(({ failures }) => failures.length > 0)) process.exitCode = 1
}
