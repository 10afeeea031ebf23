// A document's summary page: what it is about, its key points, outline, topics and source. It links only to pages that
// exist as long as the document does: its own text and original, topic pages that have a section of it, and related
// documents, whose links go with them.
import type { Compiled, OutlineEntry, Quote } from '../core/document/compiled.ts'
import type { DocumentRecord, Format, TopicKind } from '../core/document/document.ts'
import { frontText, plainInline, sanitizeBody, sanitizeInline, oneLine } from '../core/page/sanitize.ts'
import { linkTarget, SUMMARY_LISTS } from '../core/layout.ts'
import { cutPage } from '../core/page/page-text.ts'
import { renderFrontMatter, splitFrontMatter, wikilink } from '../core/page/page.ts'
import type { FrontMatter } from '../core/page/page.ts'
import type { PreparedText } from '../core/document/prepared.ts'
import { pageRange, placeText } from './place-text.ts'
import { NO_TARGETS, resolveLinks } from './resolve-links.ts'
import { mentionedLine, mentionName, topicLine, withHandLines, type TopicLine } from './summary-lists.ts'

type SummaryContent = {
  record: Omit<DocumentRecord, 'listed' | 'topics' | 'mentions'>
  prepared: PreparedText
  compiled: Compiled
  topics: TopicLine[]
  /** Names of topics without a page. */
  mentioned: string[]
  /** See `attachment-lines.ts`. */
  attachmentLines: string[]
}

const KEY_POINTS_MAX = 12
const KEY_POINT_CHARS_MAX = 500
const OUTLINE_ENTRIES_MAX = 60
const MENTIONED_MAX = 16
const NOTES_MAX = 10
const OWN_HEADINGS = new Set(['Key points', ...SUMMARY_LISTS])

/**
 * The page's text. For an update, front matter keys and sections of the previous page that kbgit does not write are
 * kept.
 */
export function summaryPage(content: SummaryContent, before?: string): string {
  const { record, prepared, compiled } = content
  const title = oneLine(record.title, 200)
  const description = oneLine(compiled.description, 300)
  const points = compiled.keyPoints.slice(0, KEY_POINTS_MAX).filter(({ text }) => !isSameText(text, description))
  const topics = withoutRepeats(content.topics, [description, ...points.map(({ text }) => text)])
  const entities = topicLines(topics, 'entity')
  const mentioned = mentionedLine(content.mentioned.slice(0, MENTIONED_MAX).map(mentionName))
  const parts = [
    `# ${sanitizeInline(title)}`,
    sanitizeInline(description),
    facts(record, prepared),
    compiled.summary === undefined ? '' : sanitizeBody(resolveLinks(compiled.summary, NO_TARGETS)),
    section(
      'Key points',
      points.map((point) => keyPoint(point, record)),
    ),
    section('Outline', outlineLines(compiled.outline.length > 0 ? compiled.outline : prepared.outline)),
    list(before, 'Concepts', topicLines(topics, 'concept'), entities.length === 0 ? mentioned : ''),
    list(before, 'Entities', entities, entities.length === 0 ? '' : mentioned),
    relatedSection(before),
    list(before, 'Source', sourceLines(content)),
  ]
  const own = parts.filter((part) => part !== '').join('\n\n')
  const kept = before === undefined ? [] : cutPage(before).sections.filter(({ heading }) => !OWN_HEADINGS.has(heading))
  const front = { ...frontMatter(content, title, description), ...keptFront(before) }
  return `${renderFrontMatter(front)}${own}\n${kept.map(({ text }) => `\n${text.replace(/\s*$/, '\n')}`).join('')}`
}

function frontMatter({ record, prepared, compiled }: SummaryContent, title: string, description: string): FrontMatter {
  const line = (value: string | undefined) => (value === undefined ? undefined : frontText(value, 300) || undefined)
  return {
    type: 'summary',
    title: frontText(title, 200),
    description: frontText(description, 300),
    document: record.name,
    sha256: record.sha256,
    format: record.format,
    pages: record.pages,
    language: record.language ?? compiled.language,
    author: line(prepared.author),
    date: line(prepared.date),
    url: line(prepared.url),
    from: line(prepared.from),
    to: line(prepared.to),
    subject: line(prepared.subject),
    aliases: prepared.aliases,
    tags: prepared.tags,
    properties: prepared.properties,
    coverage: record.coverage,
  }
}

const OWN_KEYS = new Set([
  'type',
  'title',
  'description',
  'document',
  'sha256',
  'format',
  'pages',
  'language',
  'author',
  'date',
  'url',
  'from',
  'to',
  'subject',
  'aliases',
  'tags',
  'properties',
  'coverage',
])

function keptFront(before: string | undefined): FrontMatter {
  if (before === undefined) return {}
  return Object.fromEntries(Object.entries(splitFrontMatter(before).front).filter(([key]) => !OWN_KEYS.has(key)))
}

function section(heading: string, lines: string[]): string {
  const body = lines.join('\n').trim()
  return body === '' ? '' : `## ${heading}\n\n${body}`
}

/** A section with what a person wrote in it. */
function list(before: string | undefined, heading: string, lines: string[], after = ''): string {
  return section(heading, withHandLines(before, heading, after === '' ? lines : [...lines, '', after]))
}

const FORMAT_TITLES: Record<Format, string> = {
  pdf: 'PDF',
  docx: 'Word document',
  pptx: 'Presentation',
  xlsx: 'Spreadsheet',
  xls: 'Spreadsheet',
  html: 'Web page',
  md: 'Markdown',
  txt: 'Plain text',
  csv: 'Table (CSV)',
  tsv: 'Table (TSV)',
  json: 'JSON',
  jsonl: 'JSON Lines',
  xml: 'XML',
  rss: 'Feed',
  epub: 'Book (EPUB)',
  ipynb: 'Notebook',
  odt: 'Text document',
  ods: 'Spreadsheet',
  odp: 'Presentation',
  rtf: 'Text document (RTF)',
  eml: 'E-mail',
  msg: 'E-mail',
  png: 'Picture',
  jpg: 'Picture',
  webp: 'Picture',
  tiff: 'Picture',
}

function facts(record: SummaryContent['record'], prepared: PreparedText): string {
  const pages = record.pages === undefined ? '' : `, ${record.pages} ${record.pages === 1 ? 'page' : 'pages'}`
  const parts = [
    `${FORMAT_TITLES[record.format]}${pages}`,
    prepared.author === undefined ? '' : `by ${sanitizeInline(oneLine(prepared.author, 160))}`,
    prepared.date === undefined ? '' : sanitizeInline(prepared.date.slice(0, 10)),
    record.context === undefined || record.context === ''
      ? ''
      : `from the folder ${sanitizeInline(oneLine(record.context, 200))}`,
  ]
  return parts.filter((part) => part !== '').join(' · ')
}

function keyPoint(point: Quote, record: SummaryContent['record']): string {
  return `- ${sanitizeInline(oneLine(point.text, KEY_POINT_CHARS_MAX))}${placeText(point.place, record)}`
}

/** At most 60 lines: if there are more, the deepest levels are dropped first, then the end. */
function outlineLines(outline: OutlineEntry[]): string[] {
  let kept = outline
  for (let level = 6; kept.length > OUTLINE_ENTRIES_MAX && level > 1; level--)
    kept = outline.filter((entry) => entry.level < level)
  const shown = kept.slice(0, OUTLINE_ENTRIES_MAX)
  const top = Math.min(...shown.map((entry) => entry.level))
  let depth = -1
  const lines = shown.map(({ title, level, startPage, endPage }) => {
    // A list item may be at most one level deeper than the one before.
    depth = Math.min(level - top, depth + 1)
    const pages = pageRange(startPage, endPage)
    return `${'  '.repeat(depth)}- ${sanitizeInline(oneLine(title, 160))}${pages === '' ? '' : ` (${pages})`}`
  })
  if (outline.length > shown.length) lines.push(`- and ${outline.length - shown.length} more`)
  return lines
}

function topicLines(topics: TopicLine[], kind: TopicKind): string[] {
  return topics.filter((topic) => topic.kind === kind).map(topicLine)
}

/** Without the lines that repeat one of `earlier` or each other. */
function withoutRepeats(topics: TopicLine[], earlier: string[]): TopicLine[] {
  const seen = [...earlier]
  return topics.map((topic) => {
    const plain = plainInline(topic.line)
    if (seen.some((text) => isSameText(text, plain))) return { ...topic, line: '' }
    seen.push(plain)
    return topic
  })
}

/** Whether one text begins with the other: one of them may be cut. */
function isSameText(a: string, b: string): boolean {
  const [x, y] = [a, b].map((text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ''))
  return x !== undefined && y !== undefined && x !== '' && y !== '' && (x.startsWith(y) || y.startsWith(x))
}

/** Related documents are found with the overviews; until then those of the previous page stay. */
function relatedSection(before: string | undefined): string {
  const related =
    before === undefined ? undefined : cutPage(before).sections.find(({ heading }) => heading === 'Related')
  return related?.text.trimEnd() ?? ''
}

/** The line of the section "Source" that links to the original. */
export function originalLine({ summary, raw }: Pick<DocumentRecord, 'summary' | 'raw'>): string {
  const up = '../'.repeat(summary.split('/').length - 1)
  const file = raw.slice(raw.lastIndexOf('/') + 1)
  return `- Original: [${sanitizeInline(file)}](${up}${encodeURI(raw).replace(/[()#?]/g, encodeURIComponent)})`
}

function sourceLines({ record, prepared, attachmentLines }: SummaryContent): string[] {
  return [
    `- Text: ${wikilink(linkTarget(record.source), record.source.slice(record.source.lastIndexOf('/') + 1))}`,
    originalLine(record),
    ...attachmentLines,
    ...prepared.notes.slice(0, NOTES_MAX).map((note) => `- Note: ${sanitizeInline(oneLine(note, 300))}`),
  ]
}
