import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { blame } from '../../../src/read/blame.ts'
import { fsck } from '../../../src/read/fsck.ts'
import { list } from '../../../src/read/list.ts'
import { log } from '../../../src/read/log.ts'
import { show, showRaw } from '../../../src/read/show.ts'
import { status, type StatusSources } from '../../../src/read/status.ts'
import { makeBase, readBase, type TestBase } from '../../support/base.ts'
import { TestRepository } from '../../support/repository.ts'
import type { SampleDocument } from '../../support/sample-wiki.ts'

const attention = { kind: 'concept' as const, name: 'attention' }
const ada = { kind: 'entity' as const, name: 'Ada Lovelace' }
const PAPER: SampleDocument = {
  name: 'paper',
  title: 'A paper',
  topics: [attention, ada],
  origin: '/home/ada/Paper (final).pdf',
}
const NOTES: SampleDocument = { name: 'notes', title: 'Notes', topics: [attention], compiler: 'llm@1', model: 'a/b' }

const QUIET: StatusSources = {
  sidecar: () => Promise.resolve({ ok: true, documents: 0, bytes: 0 }),
  vectors: () => Promise.resolve(undefined),
  hooks: () => Promise.resolve({ 'post-commit': 'installed' }),
  unfinished: () => Promise.resolve({ pending: [], failed: [] }),
  counts: () => undefined,
  overviewDue: () => Promise.resolve([]),
  waiting: () => Promise.resolve(undefined),
  displaced: () => Promise.resolve([]),
  git: () => ({ mergeDriver: true }),
  originals: () => Promise.resolve(undefined),
  disk: () => Promise.resolve({}),
  watch: () => Promise.resolve(undefined),
}

const commitOf = async (base: TestBase, name: string): Promise<string | undefined> => {
  await using reader = await base.read()
  return (await list(reader)).documents.find((document) => document.name === name)?.commit
}
const whole = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts).toString()
}

describe.each([
  ['git', ''],
  ['git', 'kb/'],
  ['in-process', 'kb/'],
] as const)('reading with %s a base at %j', (driver, prefix) => {
  it('lists documents with the commits that made them, and topics with the number of their sources', async () => {
    using base = makeBase([PAPER, NOTES], prefix)
    await using reader = await base.read(driver)
    const listed = await list(reader)
    expect(listed.documents.map(({ name, commit }) => [name, commit])).toEqual([
      ['notes', base.commits.get('notes')],
      ['paper', base.commits.get('paper')],
    ])
    expect(listed.documents[1]).toMatchObject({
      title: 'A paper',
      format: 'md',
      kind: 'short',
      raw: 'raw/paper.md',
      summary: 'wiki/summaries/paper.md',
    })
    expect(Object.keys(listed.documents[1] ?? {})).not.toContain('topics')
    expect(listed.concepts).toEqual([{ name: 'attention', path: 'wiki/concepts/attention.md', sources: 2 }])
    expect(listed.entities).toEqual([{ name: 'Ada-Lovelace', path: 'wiki/entities/Ada-Lovelace.md', sources: 1 }])
    expect((await list(reader, { at: base.commits.get('paper') })).documents.map(({ name }) => name)).toEqual(['paper'])
  })

  it('counts documents, topics and pending work in the sidecar', async () => {
    using base = makeBase([PAPER, NOTES], prefix)
    await using reader = await base.read(driver)
    for (const [folder, names] of [
      ['journal', ['1.json', '2.json.tmp']],
      ['quarantine', ['3.json', '4.json']],
      ['staging', ['a', 'b', 'c']],
    ] as const) {
      mkdirSync(join(reader.sidecarDir, folder), { recursive: true })
      for (const name of names) writeFileSync(join(reader.sidecarDir, folder, name), '')
    }
    expect(await status(reader, QUIET)).toMatchObject({
      root: reader.root,
      head: base.commits.get('notes'),
      branch: 'main',
      documents: 2,
      concepts: 1,
      entities: 1,
      journal: 1,
      quarantined: 2,
      staging: 3,
      hooks: { 'post-commit': 'installed' },
    })
    expect(await status(reader, QUIET, { at: 'HEAD~1' })).toMatchObject({
      documents: 1,
      head: base.commits.get('paper'),
    })
  })

  it('shows a page by path, by link, by name and by document', async () => {
    using base = makeBase([PAPER, NOTES], prefix)
    await using reader = await base.read(driver)
    for (const query of [
      'wiki/concepts/attention.md',
      'concepts/attention',
      '[[concepts/attention|Attention]]',
      'attention',
      'Attention',
      'attent',
    ]) {
      expect([query, (await show(reader, query)).page]).toEqual([query, 'wiki/concepts/attention.md'])
    }
    for (const query of ['paper', 'Paper (final).pdf', 'paper.md', 'PAPER', 'final']) {
      expect([query, (await show(reader, query)).page]).toEqual([query, 'wiki/summaries/paper.md'])
    }
    const shown = await show(reader, 'attention', { at: base.commits.get('paper') })
    expect(shown).toMatchObject({
      kind: 'concept',
      at: base.commits.get('paper'),
      text: expect.not.stringContaining('Notes'),
    })
    await expect(show(reader, 'absent')).rejects.toMatchObject({
      code: 'notFound',
      message: expect.stringContaining('absent'),
    })
    await expect(show(reader, 'raw/paper.md')).rejects.toMatchObject({ hint: expect.stringContaining('--raw') })
    await expect(show(reader, '../paper')).rejects.toMatchObject({ code: 'notFound' })
    expect(await whole((await showRaw(reader, 'paper')).chunks)).toBe('Text of paper.\n')
  })

  it('finds pages by their titles and aliases', async () => {
    using base = makeBase([PAPER, NOTES], prefix)
    base.commit('By hand', {
      'wiki/concepts/GNN.md': '---\ntitle: "Graph neural network"\naliases: ["GNNs", "graph nets"]\n---\n\n# GNN\n',
      'wiki/concepts/Graph-net.md': '---\ntitle: "Graph net"\n---\n\n# Graph net\n',
      'wiki/themes/On-attention.md': '---\ntitle: "On attention"\n---\n\n# On attention\n',
    })
    await using reader = await base.read(driver)
    const topicsNamed = async (): Promise<string[]> => ['wiki/concepts/GNN.md', 'wiki/concepts/Graph-net.md']
    for (const each of [reader, { ...reader, topicsNamed }]) {
      expect((await show(each, 'graph neural networks')).page).toBe('wiki/concepts/GNN.md')
      expect((await show(each, 'Graph nets')).page).toBe('wiki/concepts/GNN.md')
      expect((await show(each, 'graph net')).page).toBe('wiki/concepts/Graph-net.md')
      expect((await show(each, 'on Attention')).page).toBe('wiki/themes/On-attention.md')
    }
    const title = base.records.get('paper')?.title ?? ''
    expect((await show(reader, title.toUpperCase())).page).toBe('wiki/summaries/paper.md')
    expect((await log(reader, { of: title })).commits).toEqual((await log(reader, { of: 'paper' })).commits)
    expect((await log(reader, { of: 'Graph neural network' })).commits).toMatchObject([{ message: 'By hand' }])
  })

  it('describes history in terms of documents, without commits outside the base', async () => {
    using base = makeBase([PAPER, NOTES], prefix)
    if (prefix !== '') base.repository.commit('outside', { 'other.txt': 'x' })
    base.commit('my words', { 'wiki/summaries/paper.md': 'mine\n' })
    await using reader = await base.read(driver)
    expect(
      (await log(reader)).commits.map(({ operation, documents, message }) => [operation, documents, message]),
    ).toEqual([
      ['commit', [], 'my words'],
      ['add', ['notes'], 'add: notes'],
      ['add', ['paper'], 'add: paper'],
      ['init', [], 'kbgit: init'],
    ])
    expect((await log(reader, { limit: 1 })).commits.length).toBe(1)
    expect((await log(reader, { of: 'paper' })).commits.map(({ message }) => message)).toEqual([
      'my words',
      'add: paper',
    ])
    expect((await log(reader, { of: 'concepts/attention' })).commits.map(({ message }) => message)).toEqual([
      'add: notes',
      'add: paper',
    ])
    await expect(log(reader, { of: 'absent' })).rejects.toMatchObject({ code: 'notFound' })
  })
})

describe('the commit of a document', () => {
  it('is the one that restored it after a revert and its revert', async () => {
    using base = makeBase([PAPER, NOTES])
    base.repository.git('revert', '--no-edit', base.commits.get('notes') ?? '')
    expect(await commitOf(base, 'notes')).toBeUndefined()
    expect(await commitOf(base, 'paper')).toBe(base.commits.get('paper'))
    base.repository.git('revert', '--no-edit', 'HEAD')
    expect(await commitOf(base, 'notes')).toBe(base.commits.get('notes'))
  })

  it('is not a later one that was undone', async () => {
    using base = makeBase([PAPER])
    const record = base.repository.git('show', 'HEAD:documents/paper.json')
    const trailers = 'Kbgit-Transaction: 2\nKbgit-Document: paper\n'
    const recompiled = base.commit(`recompile: paper\n\n${trailers}`, {
      'documents/paper.json': `${record.replace('builtin@1', 'builtin@3')}\n`,
    })
    expect(await commitOf(base, 'paper')).toBe(recompiled)
    base.repository.git('revert', '--no-edit', recompiled)
    expect(await commitOf(base, 'paper')).toBe(base.commits.get('paper'))
  })

  it('is found on the merged branch, and without any trailer after a squash', async () => {
    using base = makeBase([PAPER])
    base.repository.git('checkout', '-q', '-b', 'side')
    const notes = base.add(NOTES)
    base.repository.git('checkout', '-q', 'main')
    base.commit('other', { 'wiki/explorations/x.md': 'x\n' })
    base.repository.git('merge', '-q', '--no-edit', 'side')
    expect(await commitOf(base, 'notes')).toBe(notes)
    base.repository.git('reset', '-q', '--hard', 'HEAD^')
    base.repository.git('merge', '-q', '--squash', 'side')
    const squash = base.commit('squashed')
    expect(await commitOf(base, 'notes')).toBe(squash)
  })
})

describe('log of a document', () => {
  it('includes its reverts, and remains after the document is removed', async () => {
    using base = makeBase([PAPER, NOTES])
    base.repository.git('revert', '--no-edit', base.commits.get('notes') ?? '')
    await using reader = await base.read()
    expect((await log(reader, { of: 'notes' })).commits.map(({ message }) => message)).toEqual(['add: notes'])
    base.repository.git('revert', '--no-edit', 'HEAD')
    const messages = (await log(reader, { of: 'notes' })).commits.map(({ message }) => message.split('\n')[0])
    expect([messages.length, messages[2]]).toEqual([3, 'add: notes'])
  })

  it('is found by the path of a page that is gone', async () => {
    using base = makeBase([PAPER, NOTES])
    const path = 'wiki/explorations/x.md'
    base.commit('mine', { [path]: 'x\n' })
    base.repository.git('rm', '-q', path)
    base.repository.git('commit', '-qm', 'No more')
    await using reader = await base.read()
    expect((await log(reader, { of: path })).commits.map(({ message }) => message)).toEqual(['No more', 'mine'])
    await expect(log(reader, { of: 'wiki/explorations/y.md' })).rejects.toMatchObject({ code: 'notFound' })
  })
})

describe('blame', () => {
  it('names document, model and commit of each line', async () => {
    using base = makeBase([PAPER, NOTES])
    base.repository.write('.git/passed-over', `${base.commits.get('notes')}\n`)
    base.repository.git('config', 'blame.ignoreRevsFile', '.git/passed-over')
    await using reader = await base.read()
    const { page, lines } = await blame(reader, 'attention')
    expect(page).toBe('wiki/concepts/attention.md')
    expect(lines.map(({ line }) => line)).toEqual(lines.map((_, at) => at + 1))
    expect(lines.find(({ text }) => text.includes('What A paper says'))).toMatchObject({
      document: 'paper',
      operation: 'add',
      commit: base.commits.get('paper'),
      author: 'Ada',
    })
    expect(lines.find(({ text }) => text.includes('What Notes says'))).toMatchObject({
      document: 'notes',
      model: 'a/b',
    })
    const { text } = await show(reader, 'attention')
    base.commit('mine', { 'wiki/concepts/attention.md': `${text}\n## [[summaries/paper|A paper]]\n\nmoved\n` })
    expect((await blame(reader, 'attention')).lines.at(-1)).toMatchObject({
      text: 'moved',
      operation: 'commit',
      document: 'paper',
    })
  })
})

describe('an original', () => {
  it("comes from git-lfs's store if raw has a pointer, and is named if it is missing", async () => {
    using base = makeBase([{ name: 'large', large: true, text: 'many bytes' }])
    await using reader = await base.read()
    const original = await showRaw(reader, 'large')
    expect([original.document, original.size, await whole(original.chunks)]).toEqual(['large', 10, 'many bytes'])
    rmSync(join(reader.sidecarDir, '../lfs'), { recursive: true })
    await expect(showRaw(reader, 'large')).rejects.toMatchObject({
      code: 'notFound',
      message: expect.stringContaining(base.records.get('large')?.sha256 ?? ''),
    })
  })

  it('is the pointer itself if the document is one', async () => {
    const text = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 5\n`
    using base = makeBase([{ name: 'pointer', text }])
    await using reader = await base.read()
    expect(await whole((await showRaw(reader, 'pointer')).chunks)).toBe(text)
  })
})

describe('what cannot be read', () => {
  it('is named: several candidates, an unknown revision, a time before the base, no commit at all', async () => {
    using base = makeBase([{ name: 'report-2024' }, { name: 'report-2025' }])
    await using reader = await base.read()
    await expect(show(reader, 'report')).rejects.toMatchObject({
      code: 'notFound',
      message: '"report" fits more than one: report-2024, report-2025.',
    })
    await expect(list(reader, { at: 'v9' })).rejects.toMatchObject({
      code: 'notFound',
      message: expect.stringContaining('v9'),
    })
    const empty = base.repository.git('commit-tree', '-m', 'before', base.repository.git('mktree'))
    await expect(list(reader, { at: empty })).rejects.toMatchObject({ code: 'noBase', exitCode: 10 })
    using bare = new TestRepository()
    await using nothing = await readBase(bare.dir)
    await expect(list(nothing)).rejects.toMatchObject({
      code: 'noBase',
      message: expect.stringContaining('no commits yet'),
    })
  })

  it("does not include the user's own JSON files", async () => {
    using base = makeBase([PAPER])
    base.commit('mine', { 'documents/data.json': '{"rows": []}', 'documents/mine/list.json': '[1]' })
    await using reader = await base.read()
    expect((await list(reader)).documents.map(({ name }) => name)).toEqual(['paper'])
    expect(await fsck(reader, {})).toMatchObject({ ok: true, checked: { documents: 1, foreign: 2 } })
  })

  it('omits a broken registry file, which fsck names', async () => {
    using base = makeBase([PAPER])
    base.commit('break', { 'documents/paper.json': '{' })
    await using reader = await base.read()
    expect((await list(reader)).documents).toEqual([])
    const { problems } = await fsck(reader, {})
    expect(problems).toContainEqual(expect.objectContaining({ code: 'registryBroken', path: 'documents/paper.json' }))
  })
})
