import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { CompileTask, Kb } from '../../../src/index.ts'
import { agentBase } from '../../support/agent-base.ts'
import { LiveBase } from '../../support/live-base.ts'
import { answersTo, submitCorrecting } from '../../support/scripted-agent.ts'

async function taskOf(kb: Kb, client = 'scout', lease?: number): Promise<CompileTask> {
  const { task } = await kb.tasks.next({ client, ...(lease === undefined ? {} : { lease }) })
  if (task === null) throw new Error('no task')
  return task
}

describe('tasks', () => {
  test('are leased: two agents get two, and one that dies loses its own to the next', async () => {
    const { base, kb } = await agentBase()
    using _ = base
    await kb.add([base.source('first'), base.source('second')])
    const dying = await taskOf(kb, 'dying', 1)
    const other = await taskOf(kb, 'other')
    expect([dying.subject, other.subject]).toEqual(['first', 'second'])
    expect(await kb.tasks.next()).toMatchObject({ task: null, waiting: { documents: 2 }, leased: 2 })
    await delay(1_100)
    const taken = await taskOf(kb, 'heir')
    expect(taken.subject).toBe('first')
    await expect(kb.tasks.submit(dying.id, { answers: answersTo(dying) })).rejects.toMatchObject({ code: 'notFound' })
    expect((await submitCorrecting(kb, taken, answersTo(taken))).at(-1)?.problems).toEqual([])
    expect(base.git('log', '-1', '--format=%B', '--grep=recompile: first')).toMatch(/^Kbgit-Model: agent\/heir$/m)
  })

  test('that nobody else took can be answered late', async () => {
    const { base, kb } = await agentBase()
    using _ = base
    await kb.add([base.source('first')])
    const late = await taskOf(kb, 'late', 1)
    await delay(1_100)
    expect((await submitCorrecting(kb, late, answersTo(late))).at(-1)?.commit).not.toBeNull()
  })

  test('of a document that changed or went are refused, and the document is handed out again', async () => {
    const { base, kb } = await agentBase()
    using _ = base
    await kb.add([base.source('first'), base.source('second')])
    const [first, second] = [await taskOf(kb), await taskOf(kb)]
    await kb.add([base.source('first', 'It was rebuilt by Alice Smith of Acme Corporation.')])
    await kb.remove('second')
    for (const task of [first, second]) {
      const { commit, problems } = await kb.tasks.submit(task.id, { answers: answersTo(task) })
      expect([commit, problems.map(({ code }) => code)]).toEqual([null, ['stale']])
    }
    expect((await taskOf(kb)).subject).toBe('first')
  })

  test('say what does not hold, by field, and change nothing', async () => {
    const { base, kb } = await agentBase()
    using _ = base
    await kb.add([base.source('first')])
    const task = await taskOf(kb)
    const head = base.git('rev-parse', 'HEAD')
    const topic = {
      kind: 'entity',
      name: 'Alice Smith',
      type: 'machine',
      aliases: ['Somebody Else'],
      importance: 11,
      description: '',
      says: 'She likes [[Nothing]] and <b>steam</b>.',
      quotes: ['Alice Smith invented the wheel'],
    }
    const { problems } = await kb.tasks.submit(task.id, {
      answers: {
        document: {
          description: 'n/a',
          summary: 'A machine.',
          keyPoints: [{ text: 'A machine', quote: 'is a machine' }],
          topics: [topic, { ...topic, name: '../up' }],
        },
        more: {},
      },
    })
    expect(new Set(problems.map(({ code, at }) => `${code} ${at}`))).toEqual(
      new Set([
        'schema answers.more',
        'empty answers.document',
        'empty answers.document.description',
        ...[0, 1].flatMap((index) =>
          [
            'type type',
            'name aliases[0]',
            'bounds importance',
            'brokenLink says',
            'active says',
            'quote quotes[0]',
          ].map((fault) => fault.replace(' ', ` answers.document.topics[${index}].`)),
        ),
        'name answers.document.topics[1].name',
      ]),
    )
    expect(base.git('rev-parse', 'HEAD')).toBe(head)
    await expect(kb.tasks.submit(task.id, [])).rejects.toMatchObject({ code: 'usage' })
  })

  test('go onto one review per client where the base asks for it, and are not handed out again', async () => {
    const { base, kb } = await agentBase('review: agents\n')
    using _ = base
    await kb.add([base.source('first'), base.source('second')])
    const head = base.git('rev-parse', 'HEAD')
    for (let turn = 0; turn < 2; turn++) {
      const task = await taskOf(kb)
      const result = (await submitCorrecting(kb, task, answersTo(task))).at(-1)
      expect(result?.review).toEqual({ number: 1, branch: 'kbgit/review/1' })
    }
    expect((await kb.tasks.next({ kinds: ['document'] })).task).toBeNull()
    expect(base.git('rev-parse', 'HEAD')).toBe(head)
    const shown = await kb.reviews.show(1)
    expect(shown.changes.documents.map(({ change, model }) => [change, model])).toEqual([
      ['recompiled', 'agent/scout'],
      ['recompiled', 'agent/scout'],
    ])
    expect(await kb.reviews.accept(1)).toMatchObject({ accepted: ['first', 'second'], closed: true })
    expect((await kb.fsck()).problems).toEqual([])
  })

  test('are for bases that agents compile', async () => {
    using base = await LiveBase.make()
    await expect((await base.open()).tasks.next()).rejects.toMatchObject({ code: 'usage' })
  })
})
