// What the paragraph styles of a document stand for, whatever language their names are in.
import type { Archive } from './archive.ts'
import type { StyleRole } from './ast-markdown.ts'
import { attributeOf } from '../html-tokens.ts'

const STYLES_MAX = 10_000

/**
 * Roles by style id. A heading is told by its outline level (ECMA-376 part 1, 17.3.1.20), its own or inherited, or by
 * the name that Word keeps in English whatever the user's language (17.7.4.9).
 */
export function wordStyles(archive: Archive): Map<string, StyleRole> {
  const xml = archive.readText('word/styles.xml') ?? ''
  const styles = new Map<string, { name: string; basedOn: string | undefined; level: number | undefined }>()
  for (const match of xml.matchAll(/<(?:\w+:)?style\s([^>]*)>([\s\S]*?)<\/(?:\w+:)?style>/g)) {
    const [, attributes = '', body = ''] = match
    const id = attribute(attributes, 'styleId')
    if (id === undefined || styles.size >= STYLES_MAX) continue
    const level = /<\w+:outlineLvl\s([^>]*)>/.exec(body)?.[1]
    styles.set(id, {
      name: (attribute(/<\w+:name\s([^>]*)>/.exec(body)?.[1] ?? '', 'val') ?? id).toLowerCase(),
      basedOn: attribute(/<\w+:basedOn\s([^>]*)>/.exec(body)?.[1] ?? '', 'val'),
      level: level === undefined ? undefined : Number(attribute(level, 'val')),
    })
  }
  const roles = new Map<string, StyleRole>()
  for (const id of styles.keys()) {
    const seen = new Set<string>()
    for (let at: string | undefined = id; at !== undefined && !seen.has(at);) {
      seen.add(at)
      const style = styles.get(at)
      const role = style === undefined ? undefined : roleOf(style.name, style.level)
      if (role !== undefined) {
        roles.set(id, role)
        break
      }
      // Body text says so with level 9 and ends the search.
      at = style?.level === 9 ? undefined : style?.basedOn
    }
  }
  return roles
}

function roleOf(name: string, level: number | undefined): StyleRole | undefined {
  if (level !== undefined && level >= 0 && level < 9) return { heading: level + 1 }
  const numbered = /^heading ([1-9])$/.exec(name)?.[1]
  if (numbered !== undefined) return { heading: Number(numbered) }
  if (name === 'title') return 'title'
  if (/^(?:intense )?quote$|^block text$/.test(name)) return 'quote'
  return /^(?:html preformatted|macro text|source code|code|plain text code|verbatim(?: char)?)$/.test(name)
    ? 'code'
    : undefined
}

function attribute(attributes: string, name: string): string | undefined {
  return attributeOf(attributes, `w:${name}`) ?? attributeOf(attributes, name)
}
