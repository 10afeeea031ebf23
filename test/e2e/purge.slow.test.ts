// A document is taken out of the middle of 300, and every object that is left is searched with tools other than kbgit's.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { PurgeResult } from '../../src/index.ts'
import { Workplace } from '../support/workplace.ts'

const DOCUMENTS = 300
const PURGED = 'note-150'
const TOPICS = ['Tidal Harbour', 'Brass Sextant', 'Harbour Master', 'Signal Lamp', 'Pilot Cutter']
const CONFIDENTIAL = 'Nobody but the Ottoline Committee may read how the crimson ledger was balanced in secret.'

function note(number: number): string {
  const [one, other] = [TOPICS[number % 5], TOPICS[(number * 3 + 1) % 5]]
  const own = number === 150 ? CONFIDENTIAL : `Entry ${number} counts ${number * 7} barrels of grey paint at the quay.`
  return `# Note ${number}\n\nThe ${one} is a thing that note ${number} describes with the ${other}.\n\n${own} The ${one} was seen by Ada Brook.\n`
}

it('purges a document from the middle of 300 and leaves the others byte for byte as they were', async () => {
  using place = await Workplace.withBase()
  mkdirSync(`${place.dir}/notes`)
  for (let number = 1; number <= DOCUMENTS; number++)
    writeFileSync(`${place.dir}/notes/note-${String(number).padStart(3, '0')}.md`, note(number))
  expect((await place.kbgit('add', `${place.dir}/notes`)).code).toBe(0)
  place.git('branch', 'review', 'HEAD~40')
  const others = (): string[] =>
    place
      .git('ls-tree', '-r', 'HEAD', 'raw', 'wiki/sources')
      .split('\n')
      .filter((line) => !line.includes(PURGED))
  const history = (revision: string): string => place.git('log', '--format=%an %ae %at %ct %s', revision)
  const before = { others: others(), history: history('HEAD') }

  const { code, value } = await place.json<PurgeResult>('purge', '-y', PURGED)

  expect(code).toBe(0)
  expect(value.proof?.found).toEqual([])
  expect(value.proof?.objects).toBeGreaterThan(3_000)
  expect(others()).toEqual(before.others)
  expect(history('HEAD~1')).toBe(before.history)
  expect(place.git('fsck', '--full', '--strict', '--no-dangling')).toBe('')
  expect(place.git('status', '--porcelain')).toBe('')
  expect(await place.kbgit('fsck')).toMatchObject({ code: 0 })
  const objects = execFileSync('git', ['cat-file', '--batch-all-objects', '--batch'], {
    cwd: place.base,
    maxBuffer: 2e9,
  })
  for (const words of ['Ottoline Committee', 'crimson ledger', 'balanced in secret', `${PURGED}.json`, `${PURGED}.md`])
    expect(objects.includes(words), words).toBe(false)
  const found = spawnSync('grep', ['-rlaE', 'Ottoline|crimson', '.git'], { cwd: place.base })
  expect(found.stdout.toString()).toBe('')
})
