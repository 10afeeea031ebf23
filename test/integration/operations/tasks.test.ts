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

/** Documents, then overviews. */
async function compileAll(kb: Kb): Promise<void> {
  for (let { task } = await kb.tasks.next(); task !== null; { task } = await kb.tasks.next())
    expect((await submitCorrecting(kb, task, answersTo(task))).at(-1)?.problems).toEqual([])
}

describe('tasks', () => {
  test('are leased: two agents get two, and one that dies loses its own to the next', async () => {
    const { base, kb } = await agentBase()
    using _ = base
    await kb.add([base.source('first'), base.source('second')])
    const dying = await taskOf(kb, 'dying', 4)
    const other = await taskOf(kb, 'other')
    expect([dying.subject, other.subject]).toEqual(['first', 'second'])
    expect(await kb.tasks.next()).toMatchObject({ task: null, waiting: { documents: 2 }, leased: 2 })
    await delay(4_100)
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

  test('are checks for contradictions once lint has asked for them, and the report has what was found', async () => {
    const { base, kb } = await agentBase()
    using _ = base
    await kb.add([base.source('first'), base.source('second')])
    await compileAll(kb)
    expect((await kb.tasks.next()).task).toBeNull()
    const asked = (await kb.lint()).waiting ?? 0
    expect(asked).toBeGreaterThan(0)
    expect(await kb.status()).toMatchObject({
      waiting: { documents: 0, overviews: 0, checks: asked },
      next: { command: 'kbgit', args: ['compile', 'next', '--json'] },
    })
    const found = { contradictions: ['first says 1900, and second says 1901.'], gaps: [] }
    let commit: string | null = null
    let handedOut = 0
    for (let { task } = await kb.tasks.next(); task !== null; { task } = await kb.tasks.next()) {
      expect(task.kind).toBe('check')
      handedOut += task.questions.length
      const [one = '', ...others] = task.questions.map(({ id }) => id)
      const wrong = { [one]: { contradictions: ['<b>n/a</b>'], gaps: 'none' } }
      const refused = await kb.tasks.submit(task.id, { answers: { ...wrong, more: {} } })
      expect(refused.problems.map(({ at }) => at)).toEqual(
        expect.arrayContaining(['answers.more', `answers.${one}.gaps`, ...others.map((id) => `answers.${id}`)]),
      )
      expect(commit).toBeNull()
      const answers = Object.fromEntries(task.questions.map(({ id }) => [id, found]))
      const done = await kb.tasks.submit(task.id, { answers })
      expect(done.problems).toEqual([])
      commit = done.commit
    }
    expect(handedOut).toBe(asked)
    expect(base.git('show', '--format=%B', '--stat', commit ?? '')).toMatch(/^lint: [\s\S]*wiki\/reports\/lint-/)
    const lint = await kb.lint()
    expect(lint.waiting).toBeUndefined()
    expect(lint.problems.filter(({ code }) => code === 'contradiction').length).toBe(asked)
    expect((await kb.status()).waiting).toEqual({ documents: 0, overviews: 0, checks: 0 })
    // A page that has changed is to be checked again.
    await kb.remove('second')
    await kb.add([base.source('third'), base.source('fourth')])
    await compileAll(kb)
    expect((await kb.lint()).waiting).toBeGreaterThan(0)
    expect((await kb.fsck()).problems).toEqual([])
  })

  test('are given for documents that are recompiled, which keep their pages meanwhile', async () => {
    const { base, kb } = await agentBase()
    using _ = base
    await kb.add([base.source('first'), base.source('second')])
    expect(await kb.status()).toMatchObject({
      waiting: { documents: 2 },
      next: { args: ['compile', 'next', '--json'], reason: '2 documents wait for an agent' },
    })
    await compileAll(kb)
    const head = base.git('rev-parse', 'HEAD')
    expect(await kb.recompile({ all: true, dryRun: true })).toMatchObject({ waiting: ['first', 'second'] })
    expect((await kb.tasks.next()).task).toBeNull()
    expect(await kb.recompile({ document: 'second' })).toMatchObject({ recompiled: [], waiting: ['second'], head })
    expect(base.git('rev-parse', 'HEAD')).toBe(head)
    expect((await kb.status()).waiting).toMatchObject({ documents: 1 })
    const task = await taskOf(kb, 'other')
    expect(task.subject).toBe('second')
    expect((await submitCorrecting(kb, task, answersTo(task))).at(-1)?.commit).not.toBeNull()
    expect(base.git('log', '-1', '--format=%B', '--grep=recompile: second')).toMatch(/^Kbgit-Model: agent\/other$/m)
    expect((await kb.status()).waiting).toMatchObject({ documents: 0 })
    await expect(kb.recompile({ document: 'absent' })).rejects.toMatchObject({ code: 'notFound' })
  })

  test('are for bases that agents compile', async () => {
    using base = await LiveBase.make()
    await expect((await base.open()).tasks.next()).rejects.toMatchObject({ code: 'usage' })
  })
})
