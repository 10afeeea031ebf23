import { describe, expect, it } from 'vitest'
import { msLeft, newState, picture, sentence, take } from '../../../src/cli/progress-picture.ts'
import { progressView } from '../../../src/cli/progress.ts'
import { PLAIN } from '../../../src/cli/style.ts'
import { width } from '../../../src/cli/text.ts'
import type { Progress } from '../../../src/index.ts'
import { FakeTicker, kept } from '../../support/host-double.ts'

const done = (n: number, total: number, outcome: 'added' | 'failed' | 'skipped' = 'added'): Progress => ({
  kind: 'done',
  path: `/in/${n}`,
  outcome,
  done: n,
  total,
})

/** What a terminal shows after `output`: supports line ends, cursor movement up, and clearing below. */
function screen(output: string): string[] {
  let lines = ['']
  let row = 0
  for (const [part] of output.matchAll(/\p{Cc}(?:\[\d*[AJ])?|\P{Cc}+/gu)) {
    if (part === '\n') lines[++row] ??= ''
    else if (part.endsWith('A')) row -= Number(part.slice(2, -1))
    else if (part === '\x1b[J') lines = [...lines.slice(0, row), '']
    else if (part !== '\r') lines[row] += part
  }
  return lines.filter((line) => line !== '')
}

function live(columns = 80, rows = 24) {
  const ticker = new FakeTicker()
  const stderr = kept({ columns, rows })
  return { ticker, stderr, view: progressView(stderr, ticker, { style: PLAIN, live: true, quiet: false }) }
}

describe('progress as text', () => {
  it('shows the stages in order', () => {
    const state = newState()
    const events: [Progress, string][] = [
      [{ kind: 'scan', files: 12, bytes: 2048 }, 'scanning 12 files (2.0 KiB)'],
      [{ kind: 'planned', total: 10, skipped: 2 }, '0 of 10 documents, 2 skipped'],
      [done(1, 10), '1 of 10 documents, 2 skipped'],
      [done(2, 10, 'failed'), '2 of 10 documents, 1 failed, 2 skipped'],
      [{ kind: 'overview', pages: 3 }, 'writing 3 overviews, 1 failed, 2 skipped'],
    ]
    for (const [event, words] of events) {
      take(state, event, 0)
      expect(sentence(state, 0)).toBe(words)
    }
  })

  it('estimates the time left from the rate since the first document was started', () => {
    const state = newState()
    take(state, { kind: 'planned', total: 10, skipped: 0 }, 50_000)
    take(state, done(1, 10), 51_000)
    expect(msLeft(state, 51_000)).toBeUndefined()
    take(state, done(4, 10), 54_000)
    expect(msLeft(state, 54_000)).toBe(6_000)
    expect(sentence(state, 54_000)).toBe('4 of 10 documents, about 6.0 s left')
    // A document that takes longer: the time stands still, and it never rises.
    expect(msLeft(state, 54_500)).toBe(5_500)
    expect(msLeft(state, 80_000)).toBe(5_000)
    take(state, done(5, 10), 81_000)
    expect(msLeft(state, 81_000)).toBe(5_000)
    take(state, done(9, 10), 82_000)
    expect(msLeft(state, 83_000)).toBeLessThan(3_000)
    take(state, done(10, 10), 90_000)
    expect(sentence(state, 90_000)).toBe('10 of 10 documents')
  })

  it('says that more may come while the scan is running, and estimates no time', () => {
    const state = newState()
    take(state, { kind: 'prepare', path: '/in/1', worker: 0 }, 0)
    take(state, done(4, 9), 8_000)
    expect(sentence(state, 8_000)).toBe('4 of 9 documents found so far, preparing /in/1')
    take(state, { kind: 'planned', total: 12, skipped: 0 }, 8_000)
    expect(sentence(state, 8_000)).toBe('4 of 12 documents, about 16 s left')
  })

  it('shows what each worker does until its document is done', () => {
    const state = newState()
    take(state, { kind: 'planned', total: 2, skipped: 0 }, 0)
    take(state, { kind: 'prepare', path: '/in/1', worker: 0 }, 0)
    take(state, { kind: 'prepare', path: '/in/2', worker: 1 }, 0)
    expect(picture(state, 0, 79, 10, PLAIN).slice(1)).toEqual(['  prepare /in/1', '  prepare /in/2'])
    take(state, { kind: 'compile', path: '/in/1', worker: 0 }, 0)
    expect(picture(state, 0, 79, 10, PLAIN).slice(1)).toEqual(['  prepare /in/2', '  compile /in/1'])
    take(state, done(1, 2), 0)
    expect(picture(state, 0, 79, 10, PLAIN).slice(1)).toEqual(['  prepare /in/2'])
  })

  it('fits every width, counted in columns rather than characters', () => {
    const state = newState()
    take(state, { kind: 'planned', total: 1000, skipped: 3 }, 0)
    for (const [worker, path] of [
      '/in/日本語の文書.pdf'.repeat(9),
      '/in/a\nb\x1b[31m.md',
      `/in/${'x'.repeat(300)}.md`,
    ].entries()) {
      take(state, { kind: 'prepare', path, worker }, 0)
    }
    for (let columns = 1; columns < 130; columns++) {
      for (const line of picture(state, 0, columns, 10, PLAIN)) {
        expect(width(line)).toBeLessThanOrEqual(columns)
        expect(line).not.toMatch(/\p{Cc}/u)
      }
    }
    expect(picture(state, 0, 40, 10, PLAIN)[3]).toMatch(/^ {2}prepare …x+\.md$/)
    expect(picture(state, 0, 40, 2, PLAIN)).toHaveLength(2)
  })
})

describe('progress on a terminal', () => {
  it('is painted at most ten times a second, and only if it changed', () => {
    const { ticker, stderr, view } = live()
    view.take({ kind: 'planned', total: 1000, skipped: 0 })
    for (let n = 1; n <= 1000; n++) {
      view.take(done(n, 1000))
      ticker.advance(1)
    }
    expect(stderr.utf8.split('\x1b[J').length - 1).toBeLessThanOrEqual(10)
    view.end()
  })

  it('shows failures with their hints above the repainted lines, and leaves only them', () => {
    const { ticker, stderr, view } = live()
    view.take({ kind: 'planned', total: 3, skipped: 0 })
    view.take({ kind: 'prepare', path: '/in/1', worker: 0 })
    ticker.advance(100)
    expect(screen(stderr.utf8)).toEqual([`${'░'.repeat(24)} 0 of 3 documents`, '  prepare /in/1'])
    view.take({
      kind: 'done',
      path: '/in/1',
      outcome: 'failed',
      done: 1,
      total: 3,
      message: '/in/1 is empty.',
      hint: 'Fill it.',
    })
    ticker.advance(100)
    expect(screen(stderr.utf8)).toEqual([
      'failed /in/1 is empty.',
      '  Fill it.',
      `${'█'.repeat(8)}${'░'.repeat(16)} 1 of 3 documents, 1 failed`,
    ])
    view.note('A note.')
    view.end()
    view.end()
    expect(screen(stderr.utf8)).toEqual(['failed /in/1 is empty.', '  Fill it.', 'A note.'])
    expect(ticker.timers).toBe(0)
  })

  it('removes lines that wrapped because the terminal became narrower', () => {
    const { ticker, stderr, view } = live(80)
    view.take({ kind: 'planned', total: 3, skipped: 0 })
    view.take({ kind: 'prepare', path: `/in/${'x'.repeat(60)}`, worker: 0 })
    ticker.advance(100)
    stderr.columns = 40
    view.end()
    // 41 columns of bar and counts, and 74 of a worker's line, wrap to two lines each.
    expect(stderr.utf8.endsWith('\x1b[4A\r\x1b[J')).toBe(true)
  })

  it('paints nothing after it has ended', () => {
    const { ticker, stderr, view } = live()
    view.end()
    view.take(done(1, 2))
    ticker.advance(1000)
    expect(stderr.utf8).toBe('')
  })
})

describe('progress elsewhere', () => {
  function plain(quiet = false) {
    const ticker = new FakeTicker()
    const stderr = kept()
    return { ticker, stderr, view: progressView(stderr, ticker, { style: PLAIN, live: false, quiet }) }
  }

  it('is silent in a run shorter than a second', () => {
    const { ticker, stderr, view } = plain()
    view.take({ kind: 'planned', total: 2, skipped: 0 })
    ticker.advance(900)
    view.take(done(2, 2))
    view.end()
    expect(stderr.utf8).toBe('')
    expect(ticker.timers).toBe(0)
  })

  it('is a line from time to time, and a final one', () => {
    const { ticker, stderr, view } = plain()
    view.take({ kind: 'planned', total: 120, skipped: 0 })
    for (let n = 1; n <= 120; n++) {
      ticker.advance(100)
      view.take(done(n, 120))
    }
    view.end()
    const lines = stderr.utf8.trimEnd().split('\n')
    expect(lines).toHaveLength(4)
    expect(lines[0]).toMatch(/^9 of 120 documents/)
    expect(lines.at(-1)).toBe('120 of 120 documents')
    expect(stderr.utf8).not.toContain('\x1b')
  })

  it('does not repeat itself while nothing changes', () => {
    const { ticker, stderr, view } = plain()
    view.take({ kind: 'scan', files: 3, bytes: 10 })
    ticker.advance(60_000)
    view.end()
    expect(stderr.utf8).toBe('scanning 3 files (10 B)\n')
  })

  it('names the first failures, and counts the others in the end', () => {
    for (const quiet of [false, true]) {
      const { stderr, view } = plain(quiet)
      for (let n = 1; n <= 32; n++)
        view.take({ kind: 'done', path: `/in/${n}`, outcome: 'failed', done: n, total: 32, message: 'It is empty.' })
      expect(stderr.utf8.split('\n')).toHaveLength(21)
      view.end()
      view.end()
      expect(stderr.utf8.split('\n').slice(19)).toEqual([
        'failed /in/20: It is empty.',
        'failed 12 more: --json names all of them',
        '',
      ])
    }
  })

  it('reports failures at once, and with -q nothing else', () => {
    for (const quiet of [false, true]) {
      const { stderr, view } = plain(quiet)
      view.take({ kind: 'done', path: '/in/x', outcome: 'failed', done: 1, total: 2, message: 'It is empty.' })
      expect(stderr.utf8).toBe('failed /in/x: It is empty.\n')
      view.end()
    }
  })
})
