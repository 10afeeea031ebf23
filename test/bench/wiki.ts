// The wiki that the builtin compiler makes of the corpus, counted: wiki.ts [--kb <base>] [--list]
// Without --kb a base is made of ../shared/corpus. Pages are judged by people: see docs/knowledge.md.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { isHeld, type Bar } from './support/report.ts'
import { inflectionTwins, linkFaults, recallOf, repetitions, type RecallList } from './support/wiki-measures.ts'
import { WikiPages, sourcesOf } from './support/wiki-pages.ts'
import { baseOfCorpus } from './support/wiki-base.ts'

const { values } = parseArgs({
  options: { kb: { type: 'string' }, list: { type: 'boolean', default: false } },
})
await using base =
  values.kb === undefined
    ? await baseOfCorpus('../shared/corpus')
    : { dir: values.kb, [Symbol.asyncDispose]: () => Promise.resolve() }
const pages = new WikiPages(base.dir)
const list = JSON.parse(readFileSync(new URL('wiki/recall.json', import.meta.url), 'utf8')) as RecallList

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const joining = pages.topics.filter((page) => sourcesOf(page).length > 1)
say(
  `${pages.summaries.length} documents, ${pages.topics.length} topic pages, ${joining.length} of them of several documents`,
)
say(`persons: ${pages.topics.filter(({ front }) => front['entity_type'] === 'person').length}`)
const recall = recallOf(pages, list)
const twins = inflectionTwins(pages.topics)
const links = linkFaults(pages)
const repeated = repetitions(pages)
const bars: Bar[] = [
  { what: 'of 100 listed concepts, with a page', value: recall.page, atLeast: 80 },
  { what: 'inflection twins', value: twins.length, atMost: 0 },
  { what: `of ${links.sections} sections, without a link from their summary`, value: links.unlinked.length, atMost: 0 },
  { what: `of ${links.mentions} mentions, plain although there is a page`, value: links.plain.length, atMost: 0 },
  { what: 'sentences twice on a page', value: repeated.onPage.length, atMost: 0 },
  { what: 'sentences of a document on several topic pages', value: repeated.onPages.length, atMost: 0 },
]
for (const bar of bars)
  say(
    `${isHeld(bar) ? 'held  ' : 'missed'}  ${bar.what}: ${bar.value} (${bar.atLeast === undefined ? `at most ${bar.atMost}` : `at least ${bar.atLeast}`})`,
  )
say(`        only mentioned: ${recall.mention}, nowhere: ${recall.missing.length - recall.mention}`)
if (values.list) {
  const show = (title: string, lines: string[]): void =>
    say(`\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}`)
  show('Concepts without a page', recall.missing)
  show(
    'Twins',
    twins.map((pair) => pair.join(' / ')),
  )
  show('Sections without a link', links.unlinked)
  show('Plain mentions', links.plain)
  show('Twice on a page', repeated.onPage)
  show('On several pages', repeated.onPages)
}
