// npm run soak:push: clones on one machine that add to one remote at the same time. At the end every document is in every
// clone, all trees are equal, and fsck finds nothing.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { AddResult } from '../../src/index.ts'
import { execute, git } from './execute.ts'
import { headTree } from './repository-state.ts'
import { buildProduct } from './product.ts'
import { say } from './report.ts'
import { Scratch } from './scratch.ts'

const { values } = parseArgs({
  options: {
    clones: { type: 'string', default: '3' },
    seconds: { type: 'string' },
    minutes: { type: 'string' },
    headless: { type: 'boolean', default: false },
  },
})
const clones = Number(values.clones)
const seconds = Number(values.seconds ?? Number(values.minutes ?? 0) * 60) || 20

type Tally = { added: number; attempts: number[]; stopped: string[]; wrong: string[] }

using scratch = new Scratch()
const command = buildProduct(scratch)
const env = scratch.environment({ NODE_OPTIONS: '' })

async function kbgit(dir: string, ...argv: string[]) {
  return execute([...command, ...argv], { cwd: dir, env })
}

/** A base in a remote, and its clones. */
async function makeClones(): Promise<string[]> {
  const first = scratch.path('first')
  await git(scratch.dir, env, 'init', '-q', '-b', 'main', first)
  await kbgit(first, 'init', '--no-hooks')
  await git(scratch.dir, env, 'clone', '-q', '--bare', first, 'remote.git')
  const names = Array.from({ length: clones }, (_, number) => scratch.path(`clone-${number}`))
  const bare = values.headless ? ['--bare'] : []
  for (const name of names) await git(scratch.dir, env, 'clone', '-q', ...bare, 'remote.git', name)
  return names
}

function note(number: number, count: number): string {
  return [
    `# Report ${count} of machine ${number}`,
    `Acme Corporation sells the Walrus Engine in Berlin. Machine ${number} has measured it ${count} times.`,
    `The Sensor ${number} is a part of the Walrus Engine. Alice Smith likes it.`,
  ].join('\n\n')
}

async function feed(dir: string, number: number, until: number): Promise<Tally> {
  const tally: Tally = { added: 0, attempts: [], stopped: [], wrong: [] }
  const folder = scratch.path(`documents-${number}`)
  mkdirSync(folder)
  for (let count = 1; performance.now() < until; count++) {
    const file = join(folder, `report-${number}-${count}.md`)
    writeFileSync(file, note(number, count))
    const { code, stdout, stderr } = await kbgit(dir, 'add', '--push', '--json', file)
    if (code !== 0 && code !== 3) {
      tally.wrong.push(`clone ${number}, document ${count}: ${code} ${stderr}${stdout}`)
      continue
    }
    const { added, push, stopped } = JSON.parse(stdout) as AddResult
    tally.added += added.length
    if (added.length !== 1) tally.wrong.push(`clone ${number}: ${file} was not added: ${stdout}`)
    if (push !== undefined) tally.attempts.push(push.attempts)
    else tally.stopped.push(stopped?.message ?? 'no reason')
  }
  return tally
}

/** After the last clone has synced, the ones before it lack what came later. */
async function settle(dirs: string[]): Promise<string[]> {
  const wrong: string[] = []
  for (const dir of [...dirs, ...dirs]) {
    const { code, stderr } = await kbgit(dir, 'sync')
    if (code !== 0) wrong.push(`the last sync of ${dir}: ${code} ${stderr}`)
  }
  for (const dir of dirs) {
    const { code, stdout, stderr } = await kbgit(dir, 'fsck', '--blobs')
    if (code !== 0) wrong.push(`fsck of ${dir}: ${stdout}${stderr}`)
  }
  return wrong
}

const dirs = await makeClones()
const begun = performance.now()
const tallies = await Promise.all(dirs.map((dir, number) => feed(dir, number, begun + seconds * 1000)))
const tookMs = performance.now() - begun
const wrong = [...tallies.flatMap((tally) => tally.wrong), ...(await settle(dirs))]
const trees = await Promise.all(dirs.map((dir) => headTree(dir, env)))
if (new Set(trees).size !== 1) wrong.push(`the trees differ: ${trees.join(', ')}`)
const added = tallies.reduce((sum, tally) => sum + tally.added, 0)
const listed = JSON.parse((await kbgit(dirs[0] ?? '', 'list', '--json')).stdout) as { documents: unknown[] }
if (listed.documents.length !== added) wrong.push(`${added} documents were added, ${listed.documents.length} are there`)
const attempts = tallies.flatMap((tally) => tally.attempts).toSorted((a, b) => a - b)
const stopped = tallies.flatMap((tally) => tally.stopped)
say(
  `${clones} ${values.headless ? 'headless ' : ''}clones, ${Math.round(tookMs / 1000)} s: ${added} documents, ` +
    `${(added / (tookMs / 1000)).toFixed(2)} a second; attempts to push: median ${attempts[attempts.length >> 1] ?? 0}, ` +
    `most ${attempts.at(-1) ?? 0}; ${stopped.length} pushes given up; ${wrong.length} failures`,
)
for (const one of new Set(stopped)) say(`given up: ${one}`)
for (const one of wrong) say(`FAILED ${one}`)
if (wrong.length > 0) process.exitCode = 1
