// One document of a review without the others: the review's newest commit, from which everything else is taken back. Pages
// that documents share are written on top of each other, so that single commits of a review do not fit anywhere else.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Change } from '../../commit/change.ts'
import type { OpenWriter } from '../../commit/open-writer.ts'
import type { Snapshot } from '../../commit/work.ts'
import { KbError } from '../../core/errors.ts'
import { INDEX_PAGE, LOG_PAGE, THEMES } from '../../core/layout.ts'
import { repoPathOf, timestamp, type Base } from '../../io/base.ts'
import type { History } from '../../io/history.ts'
import { splitFrontMatter } from '../../core/page/page.ts'
import { Draft } from '../../wiki/draft.ts'
import { listNewest } from '../../wiki/front-page.ts'
import { addLogEntry } from '../../wiki/log-page.ts'
import { planRemove } from '../plan-removal.ts'
import { PendingTree } from '../undo/pending-tree.ts'
import { takeBack } from '../undo/take-back.ts'
import type { ReviewCommit } from './commits.ts'
import type { DocumentOfReview } from './documents.ts'

export type ToSeparate = {
  /** Where the review begins, and its newest commit. */
  from: string
  tip: string
  commits: readonly ReviewCommit[]
  documents: readonly DocumentOfReview[]
}

type Tools = Pick<OpenWriter, 'objects' | 'catalog' | 'align' | 'staging'> & { history: History }

/**
 * A tree of git. `names`: the document, and those that its commits name with it. Throws `KbError` (`rolledBack`) if the
 * others cannot be taken back.
 */
export async function separated(
  base: Base,
  tools: Tools,
  review: ToSeparate,
  names: readonly string[],
): Promise<string> {
  await tools.align(review.tip)
  tools.catalog.begin()
  try {
    const separation = new Separation(base, tools, review)
    for (const document of review.documents.toReversed())
      if (!names.includes(document.name)) await separation.drop(document)
    await separation.restorePages(names)
    return await separation.tree()
  } finally {
    tools.catalog.rollback()
  }
}

class Separation {
  readonly #base: Base
  readonly #tools: Tools
  readonly #review: ToSeparate
  readonly #tree: PendingTree

  constructor(base: Base, tools: Tools, review: ToSeparate) {
    this.#base = base
    this.#tools = tools
    this.#review = review
    this.#tree = new PendingTree(base, tools.objects, review.tip)
  }

  async drop({ name, before }: DocumentOfReview): Promise<void> {
    const { catalog } = this.#tools
    if (before !== undefined) return this.#takeBack(name)
    // It may have gone with the message that it is attached to.
    const record = catalog.documentByName(name)
    if (record === undefined) return
    const snapshot: Snapshot = { commit: this.#review.tip, catalog, read: (path) => this.#tree.text(path) }
    const planned = await planRemove(this.#base, record, snapshot, (changes) => this.#apply(changes), {})
    this.#apply(planned.changes)
  }

  /** A document that was there before the review becomes what it was. */
  async #takeBack(name: string): Promise<void> {
    const { objects, history, catalog } = this.#tools
    const tools = { base: this.#base, objects, history, catalog, head: this.#review.tip }
    for (const commit of this.#review.commits.toReversed().filter(({ documents }) => documents.includes(name))) {
      const { oid, parent, operation, subject, documents } = commit
      const one = { commit: oid, parent, operation, subject, documents }
      const reason = await takeBack(one, this.#tree, tools)
      if (reason !== undefined)
        throw new KbError('rolledBack', `"${name}" cannot be left out: ${reason}. Nothing was changed.`, {
          hint: 'Accept the whole review, or reject it and add the document again.',
        })
    }
  }

  #apply(changes: readonly Change[]): void {
    const texts = changes.flatMap(({ path, content }): { path: string; content: string | null }[] => {
      if (content === null) return [{ path, content }]
      // A removal writes pages and records, as texts.
      return 'bytes' in content && typeof content.bytes === 'string' ? [{ path, content: content.bytes }] : []
    })
    for (const { path, content } of texts) {
      if (content === null) this.#tree.set(path, null)
      else this.#tree.write(path, content)
    }
    this.#tools.catalog.apply(texts)
  }

  /**
   * The front page and the themes follow from all documents: they are what they were, but for the line of a new document. The
   * log names this document alone.
   */
  async restorePages(names: readonly string[]): Promise<void> {
    const { objects } = this.#tools
    const { from, tip, documents } = this.#review
    for await (const { path, oldOid } of objects.diff(from, tip, this.#base.prefix))
      if (path === INDEX_PAGE || path.startsWith(`${THEMES}/`)) this.#tree.set(path, oldOid)
    const log = (await objects.read(`${from}:${repoPathOf(this.#base, LOG_PAGE)}`))?.toString()
    const date = timestamp(this.#base.clock)
    const entries = documents.filter(({ name }) => names.includes(name))
    const written = entries.reduce<string | undefined>(
      (text, { name, before, after }) =>
        addLogEntry(text, {
          date,
          operation: after === undefined ? 'remove' : before === undefined ? 'add' : 'update',
          name,
          title: (after ?? before)?.title ?? name,
        }),
      log,
    )
    if (written !== undefined) this.#tree.write(LOG_PAGE, written)
    const draft = new Draft({ catalog: this.#tools.catalog, read: (path) => this.#tree.text(path) })
    for (const { after, before } of entries) {
      if (after === undefined) continue
      const { description } = splitFrontMatter((await this.#tree.text(after.summary)) ?? '').front
      const line = {
        path: after.summary,
        title: after.title,
        description: typeof description === 'string' ? description : '',
      }
      await listNewest(line, draft, { isNew: before === undefined })
    }
    for (const { path, content } of draft.edits()) if (content !== null) this.#tree.write(path, content)
  }

  /** Written through an index of its own. */
  async tree(): Promise<string> {
    const { git } = this.#base
    const folder = this.#tools.staging.folder()
    const contents = this.#tools.staging.folder()
    const env = { GIT_INDEX_FILE: join(folder, 'index') }
    await git.run(['read-tree', this.#review.tip], { env })
    const lines: string[] = []
    for (const { path, content } of await this.#tree.changes(contents)) {
      const none = '0'.repeat(this.#base.repository.oidLength)
      const repoPath = repoPathOf(this.#base, path)
      if (content === null) lines.push(`0 ${none}\t${repoPath}\0`)
      else lines.push(`100644 ${await this.#store(content, join(folder, 'content'))}\t${repoPath}\0`)
    }
    await git.run(['update-index', '-z', '--index-info'], { env, input: lines.join('') })
    const tree = await git.text(['write-tree'], { env })
    this.#tools.staging.discard(folder, contents)
    return tree
  }

  async #store(content: NonNullable<Change['content']>, scratch: string): Promise<string> {
    if ('bytes' in content) writeFileSync(scratch, content.bytes)
    const file = 'bytes' in content ? scratch : content.file
    return this.#base.git.text(['hash-object', '-w', '--no-filters', '--', file])
  }
}

/** Every document that changes together with `name`, because a commit of the review names both. */
export function changedTogether(commits: readonly ReviewCommit[], name: string): string[] {
  const names = new Set([name])
  for (const commit of commits)
    if (commit.documents.some((one) => names.has(one))) for (const one of commit.documents) names.add(one)
  return [...names]
}
