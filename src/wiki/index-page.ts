// `wiki/index.md`, the front page: links to the listing pages, which change only when a shard begins. What it says of the
// base is in front-page.ts.
import { linkTarget, listingPath } from '../core/layout.ts'
import type { ListingKind } from '../core/layout.ts'
import { wikilink } from '../core/page/page.ts'

/** Shards per kind that the front page links in addition to the first; each shard links the one before it. */
const SHARDS_SHOWN_MAX = 100

const KINDS: { kind: ListingKind; title: string; about: string }[] = [
  {
    kind: 'documents',
    title: 'Documents',
    about: 'One summary per document, with links to its text and its original.',
  },
  { kind: 'concepts', title: 'Concepts', about: 'One page per concept, with what each document says about it.' },
  { kind: 'entities', title: 'Entities', about: 'People, organizations, places, products, works and events.' },
]

export function newIndexPage(): string {
  const sections = KINDS.map(({ kind, title, about }) => `## ${title}\n\n${about}\n\n${shardLine(kind, 1)}\n`)
  return `---
type: index
title: "Knowledge base"
---

# Knowledge base

${sections.join('\n')}
## More

- [[log|Log]]: the latest changes
- [[AGENTS|How this wiki is written]]
`
}

/** Adds the line of a new shard after the newest one, and removes the oldest but the first when there are too many. */
export function addShard(text: string, kind: ListingKind, shard: number): string {
  const line = shardLine(kind, shard)
  const lines = text.split('\n')
  const shown = lines.flatMap((old, index) =>
    shardOfLine(old, kind) === undefined ? [] : [{ at: index, shard: shardOfLine(old, kind) ?? 0 }],
  )
  if (shown.some((entry) => entry.shard === shard)) return text
  const last = shown.findLast((entry) => entry.shard < shard)
  if (last === undefined) return text
  lines.splice(last.at + 1, 0, line)
  const later = shown.filter((entry) => entry.shard > 1)
  const oldest = later[0]
  if (later.length >= SHARDS_SHOWN_MAX && oldest !== undefined) lines.splice(oldest.at, 1)
  return lines.join('\n')
}

function shardLine(kind: ListingKind, shard: number): string {
  const { title } = KINDS.find((entry) => entry.kind === kind) ?? { title: kind }
  return `- ${wikilink(linkTarget(listingPath(kind, shard)), shard === 1 ? title : `${title}, volume ${shard}`)}`
}

function shardOfLine(line: string, kind: ListingKind): number | undefined {
  const match = /^- \[\[contents\/(documents|concepts|entities)(?:-v(\d+))?(?:\||\]\])/.exec(line)
  return match?.[1] === kind ? Number(match[2] ?? 1) : undefined
}
