import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { RunNote, runningWork } from '../../../../src/io/sidecar/running-work.ts'

let base: { sidecarDir: string; root: string }
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
  base = { sidecarDir: mkdtempSync(join(tmpdir(), 'kbgit-running-')), root: '/base' }
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(base.sidecarDir, { recursive: true })
})

const folder = (): string => join(base.sidecarDir, 'running')

test('a run says what it is doing until it ends', async () => {
  {
    using note = new RunNote(base, 'add')
    note.report({ kind: 'scan', files: 2, bytes: 10 })
    note.report({ kind: 'prepare', path: '/in/ä.pdf', worker: 0 })
    expect(await runningWork(base)).toEqual([])
    vi.advanceTimersByTime(600)
    const work = { command: 'add', pid: process.pid, step: 'prepare', path: '/in/ä.pdf', done: 0, failed: 0, total: 0 }
    expect(await runningWork(base)).toEqual([{ ...work, planned: false }])
    expect(await runningWork({ ...base, root: '/other' })).toEqual([])
    note.report({ kind: 'planned', total: 3, skipped: 0 })
    note.report({ kind: 'done', path: '/in/ä.pdf', outcome: 'failed', done: 1, total: 3 })
    note.report({ kind: 'compile', path: '/in/b.pdf', worker: 0 })
    vi.advanceTimersByTime(600)
    const next = { ...work, step: 'compile', path: '/in/b.pdf', done: 1, failed: 1, total: 3, planned: true }
    expect(await runningWork(base)).toEqual([next])
    // Without news it still says that it is there.
    vi.advanceTimersByTime(60_000)
    expect(await runningWork(base)).toEqual([next])
  }
  expect(existsSync(folder())).toBe(false)
})

test('a run that is over at once leaves nothing', () => {
  new RunNote(base, 'add')[Symbol.dispose]()
  expect(existsSync(folder())).toBe(false)
})

test('runs that were killed, and files that are no notes, are not shown', async () => {
  mkdirSync(folder())
  const note = { version: 1, root: '/base', host: hostname(), at: Date.now(), command: 'add', pid: process.pid }
  const rest = { step: 'scan', done: 0, failed: 0, total: 1, planned: true }
  const write = (name: string, value: unknown): void => writeFileSync(join(folder(), name), JSON.stringify(value))
  write('1-alive.json', { ...note, ...rest })
  write('2-dead.json', { ...note, ...rest, pid: 2 ** 22 + 1 })
  write('3-late.json', { ...note, ...rest, at: Date.now() - 60_000 })
  write('4-other.json', { ...note, ...rest, step: '<b>' })
  writeFileSync(join(folder(), '5-cut.json'), '{"version":')
  expect(await runningWork(base)).toEqual([{ command: 'add', pid: process.pid, ...rest }])
  // The next run that ends removes what is old.
  for (const name of readdirSync(folder())) if (name !== '1-alive.json') utimesSync(join(folder(), name), 1, 1)
  const ending = new RunNote(base, 'add')
  ending.report({ kind: 'overview', pages: 1 })
  vi.advanceTimersByTime(600)
  ending[Symbol.dispose]()
  expect(readdirSync(folder())).toEqual(['1-alive.json'])
})
