// A person's edit of a page, committed as theirs through the transaction: not if the page is another one by now.
import { isEditablePage } from '../commit/change.ts'
import { openWriter } from '../commit/open-writer.ts'
import { KbError } from '../core/errors.ts'
import type { EditPageOptions } from '../core/options.ts'
import type { PageEdit } from '../core/results.ts'
import { pathFault } from '../core/safe-path.ts'
import { repoPathOf, type Base } from '../io/base.ts'

const PAGE_CHARACTERS_MAX = 4 * 1024 ** 2

/** Throws `KbError`: `usage` for what is no page that people edit, `notFound` if it does not exist. */
export async function editPage(base: Base, page: string, { text, read, signal }: EditPageOptions): Promise<PageEdit> {
  if (pathFault(page) !== undefined || !isEditablePage(page))
    throw new KbError('usage', `${page} is not a page that can be edited: only wiki/…/<name>.md, not wiki/sources/.`)
  if (text.length > PAGE_CHARACTERS_MAX || text.includes('\0'))
    throw new KbError('usage', `The text of ${page} is too large, or not text.`)
  const after = text.replace(/\r\n?/g, '\n').replace(/\n*$/, '\n')
  await using tools = await openWriter({ base, command: 'edit', signal })
  const readOid = await oidAt(read)
  const result: PageEdit = { page, commit: null }
  await tools.writer.locked(async (session) => {
    const plan = async (snapshot: { commit: string | null; read: (path: string) => Promise<string | undefined> }) => {
      const before = await snapshot.read(page)
      if (before === undefined) throw new KbError('notFound', `${page} does not exist any more.`)
      if (snapshot.commit !== null && (await oidAt(snapshot.commit)) !== readOid) result.stale = { text: before }
      if (result.stale !== undefined || before === after) return undefined
      const change = { path: page, content: { bytes: after } }
      return { label: page, subject: `edit: ${page}`, trailers: [], changes: [change], edit: true }
    }
    const { outcomes, unfinished } = await session.commit([{ label: page, plan }])
    const [outcome] = outcomes
    if (outcome?.kind === 'failed')
      throw new KbError('rolledBack', outcome.failure.message, { hint: outcome.failure.hint })
    if (outcome?.kind === 'committed') result.commit = outcome.commit
    if (unfinished !== undefined) throw unfinished
  })
  return result

  async function oidAt(revision: string): Promise<string | undefined> {
    const commit = await tools.objects.resolve(revision)
    return commit === undefined ? undefined : (await tools.objects.header(`${commit}:${repoPathOf(base, page)}`))?.oid
  }
}
