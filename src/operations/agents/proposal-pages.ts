// The pages of a proposal as they would be: whole texts, and sections put into the page that the agent read.
import {
  EXPLORATIONS,
  AGENTS_PAGE,
  CONTENTS,
  INDEX_PAGE,
  LOG_PAGE,
  REPORTS,
  THEMES,
  topicPath,
} from '../../core/layout.ts'
import { isEditablePage } from '../../commit/change.ts'
import type { Snapshot } from '../../commit/work.ts'
import { entryAt } from '../../core/document/base-entry.ts'
import type { ProposedEdit } from '../../core/options.ts'
import { appendSection, cutPage, joinPage, replaceSection, sectionText } from '../../core/page/page-text.ts'
import { plainLine } from '../../core/page/sanitize-markdown.ts'
import { collisionKey, isSlug } from '../../core/page/slug.ts'
import type { Problem } from '../../core/results.ts'
import { pathFault } from '../../core/safe-path.ts'

/** `before` is undefined for a new page. `texts`: what the agent wrote, to be checked for what it must not have. */
export type ProposedPage = { path: string; before: string | undefined; after: string; texts: string[] }

const HEADING_CHARACTERS_MAX = 300

/** Why kbgit does not let an agent write at this path. */
export function pageFault(path: string, isNew: boolean, { catalog }: Pick<Snapshot, 'catalog'>): Problem | undefined {
  const problem = (message: string, hint?: string): Problem => ({ code: 'pageName', at: path, message, hint })
  const fault = pathFault(path)
  if (fault !== undefined) return problem(`The path ${fault}.`)
  if (!isEditablePage(path))
    return problem('Only pages of the wiki can be proposed: wiki/…/<name>.md, not wiki/sources/.')
  if (path === AGENTS_PAGE) return problem('The rules of this wiki are for people to change.')
  if (
    path === INDEX_PAGE ||
    path === LOG_PAGE ||
    [CONTENTS, THEMES, REPORTS].some((folder) => path.startsWith(`${folder}/`))
  )
    return problem('This page follows from the others: kbgit writes it.')
  return isNew ? newPageFault(path, catalog, problem) : undefined
}

function newPageFault(
  path: string,
  catalog: Snapshot['catalog'],
  problem: (message: string, hint?: string) => Problem,
): Problem | undefined {
  const stem = path.slice(path.lastIndexOf('/') + 1, -'.md'.length)
  const where = 'A new page is wiki/concepts/<name>.md, wiki/entities/<name>.md or wiki/explorations/<name>.md.'
  if (!isSlug(stem)) return problem(`"${stem}" is not a name of a page: letters, digits, "-", "_" and ".".`, where)
  if (path === `${EXPLORATIONS}/${stem}.md`) return undefined
  const entry = entryAt(path)
  if (entry?.kind !== 'topic') return problem('No page is added there.', where)
  const folder = entry.topic === 'concept' ? 'concepts' : 'entities'
  const expected = topicPath(entry.topic, stem, catalog.openShard(folder))
  if (path !== expected) return problem('New pages of this kind go to another folder now.', `Write it to ${expected}.`)
  if (catalog.topicNameTaken(entry.topic, collisionKey(stem))) return problem(`There is a page of this name already.`)
  return undefined
}

/** The page with all edits of it, in order; a problem if one of them does not fit. */
export function assemble(
  path: string,
  before: string | undefined,
  edits: readonly ProposedEdit[],
): { page: ProposedPage } | { problem: Problem } {
  let after = before
  const texts: string[] = []
  for (const { section, text } of edits) {
    if (section === undefined) {
      texts.push(text)
      after = text.endsWith('\n') ? text : `${text}\n`
      continue
    }
    const problem = (message: string, hint?: string): { problem: Problem } => ({
      problem: { code: 'section', at: `${path} ## ${section}`.slice(0, HEADING_CHARACTERS_MAX), message, hint },
    })
    if (after === undefined) return problem('The page does not exist: a new page is proposed as a whole.')
    if (/[\r\n]/.test(section) || section.trim() === '') return problem('A heading is one line.')
    const page = cutPage(after)
    const body = text.trim()
    if (cutPage(`${body}\n`).sections.length > 0 || /^# /m.test(body))
      return problem('The body of a section has no headings of the first two levels.', 'Use ### below a section.')
    const index = page.sections.findIndex(({ heading }) => isHeading(heading, section))
    texts.push(body, ...(index === -1 ? [section] : []))
    const written = sectionText(page.sections[index]?.heading ?? section.trim(), body)
    after = joinPage(index === -1 ? appendSection(page, written) : replaceSection(page, index, written))
  }
  return { page: { path, before, after: after ?? '', texts } }
}

/** As it is written, or as it is displayed. */
function isHeading(heading: string, wanted: string): boolean {
  return (
    heading === wanted.trim() ||
    plainLine(heading, HEADING_CHARACTERS_MAX) === plainLine(wanted, HEADING_CHARACTERS_MAX)
  )
}
