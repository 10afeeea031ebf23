// `model: sampling`: documents are compiled by the model of the MCP client that adds them, in every way that clients connect.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Agent, HttpServer, type Model, type Question } from '../support/mcp.ts'
import { answer, type Manner } from '../support/model-answers.ts'
import { Workplace } from '../support/workplace.ts'

const note = (subject: string): string =>
  `# The ${subject}\n\nThe ${subject} Engine is a machine of Acme Corporation. Alice Smith built the ${subject} Engine in Paris in 1901.\n`
const text = (subject: string) => ({ text: { name: `${subject.toLowerCase()}.md`, content: note(subject) } })

const promptOf = ({ messages }: Question): string => {
  const { content } = messages[0] ?? { content: [] }
  return 'type' in content && content.type === 'text' ? content.text : ''
}

/** The answers of the test's model, by the schema that the question has in words. */
function said({ systemPrompt = '', ...question }: Question, manner: Manner = 'good'): string {
  const [, system = '', schema = ''] = /^([^]*)\nAnswer with one JSON object.*\n(\{.*\})$/.exec(systemPrompt) ?? []
  const asked = {
    system,
    turns: [{ role: 'user' as const, text: promptOf({ ...question }) }],
    tools: [],
    schema: JSON.parse(schema) as { properties?: Record<string, unknown> },
    outputTokensMax: question.maxTokens,
  }
  const given = answer(asked, manner)
  return 'text' in given ? given.text : ''
}

async function base(): Promise<Workplace> {
  const place = await Workplace.withBase()
  const config = place.read('kbgit.yaml').replace(/^model: .*$/m, 'model: sampling')
  writeFileSync(join(place.base, 'kbgit.yaml'), config)
  place.git('commit', '-qam', 'Configure')
  return place
}

const namesIn = async (place: Workplace): Promise<string[]> =>
  (await place.json<{ documents: { name: string }[] }>('list')).value.documents.map(({ name }) => name)

describe.each([
  ['stdio', 'legacy'],
  ['stdio', 'modern'],
  ['HTTP', 'legacy'],
  ['HTTP', 'modern'],
] as const)('model: sampling over %s, %s', (over, era) => {
  const stack = new AsyncDisposableStack()
  let place: Workplace
  let agent: Agent
  let model: Model
  beforeAll(async () => {
    place = stack.use(await base())
    const argv = ['--root', place.dir]
    const ask: Model = (question, signal) => model(question, signal)
    const http = over === 'HTTP' ? stack.use(await HttpServer.start(place, argv)) : undefined
    agent = stack.use(
      await (http === undefined ? Agent.overStdio(place, era, argv, ask) : Agent.overHttp(http, era, ask)),
    )
  })
  afterAll(async () => {
    expect((await place.json('fsck')).value).toMatchObject({ problems: [] })
    expect(place.git('status', '--porcelain')).toBe('')
    await stack.disposeAsync()
  })

  it('asks the client, names it, and keeps its answers', async () => {
    const questions: Question[] = []
    model = async (question) => {
      questions.push(question)
      return { text: said(question) }
    }
    const before = place.git('rev-parse', 'HEAD')
    const { value } = await agent.call('add', text('Falcon'))
    expect(value).toMatchObject({ added: [{ name: 'falcon' }], failed: [] })
    expect(place.git('log', '-1', '--format=%(trailers:key=Kbgit-Model,valueonly)').trim()).toBe('sampling/test-agent')
    expect(promptOf(questions[0]!)).toContain('Falcon Engine is a machine')
    expect(questions.every(({ maxTokens }) => maxTokens > 0 && maxTokens <= 32_000)).toBe(true)
    expect(place.read('wiki/summaries/falcon.md')).toContain('It says: The Falcon Engine')
    const asked = questions.length
    place.git('reset', '-q', '--hard', before)
    expect((await agent.call('add', text('Falcon'))).value).toMatchObject({ added: [{ name: 'falcon' }] })
    expect(questions).toHaveLength(asked)
  })

  it('asks once more when an answer does not hold, and takes no document whose second answer does not', async () => {
    const prompts: string[] = []
    const wrong: [about: string, Manner][] = [
      ['The Heron Engine', 'wrongSchema'],
      ['The Egret Engine', 'empty'],
      ['The Egret Engine', 'truncated'],
    ]
    model = async (question) => {
      const prompt = promptOf(question)
      prompts.push(prompt)
      const at = wrong.findIndex(([about]) => prompt.includes(about))
      const [, manner] = at < 0 ? [] : (wrong.splice(at, 1)[0] ?? [])
      return { text: said(question, manner) }
    }
    expect((await agent.call('add', text('Heron'))).value).toMatchObject({ added: [{ name: 'heron' }] })
    expect(prompts.filter((prompt) => prompt.includes('Your earlier answer was rejected'))).toHaveLength(1)
    const before = place.git('rev-parse', 'HEAD')
    const { value } = await agent.call('add', text('Egret'))
    expect(value).toMatchObject({ added: [], failed: [{ code: 'modelAnswerRejected' }] })
    expect(place.git('rev-parse', 'HEAD')).toBe(before)
  })

  it('adds nothing when the person at the client refuses', async () => {
    model = () => Promise.reject(new Error('The user said no.'))
    const ended = await agent.call('add', text('Osprey')).catch((error: Error) => error)
    // Without a handshake the client's library ends the call itself.
    if (era === 'legacy')
      expect(ended).toMatchObject({
        value: { failed: [{ code: 'modelUnavailable', message: expect.stringContaining('said no') as string }] },
      })
    else expect(ended).toBeInstanceOf(Error)
    expect(await namesIn(place)).not.toContain('osprey')
  })

  it('ends with the call that is cancelled while the client thinks', async () => {
    const cancel = new AbortController()
    model = (_, signal) =>
      new Promise((_resolve, reject) => {
        const end = (): void => reject(new Error('Cancelled.'))
        signal.addEventListener('abort', end)
        cancel.abort()
        if (signal.aborted || era === 'modern') end()
      })
    const cut = agent.client.callTool({ name: 'add', arguments: text('Kestrel') }, { signal: cancel.signal })
    await expect(cut).rejects.toThrow()
    model = async (question) => ({ text: said(question) })
    expect((await agent.call('add', text('Merlin'))).value).toMatchObject({ added: [{ name: 'merlin' }] })
    expect(await namesIn(place)).not.toContain('kestrel')
  })

  it('compiles a folder in fewer rounds than the ten after which the usual client ends a call', async () => {
    for (let at = 0; at < 24; at++) place.write(`in/note-${at}.md`, note(`Subject ${at}`))
    model = async (question) => ({ text: said(question) })
    const { value } = await agent.call('add', { paths: [join(place.dir, 'in')] })
    expect(value).toMatchObject({ failed: [] })
    expect((value as unknown as { added: unknown[] }).added).toHaveLength(24)
  })
})

it('tells what to do where nobody can be asked, and answers questions with passages', async () => {
  using place = await base()
  const wrong = { code: 'config', message: expect.stringContaining('sampling') as string }
  for (const era of ['legacy', 'modern'] as const) {
    await using agent = await Agent.overStdio(place, era)
    const { error, value } = await agent.call('add', text('Falcon'))
    expect([error, value]).toEqual([true, { error: { ...wrong, hint: expect.stringContaining('agent') as string } }])
  }
  const refused = await place.json('add', place.write('falcon.md', note('Falcon')))
  expect(refused).toMatchObject({ code: 2, value: { error: wrong } })
  expect((await place.json('query', 'Who built it?')).code).toBe(0)
})
