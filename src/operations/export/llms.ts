// `kbgit export llms`: llms.txt (https://llmstxt.org), the pages that it lists as Markdown, and all of them in one file.
import type { ExportFile } from '../../io/export-folder.ts'
import type { BaseReader } from '../../read/base-reader.ts'
import { portableBase, portableTexts, type PortableKind } from './portable.ts'

const SECTIONS: [PortableKind, string][] = [
  ['theme', 'Themes'],
  ['document', 'Documents'],
  ['concept', 'Concepts'],
  ['entity', 'Entities'],
  ['exploration', 'Saved answers'],
  // "Optional" may be skipped, says the format: what follows is the whole text of each document.
  ['text', 'Optional'],
]

/** `baseUrl`: where the folder will be served, with its slash. Default: links are relative. */
export async function* llmsFiles(
  reader: BaseReader,
  at: string,
  { baseUrl = '' }: { baseUrl?: string | undefined },
): AsyncGenerator<ExportFile> {
  const base = await portableBase(reader, at)
  const counts = (kind: PortableKind): number => base.pages.filter((page) => page.kind === kind).length
  const about = `${plural(counts('document'), 'document')} with ${plural(counts('concept'), 'concept')} and ${plural(counts('entity'), 'entity', 'entities')}. Each statement links the document and the place that it comes from.`
  const lists = new Map<PortableKind, string[]>(SECTIONS.map(([kind]) => [kind, []]))
  const whole: string[] = [`# ${oneLine(base.title)}\n\n> ${about}\n`]
  const href = (to: string): string => (baseUrl === '' ? `../${to}` : baseUrl + to)
  for await (const page of portableTexts(reader, base, href)) {
    const note = page.description === '' ? '' : `: ${oneLine(page.description)}`
    const address = encodeURI(baseUrl + page.path).replace(/[()]/g, (one) => (one === '(' ? '%28' : '%29'))
    lists.get(page.kind)?.push(`- [${oneLine(page.title).replace(/[[\]]/g, '\\$&')}](${address})${note}`)
    const heading = page.kind === 'text' ? `# ${oneLine(page.title)}: full text\n\n` : ''
    const body = heading + page.body
    yield { path: page.path, content: body }
    whole.push(`<!-- ${page.path} -->\n\n${body}`)
  }
  for (const { path, oid } of base.images)
    yield { path: base.exported.get(path) ?? '', content: reader.history.stream(oid) }
  const sections = SECTIONS.flatMap(([kind, title]) => {
    const lines = lists.get(kind) ?? []
    return lines.length === 0 ? [] : [`## ${title}\n\n${lines.join('\n')}\n`]
  })
  yield { path: 'llms.txt', content: [`# ${oneLine(base.title)}\n\n> ${about}\n`, ...sections].join('\n') }
  yield { path: 'llms-full.txt', content: whole.join('\n') }
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
