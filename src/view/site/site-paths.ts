// Which pages the static site has, and the file of each. A place without a file here is a link that the site leaves out.
import { anchorOf, FOLDERS, queryOf, type Place, type Section } from '../places.ts'

const SECTIONS: readonly Section[] = ['home', 'documents', 'concepts', 'entities', 'themes', 'graph', 'timeline']
/** Parameters that name a further part of a page. */
const PARTS = new Set(['page', 'part'])

/** The path of a place in the site; undefined if the site does not have it. */
export function siteFile(place: Place): string | undefined {
  if (place.at !== undefined && place.at !== null) return undefined
  switch (place.kind) {
    case 'section': {
      if (!SECTIONS.includes(place.section)) return undefined
      const part = partOf(place)
      return part === undefined ? undefined : `${place.section === 'home' ? 'index' : place.section}${part}.html`
    }
    case 'document': {
      if (place.tab === undefined || place.tab === 'summary') return `documents/${place.name}.html`
      // A frame shows the original from its first page.
      if (place.tab === 'original') return `documents/${place.name}/original.html`
      const part = partOf(place)
      return part === undefined ? undefined : `documents/${place.name}/text${part}.html`
    }
    case 'concept':
    case 'entity':
    case 'theme':
    case 'exploration':
    case 'report':
      return `${FOLDERS[place.kind]}/${place.name}.html`
    case 'page':
      return `pages/${place.path.replace(/\.md$/, '')}.html`
    case 'history':
      return hasVersions(place.path) ? `history/${place.path.replace(/^wiki\/(.*)\.md$/, '$1')}.html` : undefined
    case 'blame':
    case 'review':
      return undefined
  }
}

/** Of pages that change with every document, such as the front page, the timeline says as much. */
function hasVersions(path: string): boolean {
  return /^wiki\/(?:summaries|concepts|entities|explorations)\/.+\.md$/.test(path)
}

/** `''` or `-2`; undefined if the parameters ask for another view of the page. */
function partOf(place: Place): string | undefined {
  const query = Object.entries(queryOf(place))
  if (query.some(([name]) => !PARTS.has(name))) return undefined
  const [, part = '1'] = query[0] ?? []
  return part === '1' ? '' : `-${part}`
}

/** The address of one file of the site from another, which works from a disk too. */
export function relativeAddress(from: string, to: string): string {
  const [here, there] = [from.split('/'), to.split('/')]
  let common = 0
  while (common < here.length - 1 && common < there.length - 1 && here[common] === there[common]) common++
  const up = '../'.repeat(here.length - 1 - common)
  const path = there.slice(common).map(encodeURIComponent).join('/')
  return up + path
}

export function siteAddress(from: string, place: Place): string | undefined {
  const to = siteFile(place)
  if (to === undefined) return undefined
  const anchor = anchorOf(place)
  return `${relativeAddress(from, to)}${anchor === undefined || anchor === '' ? '' : `#${anchor}`}`
}
