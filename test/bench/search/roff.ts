// Manual pages as Markdown, well enough to be searched: headings, paragraphs, and words without their markup.

/** Characters that pages of every language write as escapes; the others are dropped. */
const NAMED: Record<string, string> = {
  ':a': 'ä',
  ':o': 'ö',
  ':u': 'ü',
  ':A': 'Ä',
  ':O': 'Ö',
  ':U': 'Ü',
  ss: 'ß',
  aq: "'",
  dq: '"',
  lq: '“',
  rq: '”',
  oq: '‘',
  cq: '’',
  Fo: '»',
  Fc: '«',
  Bq: '„',
  em: '—',
  en: '–',
  bu: '•',
  co: '©',
  ha: '^',
  ti: '~',
  rs: '\\',
}
/** Requests whose arguments are text. */
const TEXT = new Set(['B', 'I', 'BR', 'RB', 'IR', 'RI', 'BI', 'IB', 'SM', 'SB', 'TP', 'IP', 'MT', 'UR'])
const PARAGRAPHS = new Set(['PP', 'LP', 'P', 'sp', 'TP', 'IP', 'HP', 'br', 'RS', 'RE'])

/** The page's name and one line about it, and its text; undefined for a page of other macros, or a link to a page. */
export function readManual(source: string): { title: string; text: string } | undefined {
  if (!/^\.TH\b/m.test(source) || /^\.so /m.test(source)) return undefined
  const out: string[] = []
  for (const line of source.split('\n')) {
    if (/^['.]\s*\\"/.test(line) || line.startsWith("'")) continue
    const [, request, rest = ''] = /^\.\s*(\w+)\s*(.*)$/.exec(line) ?? []
    if (request === undefined) {
      if (!line.startsWith('.')) out.push(unescaped(line))
      continue
    }
    const text = unescaped(argumentsOf(rest).join(/^(?:[BRI]{2})$/.test(request) ? '' : ' '))
    if (request === 'SH') out.push('', `## ${capital(text)}`, '')
    else if (request === 'SS') out.push('', `### ${text}`, '')
    else if (PARAGRAPHS.has(request)) out.push('')
    if (TEXT.has(request) && request !== 'TP' && text !== '') out.push(text)
  }
  const text = out
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
  const title = /^## \S+\n+(.+)/.exec(text)?.[1]?.replace(/\s+-+\s+/, ': ')
  return title === undefined ? undefined : { title, text }
}

function argumentsOf(line: string): string[] {
  return [...line.matchAll(/"((?:[^"]|"")*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}

function unescaped(line: string): string {
  return line
    .replace(/\\f(?:\[\w*\]|\(..|.)/g, '')
    .replace(/\\\((..)|\\\[([^\]]*)\]/g, (_, two?: string, long?: string) => NAMED[two ?? long ?? ''] ?? '')
    .replace(/\\[*nskwvh](?:\[[^\]]*\]|\(..|'[^']*'|[+-]?\d|.)/g, '')
    .replace(/\\".*$/, '')
    .replace(/\\[&%/,^|:)cpd]/g, '')
    .replace(/\\([-e .~'`])/g, (_, one: string) => (one === 'e' ? '\\' : one === '~' ? ' ' : one))
    .replace(/\\/g, '')
}

function capital(heading: string): string {
  return heading.slice(0, 1) + heading.slice(1).toLowerCase()
}
