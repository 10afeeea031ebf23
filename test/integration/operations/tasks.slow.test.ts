// Fifty documents, compiled by a scripted agent and by a model server with the same answers.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AGENT, agentBase, configure } from '../../support/agent-base.ts'
import { LiveBase } from '../../support/live-base.ts'
import { startModelServer, type ModelServer } from '../../support/model-server.ts'
import { answersTo, submitCorrecting } from '../../support/scripted-agent.ts'

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
        expect(waiting).toEqual({ documents: 0, overviews: 0, checks: 0 })
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
    expect(new Set(refused)).toEqual(new Set(['quote', 'brokenLink', 'active', 'source']))
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
