// Where everything is in a base: pure path arithmetic. Paths are relative to the base and use `/`.
import type { TopicKind } from './document/document.ts'

export const CONFIG_FILE = 'kbgit.yaml'
/** The user's list of feeds and pages that `kbgit watch` visits. */
export const SOURCES_FILE = 'sources.yaml'
export const DOCUMENTS = 'documents'
export const RAW = 'raw'
/** Originals that git-lfs stores: here the tree has pointers. */
export const LARGE = 'raw/large'
export const SOURCES = 'wiki/sources'
export const IMAGES = 'wiki/sources/images'
export const SUMMARIES = 'wiki/summaries'
export const CONCEPTS = 'wiki/concepts'
export const ENTITIES = 'wiki/entities'
export const THEMES = 'wiki/themes'
export const CONTENTS = 'wiki/contents'
export const EXPLORATIONS = 'wiki/explorations'
export const REPORTS = 'wiki/reports'
export const INDEX_PAGE = 'wiki/index.md'
export const LOG_PAGE = 'wiki/log.md'
export const AGENTS_PAGE = 'wiki/AGENTS.md'
/** The folder that `kbgit watch` watches. */
export const INBOX = 'raw/inbox'

/** Entries per folder before the next shard begins. */
export const SHARD_ENTRIES_MAX = 200
/** Entries per listing page before it continues on the next one. */
export const LISTING_ENTRIES_MAX = 100
/** Document sections per topic page before it continues on the next one. */
export const TOPIC_SECTIONS_MAX = 40
/** Bytes per topic page before it continues on the next one. */
export const TOPIC_BYTES_MAX = 64 * 1024
/** Newest entries that `wiki/log.md` keeps. */
export const LOG_ENTRIES_MAX = 50

/** The sub-path of a shard: '' for the first, `v2/`, `v3/`, … for later ones. */
export function shardPath(shard: number): string {
  return shard === 1 ? '' : `v${shard}/`
}

/** The shard of a path in one of the folders above: `wiki/summaries/v3/x.md` is in 3, `wiki/summaries/x.md` in 1. */
export function shardOf(path: string): number {
  const match = /\/v(\d+)\/[^/]+$/.exec(path)
  return match === null ? 1 : Number(match[1])
}

export type DocumentPaths = {
  registry: string
  raw: string
  rawLarge: string
  sourceShort: string
  sourceLong: string
  tree: string
  images: string
  summary: string
}

/** Every path that a document may use. `extension` has its dot, or is ''. */
export function documentPaths(name: string, shard: number, extension: string): DocumentPaths {
  const v = shardPath(shard)
  return {
    registry: `${DOCUMENTS}/${v}${name}.json`,
    raw: `${RAW}/${v}${name}${extension}`,
    rawLarge: `${LARGE}/${v}${name}${extension}`,
    sourceShort: `${SOURCES}/${v}${name}.md`,
    sourceLong: `${SOURCES}/${v}${name}.json`,
    tree: `${SOURCES}/${v}${name}.tree.json`,
    images: `${IMAGES}/${v}${name}`,
    summary: `${SUMMARIES}/${v}${name}.md`,
  }
}

/** Whether kbgit commits a pointer at this path, relative to the base; earlier versions wrote `.pointer` files. */
export function isPointerPath(path: string): boolean {
  return isLargePath(path) || (path.startsWith(`${RAW}/`) && path.endsWith('.pointer'))
}

/** Whether git-lfs filters the file at this path, relative to the base. */
export function isLargePath(path: string): boolean {
  return path.startsWith(`${LARGE}/`)
}

/** Whether a file belongs to one document alone, unlike pages that documents share. */
export function isOfOneDocument(path: string): boolean {
  return [DOCUMENTS, RAW, SOURCES, SUMMARIES].some((folder) => path.startsWith(`${folder}/`))
}

/** The registry file of the document with this summary page: both are in the same shard, under the same name. */
export function registryPathOf(summary: string): string {
  return `${DOCUMENTS}/${summary.slice(SUMMARIES.length + 1).replace(/\.md$/, '')}.json`
}

export function topicFolder(kind: TopicKind): string {
  switch (kind) {
    case 'concept':
      return CONCEPTS
    case 'entity':
      return ENTITIES
  }
}

/** Page `part` (from 1) of a topic: `wiki/concepts/v2/x.md`, then `x--2.md`, `x--3.md`, … in the same folder. */
export function topicPath(kind: TopicKind, name: string, shard: number, part = 1): string {
  return `${topicFolder(kind)}/${shardPath(shard)}${name}${part === 1 ? '' : `--${part}`}.md`
}

/** `wiki/concepts/v2/x--3.md` → `{ first: 'wiki/concepts/v2/x.md', part: 3 }`. */
export function splitPart(path: string): { first: string; part: number } {
  const match = path.includes('--') ? /^(.*?)--(\d+)\.md$/.exec(path) : null
  return match === null ? { first: path, part: 1 } : { first: `${match[1]}.md`, part: Number(match[2]) }
}

export type ListingKind = 'documents' | 'concepts' | 'entities'

/** Listing page `part` of a shard: `wiki/contents/documents.md`, `documents--2.md`, `documents-v2.md`, … */
export function listingPath(kind: ListingKind, shard: number, part = 1): string {
  return `${CONTENTS}/${kind}${shard === 1 ? '' : `-v${shard}`}${part === 1 ? '' : `--${part}`}.md`
}

/** The wikilink target of a page in `wiki/`: `wiki/summaries/x.md` → `summaries/x`. */
export function linkTarget(path: string): string {
  return path.replace(/^wiki\//, '').replace(/\.md$/, '')
}

/** Sections of a summary page that are lists of links: they point to evidence but are not evidence themselves. */
export const SUMMARY_LISTS = ['Outline', 'Concepts', 'Entities', 'Related', 'Source']
