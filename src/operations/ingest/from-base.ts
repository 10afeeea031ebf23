// What a compiler is told about the base: names that it has already, and what the documents of a topic page say.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CompileInput, KnownTopic } from '../../compile/compiler.ts'
import { candidateKeys } from '../../compile/llm/candidate-names.ts'
import type { OverviewPage } from '../../compile/llm/overview.ts'
import type { Catalog } from '../../core/document/catalog.ts'
import { headingTarget, type Page } from '../../core/page/page.ts'

/** Maximum number of existing topics passed to the compiler per document. */
const KNOWN_MAX = 40

/** Existing topics whose name occurs in the text. Looks up a bounded number of names in the catalog. */
export function knownTopics(text: string, catalog: Pick<Catalog, 'topic'>): KnownTopic[] {
  const known = new Map<string, KnownTopic>()
  for (const key of candidateKeys(text)) {
    for (const kind of ['concept', 'entity'] as const) {
      const topic = catalog.topic(kind, [key])
      if (topic !== undefined && !known.has(topic.path)) known.set(topic.path, { kind, name: topic.title, found: key })
    }
    if (known.size >= KNOWN_MAX) break
  }
  return [...known.values()]
}

export async function stagedText({ prepared, staging }: CompileInput): Promise<string> {
  return readFile(join(staging, prepared.text), 'utf8')
}

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
