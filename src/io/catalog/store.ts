// The writer's snapshot of the base at a commit: disposable, in SQLite, kept up to date by git diffs.
import type { BaseContent, ContentChange, TreeChange } from '../../core/document/base-content.ts'
import { followCommit, setCommit } from '../follow-commit.ts'
import { applyFiles } from './files.ts'
import { CatalogReader, type CatalogOptions } from './reader.ts'
import { CatalogWriter } from './writer.ts'

export class CatalogStore extends CatalogReader {
  readonly #writer: CatalogWriter
  #marks = 0

  constructor(path: string, options: CatalogOptions) {
    super(path, options)
    this.#writer = new CatalogWriter(this.db, this.snapshot)
  }

  /**
   * Begins a transaction: changes applied from here on are visible to this store only, and lost at `rollback` or on
   * exit.
   */
  begin(): void {
    this.db.exec('BEGIN IMMEDIATE')
  }

  dropOthers(): void {
    this.#writer.dropOthers()
  }

  rollback(): void {
    if (this.db.inTransaction) this.db.exec('ROLLBACK')
  }

  /** Commits the applied changes as the state at `commit`. Call it only once the branch has moved. */
  commitAt(commit: string): void {
    setCommit(this.db, this.snapshot, commit)
    this.db.exec('COMMIT')
  }

  /** Sets a savepoint inside a transaction; `undoTo` returns to it and drops everything applied since. */
  mark(): number {
    this.#marks += 1
    this.db.exec(`SAVEPOINT mark_${this.#marks}`)
    return this.#marks
  }

  undoTo(mark: number): void {
    this.db.exec(`ROLLBACK TO mark_${mark}; RELEASE mark_${mark}`)
  }

  /** Applies files as they will be. Paths that the catalog does not track are skipped; no file content throws. */
  apply(changes: Iterable<ContentChange>): void {
    this.#writer.apply(changes)
  }

  /** Brings the snapshot to a commit at the cost of what changed, or rebuilds it if the old commit is gone. */
  async align(target: string, content: BaseContent): Promise<void> {
    const follower = {
      view: this.snapshot,
      clear: () => this.#writer.clear(),
      apply: (files: AsyncIterable<TreeChange>) => applyFiles(this.#writer, files, content),
    }
    await followCommit(this.db, follower, target, content)
  }
}
