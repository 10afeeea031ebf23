// Does search find what people ask for? Many kinds of query on several corpora, beside MiniSearch and plain BM25 over passages.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { QUERY_KINDS } from '../../src/core/search/asked.ts'
import { CACHE } from './support/bench.ts'
import { kbgit, miniSearch, plainFts5 } from './search/engines.ts'
import { examplesOf, type Example } from './search/examples.ts'
import { fit } from './search/fit.ts'
import { measure } from './search/measure.ts'
import { missedBars, table, type Row } from './search/report.ts'
import { subject, SUBJECTS } from './search/subjects.ts'

/** Queries of each kind on each corpus that weights are fitted to. */
const FITTED_PER_KIND = 60
const HELP = `search.ts [--corpus folder] [--only names] [--kind kind] [--development] [--questions file] [--seed n] [--json file] [--fit]
Half of the documents are for tuning (--development); the figures to report are of the others. --fit prints the weights that
suit them best, with figures for which each query's weights were fitted to other documents.`

const { values } = parseArgs({
  options: {
    corpus: { type: 'string', default: '../shared/corpus' },
    only: { type: 'string', default: SUBJECTS.join(',') },
    development: { type: 'boolean', default: false },
    questions: { type: 'string' },
    kind: { type: 'string' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
    fit: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
mkdirSync(CACHE, { recursive: true })
const onDevelopment = values.development || values.fit
const set = onDevelopment ? 'development' : 'held-out'
const choice = {
  shared: values.corpus,
  heldOut: !onDevelopment,
  seed: Number(values.seed),
  questions: values.questions ?? join(import.meta.dirname, `search/questions-${set}.json`),
  kept: CACHE,
}
const chosen = SUBJECTS.filter((each) => values.only.split(',').includes(each))
if (values.help) process.stdout.write(`${HELP}\n`)
else await (values.fit ? fitted() : reported())

async function reported(): Promise<void> {
  const rows: Row[] = []
  for (const name of chosen) rows.push(...(await rowsOf(name)))
  process.stdout.write(`${table(rows, `${set} documents, seed ${values.seed}`)}\n`)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ set, ...values, rows }, null, 1)}\n`)
  const missed = missedBars(rows)
  for (const line of missed) process.stdout.write(`missed: ${line}\n`)
  if (missed.length > 0) process.exitCode = 1
}

async function fitted(): Promise<void> {
  const examples: Example[] = []
  for (const name of chosen) {
    const found = await subject(name, choice)
    if (found === undefined) continue
    await using _ = found.kb
    examples.push(...(await examplesOf(found, FITTED_PER_KIND)))
  }
  for (const kind of QUERY_KINDS) {
    const { weights, validated } = fit(examples.filter(({ asked }) => asked === kind))
    process.stdout.write(`${kind}: ${JSON.stringify(weights)}\n`)
    for (const group of new Set(validated.map((each) => each.group))) {
      const ranks = validated.filter((each) => each.group === group).map(({ rank }) => rank)
      const mean = ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length
      process.stdout.write(`  ${group.padEnd(40)} ${String(ranks.length).padStart(5)} ${mean.toFixed(3)}\n`)
    }
  }
}

async function rowsOf(name: (typeof SUBJECTS)[number]): Promise<Row[]> {
  const found = await subject(name, choice)
  if (found === undefined) {
    process.stdout.write(`${name}: skipped, because this machine has no such documents\n`)
    return []
  }
  await using kb = found.kb
  const { documents } = found
  const queries = found.queries.filter(({ kind }) => values.kind === undefined || values.kind === kind)
  const engines = { kbgit: kbgit(kb), miniSearch: miniSearch(documents), fts5: plainFts5(documents) }
  process.stdout.write(`${name}: ${documents.length} documents, ${queries.length} queries\n`)
  const rows: Row[] = []
  for (const kind of new Set(queries.map((query) => query.kind))) {
    const asked = queries.filter((query) => query.kind === kind)
    rows.push({
      corpus: name,
      kind,
      queries: asked.length,
      kbgit: await measure(asked, engines.kbgit),
      miniSearch: await measure(asked, engines.miniSearch),
      fts5: await measure(asked, engines.fts5),
    })
  }
  return rows
}
