// Long repetitions among the points are represented by their first, middle and last turn. Every kind of call, and every
// kind of sequence, is still hit.
import { extname } from 'node:path'
import type { Point } from './point.ts'

/** Maximum number of calls per turn, and the number of turns from which a repetition counts as long. */
const PERIOD_MAX = 6
const TURNS_MIN = 4

/**
 * Drops turns in the middle: pages that SQLite writes to one file (SQLite itself guarantees that a transaction without
 * its last page does not exist), files that are published or flushed one after the other by the same calls, objects
 * that `git unpack-objects` writes before anything refers to them.
 */
export function shorten(points: Point[], dir: string): Point[] {
  const shapes = points.map((point) => shapeOf(point, dir))
  const kept: Point[] = []
  for (let index = 0; index < points.length;) {
    const { period, turns } = longest(shapes, index)
    const of = turns >= TURNS_MIN ? [0, turns >> 1, turns - 1] : [0]
    for (const turn of of) kept.push(...points.slice(index + turn * period, index + (turn + 1) * period))
    index += turns >= TURNS_MIN ? turns * period : period
  }
  return kept
}

/** The repetition from `at` on that covers most; one turn of one call if there is none. */
function longest(shapes: string[], index: number): { period: number; turns: number } {
  let best = { period: 1, turns: 1 }
  for (let period = 1; period <= PERIOD_MAX; period++) {
    let end = index + period
    while (end < shapes.length && shapes[end] === shapes[end - period]) end++
    const turns = Math.floor((end - index) / period)
    if (turns >= TURNS_MIN && turns * period > best.turns * best.period) best = { period, turns }
  }
  return best
}

/** How often a kind of point is hit wherever it occurs, and which of its further turns are hit. */
const HIT_ALWAYS = 5
const THEN_EVERY = 7

/**
 * Which points of a sweep are hit. Every command commits through the same transaction, so the same kinds of points
 * recur: each is hit at least once in every workload, its first five times anywhere, and then every seventh time.
 */
export class Kinds {
  readonly #met = new Map<string, number>()
  readonly #metIn = new Set<string>()

  take(points: Point[], dir: string, workload: string): Point[] {
    return points.filter((point) => {
      const kind = kindOf(point, dir)
      const met = this.#met.get(kind) ?? 0
      this.#met.set(kind, met + 1)
      const isNew = !this.#metIn.has(`${workload} ${kind}`)
      this.#metIn.add(`${workload} ${kind}`)
      return isNew || met < HIT_ALWAYS || met % THEN_EVERY === 0
    })
  }
}

/** Who makes which call on what. */
function kindOf(point: Point, dir: string): string {
  const what = shapeOf(point, dir)
    .replace(/[0-9a-f]{38,}/g, 'id')
    .replace(/[0-9a-f]{12,16}/g, 'id')
  return point.role === 'kbgit' ? what : what.replace(` ${point.role.call} `, ' ')
}

/** Paths of a bare repository: no base has such files. */
const IN_BARE = /^(?:HEAD|FETCH_HEAD|config|packed-refs|objects|refs|kbgit|lfs|info|hooks|logs|branches|t\w{6})\b/

/** What two points have in common if they do the same to two files of a sequence. */
function shapeOf({ role, syscall, path }: Point, dir: string): string {
  // A submodule's git directory, a linked worktree's and a bare repository are like any other.
  const below = path.startsWith(`${dir}/`) ? path.slice(dir.length + 1) : path
  const inDir = IN_BARE.test(below)
    ? `.git/${below}`
    : below.replace(/^(?:[^/]+\/)?\.git\/(?:(?:modules|worktrees)\/[^/]+\/)?/, '.git/')
  const file = inDir.startsWith('.git/')
    ? inDir
        .replace(/\/tmp_(obj|pack|idx)_\w+$/, '/tmp_$1')
        .replace(/\/objects\/[0-9a-f]{2}(\/[0-9a-f]+)?$/, '/objects')
        .replace(/\b\d+\b/g, '#')
    : extname(inDir) === ''
      ? "a folder of the user's"
      : "a file of the user's"
  return `${role === 'kbgit' ? 'kbgit' : `${role.git} ${role.call}`} ${syscall} ${file}`
}
