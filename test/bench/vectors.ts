// What search by meaning costs: the vectors of many passages read from the sidecar, and all of them looked at for one query.
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { nearest } from '../../src/core/search/vectors.ts'
import { VectorStore } from '../../src/io/search/vector-store.ts'
import { seeded } from '../support/notes.ts'
import { CACHE } from './support/bench.ts'

const QUERIES = 20
const BATCH = 1_000
const HELP = `vectors.ts [--passages n,…] [--size n]
CPU milliseconds for storing, reading and searching vectors of this size; whole numbers of one byte, looked at one by one.`

const { values } = parseArgs({
  options: {
    passages: { type: 'string', default: '10000,100000' },
    size: { type: 'string', default: '384' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) process.stdout.write(`${HELP}\n`)
else {
  process.stdout.write('passages  bytes on disk  stored  read  one query (CPU ms)\n')
  for (const passages of values.passages.split(',')) measure(Number(passages), Number(values.size))
}

function measure(passages: number, size: number): void {
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, 'vectors-'))
  const random = seeded(1)
  const vector = (): Float32Array => Float32Array.from({ length: size }, () => random() - 0.5)
  try {
    const path = join(folder, 'vectors.db')
    using store = VectorStore.open(path, 'bench/model', { access: 'write' })
    const all = Array.from({ length: passages }, () => ({ digest: randomBytes(16), vector: vector() }))
    const stored = cpuMs(() => {
      for (let from = 0; from < all.length; from += BATCH) store.put(all.slice(from, from + BATCH))
    })
    const read = cpuMs(() => void store.load())
    const loaded = store.load()
    if (loaded === undefined) throw new Error('There are no vectors.')
    const queries = Array.from({ length: QUERIES }, vector)
    const asked = cpuMs(() => queries.forEach((query) => nearest(loaded, query, 100))) / QUERIES
    const columns = [passages, statSync(path).size, ...[stored, read, asked].map((ms) => ms.toFixed(1))]
    process.stdout.write(`${columns.join('  ')}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function cpuMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}
