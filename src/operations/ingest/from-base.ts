// What a compiler is told about a topic page: what its documents say.
import type { OverviewPage } from '../../compile/llm/overview.ts'
import { headingTarget, type Page } from '../../core/page/page.ts'

/** A topic page as the question for its overview has it. */
export function overviewPage({ front, sections }: Page): OverviewPage {
  const { type, title, entity_type: entityType } = front
  return {
    kind: type === 'entity' ? 'entity' : 'concept',
    name: String(title ?? ''),
    ...(typeof entityType === 'string' ? { type: entityType } : {}),
    sections: sections.flatMap(({ heading, body }) => {
      const target = headingTarget(heading)
      return target === undefined ? [] : [{ document: shownTitle(heading), target, says: body }]
    }),
  }
}

function shownTitle(heading: string): string {
  return /\|([^\]]*)\]\]$/.exec(heading)?.[1] ?? headingTarget(heading) ?? ''
}

/** The input that an overview was written from. */
export function fingerprint({ sections }: Page): string {
  return JSON.stringify(sections)
}
