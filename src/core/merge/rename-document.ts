// A document under another name: what changes in its record, in its own files, and in every page that names it. Names are
// those of one side of a merge: pages of the other side may mean another document by the same name.
import { documentPaths, LOG_PAGE, shardOf, shardPath } from '../layout.ts'
import { serializeRecord, type DocumentLink, type DocumentRecord } from '../document/document.ts'
import { relink, withoutLinks } from '../document/linked-text.ts'
import { parsePages } from '../document/stored-text.ts'
import { logTime } from '../page/page-lines.ts'
import { markAfterRename } from '../page/overview-mark.ts'
import { cutPage, joinPage, setFront } from '../page/page-text.ts'
import { splitFrontMatter } from '../page/page.ts'

/** `key`: the document's folder of a shard (`` or `v2/`) and its name; `to`: its new name, in the same shard. */
export type Rename = { key: string; to: string }

/** `documents/v2/minutes.json` → `v2/minutes`. */
export function documentKey(registryPath: string): string {
  return registryPath.replace(/^documents\//, '').replace(/\.json$/, '')
}

/** The path of a document's file under its new name: of a registry file, summary, text, tree, original or image. */
export function renamedFile(path: string, record: DocumentRecord, to: string): string {
  const [old, now] = [record.name, to].map((name) => documentPaths(name, shardOf(record.summary), ''))
  if (old === undefined || now === undefined) return path
  for (const [from, next] of [
    [`${old.images}/`, `${now.images}/`],
    [old.tree, now.tree],
    [old.sourceShort, now.sourceShort],
    [old.sourceLong, now.sourceLong],
    [old.summary, now.summary],
    [old.registry, now.registry],
    [old.rawLarge, now.rawLarge],
    [old.raw, now.raw],
  ] as const)
    if (path.startsWith(from)) return next + path.slice(from.length)
  return path
}

/**
 * The record under its new name. `text`: the document's committed text, in which images may move its links. `renames`:
 * of this and other documents of the same commit.
 */
export function renamedRecord(
  record: DocumentRecord,
  to: string,
  text: string | undefined,
  renames: readonly Rename[],
): DocumentRecord {
  const move = (path: string): string => renamedFile(path, record, to)
  const { displaced: _, ...rest } = record
  const moved: DocumentRecord = {
    ...rest,
    name: to,
    raw: move(record.raw),
    source: move(record.source),
    ...(record.tree === undefined ? {} : { tree: move(record.tree) }),
    summary: move(record.summary),
    ...(record.images === undefined ? {} : { images: record.images.map(move) }),
    ...(record.links === undefined ? {} : { links: movedLinks(record, to, text) }),
    ...(record.edited === undefined
      ? {}
      : { edited: record.edited.map(({ page, generated }) => ({ page, generated: renameLinks(generated, renames) })) }),
  }
  return JSON.parse(renameInRecord(serializeRecord(moved), renames)) as DocumentRecord
}

/** One of the document's own texts, trees or summaries under its new name. `path`: as it was. */
export function renamedText(
  path: string,
  text: string,
  record: DocumentRecord,
  to: string,
  renames: readonly Rename[],
): string {
  if (path === record.tree)
    return text.replace(/^( *"doc_name": ).*(,)$/m, (_, key, comma) => key + JSON.stringify(to) + comma)
  const renamed = renameIn(path, text, renames)
  if (path !== record.summary) return renamed
  const [raw, now] = [record.raw, renamedFile(record.raw, record, to)].map((path) => encodeURI(path))
  return renamed.replaceAll(`/${raw})`, `/${now})`)
}

/** A page, a registry file or a text with other names for documents. `path` is relative to the base. */
export function renameIn(path: string, text: string, renames: readonly Rename[]): string {
  if (renames.length === 0) return text
  if (path.endsWith('.json'))
    return path.startsWith('documents/') ? renameInRecord(text, renames) : renameLinks(text, renames)
  if (path === LOG_PAGE) return renameInLog(text, renames)
  const linked = renameLinks(text, renames)
  const { front } = splitFrontMatter(text)
  const names = new Map(renames.map(({ key, to }) => [nameOf(key), to]))
  const changes: Record<string, unknown> = {}
  for (const field of ['document', 'described_by', 'sources']) {
    const value = front[field]
    const next = Array.isArray(value)
      ? value.map((one: unknown) => names.get(String(one)) ?? one)
      : (names.get(String(value)) ?? value)
    if (JSON.stringify(next) !== JSON.stringify(value)) changes[field] = next
  }
  const page = cutPage(linked)
  const mark = markAfterRename(
    { front, intro: cutPage(text).intro },
    { front: { ...front, ...changes }, intro: page.intro },
  )
  if (mark !== undefined) changes['overview'] = mark
  return Object.keys(changes).length === 0 ? linked : joinPage({ ...page, front: setFront(page.front, changes) })
}

/** Links and images: `[[summaries/x|…]]`, `[[sources/v2/x#…]]`, `(../summaries/x.md)`, `images/x/1.png`. */
function renameLinks(text: string, renames: readonly Rename[]): string {
  const names = new Map(renames.map(({ key, to }) => [key, key.slice(0, key.lastIndexOf('/') + 1) + to]))
  const renamed = (whole: string, before: string, key: string): string => {
    const to = names.get(key)
    return to === undefined ? whole : before + to
  }
  return text
    .replace(/(\[\[(?:summaries|sources)\/)([^[\]|#\n]+)(?=[#|\]])/g, renamed)
    .replace(
      /(\]\((?:\.\.\/)+(?:summaries|sources)\/)([^()\s#]+)(?=\.md[)#])/g,
      (whole, before: string, key: string) => {
        const to = names.get(decoded(key))
        return to === undefined ? whole : before + encodeURI(to)
      },
    )
    .replace(/((?:\.\.\/|\bsources\/)images\/)((?:v\d+\/)?[^/()\s"]+)(?=\/\d+\.[a-z])/g, renamed)
    .replace(
      /(\()(images\/)((?:v\d+\/)?[^/()\s"]+)(?=\/\d+\.[a-z])/g,
      (whole, open: string, folder: string, key: string) => renamed(whole, open + folder, key),
    )
}

/** Messages name their attachments, and attachments their messages. */
function renameInRecord(text: string, renames: readonly Rename[]): string {
  const names = new Map(renames.map(({ key, to }) => [nameOf(key), to]))
  return text.replace(/^ "(?:attachments|attachedTo)": \[\n(?: {2}"[^"\n]*",?\n)* \]/gm, (list) =>
    list.replace(/^( {2}")([^"\n]*)(",?)$/gm, (whole, open: string, name: string, end: string) => {
      const to = names.get(name)
      return to === undefined ? whole : open + to + end
    }),
  )
}

function renameInLog(text: string, renames: readonly Rename[]): string {
  const names = new Map(renames.map(({ key, to }) => [nameOf(key), to]))
  return text
    .split('\n')
    .map((line) => {
      const [whole, before = '', name = ''] = /^(- \S+ [a-z]+: )(\S+)(?= \(|$)/.exec(line) ?? []
      const to = names.get(name)
      return whole === undefined || to === undefined || logTime(line) === undefined
        ? line
        : before + to + line.slice(whole.length)
    })
    .join('\n')
}

/** Images before a link move it, if the name of their folder gets longer. */
function movedLinks(record: DocumentRecord, to: string, text: string | undefined): DocumentLink[] {
  const { links = [], kind, name } = record
  if (text === undefined || (record.images ?? []).length === 0 || relink(text, record, (_, now) => now) === undefined)
    return links
  const plain = withoutLinks(text, record)
  const folder = `images/${shardPath(shardOf(record.summary))}${name}/`
  const contents = kind === 'short' ? [plain] : (parsePages(plain) ?? []).map(({ content }) => content)
  const places = contents.map((content) => indexesOf(content, folder))
  return links.map((link) => {
    const before = places[(link.page ?? 1) - 1]?.filter((place) => place < link.at).length ?? 0
    return before === 0 ? link : { ...link, at: link.at + before * (to.length - name.length) }
  })
}

function indexesOf(text: string, part: string): number[] {
  const found: number[] = []
  for (let index = text.indexOf(part); index !== -1; index = text.indexOf(part, index + 1)) found.push(index)
  return found
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
