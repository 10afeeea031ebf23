// Servers as they are: a document goes in, or it fails by name with a remedy, whatever protocol the server speaks.
import { describe, expect, test } from 'vitest'
import { createLlmCompiler } from '../../../src/compile/llm/compiler.ts'
import type { CompileReply } from '../../../src/core/document/compiled.ts'
import type { ModelOptions } from '../../../src/io/model/model.ts'
import type { Behaviour } from '../../support/model-behaviours.ts'
import { startModelServer } from '../../support/model-server.ts'
import { IDS, openTestModel, stageLong, stageShort, temporaryFolder } from '../../support/models.ts'

const sentence = (at: number) =>
  `The harbour of bay ${at} was dredged in spring ${at} by the Northern Dredging Company, and the dredging of it took ${at % 50} weeks.`
/** About 15,000 tokens. */
const TEXT = `# The harbour\n\n${Array.from({ length: 350 }, (_, at) => sentence(at)).join('\n\n')}\n`

async function compileAt(
  behaviour: Behaviour,
  options: Partial<ModelOptions> & { text?: string; isLong?: boolean },
): Promise<{ reply: CompileReply; requests: number; prompts: string[] }> {
  await using server = await startModelServer({ behaviour })
  await using folder = await temporaryFolder()
  const { text = TEXT, isLong = false, ...rest } = options
  const model = await openTestModel(server.url, { retries: 0, ...rest })
  const pages = text.match(/[\s\S]{1,2000}/g) ?? []
  const prepared = isLong ? await stageLong(folder.path, pages, []) : await stageShort(folder.path, text)
  const compiler = createLlmCompiler({ model, language: 'en', entityTypes: ['organization', 'other'] })
  const input = { prepared, staging: folder.path, fallbackTitle: 'harbour', label: 'harbour.md' }
  const reply = await compiler.compile(input, new AbortController().signal)
  return { reply, requests: server.counts().requests, prompts: server.prompts() }
}

const added: [name: string, behaviour: Behaviour][] = [
  ['reasoning in tags', { around: 'think' }],
  ['the end of reasoning', { around: 'closedThink' }],
  ['prose around the answer', { around: 'prose' }],
  ['a fence', { around: 'fence' }],
  ['a trailing comma', { around: 'comma' }],
  ['no schemas', { forms: ['json', 'tool'] }],
  ['no schemas and no JSON mode', { forms: ['tool'] }],
  ['neither schemas, nor JSON mode, nor tools', { forms: [] }],
  ['schemas that are ignored', { forms: [], otherForms: 'ignore' }],
  ['no temperature', { noSampling: true }],
  ['a small context, refused', { contextTokens: 12_000 }],
  ['a small context, 413', { contextTokens: 12_000, longPrompt: 'tooLarge' }],
  ['reasoning longer than the answer may be', { reasoningTokens: 10_000 }],
  ['long answers that never end', { answerMax: 2_500 }],
]

describe.each(IDS)('%s', (id) => {
  test.each(added)('%s', async (_, behaviour) => {
    const text = behaviour.contextTokens === undefined ? TEXT.slice(0, 3_000) : TEXT
    const { reply } = await compileAt(behaviour, { id, text })
    expect(reply.ok ? reply.compiled.description : reply.failure).toContain('The harbour of bay')
  })

  test('a server that cuts prompts without a word is named, with what to set', async () => {
    const cuts: Behaviour = { contextTokens: 4_096, longPrompt: 'cut' }
    const { reply } = await compileAt(cuts, { id })
    expect(reply).toMatchObject({
      ok: false,
      failure: {
        code: 'modelUnavailable',
        message: expect.stringContaining("harbour.md: the model's server read only 4096 of about"),
        hint: expect.stringContaining('set context_tokens: 4096 in kbgit.yaml'),
      },
    })
    const limited = await compileAt(cuts, { id, limits: { contextTokens: 4_096, outputTokens: 1_500 } })
    expect(limited.reply).toMatchObject({ ok: true })
    expect(limited.requests).toBeGreaterThan(4)
  })
})

test('a form of answer that the server refused is not tried again in the run', async () => {
  await using server = await startModelServer({ behaviour: { forms: ['tool'] } })
  const model = await openTestModel(server.url, { id: 'compatible/any-test' })
  const ask = (prompt: string) =>
    model.object({
      label: 'note.md',
      system: 'Describe the document.',
      prompt,
      schemaName: 'document',
      schema: (z) => z.object({ description: z.string() }),
      outputTokensMax: 500,
      signal: new AbortController().signal,
    })
  await ask('The first lighthouse was built on the rock.')
  expect(server.counts().requests).toBe(3)
  await ask('The second lighthouse was built on the rock.')
  expect(server.counts().requests).toBe(4)
})

test('notes on a long document, and sections of a page, are shortened where the context is small', async () => {
  const limits = { contextTokens: 4_000, outputTokens: 1_000 }
  const id = 'compatible/any-test'
  const long = await compileAt({ contextTokens: 4_000 }, { id, limits, isLong: true, text: TEXT.repeat(4) })
  expect(long.reply.ok || long.reply.failure).toBe(true)
  await using server = await startModelServer({ behaviour: { contextTokens: 4_000 } })
  const model = await openTestModel(server.url, { id })
  const compiler = createLlmCompiler({ model, language: 'en', entityTypes: ['other'] })
  const sections = Array.from({ length: 20 }, (_, at) => ({
    document: `Note ${at}`,
    target: `summaries/note-${at}`,
    says: sentence(at).repeat(9),
  }))
  const overview = await compiler.overview({ kind: 'concept', name: 'Harbour', sections }, new AbortController().signal)
  expect(overview).toMatchObject({ ok: true, text: expect.stringContaining('Together') })
})

test('Ollama gets a context of the size of the prompt, and never more than context_tokens', async () => {
  const { reply, requests } = await compileAt({}, { id: 'ollama/llama-test' })
  expect([reply.ok, requests]).toEqual([true, 1])
  const small = await compileAt({}, { id: 'ollama/llama-test', limits: { contextTokens: 8_192, outputTokens: 2_000 } })
  expect(small.reply.ok).toBe(true)
  expect(small.requests).toBeGreaterThan(1)
})
