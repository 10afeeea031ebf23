// Vectors of passages by the digest of the passage: costly to compute, and nothing else depends on them.
import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { quantized, type FlatVectors } from '../../core/search/vectors.ts'
import { KbError } from '../../core/errors.ts'
import { Database, type DatabaseOptions, type DatabaseShape } from '../database.ts'

/**
 * `size`: numbers of a vector of the model. `generation` changes with every write. `whole`: the commit, and the view of it, all of
 * whose passages had a vector.
 */
const VECTORS: DatabaseShape = {
  version: 1,
  synchronous: 'NORMAL',
  schema: `
CREATE TABLE model (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, generation INTEGER NOT NULL DEFAULT 0, whole TEXT
) STRICT;
CREATE TABLE vector (
  model INTEGER NOT NULL, digest BLOB NOT NULL, numbers BLOB NOT NULL, PRIMARY KEY (model, digest)
) STRICT, WITHOUT ROWID;`,
}

export type PassageVector = { digest: Uint8Array; vector: Float32Array }
export type LoadedVectors = FlatVectors & { digests: Uint8Array[] }

/** The vectors of one model, kept between searches of this process. */
let loaded: { key: string; vectors: LoadedVectors } | undefined

export class VectorStore implements Disposable {
  readonly #db: Database
  readonly #name: string

  private constructor(db: Database, name: string) {
    this.#db = db
    this.#name = name
  }

  /** `model`: as the configuration names it. */
  static open(path: string, model: string, options: DatabaseOptions): VectorStore {
    return new VectorStore(Database.open(path, VECTORS, options), model)
  }

  /** Whether there is a file, under its first name or a later one. */
  static exists(path: string): boolean {
    const stem = basename(path, '.db')
    const folder = dirname(path)
    return existsSync(folder) && readdirSync(folder).some((name) => name.startsWith(stem) && name.endsWith('.db'))
  }

  [Symbol.dispose](): void {
    this.#db[Symbol.dispose]()
  }

  has(digest: Uint8Array): boolean {
    const { id } = this.#model() ?? {}
    if (id === undefined) return false
    return this.#db.one('SELECT 1 FROM vector WHERE model = ? AND digest = ?', id, digest) !== undefined
  }

  count(): number {
    const { id } = this.#model() ?? {}
    if (id === undefined) return 0
    return Number(this.#db.one('SELECT count(*) AS n FROM vector WHERE model = ?', id)?.['n'])
  }

  /**
   * Stores vectors in one transaction. Throws `KbError` (`modelUnavailable`) if they have another size than those of the model
   * that are stored.
   */
  put(vectors: readonly PassageVector[]): void {
    const size = vectors[0]?.vector.length
    if (size === undefined) return
    this.#db.transact(() => {
      this.#db.run('INSERT INTO model (name, size) VALUES (?, ?) ON CONFLICT DO NOTHING', this.#name, size)
      const model = this.#model()
      if (model === undefined || model.size !== size)
        throw new KbError(
          'modelUnavailable',
          `${this.#name} returned vectors of ${size} numbers; before, they had ${model?.size ?? 0}.`,
          {
            hint: 'Unset "embeddings" in kbgit.yaml, run "kbgit gc", and set it again: all vectors are computed anew.',
          },
        )
      for (const { digest, vector } of vectors)
        this.#db.run(
          'INSERT OR REPLACE INTO vector VALUES (?, ?, ?)',
          model.id,
          digest,
          new Uint8Array(quantized(vector).buffer),
        )
      this.#db.run('UPDATE model SET generation = generation + 1 WHERE id = ?', model.id)
    })
  }

  /** Whether all passages of this commit, in this view, had a vector. */
  isWhole(at: string): boolean {
    return this.#db.one('SELECT 1 FROM model WHERE name = ? AND whole = ?', this.#name, at) !== undefined
  }

  setWhole(at: string): void {
    this.#db.run('UPDATE model SET whole = ? WHERE name = ?', at, this.#name)
  }

  /** All vectors of the model, in memory: they are looked at one by one. Undefined if there are none. */
  load(): LoadedVectors | undefined {
    const model = this.#model()
    if (model === undefined) return undefined
    const key = `${this.#db.identity} ${this.#name} ${model.generation}`
    if (loaded?.key !== key) loaded = { key, vectors: this.#read(model) }
    return loaded.vectors
  }

  /** Drops vectors of other models and of passages that are not `known`. Returns how many were, or would be, dropped. */
  dropExcept(known: (digest: Uint8Array) => boolean, { dryRun = false, compact = false } = {}): number {
    const gone = [
      ...this.#db.each('SELECT v.model, v.digest, m.name FROM vector v JOIN model m ON m.id = v.model'),
    ].filter(({ digest, name }) => name !== this.#name || !known(digest as Uint8Array))
    if (dryRun) return gone.length
    this.#db.transact(() => {
      for (const { model, digest } of gone)
        this.#db.run('DELETE FROM vector WHERE model = ? AND digest = ?', Number(model), digest as Uint8Array)
      this.#db.run('DELETE FROM model WHERE id NOT IN (SELECT model FROM vector)')
      if (gone.length > 0) this.#db.exec('UPDATE model SET generation = generation + 1, whole = NULL')
    })
    if (compact || gone.length > 0) this.#db.compact()
    return gone.length
  }

  #model(): { id: number; size: number; generation: number } | undefined {
    const row = this.#db.one('SELECT id, size, generation FROM model WHERE name = ?', this.#name)
    return row === undefined
      ? undefined
      : { id: Number(row['id']), size: Number(row['size']), generation: Number(row['generation']) }
  }

  #read({ id, size }: { id: number; size: number }): LoadedVectors {
    const rows = this.#db.all('SELECT digest, numbers FROM vector WHERE model = ? AND length(numbers) = ?', id, size)
    const numbers = new Int8Array(rows.length * size)
    const lengths = new Float32Array(rows.length)
    const digests = rows.map((row, index) => {
      const own = row['numbers'] as Uint8Array
      const vector = new Int8Array(own.buffer, own.byteOffset, own.length)
      numbers.set(vector, index * size)
      let sum = 0
      for (const number of vector) sum += number * number
      lengths[index] = Math.max(1, Math.sqrt(sum))
      return row['digest'] as Uint8Array
    })
    return { numbers, lengths, size, digests }
  }
}
