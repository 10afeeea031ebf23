// Blind judgements of a wiki that was made without a model. `sample` writes the pages to judge, in one order for all kinds
// of page and without paths, so that nobody sees what made them; `rates` reads what judges wrote.
//
//   node test/bench/wiki-judge.ts sample --kb <base> --out <folder> [--seed N]
//   node test/bench/wiki-judge.ts rates <folder of sample.json and judge-*.json>
//
// A judge writes {"<id>": "keep" | "weak" | "drop"} for pages, and {"<id>": "yes" | "no"} for related documents.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sample, seeded } from '../../src/core/seeded.ts'
import { isHeld, type Bar } from './support/report.ts'
import { sourcesOf, WikiPages, type WikiPage } from './support/wiki-pages.ts'

const PAGES = 120
const JOINING = 60
const RELATED = 40

/** `kind`: what the entry is counted as; a page of several documents may stand for both. */
type Entry = { id: string; kind: 'topic' | 'joining' | 'related'; what: string }
type Judgement = Record<string, string>

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { kb: { type: 'string' }, out: { type: 'string' }, seed: { type: 'string', default: '1' } },
})
const [action, folder = '.'] = positionals
if (action === 'sample' && values.kb !== undefined && values.out !== undefined)
  writeSample(values.kb, values.out, Number(values.seed))
else if (action === 'rates') printRates(folder)
else throw new Error('usage: wiki-judge.ts sample --kb <base> --out <folder> [--seed N] | rates <folder>')

function writeSample(base: string, out: string, seed: number): void {
  const { topics, summaries } = new WikiPages(base)
  const random = seeded(seed)
  const chosen = sample(topics, PAGES, random)
  const joining = sample(
    topics.filter((page) => sourcesOf(page).length > 1 && !chosen.includes(page)),
    JOINING,
    random,
  )
  const lines = sample(
    summaries.flatMap((page) => relatedLines(page).map((line) => ({ page, line }))),
    RELATED,
    random,
  )
  const entries = sample(
    [
      ...chosen.map((page) => ({ kind: 'topic' as const, what: page.path, text: shown(page) })),
      ...joining.map((page) => ({ kind: 'joining' as const, what: page.path, text: shown(page) })),
      ...lines.map(({ page, line }) => ({
        kind: 'related' as const,
        what: `${page.path}: ${line}`,
        text: `RELATED?\n\n${summaryOf(page)}\n\nis said to be related to\n\n${relatedOf(summaries, line)}\n\nby: ${plain(line)}\n`,
      })),
    ],
    Infinity,
    random,
  ).map((entry, index) => ({ ...entry, id: String(index + 1).padStart(3, '0') }))
  mkdirSync(join(out, 'pages'), { recursive: true })
  for (const { id, text } of entries) writeFileSync(join(out, 'pages', `${id}.md`), text)
  const listed: Entry[] = entries.map(({ id, kind, what }) => ({ id, kind, what }))
  writeFileSync(
    join(out, 'sample.json'),
    `${JSON.stringify({ seed, topics: topics.length, entries: listed }, null, 1)}\n`,
  )
}

/** As a reader sees it, without the front matter. */
function shown({ text }: WikiPage): string {
  return text.replace(/^---\n[\s\S]*?\n---\n+/, '')
}

function relatedLines({ sections }: WikiPage): string[] {
  const body = sections.find(({ heading }) => heading === 'Related')?.body ?? ''
  return body.split('\n').filter((line) => line.startsWith('- [[summaries/'))
}

function relatedOf(summaries: readonly WikiPage[], line: string): string {
  const target = /\[\[(summaries\/[^|\]]+)/.exec(line)?.[1]
  const page = summaries.find((one) => one.target === target)
  return page === undefined ? '(a page that is missing)' : summaryOf(page)
}

/** The title and the beginning of a summary, without what links to others. */
function summaryOf(page: WikiPage): string {
  return shown(page)
    .replace(/\n## (?:Outline|Related|Concepts|Entities|Source)[\s\S]*$/, '')
    .slice(0, 1_500)
}

function plain(line: string): string {
  return line.replace(/\[\[(?:[^\]|]*\|)?([^\]]*)\]\]/g, '$1')
}

function printRates(at: string): void {
  const { entries } = JSON.parse(readFileSync(join(at, 'sample.json'), 'utf8')) as { entries: Entry[] }
  const files = readdirSync(at).filter((file) => /^judge-.*\.json$/.test(file))
  const judges = files.map((file) => JSON.parse(readFileSync(join(at, file), 'utf8')) as Judgement)
  const rate = (kind: Entry['kind'], answer: string): number => {
    const of = entries.filter((entry) => entry.kind === kind)
    const given = judges.flatMap((judge) => of.map(({ id }) => judge[id]))
    return given.filter((one) => one === answer).length / given.length
  }
  const isJoining = (what: string): boolean => entries.some((entry) => entry.what === what && entry.kind === 'joining')
  const percent = (share: number): number => Math.round(share * 1000) / 10
  const bars: Bar[] = [
    { what: 'topic pages worth keeping, %', value: percent(rate('topic', 'keep')), atLeast: 75 },
    { what: 'topic pages to drop, %', value: percent(rate('topic', 'drop')), atMost: 8 },
    { what: 'pages of several documents worth keeping, %', value: percent(rate('joining', 'keep')), atLeast: 80 },
    { what: 'related documents that are, %', value: percent(rate('related', 'yes')), atLeast: 70 },
  ]
  for (const bar of bars)
    process.stdout.write(
      `${isHeld(bar) ? 'held  ' : 'missed'}  ${bar.what}: ${bar.value} (${bar.atLeast === undefined ? `at most ${bar.atMost}` : `at least ${bar.atLeast}`})\n`,
    )
  for (const [index, file] of files.entries()) {
    const own = entries.filter(({ kind, what }) => kind === 'topic' && !isJoining(what))
    const keeps = own.filter(({ id }) => judges[index]?.[id] === 'keep').length
    process.stdout.write(`        ${file}: keeps ${percent(keeps / own.length)} % of the topic pages\n`)
  }
  const [a, b] = judges
  if (a !== undefined && b !== undefined)
    process.stdout.write(
      `        the same judgement: ${percent(entries.filter(({ id }) => a[id] === b[id]).length / entries.length)} % of ${entries.length}\n`,
    )
}
