// Files of a base, made by hand for tests that need no compiler.
import { createHash } from 'node:crypto'
import { serializeRecord, type DocumentRecord, type Mention } from '../../src/core/document/document.ts'
import { documentPaths } from '../../src/core/layout.ts'
import { renderPage } from '../../src/core/page/page.ts'

export function record(name: string, more: Partial<DocumentRecord> = {}): DocumentRecord {
  const paths = documentPaths(name, 1, '.md')
  return {
    version: 1,
    name,
    title: name,
    sha256: digestOf(name),
    format: 'md',
    kind: 'short',
    origin: `/in/${name}.md`,
    raw: paths.raw,
    source: paths.sourceShort,
    summary: paths.summary,
    listed: 'wiki/contents/documents.md',
    compiler: 'builtin@1',
    addedAt: '2026-01-01T00:00:00Z',
    topics: [],
    ...more,
  }
}

/** The digest in records that are made here. */
export function digestOf(name: string): string {
  return createHash('sha256').update(name).digest('hex')
}

export function registry(name: string, more: Partial<DocumentRecord> = {}): string {
  return serializeRecord(record(name, more))
}

export function mention(key: string, kind: Mention['kind'] = 'concept'): Mention {
  return { key, name: key, kind, says: `It says ${key}.` }
}

export function topicPage(title: string, sources: string[], more: Record<string, unknown> = {}): string {
  return renderPage({
    front: { type: 'concept', title, sources, ...more },
    intro: `# ${title}`,
    sections: sources.map((source) => ({
      heading: `[[summaries/${source}|${source}]]`,
      body: `${source} on ${title}.`,
    })),
  })
}
