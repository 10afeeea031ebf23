// A base that is measured: what holds, what does not, and how it compares with an earlier commit.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { EvalResult, Metric } from '../../../../src/index.ts'
import { LiveBase } from '../../../support/live-base.ts'
import { startModelServer } from '../../../support/model-server.ts'

const NAMES = ['Falcon', 'Heron', 'Osprey', 'Plover']

const metric = ({ metrics }: Pick<EvalResult, 'metrics'>, name: string): Metric | undefined =>
  metrics.find((one) => one.name === name)

async function made(): Promise<LiveBase> {
  const base = await LiveBase.make()
  const places = ['the quiet harbour of Emden', 'a hangar near Toulouse', 'the old mill at Uppsala', 'Lake Constance']
  const texts = NAMES.map(
    (name, index) =>
      `The ${name} Engine was first shown at ${places[index]} in the year ${1901 + index}, before a crowd of surprised farmers.`,
  )
  await using kb = await base.open()
  await kb.add(NAMES.map((name, index) => base.source(name, texts[index])))
  return base
}

test('what kbgit writes holds, and is found again', async () => {
  using base = await made()
  await using kb = await base.open()

  const result = await kb.eval()

  expect(result).toMatchObject({ at: base.repository.git('rev-parse', 'HEAD'), documents: 4, below: [], faults: [] })
  expect(metric(result, 'links.resolve')).toMatchObject({ value: 1 })
  expect([null, 1]).toContain(metric(result, 'citations.hold')?.value)
  expect(metric(result, 'topics.twins')).toMatchObject({ value: 0 })
  expect(metric(result, 'coverage.whole')).toMatchObject({ value: 1, of: 4 })
  expect(metric(result, 'retrieval.top3')?.of).toBeGreaterThanOrEqual(8)
  expect(metric(result, 'questions.mrr')).toMatchObject({ value: null, of: 0 })
  expect(await kb.eval()).toEqual(result)
  expect(await kb.eval({ seed: 2 })).toMatchObject({ seed: 2, documents: 4 })
})

test('faults that a person makes are counted, and the difference is shown', async () => {
  using base = await made()
  const before = base.repository.git('rev-parse', 'HEAD')
  const page = base.repository.git('ls-files', 'wiki/entities/*.md').split('\n')[0] ?? ''
  const heading = /^## \[\[summaries\/.*$/m.exec(base.read(page))?.[0] ?? ''
  base.write(
    page,
    base.read(page).replace(heading, `${heading}\n\n> Nobody ever wrote these words.\n\nSee [[concepts/Nowhere]].`),
  )
  base.write('wiki/concepts/Twin.md', base.read(page))
  base.repository.git('add', '-A')
  base.repository.git('commit', '-q', '-m', 'Mine')
  await using kb = await base.open()

  const result = await kb.eval({
    baseline: before,
    min: { 'citations.hold': 1, 'topics.twins': 0, 'links.resolve': 0.1 },
  })

  expect(result.baseline).toMatchObject({ at: before, faults: [] })
  expect(result.faults.map(({ metric: name }) => name)).toEqual(
    expect.arrayContaining(['citations.hold', 'links.resolve', 'topics.twins']),
  )
  expect(result.below.map(({ name }) => name)).toEqual(['citations.hold', 'topics.twins'])
})

test('questions of the owner are asked, and misses are named', async () => {
  using base = await made()
  base.write(
    'eval/questions.yaml',
    '- question: Where was the Heron first shown?\n  documents: [Heron]\n' +
      '- question: Who painted the ceiling?\n  documents: [Falcon]\n',
  )
  await using kb = await base.open()
  const result = await kb.eval({ documents: 1 })
  expect(metric(result, 'questions.top3')).toMatchObject({ value: 0.5, of: 2 })
  expect(result.missed).toContainEqual(
    expect.objectContaining({ query: 'Who painted the ceiling?', expected: ['Falcon'] }),
  )

  const other = join(base.sources, 'q.yaml')
  writeFileSync(other, 'nothing')
  await expect(kb.eval({ questions: other })).rejects.toMatchObject({ code: 'usage' })
  rmSync(other)
  await expect(kb.eval({ questions: other })).rejects.toMatchObject({ code: 'usage' })
  await expect(kb.eval({ min: { nothing: 1 } })).rejects.toMatchObject({ code: 'usage' })
})

test('a model judges the answers to the questions', async () => {
  using base = await made()
  base.write('eval/questions.yaml', '- question: Where was the Heron first shown?\n  documents: [Heron]\n')
  await expect((await base.open()).eval({ judge: true })).rejects.toMatchObject({ code: 'config' })
  await using server = await startModelServer()
  base.write('kbgit.yaml', `version: 1\nmodel: compatible/test\nbase_url: ${server.url}/v1\ndurability: process\n`)
  await using kb = await base.open()

  const result = await kb.eval({ judge: true, documents: 1 })

  expect(metric(result, 'answers.right')).toMatchObject({ value: 0, of: 1 })
  expect(metric(result, 'answers.cited')).toMatchObject({ of: 1 })
  expect(result.faults).toContainEqual({
    metric: 'answers.right',
    page: 'Where was the Heron first shown?',
    detail: 'partly: The year is missing.',
  })
  expect(server.prompts().at(-1)).toContain('The Heron Engine was first shown')
})
