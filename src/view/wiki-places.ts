// Which place of the viewer shows a file of the base.
import { AGENTS_PAGE, CONTENTS, INDEX_PAGE, LOG_PAGE, RAW, splitPart } from '../core/layout.ts'
import { pageName } from '../core/page/page-kind.ts'
import type { NamedKind, Place, Section } from './places.ts'

const NAMED: [prefix: string, kind: NamedKind][] = [
  ['wiki/concepts/', 'concept'],
  ['wiki/entities/', 'entity'],
  ['wiki/themes/', 'theme'],
  ['wiki/explorations/', 'exploration'],
  ['wiki/reports/', 'report'],
]
const LISTED: Section[] = ['documents', 'concepts', 'entities']

/** Undefined for files that the viewer does not show. Whether the file exists is not looked at. */
export function placeOfPath(path: string): Place | undefined {
  if (path.startsWith(`${RAW}/`)) {
    const file = path.slice(path.lastIndexOf('/') + 1)
    return { kind: 'document', name: file.replace(/(?<=.)\.[^.]*$/, ''), tab: 'original' }
  }
  if (path.startsWith('wiki/sources/images/')) return undefined
  if (path.startsWith('wiki/sources/')) return { kind: 'document', name: pageName(path), tab: 'text' }
  if (!path.startsWith('wiki/') || !path.endsWith('.md')) return undefined
  if (path.startsWith('wiki/summaries/')) return { kind: 'document', name: pageName(path) }
  for (const [prefix, kind] of NAMED)
    if (path.startsWith(prefix)) return { kind, name: pageName(splitPart(path).first) }
  if (path === INDEX_PAGE) return { kind: 'section', section: 'home' }
  if (path === LOG_PAGE) return { kind: 'section', section: 'timeline' }
  if (path.startsWith(`${CONTENTS}/`)) {
    const section = LISTED.find((each) => path.startsWith(`${CONTENTS}/${each}`))
    return section === undefined ? undefined : { kind: 'section', section }
  }
  return path === AGENTS_PAGE || !path.includes('/.') ? { kind: 'page', path } : undefined
}
