// What the paragraph styles of an OpenDocument text stand for.
import { attributeOf } from '../html-tokens.ts'
import type { Archive } from './archive.ts'
import type { StyleRole } from './ast-markdown.ts'

const STYLES_MAX = 10_000

/**
 * Roles by style name. Automatic styles take after the named one they stand for (ODF 1.3 part 3, 19.510). Headings are
 * elements of their own in OpenDocument and need no style.
 */
export function odfStyles(archive: Archive): Map<string, StyleRole> {
  const parents = new Map<string, string | undefined>()
  for (const part of ['styles.xml', 'content.xml']) {
    for (const match of (archive.readText(part) ?? '').matchAll(/<style:style\s([^>]*)>/g)) {
      const name = attributeOf(match[1] ?? '', 'style:name')
      if (name !== undefined && parents.size < STYLES_MAX)
        parents.set(name, attributeOf(match[1] ?? '', 'style:parent-style-name'))
    }
  }
  const roles = new Map<string, StyleRole>()
  for (const name of [...parents.keys(), 'Title', 'Quotations', 'Preformatted_20_Text']) {
    const seen = new Set<string>()
    for (let at: string | undefined = name; at !== undefined && !seen.has(at); at = parents.get(at)) {
      seen.add(at)
      const role = roleOf(at)
      if (role === undefined) continue
      roles.set(name, role)
      roles.set(name.replaceAll('_20_', ' '), role)
      break
    }
  }
  return roles
}

function roleOf(name: string): StyleRole | undefined {
  if (name === 'Title') return 'title'
  if (name === 'Quotations' || name === 'Quotation') return 'quote'
  return /^(?:Preformatted_20_Text|Source_20_Code|Code)$/.test(name) ? 'code' : undefined
}
