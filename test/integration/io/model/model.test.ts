import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { emptyUsage } from '../../../../src/core/document/compiled.ts'
import { answerFiles } from '../../../../src/io/model/answer-cache.ts'
import type { ObjectRequest } from '../../../../src/io/model/model.ts'
import { isNonAnswer } from '../../../../src/core/non-answer.ts'
import { startModelServer } from '../../../support/model-server.ts'
import { IDS, jumpingClock, openTestModel, serverEnvironment, temporaryFolder } from '../../../support/models.ts'

type Said = { description: string }
const question = (more: Partial<ObjectRequest<Said>> = {}): ObjectRequest<Said> => ({
  label: 'note.md',
  system: 'Describe the document.',
  prompt: '<document-0123456789abcdef>\nThe lighthouse was built on the northern rock.\n</document-0123456789abcdef>',
  schemaName: 'document',
  schema: (z) => z.object({ description: z.string() }),
  refuse: ({ description }) => (isNonAnswer(description) ? 'it says nothing' : undefined),
  outputTokensMax: 500,
  signal: new AbortController().signal,
  ...more,
})
const LIGHTHOUSE = { description: 'The lighthouse was built on the northern rock.' }

describe.each(IDS)('%s', (id) => {
  test('returns a checked object and counts its tokens', async () => {
    await using server = await startModelServer()
    const model = await openTestModel(server.url, { id })
    const usage = emptyUsage()
    expect(await model.object(question({ usage }))).toEqual(LIGHTHOUSE)
    const counts = server.counts()
    expect(usage).toEqual({
      ...emptyUsage(),
      calls: 1,
      promptTokens: counts.promptTokens,
      completionTokens: counts.completionTokens,
    })
    expect(model.usage()).toEqual(usage)
    expect(counts.withTools).toBe(0)
    expect(counts.cacheMarked).toBe(id.startsWith('anthropic') ? 1 : 0)
  })

  test('uses tools in a loop and streams its last text', async () => {
    await using server = await startModelServer()
    const model = await openTestModel(server.url, { id })
    const looks: unknown[] = []
    let streamed = ''
    const text = await model.converse({
      label: 'query',
      system: 'Answer.',
      messages: [{ role: 'user', text: 'Where is the lighthouse?' }],
      budget: { stepsMax: 5, tokensMax: 100_000 },
      outputTokensMax: 500,
      signal: new AbortController().signal,
      onText: (piece) => {
        streamed += piece
      },
      tools: [
        {
          name: 'search',
          description: 'Search.',
          input: (z) => z.object({ query: z.string(), limit: z.number().nullable() }),
          run: (input) => {
            looks.push(input)
            return Promise.resolve('wiki/sources/a.md (document a): lighthouse')
          },
        },
        {
          name: 'read_page',
          description: 'Read.',
          input: (z) => z.object({ path: z.string(), from: z.number().nullable() }),
          run: (input) => {
            looks.push(input)
            return Promise.resolve('The lighthouse stands in the north of the bay.')
          },
        },
      ],
    })
    expect(looks).toEqual([
      { query: 'Where is the lighthouse?', limit: 5 },
      { path: 'wiki/sources/a.md', from: null },
    ])
    expect(text).toContain('Answer:\nThe base says: The lighthouse stands in the north of the bay. [1]')
    expect(streamed.trim()).toBe(text)
    expect(model.usage().calls).toBe(3)
  })

  test('fails the document if an answer is empty, malformed or a non-answer twice, or cut off with more room too', async () => {
    await using server = await startModelServer()
    const model = await openTestModel(server.url, { id })
    for (const fault of ['tokenLimit', 'truncated', 'empty', 'wrongSchema', 'nonAnswer'] as const) {
      server.plan({ faults: [{ fault }] })
      const before = server.counts().requests
      await expect(model.object(question()), fault).rejects.toMatchObject({
        failure: { code: 'modelAnswerRejected', message: expect.stringContaining('note.md') },
      })
      expect(server.counts().requests - before, fault).toBe(fault === 'tokenLimit' ? 3 : 2)
      server.plan({ faults: [{ fault, times: 1 }] })
      expect(await model.object(question()), fault).toEqual(LIGHTHOUSE)
    }
  })

  test('waits as long as the provider asks, without counting it as a failure', async () => {
    await using server = await startModelServer({
      faults: [
        { fault: 'rateLimit', times: 8, retryAfter: 7 },
        { fault: 'overloaded', times: 8, retryAfter: 3 },
      ],
    })
    const clock = jumpingClock()
    const model = await openTestModel(server.url, { id, clock, retries: 0 })
    expect(await model.object(question())).toEqual(LIGHTHOUSE)
    expect(clock.waits).toEqual([...Array<number>(8).fill(7_000), ...Array<number>(8).fill(3_000)])
  })

  test('stops the run if the key is refused or the quota is used up', async () => {
    await using server = await startModelServer()
    for (const [fault, code] of [
      ['auth', 'modelAuth'],
      ['quota', 'modelQuota'],
      ['unknownModel', 'config'],
    ] as const) {
      server.plan({ faults: [{ fault }] })
      const model = await openTestModel(server.url, { id })
      await expect(model.object(question()), fault).rejects.toMatchObject({ name: 'KbError', code })
      const asked = server.counts().requests
      await expect(model.object(question()), fault).rejects.toMatchObject({ code })
      expect(server.counts().requests, 'nothing more is asked').toBe(asked)
    }
  })
})

test.each(['serverError', 'brokenConnection', 'brokenBody', 'timeout', 'overloaded'] as const)(
  '%s is retried with growing waits, then fails the document',
  async (fault) => {
    await using server = await startModelServer({ faults: [{ fault, times: 2 }] })
    const clock = jumpingClock()
    const waits: string[] = []
    const model = await openTestModel(server.url, {
      clock,
      timeoutMs: fault === 'timeout' ? 700 : 20_000,
      onWait: ({ kind }) => waits.push(kind),
    })
    const usage = emptyUsage()
    expect(await model.object(question({ usage }))).toEqual(LIGHTHOUSE)
    expect([usage.calls, usage.retries]).toEqual([1, 2])
    expect(clock.waits).toEqual([1_000, 2_000])
    expect(waits).toEqual(['retry', 'retry'])
    server.plan({ faults: [{ fault }] })
    const before = server.counts().requests
    await expect(model.object(question())).rejects.toMatchObject({
      failure: { code: 'modelUnavailable', message: expect.stringMatching(/note\.md: .* 5 attempts/) },
    })
    expect(server.counts().requests - before).toBe(5)
  },
)

test('calls share one limit, and one that always fails does not affect the others', async () => {
  await using server = await startModelServer({ delayMs: 20, faults: [{ fault: 'serverError', match: 'broken' }] })
  const model = await openTestModel(server.url, { concurrency: 3, retries: 1 })
  const prompts = ['one', 'two', 'three', 'broken', 'four', 'five', 'six', 'seven']
  const results = await Promise.allSettled(prompts.map((prompt) => model.object(question({ prompt }))))
  expect(results.map(({ status }) => status)).toEqual(
    prompts.map((prompt) => (prompt === 'broken' ? 'rejected' : 'fulfilled')),
  )
  expect(server.counts().atOnce).toBe(3)
})

test('a pause holds back all calls', async () => {
  await using server = await startModelServer({
    faults: [{ fault: 'rateLimit', match: 'first', times: 1, retryAfter: 60 }],
  })
  const clock = jumpingClock()
  let wake = () => {}
  const pausing = {
    ...clock,
    sleep: () =>
      new Promise<void>((resolve) => {
        wake = resolve
      }),
  }
  let paused = () => {}
  const untilPaused = new Promise<void>((resolve) => {
    paused = resolve
  })
  const model = await openTestModel(server.url, { clock: pausing, onWait: () => paused() })
  const first = model.object(question({ prompt: 'first' }))
  await untilPaused
  const second = model.object(question({ prompt: 'second' }))
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
  expect(server.counts().requests).toBe(1)
  await clock.sleep(60_000, new AbortController().signal)
  wake()
  await Promise.all([first, second])
  expect(server.counts().requests).toBe(3)
})

test('a provider that says "later" for more than an hour ends the run', async () => {
  await using server = await startModelServer({ faults: [{ fault: 'rateLimit' }] })
  const model = await openTestModel(server.url)
  await expect(model.object(question())).rejects.toMatchObject({ code: 'modelQuota' })
})

test('an abort ends a call, a wait and a queue at once', async () => {
  await using server = await startModelServer({ faults: [{ fault: 'timeout', match: 'hangs' }] })
  const run = new AbortController()
  const model = await openTestModel(server.url, { concurrency: 1, signal: run.signal })
  const calls = ['hangs', 'waits'].map((prompt) => model.object(question({ prompt, signal: run.signal })))
  const settled = Promise.allSettled(calls)
  while (server.counts().requests === 0)
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  run.abort(new Error('stopped'))
  expect((await settled).map((result) => result.status === 'rejected' && (result.reason as Error).message)).toEqual([
    'stopped',
    'stopped',
  ])
})

test.each(['brokenStream', 'stalledStream'] as const)(
  'a streamed answer that ends in a %s is a failure, never half an answer',
  async (fault) => {
    for (const id of IDS) {
      await using server = await startModelServer({ faults: [{ fault, match: 'stands in the north' }] })
      const model = await openTestModel(server.url, { id, timeoutMs: 500 })
      const asked = model.converse({
        label: 'query',
        system: 'Answer.',
        messages: [{ role: 'user', text: 'Where?' }],
        budget: { stepsMax: 5, tokensMax: 100_000 },
        outputTokensMax: 500,
        signal: new AbortController().signal,
        tools: [
          {
            name: 'search',
            description: 'Search.',
            input: (z) => z.object({}),
            run: () => Promise.resolve('wiki/sources/a.md (document a): x'),
          },
          {
            name: 'read_page',
            description: 'Read.',
            input: (z) => z.object({}),
            run: () => Promise.resolve('The lighthouse stands in the north of the bay.'),
          },
        ],
      })
      await expect(asked, id).rejects.toMatchObject({ failure: { code: 'modelUnavailable' } })
    }
  },
)

test('an answer that was paid for is not paid for again, whatever the hints', async () => {
  await using folder = await temporaryFolder()
  await using server = await startModelServer()
  const answers = answerFiles(folder.path)
  const first = await openTestModel(server.url, { answers })
  expect(await first.cached(question())).toBeUndefined()
  await first.object(question())
  const again = await openTestModel(server.url, { answers: answerFiles(folder.path) })
  const usage = emptyUsage()
  expect(await again.object(question({ hints: 'Names: lighthouse', usage }))).toEqual(LIGHTHOUSE)
  expect(usage).toEqual({ ...emptyUsage(), cachedAnswers: 1 })
  expect(await again.cached(question())).toEqual(LIGHTHOUSE)
  const other = await openTestModel(server.url, { id: 'anthropic/claude-test', answers })
  await other.object(question())
  await again.object(question({ system: 'Other instructions.' }))
  await again.object(question({ schema: (z) => z.object({ description: z.string(), summary: z.string() }) }))
  expect(server.counts().requests).toBe(4)
  await answers.drop()
  await again.object(question())
  expect(server.counts().requests).toBe(5)
})

test('an answer that was rejected is not kept', async () => {
  await using folder = await temporaryFolder()
  await using server = await startModelServer({ faults: [{ fault: 'nonAnswer' }] })
  const model = await openTestModel(server.url, { answers: answerFiles(folder.path) })
  await expect(model.object(question())).rejects.toThrow()
  server.plan({})
  expect(await model.object(question())).toEqual(LIGHTHOUSE)
})

test.each([
  ['no-provider', {}, 'config'],
  ['mistral/large', {}, 'config'],
  ['openai/', {}, 'config'],
  ['openai/gpt-test', { OPENAI_API_KEY: ' ' }, 'modelAuth'],
  ['anthropic/claude-test', { ANTHROPIC_API_KEY: '' }, 'modelAuth'],
  ['compatible/any', { OPENAI_BASE_URL: '' }, 'config'],
  ['compatible/any', { OPENAI_BASE_URL: 'file:///etc' }, 'config'],
])('%s with %j cannot be opened: %s', async (id, env, code) => {
  await expect(
    openTestModel('', { id, env: { ...serverEnvironment('http://127.0.0.1:9'), ...env } }),
  ).rejects.toMatchObject({ code })
})

test('the test server runs as a separate process, and ends with the process that started it', async () => {
  const child = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('../../../support/model-server.ts', import.meta.url)),
      '--faults',
      '[{"fault":"ghostLinks"}]',
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const ended = new Promise((resolve) => {
    child.once('close', resolve)
  })
  const line = await new Promise<string>((resolve) => {
    createInterface(child.stdout).once('line', resolve)
  })
  const { url } = JSON.parse(line) as { url: string }
  expect(await (await openTestModel(url)).object(question())).toEqual(LIGHTHOUSE)
  expect(await (await fetch(`${url}/_counts`)).json()).toMatchObject({ requests: 1, faults: { ghostLinks: 1 } })
  child.stdin.end()
  expect(await ended).toBe(0)
})

test('the configured address takes precedence over the one in the environment', async () => {
  await using server = await startModelServer()
  const address = { url: `${server.url}/v1/`, trusted: [`${server.url}/v1`], root: '/base' }
  const model = await openTestModel('http://127.0.0.1:9', { address })
  expect(await model.object(question())).toEqual(LIGHTHOUSE)
})

const KEY = { OPENAI_API_KEY: 'k' }
test.each<[string, string, string, Record<string, string>, string[]]>([
  ['that no one has named', 'openai/gpt', 'https://evil.example/v1', KEY, []],
  [
    'whose host alone is trusted',
    'compatible/x',
    'https://gate.example/other/v1',
    KEY,
    ['https://gate.example/mine/v1'],
  ],
  ['that no key would go to, for the documents would', 'compatible/x', 'https://evil.example/v1', {}, []],
  ["that is another provider's own", 'compatible/x', 'https://api.openai.com/v1', KEY, []],
  ['of this machine where a key would go to it', 'compatible/x', 'http://127.0.0.1:1/v1', KEY, []],
  ['that only looks like this machine', 'compatible/x', 'http://127.0.0.1.evil.example/v1', {}, []],
  ['with the name of a trusted one before its own', 'openai/gpt', 'https://api.openai.com@evil.example/v1', KEY, []],
])('an address of the base %s is refused before anything is sent', async (_, id, url, env, trusted) => {
  const opened = openTestModel('', { id, env, address: { url, trusted, root: "/it's here" } })
  const { host } = new URL(url)
  await expect(opened).rejects.toMatchObject({
    code: 'config',
    message: expect.stringContaining(` to ${host}, which you have not trusted`),
    hint: expect.stringContaining(String.raw`git -C '/it'\''s here' config --add kbgit.trustedBaseUrl 'http`),
  })
})

test.each<[string, string, string, Record<string, string>, string[]]>([
  ['that was trusted', 'openai/gpt', 'https://gate.example/v1/', KEY, ['https://gate.example/v1']],
  [
    'that was trusted by its host, where no path is given',
    'compatible/x',
    'https://gate.example',
    KEY,
    ['https://gate.example'],
  ],
  ["that is the provider's own", 'openai/gpt', 'https://api.openai.com/v1', KEY, []],
  [
    'that the environment names too',
    'compatible/x',
    'https://gate.example/v1',
    { ...KEY, OPENAI_BASE_URL: 'https://gate.example/v1/' },
    [],
  ],
  ['of this machine without a key', 'compatible/x', 'http://localhost:1234/v1', {}, []],
  ['of this machine by number', 'ollama/x', 'http://[::1]:1234', {}, []],
])('an address of the base %s is used', async (_, id, url, env, trusted) => {
  await expect(openTestModel('', { id, env, address: { url, trusted, root: '/base' } })).resolves.toMatchObject({ id })
})
