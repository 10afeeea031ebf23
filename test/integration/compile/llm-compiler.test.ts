import { topicKey } from '../../../src/core/page/topic.ts'
import { describe, expect, test } from 'vitest'
import type { Compiled } from '../../../src/core/document/compiled.ts'
import { emptyUsage } from '../../../src/core/document/compiled.ts'
import type { Prepared } from '../../../src/core/document/prepared.ts'
import type { KnownTopic } from '../../../src/compile/compiler.ts'
import { createLlmCompiler } from '../../../src/compile/llm/compiler.ts'
import { estimateFileTokens, estimateTokens } from '../../../src/compile/llm/estimate.ts'
import { answerFiles } from '../../../src/io/model/answer-cache.ts'
import type { Model } from '../../../src/io/model/model.ts'
import { startModelServer } from '../../support/model-server.ts'
import { IDS, openTestModel, stageLong, stageShort, temporaryFolder } from '../../support/models.ts'

const TYPES = ['person', 'organization', 'place', 'other']
const HARBOUR = `---
title: x
---
# The harbour

The old harbour was dredged by the Northern Dredging Company in the spring. The dredging took eleven weeks.

## Costs

Nobody knows what the dredging cost, says the Northern Dredging Company. The harbour office keeps its accounts closed.
`
const signal = () => new AbortController().signal
const compilerOf = (model: Model) => createLlmCompiler({ model, language: 'en', entityTypes: TYPES })

async function compileText(
  model: Model,
  text: string,
  more: Partial<Prepared> = {},
  known?: KnownTopic[],
): Promise<Compiled> {
  await using folder = await temporaryFolder()
  const prepared = await stageShort(folder.path, text, more)
  const reply = await compilerOf(model).compile(
    { prepared, staging: folder.path, fallbackTitle: 'harbour', known },
    signal(),
  )
  if (!reply.ok) throw new Error(reply.failure.message)
  return reply.compiled
}

describe.each(IDS)('%s', (id) => {
  test('compiles a short document in one call', async () => {
    await using server = await startModelServer()
    const compiled = await compileText(await openTestModel(server.url, { id }), HARBOUR)
    expect(server.counts()).toMatchObject({ requests: 1, withTools: 0 })
    expect(compiled).toMatchObject({
      compiler: 'llm@1',
      model: id,
      title: 'About The old harbour was dredged by the North',
      description: expect.stringContaining('The old harbour was dredged'),
    })
    expect(compiled.summary).toContain('eleven weeks')
    const company = compiled.contributions.find(({ key }) => key === topicKey('northern dredging company'))
    expect(company).toMatchObject({
      kind: 'entity',
      name: 'Northern Dredging Company',
      type: 'organization',
      weight: 0.7,
    })
    expect(company?.quotes).toEqual([
      {
        text: 'The old harbour was dredged by the Northern Dredging Company in the spring.',
        place: { heading: 'The harbour' },
      },
    ])
    expect(compiled.keyPoints).toContainEqual({
      text: 'It says: Nobody knows what the dredging cost, says the Northern Dredging Company.',
      place: { heading: 'Costs' },
    })
    expect(compiled.usage).toEqual({
      ...emptyUsage(),
      calls: 1,
      promptTokens: server.counts().promptTokens,
      completionTokens: server.counts().completionTokens,
    })
  })
})

test('contributions come heaviest first, each key once, and quotes that do not occur are dropped', async () => {
  await using server = await startModelServer()
  const { contributions } = await compileText(await openTestModel(server.url), HARBOUR)
  const weights = contributions.map(({ weight }) => weight)
  expect(weights).toEqual(weights.toSorted((a, b) => b - a))
  expect(new Set(contributions.map(({ kind, key }) => `${kind} ${key}`)).size).toBe(contributions.length)
  for (const { text } of contributions.flatMap(({ quotes }) => quotes)) expect(HARBOUR).toContain(text)
})

const word = (at: number) =>
  `${'bcdfglmnprstv'[at % 13]}${'aeiou'[at % 5]}${'klmnrst'[at % 7]}${'aeiou'[(at * 3) % 5]}${'dgklmnprst'[at % 10]}`
const pageText = (page: number) =>
  Array.from(
    { length: 40 },
    (_, at) => `On page ${page} the ${word(page * 7 + at)} is measured against the great lighthouse of Port Arthur.`,
  ).join(' ')

test('a long document is read through its tree: every part once, then the whole', async () => {
  await using folder = await temporaryFolder()
  await using server = await startModelServer()
  const pages = Array.from({ length: 40 }, (_, at) => pageText(at + 1))
  const structure = [
    {
      title: 'First half',
      node_id: '0001',
      start_index: 1,
      end_index: 20,
      nodes: [
        { title: 'Opening', node_id: '0002', start_index: 1, end_index: 5 },
        { title: 'Middle', node_id: '0003', start_index: 6, end_index: 9 },
      ],
    },
    { title: 'Second half', node_id: '0004', start_index: 21, end_index: 40 },
  ]
  const prepared = await stageLong(folder.path, pages, structure, { title: 'Lights' })
  const reply = await compilerOf(await openTestModel(server.url)).compile(
    { prepared, staging: folder.path, fallbackTitle: 'x' },
    signal(),
  )
  if (!reply.ok) throw new Error(reply.failure.message)
  const characters = pages.join('').length
  expect(server.counts().requests).toBe(Math.ceil(characters / 40_000) + 1)
  const lighthouse = reply.compiled.contributions.find(({ key }) => key === topicKey('lighthouse'))
  expect(lighthouse?.weight).toBeGreaterThan(0.7)
  expect(lighthouse?.quotes.map(({ place }) => place?.page)).toEqual([1, expect.any(Number), expect.any(Number)])
  expect(reply.compiled.nodeSummaries?.map(({ nodeId }) => nodeId).toSorted()).toEqual(['0001', '0002', '0003', '0004'])
  expect(server.prompts().every((prompt) => prompt.length < 60_000)).toBe(true)
  const read = server.prompts().join('\n')
  for (let page = 1; page <= 40; page++) expect(read.includes(`[page ${page}]`), `page ${page}`).toBe(true)
})

test('a very long document costs a bounded number of calls, and every page is read', async () => {
  await using folder = await temporaryFolder()
  await using server = await startModelServer()
  const prepared = await stageLong(
    folder.path,
    Array.from({ length: 1_500 }, (_, at) => pageText(at + 1)),
    [],
  )
  const reply = await compilerOf(await openTestModel(server.url, { concurrency: 20 })).compile(
    { prepared, staging: folder.path, fallbackTitle: 'x' },
    signal(),
  )
  expect(reply.ok).toBe(true)
  expect(server.counts().requests).toBeLessThanOrEqual(25)
  const read = server.prompts().join('\n')
  expect([1, 750, 1_500].map((page) => read.includes(`[page ${page}]`))).toEqual([true, true, true])
  expect(server.prompts().every((prompt) => prompt.length < 60_000)).toBe(true)
})

test('a short document of any length costs two calls at most', async () => {
  await using server = await startModelServer()
  await compileText(await openTestModel(server.url), Array.from({ length: 200 }, (_, at) => pageText(at)).join('\n\n'))
  expect(server.counts().requests).toBe(2)
})

test('the prompt names only known topics that the document uses, so it does not grow with the base', async () => {
  await using server = await startModelServer()
  const model = await openTestModel(server.url)
  const crowd = Array.from({ length: 5_000 }, (_, at): KnownTopic => ({
    kind: 'concept',
    name: `Topic ${word(at)} ${at}`,
  }))
  await compileText(model, HARBOUR, {}, [{ kind: 'concept', name: 'Dredging' }])
  await compileText(model, HARBOUR, {}, [...crowd, { kind: 'concept', name: 'Dredging' }])
  const [few, many] = server.prompts()
  expect(few).toContain('concept: Dredging')
  expect(many).toBe(few)
})

test('a name goes into the prompt with its other name, its type and a line, and forty of them at most', async () => {
  await using server = await startModelServer()
  const line = 'What was dug up.'
  const known = Array.from({ length: 60 }, (_, at): KnownTopic => ({ kind: 'entity', name: `Bay ${at}`, found: 'bay' }))
  const first: KnownTopic = { kind: 'entity', name: 'Mud', found: 'dredging', type: 'product', line }
  await compileText(await openTestModel(server.url), HARBOUR, {}, [first, ...known])
  const prompt = server.prompts()[0] ?? ''
  expect(prompt).toContain('\nentity: Mud (also dredging) | product | What was dug up.\n')
  expect(prompt.match(/^entity: /gm)).toHaveLength(40)
})

test('links are kept to topics of the same document, and become plain text where they lead anywhere else', async () => {
  await using server = await startModelServer({ faults: [{ fault: 'ghostLinks' }] })
  const model = await openTestModel(server.url)
  const ghosts = await compileText(model, HARBOUR)
  const names = new Set(ghosts.contributions.map(({ name }) => name))
  for (const [, name = ''] of JSON.stringify(ghosts).matchAll(/\[\[([^|\]]*)/g)) expect(names).toContain(name)
  expect(JSON.stringify(ghosts)).not.toContain('](')
  expect(ghosts.contributions[0]?.says).toContain('See Ghost Page and the plan.')
  expect(ghosts.contributions[0]?.says).toContain('It belongs to [[')
})

test('a document whose answers are refused, or whose calls fail, is a value that names it', async () => {
  await using folder = await temporaryFolder()
  await using server = await startModelServer({ faults: [{ fault: 'nonAnswer' }] })
  const model = await openTestModel(server.url)
  const prepared = await stageShort(folder.path, HARBOUR)
  const input = { prepared, staging: folder.path, fallbackTitle: 'x', label: '/docs/harbour.md' }
  expect(await compilerOf(model).compile(input, signal())).toMatchObject({
    ok: false,
    failure: { code: 'modelAnswerRejected', message: expect.stringContaining('/docs/harbour.md') },
  })
  server.plan({ faults: [{ fault: 'brokenConnection' }] })
  expect(await compilerOf(model).compile(input, signal())).toMatchObject({
    ok: false,
    failure: { code: 'modelUnavailable', message: expect.stringContaining('/docs/harbour.md') },
  })
  server.plan({ faults: [{ fault: 'auth' }] })
  await expect(compilerOf(model).compile(input, signal())).rejects.toMatchObject({ code: 'modelAuth' })
})

test('what was answered before a document failed is not asked again', async () => {
  await using folder = await temporaryFolder()
  await using server = await startModelServer({ faults: [{ fault: 'serverError', match: 'Notes on a long document' }] })
  const prepared = await stageLong(
    folder.path,
    Array.from({ length: 40 }, (_, at) => pageText(at + 1)),
    [],
  )
  const input = { prepared, staging: folder.path, fallbackTitle: 'x' }
  const compiler = async () =>
    compilerOf(await openTestModel(server.url, { answers: answerFiles(folder.path), retries: 0 }))
  expect((await (await compiler()).compile(input, signal())).ok).toBe(false)
  const parts = server.counts().answered
  const estimate = await (await compiler()).estimate(input)
  expect(estimate).toMatchObject({ cachedAnswers: parts, calls: 1 })
  server.plan({})
  const reply = await (await compiler()).compile(input, signal())
  expect(reply.ok && reply.compiled.usage).toMatchObject({ calls: 1, cachedAnswers: parts })
  expect(await (await compiler()).estimate(input)).toEqual({
    calls: 0,
    cachedAnswers: parts + 1,
    promptTokens: 0,
    completionTokens: 0,
  })
})

test('an estimate is near what is counted', async () => {
  await using folder = await temporaryFolder()
  await using server = await startModelServer()
  const compiler = compilerOf(await openTestModel(server.url))
  const prepared = await stageLong(
    folder.path,
    Array.from({ length: 40 }, (_, at) => pageText(at + 1)),
    [],
  )
  const input = { prepared, staging: folder.path, fallbackTitle: 'x' }
  const [read, sized] = [await compiler.estimate(input), estimateTokens(prepared)]
  expect(server.counts().requests).toBe(0)
  await compiler.compile(input, signal())
  const { requests, promptTokens } = server.counts()
  for (const estimate of [read, sized]) {
    expect(Math.abs(estimate.calls - requests)).toBeLessThanOrEqual(1)
    expect(estimate.promptTokens / promptTokens).toBeGreaterThan(0.7)
    expect(estimate.promptTokens / promptTokens).toBeLessThan(1.5)
  }
})

test('a file that was not opened is estimated by its size', () => {
  const note = estimateFileTokens({ size: 2_000, extension: '.md' }, 20)
  const book = estimateFileTokens({ size: 2_000_000, extension: '.md' }, 20)
  const scan = estimateFileTokens({ size: 2_000_000, extension: '.pdf' }, 20)
  expect([note.calls, book.calls, scan.calls]).toEqual([1, 25, 4])
  expect(note.promptTokens).toBeLessThan(scan.promptTokens)
  expect(estimateFileTokens({ size: 2e9, extension: '.pdf' }, 20)).toEqual(book)
})

test('an overview is one call, of bounded size, and its failure a value', async () => {
  await using server = await startModelServer()
  const compiler = compilerOf(await openTestModel(server.url))
  const sections = Array.from({ length: 500 }, (_, at) => ({
    document: `Document ${at}`,
    target: `summaries/document-${at}`,
    says: `The lighthouse number ${at} was built of granite and shines far. ${'x'.repeat(3_000)}`,
  }))
  const reply = await compiler.overview({ kind: 'concept', name: 'Lighthouse', sections }, signal())
  expect(reply).toMatchObject({
    ok: true,
    text: expect.stringMatching(/^Together the documents say.* \(\[\[summaries\/document-0\|Document 0\]\]\)$/),
    usage: { calls: 1 },
  })
  expect(server.counts().requests).toBe(1)
  expect(server.prompts()[0]?.length).toBeLessThan(30_000)
  expect(server.prompts()[0]).toContain('[40] Document 499')
  server.plan({ faults: [{ fault: 'nonAnswer' }] })
  expect(await compiler.overview({ kind: 'concept', name: 'Lighthouse', sections }, signal())).toMatchObject({
    ok: false,
    failure: { code: 'modelAnswerRejected' },
  })
})
