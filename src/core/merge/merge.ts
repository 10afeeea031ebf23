// How the merge driver merges one file of a base from three versions. Pure; only text that both sides changed in the
// same place goes to `mergeText`. Swapping ours and theirs produces the same text, except for conflicts.
import { CONTENTS, DOCUMENTS, INDEX_PAGE, LOG_PAGE, SOURCES, THEMES } from '../layout.ts'
import { mergeDocumentLinks } from './document-links.ts'
import { mergeListing, mergeLog } from './entries.ts'
import type { MergedText, MergeText } from './merged-text.ts'
import { mergeRecord } from './record.ts'
import { mergeSections } from './sections.ts'

/**
 * Merges the file at `path` (relative to the base). The ancestor is '' if both sides added it. A conflict remains only
 * if both sides changed the same words or gave one name to different documents.
 */
export function mergePage(
  ancestor: string,
  ours: string,
  theirs: string,
  path: string,
  mergeText: MergeText,
): MergedText {
  if (ours === theirs || ancestor === theirs) return { text: ours, conflict: false }
  if (ancestor === ours) return { text: theirs, conflict: false }
  if (path.startsWith(`${DOCUMENTS}/`) && path.endsWith('.json')) {
    const text = mergeRecord(ancestor, ours, theirs)
    return text === undefined ? { ...mergeText(ancestor, ours, theirs), conflict: true } : { text, conflict: false }
  }
  if (path.startsWith(`${SOURCES}/`)) {
    const text = mergeDocumentLinks(ancestor, ours, theirs)
    return { text: text ?? ours, conflict: text === undefined }
  }
  if (path === LOG_PAGE) return mergeLog(ancestor, ours, theirs, mergeText)
  if (path.startsWith(`${CONTENTS}/`)) return mergeListing(ancestor, ours, theirs, mergeText)
  if (!path.startsWith('wiki/') || !path.endsWith('.md')) return mergeText(ancestor, ours, theirs)
  if (path.startsWith(`${THEMES}/`)) return mergeTheme(ancestor, ours, theirs, mergeText)
  if (path !== INDEX_PAGE) return mergeSections(ancestor, ours, theirs, mergeText)
  // Neither side counted what both have: the next overview commit counts again.
  const [before, left, right] =
    ours === theirs ? [ancestor, ours, theirs] : [ancestor, ours, theirs].map(withoutFigures)
  return mergeSections(before ?? '', left ?? '', right ?? '', byEntries(mergeText))
}

function withoutFigures(index: string): string {
  return index.replace(/^\d+ documents? \(.*\.\n\n?/m, '')
}

/** Sections of the front page are lists of links. */
function byEntries(mergeText: MergeText): MergeText {
  return (ancestor, ours, theirs) => mergeListing(ancestor, ours, theirs, mergeText)
}

/** What a theme says of its documents as a whole. */
const THEME_FIGURES = [/^\d+ documents? that share .*$/m, /^At its centre: .*$/m]

/**
 * A theme that both sides found: made anew when the themes are, so that either side's page will do until then. What a person
 * changed in a page that both had is merged as text.
 */
function mergeTheme(ancestor: string, ours: string, theirs: string, mergeText: MergeText): MergedText {
  const chosen = ours > theirs ? ours : theirs
  const alike = (page: string): string =>
    THEME_FIGURES.reduce((text, line) => {
      const words = line.exec(chosen)?.[0]
      return words === undefined ? text : text.replace(line, () => words)
    }, page)
  const merged = mergeSections(alike(ancestor), alike(ours), alike(theirs), byEntries(mergeText))
  return merged.conflict && ancestor === '' ? { text: chosen, conflict: false } : merged
}
