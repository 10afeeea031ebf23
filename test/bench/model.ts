// npm run bench:model: what compiling with a model costs in time, calls and tokens, and what faults do to a run.
// Everything is measured from outside: the command, a model server in a process of its own, and its counts.
import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { servers } from './model-servers.ts'
import { add, counts, fsck, newBase, notes, plan, start, type Bench, type Run } from './support/model-run.ts'

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '100' },
    small: { type: 'string', default: '10' },
    large: { type: 'string', default: '1000' },
    delay: { type: 'string', default: '1000' },
    command: { type: 'string', default: fileURLToPath(new URL('../../bin/kbgit.js', import.meta.url)) },
    only: { type: 'string', default: 'servers,concurrency,growth,faults,one,killed' },
  },
})
const DOCUMENTS = Number(values.documents)
const DELAY_MS = Number(values.delay)
/** Documents that are added one by one: overviews become due for some and not for others. */
const SINGLES = 10
const only = new Set(values.only.split(','))
const failures: string[] = []
const say = (line: string) => process.stdout.write(`${line}\n`)
const must = (held: boolean, what: string) => {
  if (!held) failures.push(what)
  say(`${held ? 'ok  ' : 'MISS'} ${what}`)
}

const perDocument = (run: Run, documents: number) => ({
  calls: run.counts.requests / documents,
  tokens: run.counts.promptTokens / documents,
})

/** The same documents with 1, 5 and 20 concurrent calls. */
async function concurrency(bench: Bench): Promise<void> {
  say(
    `\n## ${DOCUMENTS} documents, a model that takes ${DELAY_MS} ms\n\n| calls at once | seconds | most seen | calls a document | prompt tokens a document |\n|---|---|---|---|---|`,
  )
  const folder = await notes(bench, 0, DOCUMENTS)
  const times = new Map<number, number>()
  for (const atOnce of [1, 5, 20]) {
    const run = await add(bench, await newBase(bench), folder, { delayMs: DELAY_MS }, atOnce)
    const { calls, tokens } = perDocument(run, DOCUMENTS)
    times.set(atOnce, run.ms)
    say(
      `| ${atOnce} | ${(run.ms / 1000).toFixed(1)} | ${run.counts.atOnce} | ${calls.toFixed(2)} | ${tokens.toFixed(0)} |`,
    )
    if (run.result.added.length !== DOCUMENTS) must(false, `all ${DOCUMENTS} documents are in`)
  }
  const gain = (times.get(1) ?? 0) / (times.get(20) ?? 1)
  must(gain >= 8, `20 calls at once take at most 1/8 of the time of one (1/${gain.toFixed(1)})`)
}

/** One more document, and a batch, in a small base and in a large one. */
async function growth(bench: Bench): Promise<void> {
  const sizes = [Number(values.small), Number(values.large)]
  say(
    `\n## In a base of ${sizes.join(' and of ')} documents\n\n| base | batch | calls a document | prompt tokens a document |\n|---|---|---|---|`,
  )
  const seen: Record<'one' | 'batch', { calls: number; tokens: number }[]> = { one: [], batch: [] }
  for (const size of sizes) {
    const base = await newBase(bench)
    await add(bench, base, await notes(bench, 100_000, size), {}, 20)
    const singles = { calls: 0, tokens: 0 }
    for (let index = 0; index < SINGLES; index++) {
      const cost = perDocument(await add(bench, base, await notes(bench, index, 1), {}, 20), 1)
      singles.calls += cost.calls / SINGLES
      singles.tokens += cost.tokens / SINGLES
    }
    seen.one.push(singles)
    say(`| ${size} | 1, ${SINGLES} times | ${singles.calls.toFixed(2)} | ${singles.tokens.toFixed(0)} |`)
    const batch = perDocument(await add(bench, base, await notes(bench, SINGLES, DOCUMENTS), {}, 20), DOCUMENTS)
    seen.batch.push(batch)
    say(`| ${size} | ${DOCUMENTS} | ${batch.calls.toFixed(2)} | ${batch.tokens.toFixed(0)} |`)
  }
  for (const kind of ['one', 'batch'] as const) {
    const [small, large] = seen[kind]
    if (small === undefined || large === undefined) continue
    must(
      large.calls <= small.calls * 1.1,
      `calls for ${kind} do not grow with the base (${(large.calls / small.calls).toFixed(2)} times)`,
    )
    must(
      large.tokens <= small.tokens * 1.1,
      `prompt tokens for ${kind} do not grow with the base (${(large.tokens / small.tokens).toFixed(2)} times)`,
    )
  }
}

/** Every fault in one run: each document is added or fails by name; the next run, without faults, adds the rest. */
async function faults(bench: Bench): Promise<void> {
  say('\n## Faults')
  const base = await newBase(bench)
  const folder = await notes(bench, 0, DOCUMENTS)
  const run = await add(
    bench,
    base,
    folder,
    {
      delayMs: 20,
      faults: [
        { fault: 'rateLimit', every: 25, retryAfter: 1 },
        { fault: 'serverError', every: 17 },
        { fault: 'brokenConnection', every: 19 },
        { fault: 'brokenBody', every: 23 },
        { fault: 'truncated', every: 11 },
        { fault: 'tokenLimit', every: 13 },
        { fault: 'nonAnswer', every: 9 },
        { fault: 'empty', every: 29 },
        { fault: 'wrongSchema', every: 31 },
        { fault: 'ghostLinks', every: 7 },
        { fault: 'hostile', every: 37 },
        { fault: 'serverError', match: 'note 42\n' },
        { fault: 'nonAnswer', match: 'note 43\n' },
      ],
    },
    20,
  )
  const { added, failed, stopped } = run.result
  say(
    `${added.length} added, ${failed.length} failed, ${run.counts.requests} requests, ${(run.ms / 1000).toFixed(1)} s; faults: ${JSON.stringify(run.counts.faults)}`,
  )
  for (const { path, error } of failed.slice(0, 5))
    say(`  ${error.code}: ${path.split('/').at(-1)}: ${error.message.slice(0, 120)}`)
  must(stopped === undefined, 'the run goes to its end')
  must(added.length + failed.length === DOCUMENTS, 'every document is added or failed by name')
  must(
    failed.every(({ error }) => error.code === 'modelUnavailable' || error.code === 'modelAnswerRejected'),
    'documents fail of the model alone',
  )
  must(run.code === (failed.length > 0 ? 3 : 0), `the exit code says so (${run.code})`)
  must(await fsck(bench, base), 'fsck is ok')
  const again = await add(bench, base, folder, {}, 20)
  must(
    again.result.added.length === failed.length && again.result.failed.length === 0,
    'the next run takes in those that failed',
  )
  must(await fsck(bench, base), 'fsck is ok then')
}

/** A document whose calls always fail. */
async function one(bench: Bench): Promise<void> {
  say('\n## One document whose calls always fail')
  const base = await newBase(bench)
  const run = await add(
    bench,
    base,
    await notes(bench, 0, DOCUMENTS),
    { faults: [{ fault: 'serverError', match: 'note 7\n' }] },
    20,
  )
  must(
    run.result.added.length === DOCUMENTS - 1 && run.result.failed.length === 1,
    `${run.result.added.length} added, ${run.result.failed.length} failed`,
  )
  must(run.result.failed[0]?.path.endsWith('note-00007.md') === true, 'it is the one that failed')
}

/** A killed run pays again for calls in progress, and for nothing that was answered. */
async function killed(bench: Bench): Promise<void> {
  say('\n## A run that is killed half way')
  const base = await newBase(bench)
  const folder = await notes(bench, 0, DOCUMENTS)
  await plan(bench, { delayMs: 200 })
  const atOnce = 5
  const child = spawn(
    process.execPath,
    [values.command, '--kb', base, 'add', folder, '--concurrency', String(atOnce), '--json'],
    { env: bench.env, stdio: 'ignore' },
  )
  const ended = new Promise((resolve) => {
    child.once('close', resolve)
  })
  for (let answered = 0; answered < DOCUMENTS / 2 && child.exitCode === null;) {
    await new Promise((resolve) => {
      setTimeout(resolve, 50)
    })
    answered = (await counts(bench)).answered
  }
  child.kill('SIGKILL')
  await ended
  await new Promise((resolve) => {
    setTimeout(resolve, 500)
  })
  const { answered } = await counts(bench)
  const run = await add(bench, base, folder, {}, atOnce)
  const calls = run.result.added.reduce((sum, { model }) => sum + (model?.calls ?? 0), 0)
  const kept = run.result.added.reduce((sum, { model }) => sum + (model?.cachedAnswers ?? 0), 0)
  say(
    `${answered} answered before the kill; after it ${run.result.added.length} documents added with ${calls} calls and ${kept} kept answers`,
  )
  must(
    answered + calls <= DOCUMENTS + atOnce,
    `${answered + calls} calls for ${DOCUMENTS} documents: at most the ${atOnce} under way were paid for twice`,
  )
  must(run.result.failed.length === 0, 'every document is in')
}

const bench = await start(values.command)
try {
  if (only.has('servers')) await servers(bench, say, must)
  if (only.has('concurrency')) await concurrency(bench)
  if (only.has('growth')) await growth(bench)
  if (only.has('faults')) await faults(bench)
  if (only.has('one')) await one(bench)
  if (only.has('killed')) await killed(bench)
} finally {
  bench.server.kill()
  await rm(bench.folder, { recursive: true, force: true })
}
if (failures.length > 0) process.exitCode = 1
