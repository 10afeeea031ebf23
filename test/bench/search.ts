// Known-item search over a folder of Markdown notes: does a query made from a note find that note again?
// Compared with MiniSearch and its defaults, on the same seeded queries: search.ts [folder] [--seed N] [--json file]
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import MiniSearch from 'minisearch'
import { SOURCES, SUMMARIES } from '../../src/core/layout.ts'
import { renderPage } from '../../src/core/page/page.ts'
import { PageIndex } from '../../src/io/search/store.ts'
import { branchPages } from '../../src/io/search/page-set.ts'
import { search } from '../../src/read/search.ts'
import { knownItemQueries, type Note } from '../support/known-items.ts'
import { seeded } from '../support/notes.ts'

const RANKS = 10

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' }, json: { type: 'string' } },
})
const folder = positionals[0] ?? '../shared/corpus/notes'
const notes: Note[] = readdirSync(folder)
  .filter((file) => file.endsWith('.md'))
  .sort()
  .map((file) => ({
    name: basename(file, '.md'),
    title: basename(file, '.md')
      .replace(/^\d+[-_]/, '')
      .replace(/[-_]+/g, ' '),
    text: readFileSync(join(folder, file), 'utf8'),
  }))
const queries = knownItemQueries(notes, seeded(Number(values.seed)))

const scratch = mkdtempSync(join(tmpdir(), 'kbgit-bench-'))
try {
  const ours = await kbgitSearch(scratch)
  const theirs = miniSearch()
  const rows = [...new Set(queries.map(({ kind }) => kind))].map((kind) => {
    const same = queries.filter((query) => query.kind === kind)
    return { kind, queries: same.length, kbgit: measure(same, ours), minisearch: measure(same, theirs) }
  })
  const show = (value: number): string => value.toFixed(3).padStart(10)
  process.stdout.write(
    `${notes.length} notes of ${folder}, seed ${values.seed}: mean reciprocal rank at ${RANKS}, milliseconds a query\n`,
  )
  process.stdout.write(
    `${'query'.padEnd(22)}${'queries'.padStart(8)}${'kbgit'.padStart(10)}${'MiniSearch'.padStart(12)}${'kbgit ms'.padStart(10)}${'their ms'.padStart(10)}\n`,
  )
  for (const { kind, queries, kbgit, minisearch } of rows) {
    process.stdout.write(
      `${kind.padEnd(22)}${String(queries).padStart(8)}${show(kbgit.rank)}  ${show(minisearch.rank)}${show(kbgit.ms)}${show(minisearch.ms)}\n`,
    )
  }
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ folder, seed: Number(values.seed), rows }, null, 1)}\n`)
  if (rows.some(({ kbgit, minisearch }) => kbgit.rank < minisearch.rank)) process.exitCode = 1
} finally {
  rmSync(scratch, { recursive: true })
}

/** Names of the documents found, best first, each once. */
type Engine = (query: string) => string[]

async function kbgitSearch(scratch: string): Promise<Engine> {
  const index = PageIndex.open(join(scratch, 'pageindex.db'), { access: 'write' })
  const pages = notes.flatMap(({ name, title, text }) => [
    { path: `${SOURCES}/${name}.md`, kind: 'source' as const, content: text },
    {
      path: `${SUMMARIES}/${name}.md`,
      kind: 'summary' as const,
      content: renderPage({ front: { title }, intro: `# ${title}`, sections: [] }),
    },
  ])
  const entries = pages.map((page) => ({ ...page, oid: createHash('sha1').update(page.content).digest('hex') }))
  await index.index(entries)
  const tree = async function* (): AsyncGenerator<{ path: string; oid: string }> {
    yield* entries
  }
  const pageSet = await branchPages(index, 'bench', 'commit', { tree, diff: tree })
  return (query) => [...new Set(search(index, pageSet, { query, limit: 2 * RANKS }).map((hit) => hit.document ?? ''))]
}

function miniSearch(): Engine {
  const index = new MiniSearch<Note>({ idField: 'name', fields: ['title', 'text'] })
  index.addAll(notes)
  return (query) =>
    index
      .search(query)
      .slice(0, RANKS)
      .map((hit) => String(hit.id))
}

function measure(asked: typeof queries, engine: Engine): { rank: number; ms: number } {
  const start = performance.now()
  let sum = 0
  for (const { query, name } of asked) {
    const rank = engine(query).slice(0, RANKS).indexOf(name) + 1
    if (rank > 0) sum += 1 / rank
  }
  return { rank: sum / asked.length, ms: (performance.now() - start) / asked.length }
}
