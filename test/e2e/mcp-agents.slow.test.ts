// Agents that write over MCP: what they propose, what waits for review, and what they compile.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CompileSubmitResult, CompileTask } from '../../src/index.ts'
import { Agent } from '../support/mcp.ts'
import { answersTo, corrected } from '../support/scripted-agent.ts'
import { Workplace } from '../support/workplace.ts'

const note = (subject: string): string =>
  `# The ${subject}\n\nThe ${subject} Engine is a machine of Acme Corporation. Alice Smith built the ${subject} Engine in Paris in 1901.\n`

const page = (title: string, body: string): string =>
  `---\ntype: exploration\ntitle: ${title}\n---\n\n# ${title}\n\n${body}\n`

async function withDocuments(...lines: string[]): Promise<Workplace> {
  const place = await Workplace.withBase()
  if (lines.length > 0) {
    writeFileSync(
      join(place.base, 'kbgit.yaml'),
      `${place.read('kbgit.yaml').replace(/^model: .*\n/m, '')}${lines.join('\n')}\n`,
    )
    place.git('commit', '-qam', 'Configure')
  }
  place.write('in/falcon.md', note('Falcon'))
  place.write('in/heron.md', note('Heron'))
  expect((await place.kbgit('add', '-q', `${place.dir}/in`)).code).toBe(0)
  return place
}

describe('an agent that edits', () => {
  let place: Workplace
  beforeAll(async () => {
    place = await withDocuments()
  })
  afterAll(() => place[Symbol.dispose]())

  it('proposes a change of a page that it read, in its own name, and hears what does not hold', async () => {
    await using agent = await Agent.overStdio(place)
    const path = 'wiki/explorations/who-built-it.md'
    const text = page('Who built it', 'Alice Smith, see [[summaries/falcon]].')
    const edit = { page: path, text }
    const reason = 'Answers a question that comes up often'
    const broken = await agent.call('propose', {
      edits: [{ ...edit, text: page('X', '[[concepts/no-such-page]]') }],
      reason,
    })
    expect(broken.value).toMatchObject({ commit: null, problems: [{ code: 'brokenLink' }] })
    const unborne = await agent.call('propose', {
      edits: [edit],
      reason,
      sources: [{ document: 'falcon', quote: 'Bob built it' }],
    })
    expect(unborne.value).toMatchObject({ commit: null, problems: [{ code: 'quote' }] })
    const dry = await agent.call('propose', { edits: [edit], reason, dryRun: true })
    expect(dry.value).toMatchObject({ commit: null, problems: [], changed: [path] })
    const done = await agent.call('propose', {
      edits: [edit],
      reason,
      sources: [{ document: 'falcon', quote: 'Alice Smith built' }],
    })
    expect(done.value).toMatchObject({ commit: place.git('rev-parse', 'HEAD'), changed: [path] })
    expect(place.git('log', '-1', '--format=%(trailers:key=Kbgit-Agent)')).toContain('test-agent')
    const { value } = await agent.call('read', { target: path })
    const { commit } = value as unknown as { commit: string }
    const other = await agent.call('propose', {
      edits: [{ page: path, base: commit, text: `${text}\nAnd in Paris.\n` }],
      reason,
    })
    expect(other.error, other.text).toBe(false)
    const stale = await agent.call('propose', {
      edits: [{ page: path, base: commit, text: page('Other', 'x') }],
      reason,
    })
    expect(stale.value).toMatchObject({ commit: null, problems: [{ code: 'stale' }], stale: [{ page: path }] })
    expect(stale.text).toContain('And in Paris.')
    const forbidden = await agent.call('propose', { edits: [{ page: '../x.md', text: 'x' }], reason })
    expect(forbidden.value).toMatchObject({ commit: null, problems: [{ code: 'pageName' }] })
  })

  it('puts it on a review branch, which only a server that names the tool decides', async () => {
    await using agent = await Agent.overStdio(place, 'modern')
    const edit = { page: 'wiki/explorations/waiting.md', text: page('Waiting', 'See [[summaries/heron]].') }
    const before = place.git('rev-parse', 'HEAD')
    const { value } = await agent.call('propose', { edits: [edit], reason: 'To be looked at', review: true })
    const { review } = value as unknown as { review: { number: number; branch: string } }
    expect(place.git('rev-parse', 'HEAD')).toBe(before)
    expect(place.git('branch', '--list', review.branch)).toContain(review.branch)
    const listed = await agent.call('review')
    expect(listed.value).toMatchObject({ reviews: [{ number: review.number }] })
    const shown = await agent.call('review', { number: review.number })
    expect(shown.value).toMatchObject({ changes: { pages: [{ page: edit.page }] } })
    expect(shown.text).toContain('To be looked at')
    expect((await agent.call('review', { number: 999 })).value).toMatchObject({ error: { code: 'notFound' } })
    await expect(agent.call('decide_review', { number: review.number, decision: 'accept' })).rejects.toThrow()
    await using deciding = await Agent.overStdio(place, 'legacy', ['--allow', 'default,decide_review'])
    expect((await deciding.call('decide_review', { number: review.number, decision: 'reject' })).value).toMatchObject({
      error: { code: 'usage' },
    })
    const accepted = await deciding.call('decide_review', { number: review.number, decision: 'accept' })
    expect(accepted.value).toMatchObject({ closed: true, commit: place.git('rev-parse', 'HEAD') })
    expect(place.read(edit.page)).toContain('# Waiting')
    expect(await place.json('fsck')).toMatchObject({ code: 0 })
  })
})

it('adds documents for review where the base asks for it of agents', async () => {
  using place = await withDocuments('model: builtin', 'review: agents')
  await using agent = await Agent.overStdio(place)
  const before = place.git('rev-parse', 'HEAD')
  const { value } = await agent.call('add', { text: { name: 'osprey.md', content: note('Osprey') } })
  expect(value).toMatchObject({ added: [{ name: 'osprey' }], review: { number: 1 } })
  expect(place.git('rev-parse', 'HEAD')).toBe(before)
})

describe('agents that compile', () => {
  let place: Workplace
  beforeAll(async () => {
    place = await withDocuments('model: agent')
  })
  afterAll(() => place[Symbol.dispose]())
  type Next = { task: CompileTask | null; waiting: { documents: number } }
  const next = async (agent: Agent, lease = 900): Promise<Next> =>
    (await agent.call('next_task', { lease, kinds: ['document'] })).value as unknown as Next

  it('get each document once, are told what does not hold, and commit in their name', async () => {
    const killed = await Agent.overStdio(place)
    const { task: lost } = await next(killed, 1)
    expect((await killed.call('status')).value).toMatchObject({ next: { command: 'kbgit compile next --json' } })
    expect(lost?.subject).toBe('falcon')
    process.kill(killed.pid, 'SIGKILL')
    await killed.client.close().catch(() => {})
    await using one = await Agent.overStdio(place)
    await using two = await Agent.overStdio(place, 'modern')
    const { task } = await next(one)
    expect(task).not.toBeNull()
    // The task of the agent that died comes back when its lease has ended.
    let other = await next(two)
    while (other.task === null) other = await next(two)
    expect([task!.subject, other.task.subject].sort()).toEqual(['falcon', 'heron'])
    expect((await next(one)).task).toBeNull()

    const answers = answersTo({ ...task!, known: [] })
    const [id = ''] = Object.keys(answers)
    const wrong = {
      ...answers,
      [id]: { ...answers[id], topics: [{ ...(answers[id]!['topics'] as object[])[0], quotes: ['nothing of it'] }] },
    }
    const refused = await one.call('submit_task', { id: task!.id, answers: wrong })
    expect(refused.value).toMatchObject({ commit: null, problems: [{ code: 'quote' }] })
    expect((await one.call('submit_task', { id: 'no-such-task', answers })).value).toMatchObject({
      error: { code: 'notFound' },
    })
    for (const [agent, mine] of [
      [one, task!],
      [two, other.task],
    ] as const) {
      // The test's model quotes what no document says; what is refused is named, and corrected.
      const given = answersTo({ ...mine, known: [] })
      const first = await agent.call('submit_task', { id: mine.id, answers: given })
      expect(first.value).toMatchObject({ commit: null, problems: expect.any(Array) as unknown })
      const better = corrected(given, first.value as unknown as CompileSubmitResult)
      const { value } = await agent.call('submit_task', { id: mine.id, answers: better })
      expect(value).toMatchObject({ problems: [], commit: place.git('rev-parse', 'HEAD') })
    }
    expect(place.git('log', '-1', '--format=%s%n%(trailers:key=Kbgit-Model)')).toMatch(
      /^recompile: \w+\nKbgit-Model: agent\/test-agent/,
    )
    expect((await two.call('submit_task', { id: lost!.id, answers })).error).toBe(true)
    expect(await place.json('fsck')).toMatchObject({ code: 0 })
  })
})
