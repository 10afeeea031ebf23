// With a model, the tree follows from the documents and the answers alone: not from how many documents are prepared or
// asked about at once, nor from where a run was killed.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { start } from '../support/command.ts'
import { png } from '../support/documents.ts'
import { startModelServer, type ModelServer } from '../support/model-server.ts'
import { serverEnvironment } from '../support/models.ts'
import { Workplace } from '../support/workplace.ts'

const NOTES = 60
const THINGS = ['Tide Table', 'Lock Gate', 'Signal Lamp', 'Harbour Due', 'Dredging Barge', 'Pilot Boat']
const OTHER = ['Tidal Sheet', 'Sluice Door', 'Beacon Light', 'Port Fee', 'Mud Hopper', 'Guide Cutter']

/** Each note calls two things by one of their names; now and then one says that both are the same. */
function note(at: number): string {
  const [one, two] = [at % 6, (at * 5 + 1) % 6]
  const name = (index: number) => (at % 3 === 0 ? OTHER[index] : THINGS[index])
  const same = at % 7 === 2 ? `They know the ${THINGS[one]}, also called ${OTHER[one]}, of the year. ` : ''
  // A model sees what the picture shows, and reads that as part of the note.
  const picture = at % 10 === 4 ? `![The yard](yard-${at}.png)\n\n` : ''
  return `# Note ${at}\n\n${picture}${same}The office keeps the ${name(one)} of pier ${at} in order. It lends the ${name(one)} to the ${name(two)} crew of pier ${at}.\n\nNobody but the office may move the ${name(two)} in winter.\n`
}

let place: Workplace
let server: ModelServer
let expected = ''

beforeAll(async () => {
  place = new Workplace()
  server = await startModelServer({ delayMs: 30 })
  Object.assign(place.env, serverEnvironment(server.url), { SOURCE_DATE_EPOCH: '1767225600' })
  mkdirSync(join(place.dir, 'in'))
  for (let at = 0; at < NOTES; at++)
    writeFileSync(join(place.dir, 'in', `note-${String(at).padStart(3, '0')}.md`), note(at))
  for (let at = 4; at < NOTES; at += 10) writeFileSync(join(place.dir, 'in', `yard-${at}.png`), png(64, at))
  expected = await added('plain', 1, 1)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  place[Symbol.dispose]()
})

async function newBase(name: string): Promise<string> {
  const base = join(place.dir, name)
  await place.kbgit('init', base, '--no-hooks', '--model', 'openai/test')
  return base
}

async function add(base: string, jobs: number, concurrency: number): Promise<string> {
  const options = ['--jobs', String(jobs), '--concurrency', String(concurrency)]
  const { code, value } = await place.json('--kb', base, 'add', join(place.dir, 'in'), ...options)
  expect({ code, failed: value['failed'] }).toEqual({ code: 0, failed: [] })
  return place.gitIn(base, 'rev-parse', 'HEAD^{tree}')
}

async function added(name: string, jobs: number, concurrency: number): Promise<string> {
  return add(await newBase(name), jobs, concurrency)
}

it('is the same for 8 jobs and 20 calls at once, which are under way', async () => {
  server.plan({ delayMs: 400 })
  expect(await added('many', 8, 20)).toBe(expected)
  expect(server.counts().atOnce).toBe(20)
  server.plan({ delayMs: 30 })
})

it('depends on names that documents of the run were told', async () => {
  const told = server.prompts().filter((prompt) => prompt.includes('(also '))
  expect(told.length).toBeGreaterThan(3)
  expect(place.gitIn(join(place.dir, 'plain'), 'ls-tree', '-r', '--name-only', 'HEAD')).toContain('Tide-Table.md')
})

it('has what a model saw on pictures', () => {
  expect(server.counts().withPictures).toBeGreaterThan(0)
  expect(place.gitIn(join(place.dir, 'plain'), 'show', 'HEAD:wiki/sources/note-004.md')).toContain(
    'Described by a model',
  )
})

it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('is the same after a kill at point %i of 10', async (point) => {
  // All pairs of jobs and calls at once, and others after the kill.
  const [jobs, concurrency] = [point % 2 === 0 ? 8 : 1, point % 4 < 2 ? 20 : 1]
  const base = await newBase(`killed-${point}`)
  const before = server.counts().answered
  const argv = [
    '--kb',
    base,
    'add',
    join(place.dir, 'in'),
    '--jobs',
    String(jobs),
    '--concurrency',
    String(concurrency),
  ]
  const { child, ended } = start(argv, { cwd: place.dir, env: place.env })
  while (child.exitCode === null && server.counts().answered - before < (point * (NOTES + 10)) / 11)
    await new Promise((resolve) => setImmediate(resolve))
  child.kill('SIGKILL')
  await ended
  expect(await add(base, jobs === 1 ? 8 : 1, point % 3 === 0 ? 1 : 20)).toBe(expected)
})
