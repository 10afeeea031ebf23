// Do answers without a model show the right document, and do they refuse what the base says nothing about?
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { Kb } from '../../src/index.ts'
import { CACHE } from './support/bench.ts'
import { subject, type Choice } from './search/subjects.ts'

const SUBJECTS = ['shared', 'readmes'] as const
const SHOWN_MIN = 0.7
const REFUSED_MIN = 0.9
const HELP = `answers.ts [--corpus folder] [--development] [--json file]
Natural questions, asked without a model: the share whose right document is among the passages shown, and the share of
questions about other things that are refused. --development asks those that the rules were made with.`
const OFF_TOPIC = z.object({ development: z.array(z.string()), heldOut: z.array(z.string()) })

/** What an answer showed: documents in order; none if it was refused. */
type Outcome = { corpus: string; question: string; expected: string[]; documents: string[] }

const { values } = parseArgs({
  options: {
    corpus: { type: 'string', default: '../shared/corpus' },
    development: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) process.stdout.write(`${HELP}\n`)
else await report()

async function report(): Promise<void> {
  mkdirSync(CACHE, { recursive: true })
  const set = values.development ? 'development' : 'held-out'
  const outcomes: Outcome[] = []
  process.stdout.write(`${set} questions\n${'corpus'.padEnd(10)} asked  shown  first  refused | off-topic  refused\n`)
  for (const name of SUBJECTS) {
    const found = await subject(name, choiceOf(set))
    if (found === undefined) process.stdout.write(`${name}: skipped, because this machine has no such documents\n`)
    else {
      await using kb = found.kb
      const asked = found.queries.filter(({ kind }) => kind === 'natural question')
      for (const { query, expected } of [...asked, ...offTopic().map((each) => ({ query: each, expected: [] }))])
        outcomes.push({ corpus: name, question: query, expected, documents: await documentsShown(kb, query) })
      process.stdout.write(
        `${row(
          name,
          outcomes.filter(({ corpus }) => corpus === name),
        )}\n`,
      )
    }
  }
  process.stdout.write(`${row('all', outcomes)}\n`)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ set, outcomes }, null, 1)}\n`)
  const { shown, refused } = sharesOf(outcomes)
  if (shown < SHOWN_MIN) process.stdout.write(`missed: ${percent(SHOWN_MIN)} of the answers show the right document\n`)
  if (refused < REFUSED_MIN) process.stdout.write(`missed: ${percent(REFUSED_MIN)} of what is off-topic is refused\n`)
  if (shown < SHOWN_MIN || refused < REFUSED_MIN) process.exitCode = 1
}

function choiceOf(set: string): Choice {
  return {
    shared: values.corpus,
    heldOut: !values.development,
    seed: 1,
    questions: join(import.meta.dirname, `search/questions-${set}.json`),
    kept: CACHE,
  }
}

function offTopic(): string[] {
  const text = readFileSync(join(import.meta.dirname, 'search/off-topic.json'), 'utf8')
  return OFF_TOPIC.parse(JSON.parse(text))[values.development ? 'development' : 'heldOut']
}

async function documentsShown(kb: Kb, question: string): Promise<string[]> {
  const { citations } = await kb.query(question)
  return [...new Set(citations.map(({ document }) => document))]
}

function sharesOf(outcomes: Outcome[]): { shown: number; first: number; silent: number; refused: number } {
  const asked = outcomes.filter(({ expected }) => expected.length > 0)
  const others = outcomes.filter(({ expected }) => expected.length === 0)
  const share = (of: Outcome[], is: (outcome: Outcome) => boolean): number => of.filter(is).length / of.length
  return {
    shown: share(asked, ({ documents, expected }) => documents.some((name) => expected.includes(name))),
    first: share(asked, ({ documents, expected }) => expected.includes(documents[0] ?? '')),
    silent: share(asked, ({ documents }) => documents.length === 0),
    refused: share(others, ({ documents }) => documents.length === 0),
  }
}

function row(name: string, outcomes: Outcome[]): string {
  const { shown, first, silent, refused } = sharesOf(outcomes)
  const asked = outcomes.filter(({ expected }) => expected.length > 0).length
  return [
    name.padEnd(10),
    String(asked).padStart(5),
    percent(shown).padStart(7),
    percent(first).padStart(6),
    percent(silent).padStart(8),
    '|',
    String(outcomes.length - asked).padStart(9),
    percent(refused).padStart(8),
  ].join(' ')
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`
}
