// What one work item has planned so far: visible to its own next steps and to later work items, and undone as a whole
// if the item fails.
import type { CatalogStore } from '../io/catalog/store.ts'
import type { Change } from './change.ts'

export class PlanDraft {
  readonly #catalog: CatalogStore
  readonly #pages: Map<string, string | null>
  readonly #before = new Map<string, string | null | undefined>()
  #mark: number | undefined

  /** `pages`: files as the group leaves them, by path relative to the base. */
  constructor(catalog: CatalogStore, pages: Map<string, string | null>) {
    this.#catalog = catalog
    this.#pages = pages
  }

  apply(changes: Change[]): void {
    this.#mark ??= this.#catalog.mark()
    for (const { path } of changes) if (!this.#before.has(path)) this.#before.set(path, this.#pages.get(path))
    this.finish(changes)
  }

  /** The whole plan, after which nothing is undone. Applying a change twice has no further effect. */
  finish(changes: Change[]): void {
    const texts = changes.map(({ path, content }) => ({ path, content: textOf(content) })).filter(isKnownText)
    this.#catalog.apply(texts)
    for (const { path, content } of texts) this.#pages.set(path, content)
  }

  undo(): void {
    if (this.#mark === undefined) return
    this.#catalog.undoTo(this.#mark)
    for (const [path, content] of this.#before) {
      if (content === undefined) this.#pages.delete(path)
      else this.#pages.set(path, content)
    }
  }
}

/** Content in memory as text; undefined for content that is only in a file, which no plan reads back. */
function textOf(content: Change['content']): string | null | undefined {
  if (content === null) return null
  return 'bytes' in content && typeof content.bytes === 'string' ? content.bytes : undefined
}

function isKnownText(change: {
  path: string
  content: string | null | undefined
}): change is { path: string; content: string | null } {
  return change.content !== undefined
}
