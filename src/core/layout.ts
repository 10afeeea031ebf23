// Where everything stands in a base: pure path arithmetic. Paths are relative to the base and use `/`.
import type { TopicKind } from './document/document.ts'

export const CONFIG_FILE = 'kbgit.yaml'
export const DOCUMENTS = 'documents'
export const RAW = 'raw'
export const SOURCES = 'wiki/sources'
export const IMAGES = 'wiki/sources/images'
export const SUMMARIES = 'wiki/summaries'
export const CONCEPTS = 'wiki/concepts'
export const ENTITIES = 'wiki/entities'
export const CONTENTS = 'wiki/contents'
export const EXPLORATIONS = 'wiki/explorations'
export const REPORTS = 'wiki/reports'
export const INDEX_PAGE = 'wiki/index.md'
export const LOG_PAGE = 'wiki/log.md'
export const AGENTS_PAGE = 'wiki/AGENTS.md'
/** Where `kbgit watch` looks. */
export const INBOX = 'raw/inbox'

/** Entries that a folder holds before the next shard begins. */
export const SHARD_ENTRIES_MAX = 200
/** Entries on one listing page before it continues on a further one. */
export const LISTING_ENTRIES_MAX = 100
/** Sections of documents on one topic page before it continues on a further one. */
export const TOPIC_SECTIONS_MAX = 40
/** Bytes of one topic page before it continues on a further one. */
export const TOPIC_BYTES_MAX = 64 * 1024
/** Newest entries that `wiki/log.md` keeps. */
export const LOG_ENTRIES_MAX = 50

/** The sub-path of a shard: '' for the first, `v2/`, `v3/`, … for later ones. */
export function shardPath(shard: number): string {
  return shard === 1 ? '' : `v${shard}/`
}

/** The shard of a path below one of the folders above: `wiki/summaries/v3/x.md` is in 3, `wiki/summaries/x.md` in 1. */
export function shardOf(path: string): number {
  const match = /\/v(\d+)\/[^/]+$/.exec(path)
  return match === null ? 1 : Number(match[1])
}

export type DocumentPaths = {
  registry: string
  raw: string
  rawPointer: string
  sourceShort: string
  sourceLong: string
  tree: string
  images: string
  summary: string
}

/** Every place that a document may use. `extension` has its dot, or is ''. */
export function documentPaths(name: string, shard: number, extension: string): DocumentPaths {
  const v = shardPath(shard)
  return {
    registry: `${DOCUMENTS}/${v}${name}.json`,
    raw: `${RAW}/${v}${name}${extension}`,
    rawPointer: `${RAW}/${v}${name}${extension}.pointer`,
    sourceShort: `${SOURCES}/${v}${name}.md`,
    sourceLong: `${SOURCES}/${v}${name}.json`,
    tree: `${SOURCES}/${v}${name}.tree.json`,
    images: `${IMAGES}/${v}${name}`,
    summary: `${SUMMARIES}/${v}${name}.md`,
  }
}

/** Whether one document alone writes a file: it is not a page that documents share. */
export function isOfOneDocument(path: string): boolean {
  return [DOCUMENTS, RAW, SOURCES, SUMMARIES].some((folder) => path.startsWith(`${folder}/`))
}

/** The registry file of the document with this summary page: both are in one shard, under one name. */
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

/** Page `part` (from 1) of a topic: `wiki/concepts/v2/x.md`, then `x--2.md`, `x--3.md`, … beside it. */
export function topicPath(kind: TopicKind, name: string, shard: number, part = 1): string {
  return `${topicFolder(kind)}/${shardPath(shard)}${name}${part === 1 ? '' : `--${part}`}.md`
}

/** `wiki/concepts/v2/x--3.md` → `{ first: 'wiki/concepts/v2/x.md', part: 3 }`. */
export function splitPart(path: string): { first: string; part: number } {
  const match = /^(.*?)--(\d+)\.md$/.exec(path)
  return match === null ? { first: path, part: 1 } : { first: `${match[1]}.md`, part: Number(match[2]) }
}

export type ListingKind = 'documents' | 'concepts' | 'entities'

/** Listing page `part` of a shard: `wiki/contents/documents.md`, `documents--2.md`, `documents-v2.md`, … */
export function listingPath(kind: ListingKind, shard: number, part = 1): string {
  return `${CONTENTS}/${kind}${shard === 1 ? '' : `-v${shard}`}${part === 1 ? '' : `--${part}`}.md`
}

/** What stands in a wikilink for a page below `wiki/`: `wiki/summaries/x.md` → `summaries/x`. */
export function linkTarget(path: string): string {
  return path.replace(/^wiki\//, '').replace(/\.md$/, '')
}

/** Sections of a summary page that are lists of links: they lead to evidence and are none. */
export const SUMMARY_LISTS = ['Outline', 'Concepts', 'Entities', 'Related', 'Source']
