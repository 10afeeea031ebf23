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

const BULLETS = 'kbgit-bullets'

/**
 * The text of a document whose lists all have a style: one without has bullets (ODF 1.3 part 3, 19.880 leaves that to
 * programs, which draw them). Undefined where nothing is missing. Lists inside of lists take after the outer one.
 */
export function withListStyles(content: string): string | undefined {
  let depth = 0
  let missing = false
  const styled = content.replace(
    /<text:list((?=[\s>])[^<>]*?)(\/?)>|<\/text:list>/g,
    (tag, attributes: string | undefined, empty: string) => {
      if (attributes === undefined) {
        depth--
        return tag
      }
      const isOuter = depth === 0
      if (empty === '') depth++
      if (!isOuter || /\stext:style-name\s*=/.test(attributes)) return tag
      missing = true
      return `<text:list${attributes} text:style-name="${BULLETS}"${empty}>`
    },
  )
  if (!missing) return undefined
  const style = `<text:list-style style:name="${BULLETS}"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/></text:list-style>`
  return styled.replace(/<office:automatic-styles(?:\s[^>]*)?(?:\/>|>)|(?=<office:body[\s>])/, (found) => {
    if (found.startsWith('<') && !found.endsWith('/>')) return found + style
    return `<office:automatic-styles>${style}</office:automatic-styles>`
  })
}
