// `wiki/index.md`, the front page: links to the listing pages. It changes only when a volume begins.
import { linkTarget, listingPath } from '../core/layout.ts'
import type { ListingKind } from '../core/layout.ts'
import { wikilink } from '../core/page/page.ts'

/** Volumes of a kind that the front page links, beside the first; each volume links the one before it. */
const VOLUMES_SHOWN_MAX = 100

const KINDS: { kind: ListingKind; title: string; about: string }[] = [
  { kind: 'documents', title: 'Documents', about: 'One summary a document, with links to its text and its original.' },
  { kind: 'concepts', title: 'Concepts', about: 'One page a concept, with what each document says of it.' },
  { kind: 'entities', title: 'Entities', about: 'People, organizations, places, products, works and events.' },
]

export function newIndexPage(): string {
  const sections = KINDS.map(({ kind, title, about }) => `## ${title}\n\n${about}\n\n${volumeLine(kind, 1)}\n`)
  return `---
type: index
title: "Knowledge base"
---

# Knowledge base

${sections.join('\n')}
## More

- [[log|Log]]: the newest changes
- [[AGENTS|How this wiki is written]]
`
}

/** Adds the line of a new volume after the newest one, and takes the oldest but the first out when there are too many. */
export function addVolume(text: string, kind: ListingKind, volume: number): string {
  const line = volumeLine(kind, volume)
  const lines = text.split('\n')
  const shown = lines.flatMap((old, at) =>
    lineVolume(old, kind) === undefined ? [] : [{ at, volume: lineVolume(old, kind) ?? 0 }],
  )
  if (shown.some((entry) => entry.volume === volume)) return text
  const last = shown.findLast((entry) => entry.volume < volume)
  if (last === undefined) return text
  lines.splice(last.at + 1, 0, line)
  const later = shown.filter((entry) => entry.volume > 1)
  const oldest = later[0]
  if (later.length >= VOLUMES_SHOWN_MAX && oldest !== undefined) lines.splice(oldest.at, 1)
  return lines.join('\n')
}

function volumeLine(kind: ListingKind, volume: number): string {
  const { title } = KINDS.find((entry) => entry.kind === kind) ?? { title: kind }
  return `- ${wikilink(linkTarget(listingPath(kind, volume)), volume === 1 ? title : `${title}, volume ${volume}`)}`
}

function lineVolume(line: string, kind: ListingKind): number | undefined {
  const match = /^- \[\[contents\/(documents|concepts|entities)(?:-v(\d+))?(?:\||\]\])/.exec(line)
  return match?.[1] === kind ? Number(match[2] ?? 1) : undefined
}
