// CPU time of the analysis of a note, warm: analysis-cpu.ts [folder] [--rounds N]. Compare two checkouts in turns, on the same
// machine: only the ratio means something.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { analyse } from '../../src/compile/builtin/analyse.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '10' } },
})
const folder = positionals[0] ?? '../shared/corpus/notes'
const notes = readdirSync(folder)
  .filter((file) => file.endsWith('.md'))
  .sort()
  .map((file) => ({ name: file.slice(0, -3), content: readFileSync(join(folder, file), 'utf8') }))
const entityTypes = ['person', 'organization', 'place', 'product', 'work', 'event', 'other']

function round(): number {
  const before = process.cpuUsage()
  for (const { name, content } of notes)
    analyse({ pages: [{ content }], outline: [], fallbackTitle: name, entityTypes })
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / notes.length
}

round()
const rounds = Array.from({ length: Number(values.rounds) }, round).sort((a, b) => a - b)
process.stdout.write(
  `${notes.length} notes, milliseconds of CPU a note: best ${rounds[0]?.toFixed(2)}, median ${rounds[Math.floor(rounds.length / 2)]?.toFixed(2)}\n`,
)
