// What search by meaning costs: the vectors of many passages read from the sidecar, and all of them looked at for one query;
// beside it, if its file is named, the same with SQLite's extension sqlite-vec.
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import { nearest, quantized } from '../../src/core/search/vectors.ts'
import { VectorStore } from '../../src/io/search/vector-store.ts'
import { seeded } from '../support/notes.ts'
import { CACHE } from './support/bench.ts'

const QUERIES = 20
const BATCH = 1_000
const NEAREST = 100
const HELP = `vectors.ts [--passages n,…] [--size n] [--sqlite-vec vec0.so]
CPU milliseconds for storing, reading and searching vectors of this size; whole numbers of one byte, looked at one by one.
With --sqlite-vec also by that extension, from the package sqlite-vec, which kbgit does not install.`

type Run = { passages: number; size: number; folder: string; queries: Float32Array[] }

const { values } = parseArgs({
  options: {
    passages: { type: 'string', default: '10000,100000' },
    size: { type: 'string', default: '384' },
    'sqlite-vec': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) process.stdout.write(`${HELP}\n`)
else {
  print('', 'passages', 'bytes on disk', 'stored', 'read', 'one query (CPU ms)')
  for (const passages of values.passages.split(',')) measure(Number(passages), Number(values.size))
}

function measure(passages: number, size: number): void {
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, 'vectors-'))
  const random = seeded(2)
  const queries = Array.from({ length: QUERIES }, () => vectorOf(random, size))
  try {
    const flat = scanned({ passages, size, folder, queries })
    const extension = values['sqlite-vec']
    if (extension === undefined) return
    const found = byExtension({ passages, size, folder, queries }, extension)
    const same = flat.map((rows, at) => rows.slice(0, 10).filter((row) => found[at]?.slice(0, 10).includes(row)).length)
    print('', `${same.reduce((sum, count) => sum + count, 0)} of ${10 * QUERIES} among the first ten are the same`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Passages nearest to each query. */
function scanned({ passages, size, folder, queries }: Run): number[][] {
  const path = join(folder, 'vectors.db')
  using store = VectorStore.open(path, 'bench/model', { access: 'write' })
  let stored = 0
  for (const batch of batches(passages, size))
    stored += cpuMs(() => store.put(batch.map(({ row, vector }) => ({ digest: digestOf(row), vector }))))
  const read = cpuMs(() => void store.load())
  const loaded = store.load()
  if (loaded === undefined) throw new Error('There are no vectors.')
  const rows = new Map(Array.from({ length: passages }, (_, row) => [digestOf(row).toString('hex'), row]))
  const found: number[][] = []
  const asked = cpuMs(() => {
    for (const query of queries)
      found.push(nearest(loaded, query, NEAREST).map(({ row }) => rowOf(rows, loaded.digests[row])))
  })
  print('flat', passages, statSync(path).size, stored, read, asked / QUERIES)
  return found
}

function byExtension({ passages, size, folder, queries }: Run, extension: string): number[][] {
  const path = join(folder, 'vec.db')
  const db = new DatabaseSync(path, { allowExtension: true })
  try {
    db.loadExtension(extension)
    db.exec(`CREATE VIRTUAL TABLE v USING vec0(numbers int8[${size}] distance_metric=cosine)`)
    const insert = db.prepare('INSERT INTO v (rowid, numbers) VALUES (?, vec_int8(?))')
    let stored = 0
    for (const batch of batches(passages, size))
      stored += cpuMs(() => {
        db.exec('BEGIN')
        for (const { row, vector } of batch) insert.run(BigInt(row), bytesOf(vector))
        db.exec('COMMIT')
      })
    const select = db.prepare('SELECT rowid FROM v WHERE numbers MATCH vec_int8(?) AND k = ?')
    const found: number[][] = []
    const asked = cpuMs(() => {
      for (const query of queries)
        found.push(select.all(bytesOf(query), BigInt(NEAREST)).map(({ rowid }) => Number(rowid)))
    })
    print('sqlite-vec', passages, statSync(path).size, stored, 0, asked / QUERIES)
    return found
  } finally {
    db.close()
  }
}

function* batches(passages: number, size: number): Generator<{ row: number; vector: Float32Array }[]> {
  const random = seeded(1)
  for (let from = 0; from < passages; from += BATCH)
    yield Array.from({ length: Math.min(BATCH, passages - from) }, (_, at) => ({
      row: from + at,
      vector: vectorOf(random, size),
    }))
}

function vectorOf(random: () => number, size: number): Float32Array {
  return Float32Array.from({ length: size }, () => random() - 0.5)
}

function digestOf(row: number): Buffer {
  return createHash('sha256').update(String(row)).digest().subarray(0, 16)
}

function rowOf(rows: ReadonlyMap<string, number>, digest: Uint8Array | undefined): number {
  return rows.get(Buffer.from(digest ?? []).toString('hex')) ?? -1
}

function bytesOf(vector: Float32Array): Uint8Array {
  return new Uint8Array(quantized(vector).buffer)
}

function cpuMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

function print(...columns: (string | number)[]): void {
  const shown = columns.map((column) => (Number.isInteger(column) ? column : Number(column).toFixed(1)))
  process.stdout.write(`${columns.map((column, at) => (typeof column === 'string' ? column : shown[at])).join('  ')}\n`)
}
