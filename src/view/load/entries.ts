// Lists of links on pages that kbgit writes: `- [[concepts/x|X]] (type): what it says`.
import { plainInline } from '../../core/page/sanitize.ts'
import type { Page, Section } from '../../core/page/page.ts'

/** `path`: of the page, relative to the base. `type`: of an entity. `says`: Markdown. */
export type Entry = { path: string; label: string; type?: string | undefined; says: string }

const ENTRY = /^\s*- \[\[([^\]|#]+)(?:#[^\]|]*)?(?:\|([^\]]*))?\]\](?: \(([^()]*)\))?(?:: (.*))?$/

/** Whether a line of a list is one. */
export function isEntry(line: string): boolean {
  return ENTRY.test(line)
}

export function entriesOf(section: Section | undefined): Entry[] {
  return (section?.body.split('\n') ?? []).flatMap((line) => {
    const match = ENTRY.exec(line)
    if (match === null) return []
    const [, target = '', label = target, type, says = ''] = match
    return [{ path: `wiki/${target}.md`, label: plainInline(label), type, says }]
  })
}

export function sectionOf(page: Page, heading: string): Section | undefined {
  return page.sections.find((section) => section.heading === heading)
}

/** The text of an introduction without its title. */
export function withoutTitle(intro: string): string {
  return intro.replace(/^\s*# [^\n]*\n*/, '')
}

export function frontText(page: Page, key: string): string | undefined {
  const value = page.front[key]
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined
}
