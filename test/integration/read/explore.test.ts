import { describe, expect, it } from 'vitest'
import { changes } from '../../../src/read/changes.ts'
import { compare } from '../../../src/read/compare.ts'
import { graph } from '../../../src/read/graph.ts'
import { log } from '../../../src/read/log.ts'
import { timeline } from '../../../src/read/timeline.ts'
import { versions } from '../../../src/read/versions.ts'
import { makeBase } from '../../support/base.ts'
import { LiveBase } from '../../support/live-base.ts'
import type { SampleDocument } from '../../support/sample-wiki.ts'

const attention = { kind: 'concept' as const, name: 'attention' }
const ada = { kind: 'entity' as const, name: 'Ada Lovelace' }
const PAPER: SampleDocument = { name: 'paper', title: 'A paper', topics: [attention, ada] }
const NOTES: SampleDocument = { name: 'notes', title: 'Notes', topics: [attention] }
const now = (): Date => new Date('2026-01-20T12:00:00Z')

describe.each([
  ['git', ''],
  ['git', 'kb/'],
  ['in-process', 'kb/'],
] as const)('exploring with %s a base at %j', (driver, prefix) => {
  it('joins documents and topics in a graph, at any commit, and around one page', async () => {
    using base = makeBase([PAPER, NOTES], prefix)
    await using reader = await base.read(driver)
    const whole = await graph(reader)
    expect(whole.nodes.map(({ id, title, size }) => [id, title, size])).toEqual([
      ['summaries/notes', 'Notes', 1],
      ['summaries/paper', 'A paper', 2],
      ['concepts/attention', 'attention', 2],
      ['entities/Ada-Lovelace', 'Ada Lovelace', 1],
    ])
    expect(whole.edges).toHaveLength(3)
    expect((await graph(reader, { at: base.commits.get('paper') })).nodes).toHaveLength(3)
    const part = await graph(reader, { of: 'Ada-Lovelace' })
    expect(part.nodes.map(({ id }) => id)).toEqual(['summaries/paper', 'entities/Ada-Lovelace'])
    await expect(graph(reader, { of: 'wiki/index.md' })).rejects.toMatchObject({ code: 'notFound' })
  })

  it('reads themes from their pages', async () => {
    using base = makeBase([PAPER, NOTES], prefix)
    const page =
      '---\ntype: theme\ntitle: "On attention"\n---\n\n# On attention\n\n- [[concepts/attention|attention]]\n'
    base.commit('A theme', { 'wiki/themes/On-attention.md': page })
    await using reader = await base.read(driver)
    const { nodes } = await graph(reader)
    expect(nodes[0]).toEqual({ id: 'themes/On-attention', kind: 'theme', title: 'On attention', size: 2 })
    expect(nodes.slice(1).map(({ theme }) => theme)).toEqual(Array(4).fill('themes/On-attention'))
  })

  it('tells the history in entries, newest first', async () => {
    using base = makeBase([PAPER, NOTES], prefix)
    base.commit('Say it better.', { 'wiki/concepts/attention.md': 'text' })
    base.commit('And again', { 'wiki/concepts/attention.md': 'text 2' })
    await using reader = await base.read(driver)
    const { entries } = await timeline(reader)
    expect(entries.map(({ text, commits }) => [text, commits.length])).toEqual([
      ['Ada made 2 commits.', 2],
      ['Added notes.', 1],
      ['Added paper.', 1],
      ['Created the knowledge base.', 1],
    ])
    expect(entries[1]).toMatchObject({ added: ['notes'], before: base.commits.get('paper'), authors: ['Ada'] })
    expect(entries[3]?.before).toBe(null)
    expect((await timeline(reader, { limit: 2 })).entries).toHaveLength(2)
  })

  it('lists what changed since a commit', async () => {
    using base = makeBase([PAPER], prefix)
    const before = base.commits.get('paper') ?? ''
    base.add(NOTES)
    const edit = base.commit('Correct a name', { 'wiki/entities/Ada-Lovelace.md': 'Hers.\n' })
    await using reader = await base.read(driver)
    const found = await changes(reader, before, { now })
    expect(found).toMatchObject({ since: { commit: before }, at: edit, commits: 2, authors: ['Ada'] })
    expect(found.documents).toEqual({
      added: [
        {
          name: 'notes',
          title: 'Notes',
          page: 'wiki/summaries/notes.md',
          commit: base.commits.get('notes'),
          date: '2026-01-02T03:04:05Z',
        },
      ],
      updated: [],
      removed: [],
    })
    const page = 'wiki/concepts/attention.md'
    expect(found.topics.changed).toMatchObject([{ kind: 'concept', title: 'attention', page, before: 1, after: 2 }, {}])
    expect(found.edits).toMatchObject([{ commit: edit, author: 'Ada', pages: ['wiki/entities/Ada-Lovelace.md'] }])
    expect((await changes(reader, 'HEAD', { now })).commits).toBe(0)
  })

  it('lists what changed since a day, or since the beginning', async () => {
    using base = makeBase([PAPER, NOTES], prefix)
    await using reader = await base.read(driver)
    for (const day of ['2026-01-03', '2026-01-10', 'yesterday', '2 weeks ago', '3d', '2026-01-02T12:00:00Z'])
      expect([day, (await changes(reader, day, { now })).since?.commit]).toEqual([day, base.commits.get('notes')])
    const all = await changes(reader, '2026-01-02', { now })
    expect(all.since).toBe(null)
    expect(all.documents.added.map(({ name }) => name)).toEqual(['notes', 'paper'])
    for (const wrong of ['2026-13-45', 'soon', 'no-such-tag'])
      await expect(changes(reader, wrong, { now })).rejects.toMatchObject({ code: 'notFound' })
  })

  it('lists documents and topics that went or changed', async () => {
    using base = makeBase([PAPER, NOTES], prefix)
    const record = JSON.stringify({ ...base.records.get('notes'), sha256: 'f'.repeat(64) }, null, 1)
    base.commit('update: notes', {
      'documents/notes.json': record,
      'documents/paper.json': null,
      'wiki/entities/Ada-Lovelace.md': null,
    })
    await using reader = await base.read(driver)
    const found = await changes(reader, 'HEAD~1', { now })
    expect(found.documents).toMatchObject({ added: [], updated: [{ name: 'notes' }], removed: [{ name: 'paper' }] })
    expect(found.topics.removed).toMatchObject([{ title: 'Ada Lovelace', before: 1, after: 0 }])
  })

  it('finds the versions of many pages, which are those of each page alone', async () => {
    using base = makeBase([PAPER, NOTES], prefix)
    const page = 'wiki/concepts/attention.md'
    for (const text of ['one', 'two']) base.commit(`Say ${text}`, { [page]: text })
    base.commit('Another', { 'wiki/entities/Ada-Lovelace.md': 'Hers.\n' })
    await using reader = await base.read(driver)
    const found = await versions(reader, { folders: ['wiki/concepts', 'wiki/entities'] })
    expect([...found.keys()].sort()).toEqual(expect.arrayContaining([page, 'wiki/entities/Ada-Lovelace.md']))
    expect([...found.keys()].every((path) => /^wiki\/(?:concepts|entities)\//.test(path))).toBe(true)
    for (const [path, { total, commits }] of found) {
      const alone = (await log(reader, { of: path })).commits
      expect([path, total, commits]).toEqual([path, alone.length, alone])
    }
    const last = await versions(reader, { folders: ['wiki/concepts'], limit: 1 })
    expect(last.get(page)).toEqual({ total: found.get(page)?.total, commits: found.get(page)?.commits.slice(0, 1) })
    expect(
      (await versions(reader, { folders: ['wiki/concepts'], at: base.commits.get('paper') })).get(page)?.total,
    ).toBe(1)
  })

  it('compares a page in two commits', async () => {
    using base = makeBase([PAPER], prefix)
    const page = 'wiki/explorations/note.md'
    const first = base.commit('one', { [page]: 'Alice built it in Paris.\n' })
    const second = base.commit('two', { [page]: 'Alice built it in Berlin.\n' })
    base.commit('three', { [page]: null })
    await using reader = await base.read(driver)
    expect(await compare(reader, page, { from: first, to: second })).toMatchObject({
      page,
      from: { commit: first },
      to: { commit: second },
      removed: 1,
      added: 1,
      rows: [{ kind: 'changed' }],
    })
    expect(await compare(reader, 'note', { from: second })).toMatchObject({ to: null, removed: 5, added: 0 })
    await expect(compare(reader, 'nothing', { from: first })).rejects.toMatchObject({ code: 'notFound' })
  })
})

describe('a base that kbgit made', () => {
  it('has the same graph from the index as from the trees of the commit', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon', 'Heron', 'Kite')
    await using kb = await base.open()
    const indexed = await kb.graph()
    expect(indexed.nodes.filter(({ kind }) => kind === 'document')).toHaveLength(3)
    expect(indexed.edges.some(({ kind }) => kind === 'together')).toBe(true)
    base.git('commit', '-q', '--allow-empty', '-m', 'The index does not know this commit yet')
    const { at, ...fromTrees } = await kb.graph()
    expect(at).not.toBe(indexed.at)
    expect({ at: indexed.at, ...fromTrees }).toEqual(indexed)
  })

  it('puts the commits of a run into one entry, with a person who edits in between', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon', 'Heron')
    base.append('wiki/summaries/Falcon.md', '\nMy own words.\n')
    await base.add('Falcon', 'Kite')
    const { entries } = await (await base.open()).timeline()
    expect(entries.map(({ added }) => added)).toEqual([['Kite'], ['Heron', 'Falcon'], [], []])
    expect(entries[1]?.text).toBe('Added 2 documents: Heron, Falcon.')
    expect(entries[2]?.text).toBe('Set up.')
  })
})
