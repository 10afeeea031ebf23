// Reviews, proposals and tasks as commands: their words, their JSON and their exit codes.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CompileNextResult, CompileSubmitResult, ProposeResult, ReviewListResult } from '../../src/index.ts'
import { answersTo, corrected } from '../support/scripted-agent.ts'
import { Workplace } from '../support/workplace.ts'

const NOTE = '# The Falcon\n\nThe Falcon Engine is a machine of Acme Corporation. Alice Smith built it in Paris.\n'

describe('kbgit review', () => {
  it('says what waits, takes it in, and drops it with a reason', async () => {
    using place = await Workplace.withBase()
    expect(await place.kbgit('review')).toMatchObject({ code: 0, stdout: 'No review is open.\n' })
    expect(await place.kbgit('review', 'show')).toMatchObject({ code: 2 })
    const head = place.git('rev-parse', 'HEAD')
    const added = await place.kbgit('add', '--review', place.write('falcon.md', NOTE))
    expect(added.stdout).toContain('They wait on kbgit/review/1')
    expect(place.git('rev-parse', 'HEAD')).toBe(head)
    await place.kbgit('add', '--review', place.write('heron.md', NOTE.replaceAll('Falcon', 'Heron')))
    const { value } = await place.json<ReviewListResult>('review')
    expect(value.reviews.map(({ number, documents }) => [number, documents])).toEqual([
      [1, ['falcon']],
      [2, ['heron']],
    ])
    expect(await place.kbgit('review', 'accept')).toMatchObject({ code: 2 })
    expect((await place.kbgit('review', 'show', '1')).stdout).toMatch(/^new +falcon: The Falcon$/m)
    expect((await place.kbgit('review', 'accept', '1')).stdout).toContain('accepted falcon')
    expect(await place.kbgit('review', 'reject', '2')).toMatchObject({ code: 2 })
    expect(await place.kbgit('review', 'reject', '2', '--reason', 'Not ours')).toMatchObject({ code: 0 })
    expect(await place.kbgit('review', 'accept', '2')).toMatchObject({ code: 2 })
    expect(place.git('branch', '--list', 'kbgit/*')).toBe('')
    expect((await place.kbgit('list')).stdout).toContain('falcon')
    expect(await place.kbgit('fsck')).toMatchObject({ code: 0 })
  })

  it('is of branches that ordinary git pushes and merges', async () => {
    using place = await Workplace.withBase()
    place.gitIn(place.dir, 'init', '-q', '--bare', 'remote.git')
    place.git('remote', 'add', 'origin', `file://${place.dir}/remote.git`)
    await place.kbgit('add', '--review', place.write('falcon.md', NOTE))
    place.git('push', '-q', 'origin', 'kbgit/review/1')
    expect(place.gitIn(join(place.dir, 'remote.git'), 'branch', '--list')).toContain('kbgit/review/1')
    place.git('merge', '-q', 'kbgit/review/1')
    expect((await place.kbgit('review')).stdout).toContain('already in the current branch')
    expect(await place.kbgit('review', 'accept', '1')).toMatchObject({ code: 0 })
  })
})

describe('kbgit propose', () => {
  it('commits what holds, and names what does not with exit code 14', async () => {
    using place = await Workplace.withBase()
    await place.kbgit('add', place.write('falcon.md', NOTE))
    const edit = {
      page: 'wiki/summaries/falcon.md',
      base: 'HEAD',
      section: 'Note',
      text: 'See [[entities/Paris-Texas]].',
    }
    const file = place.write('edits.json', JSON.stringify({ reason: 'A note', agent: 'scout', edits: [edit] }))
    const head = place.git('rev-parse', 'HEAD')
    const refused = await place.kbgit('propose', file)
    expect(refused.code).toBe(14)
    expect(refused.stderr).toContain('wiki/summaries/falcon.md:')
    expect(refused.stderr).toContain('leads nowhere')
    expect(place.git('rev-parse', 'HEAD')).toBe(head)
    const input = JSON.stringify({ reason: 'A note', agent: 'scout', edits: [{ ...edit, text: 'Paris, in France.' }] })
    const planned = await place.kbgitIn({ input }, 'propose', '--dry-run', '-')
    expect(planned).toMatchObject({ code: 0 })
    expect(planned.stdout).toContain('+Paris, in France.')
    const { stdout } = await place.kbgitIn({ input }, '--json', 'propose', '-')
    expect((JSON.parse(stdout) as ProposeResult).commit).toBe(place.git('rev-parse', 'HEAD'))
    expect(await place.kbgitIn({ input: 'no JSON' }, 'propose', '-')).toMatchObject({ code: 2 })
  })
})

describe('kbgit compile', () => {
  it('hands out a task and takes the corrected answer', async () => {
    using place = await Workplace.withBase()
    expect(await place.kbgit('compile', 'next')).toMatchObject({ code: 2 })
    writeFileSync(join(place.base, 'kbgit.yaml'), place.read('kbgit.yaml').replace('model: builtin', 'model: agent'))
    place.git('commit', '-qam', 'Let agents compile')
    await place.kbgit('add', place.write('falcon.md', NOTE))
    expect((await place.kbgit('fsck')).code).toBe(0)
    const { value } = await place.json<CompileNextResult>('compile', 'next', '--client', 'scout', '--lease', '60')
    const { task } = value
    if (task === null) throw new Error('no task')
    expect(task).toMatchObject({ kind: 'document', subject: 'falcon' })
    expect(task.questions[0]?.prompt).toContain('Alice Smith built it in Paris.')
    const answers = answersTo(task)
    const wrong = place.write('answer.json', JSON.stringify({ answers }))
    const refused = await place.json<CompileSubmitResult>('compile', 'submit', task.id, wrong)
    expect(refused.code).toBe(14)
    expect(new Set(refused.value.problems.map(({ code }) => code))).toEqual(new Set(['quote']))
    const input = JSON.stringify({ answers: corrected(answers, refused.value) })
    expect(await place.kbgitIn({ input }, 'compile', 'submit', task.id)).toMatchObject({ code: 0 })
    expect(place.git('log', '--format=%B', '--grep=recompile: falcon')).toContain('Kbgit-Model: agent/scout')
    expect(await place.kbgitIn({ input }, 'compile', 'submit', task.id)).toMatchObject({ code: 2 })
    const next = await place.json<CompileNextResult>('compile', 'next')
    expect(next.value.waiting.documents).toBe(0)
    expect(next.value.task?.kind ?? 'overview').toBe('overview')
    expect(await place.kbgit('fsck')).toMatchObject({ code: 0 })
  })
})
