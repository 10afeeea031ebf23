import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CompileTask, Kb } from '../../../src/index.ts'
import { LiveBase } from '../../support/live-base.ts'
import { startModelServer, type ModelServer } from '../../support/model-server.ts'
import { answersTo, submitCorrecting } from '../../support/scripted-agent.ts'

const ENV = { SOURCE_DATE_EPOCH: '1750000000' }
const AGENT = { config: 'pageindex_threshold: 3\n', env: ENV }

function configure(base: LiveBase, model: string, more = ''): void {
  base.write(
    'kbgit.yaml',
    `version: 1\nmodel: ${model}\ndurability: process\nfile_processing_jobs: 1\npageindex_threshold: 3\n${more}`,
  )
  base.git('commit', '-qm', `Compile by ${model}`, '--', 'kbgit.yaml')
}

async function agentBase(more = ''): Promise<{ base: LiveBase; kb: Kb }> {
  const base = await LiveBase.make(AGENT)
  configure(base, 'agent', more)
  return { base, kb: await base.open() }
}

async function taskOf(kb: Kb, client = 'scout', lease?: number): Promise<CompileTask> {
  const { task } = await kb.tasks.next({ client, ...(lease === undefined ? {} : { lease }) })
  if (task === null) throw new Error('no task')
  return task
}

/** Everything that is committed, with the name of whoever compiled it left out. */
function content(base: LiveBase, model: string): Map<string, string> {
  const listed = base.git('ls-tree', '-r', '--name-only', 'HEAD').split('\n')
  return new Map(
    listed
      .filter((path) => path !== 'kbgit.yaml' && path !== '')
      .map((path) => [path, base.git('show', `HEAD:${path}`).replaceAll(model, 'somebody')]),
  )
}

const SUBJECTS = ['Falcon', 'Heron', 'Sparrow', 'Merlin', 'Osprey']

function note(index: number): string {
  const subject = SUBJECTS[index % SUBJECTS.length]
  return `# Report ${index}\n\nThe ${subject} Engine number ${index} was built by Alice Smith of Acme Corporation in Paris. It has ${index + 2} wheels and a boiler of copper.\n\nThe people of Acme Corporation sell the ${subject} Engine in Berlin. Nobody has complained about machine ${index} so far.\n`
}

/** Long: sections of headings are cut into pages. */
function longNote(index: number): string {
  const chapter = (n: number): string =>
    `## Chapter ${n} of ${index}\n\n${`The valve ${n} of the Great Engine ${index} was made by Acme Corporation in Lyon. It holds ${n} litres of steam. `.repeat(60)}\n`
  return `# Manual ${index}\n\n${Array.from({ length: 30 }, (_, n) => chapter(n + 1)).join('\n')}`
}

describe('a scripted agent that compiles fifty documents', { timeout: 600_000 }, () => {
  test('gets in what is right, is told what is wrong, and leaves what a model server with its answers leaves', async () => {
    const sources = mkdtempSync(join(tmpdir(), 'kbgit-fifty-'))
    const files = Array.from({ length: 50 }, (_, index) => {
      const file = join(sources, `report-${String(index).padStart(2, '0')}.md`)
      writeFileSync(file, index % 24 === 7 ? longNote(index) : note(index))
      return file
    })
    await using server = await startModelServer()
    using modelled = await LiveBase.make(AGENT)
    await (await modelled.open()).add(files)
    configure(modelled, 'compatible/test', `base_url: ${server.url}/v1\n`)
    const recompiled = await (await modelled.open()).recompile({ all: true })
    expect(recompiled.failed).toEqual([])

    const { base, kb } = await agentBase()
    using _ = base
    const added = await kb.add(files)
    expect(added.failed).toEqual([])
    const wholes = wholePrompts(server)
    const refused: string[] = []
    let documents = 0
    for (let turn = 0; ; turn++) {
      const { task, waiting } = await kb.tasks.next({ client: 'scout' })
      if (task === null) {
        expect(waiting).toEqual({ documents: 0, overviews: 0 })
        break
      }
      if (task.kind === 'document') documents++
      for (const question of task.questions)
        if (question.id === 'whole') question.prompt = wholes.get(task.title) ?? question.prompt
      if (turn % 10 === 3) {
        const { problems } = await kb.tasks.submit(task.id, { answers: { document: { answer: 42 } } })
        expect(problems.map(({ code }) => code)).toContain('schema')
      }
      const results = await submitCorrecting(kb, task, answersTo(task, turn % 5 === 0 ? 'ghostLinks' : 'good'))
      expect(results.at(-1)?.problems).toEqual([])
      if (task.kind === 'document') expect(results).toHaveLength(2)
      refused.push(...(results.length === 2 ? (results[0]?.problems ?? []).map(({ code }) => code) : []))
      await expect(kb.tasks.submit(task.id, { answers: {} })).rejects.toMatchObject({ code: 'notFound' })
    }
    expect(documents).toBe(50)
    expect(new Set(refused)).toEqual(new Set(['quote', 'brokenLink', 'active']))
    const [mine, theirs] = [content(base, 'agent/scout'), content(modelled, 'compatible/test')]
    expect([...mine.keys()]).toEqual([...theirs.keys()])
    for (const [path, text] of mine) if (path !== 'wiki/log.md') expect(text, path).toBe(theirs.get(path))
    expect((await kb.fsck()).problems).toEqual([])
    expect(base.git('log', '--format=%s', '--grep=Kbgit-Model: agent/scout').split('\n')).toHaveLength(
      base.git('log', '--format=%s', '--grep=^recompile: \\|^overview: ').split('\n').length - 1,
    )
    rmSync(sources, { recursive: true })
  })
})

/** The questions over whole documents, as the server got them, by the title in them. */
function wholePrompts(server: ModelServer): Map<string, string> {
  return new Map(
    server
      .prompts()
      .filter((prompt) => prompt.includes('Notes on a long document'))
      .map((prompt) => [
        /^Title: (.+)$/m.exec(prompt)?.[1] ?? '',
        prompt.slice(prompt.indexOf('Notes on a long document')),
      ]),
  )
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
