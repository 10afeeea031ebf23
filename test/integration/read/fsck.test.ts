import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FsckResult } from '../../../src/core/results.ts'
import { fsck, PROBLEMS_MAX, type FsckOptions, type FsckSources } from '../../../src/read/fsck.ts'
import type { KnownDigests } from '../../../src/read/originals.ts'
import { makeBase, readBase, type TestBase } from '../../support/base.ts'
import { generateBase } from '../../support/generate-base.ts'
import type { SampleDocument } from '../../support/sample-wiki.ts'

const attention = { kind: 'concept' as const, name: 'attention' }
const DOCUMENTS: SampleDocument[] = [
  { name: 'paper', title: 'A paper', topics: [attention] },
  { name: 'notes', topics: [attention, { kind: 'entity', name: 'Ada' }] },
]

async function check(base: TestBase, options: FsckOptions = {}, sources: FsckSources = {}): Promise<FsckResult> {
  await using reader = await base.read()
  return await fsck(reader, sources, options)
}

const codes = ({ problems }: FsckResult): string[] => problems.map(({ code, path }) => `${code} ${path}`).sort()

describe('fsck finds nothing wrong', () => {
  it.each(['', 'kb/'])('with a base at %j, in the quick check and with every byte read', async (prefix) => {
    using base = makeBase([...DOCUMENTS, { name: 'large', large: true }], prefix)
    if (prefix !== '') base.repository.commit('outside', { 'wiki/broken.md': '[[nowhere]]\n', 'documents/x.json': '{' })
    const cheap = await check(base)
    expect(cheap).toMatchObject({
      ok: true,
      problems: [],
      checked: { documents: 3, originals: 3, blobs: 1, topicPages: 2 },
    })
    expect(await check(base, { blobs: true })).toMatchObject({ ok: true, problems: [], checked: { originals: 3 } })
  })

  it('after a document is reverted, and at a revision before it', async () => {
    using base = makeBase(DOCUMENTS)
    base.repository.git('revert', '--no-edit', 'HEAD')
    expect(codes(await check(base))).toEqual([])
    expect(await check(base, { at: base.commits.get('paper') ?? '' })).toMatchObject({
      ok: true,
      checked: { documents: 1 },
    })
  })

  it('with a generated base, which is the same for the same seed', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'kbgit-test-'))
    try {
      for (const dir of ['one', 'two'])
        await generateBase(join(parent, dir), {
          documents: 150,
          seed: 7,
          prefix: 'kb/',
          textBytes: 100,
          checkout: dir === 'one',
        })
      await using reader = await readBase(join(parent, 'one'), 'kb/')
      await using other = await readBase(join(parent, 'two'), 'kb/')
      expect(await fsck(reader, {})).toMatchObject({ ok: true, problems: [], checked: { documents: 150 } })
      expect(await reader.history.resolve('HEAD')).toBe(await other.history.resolve('HEAD'))
    } finally {
      rmSync(parent, { recursive: true, force: true })
    }
  })

  it('in links that Obsidian resolves by name, in code, and outside of the folders of kbgit', async () => {
    using base = makeBase(DOCUMENTS)
    base.commit('mine', { 'wiki/explorations/mine.md': '[[attention]] `[[none]]` [readme](../../README.md)\n' })
    expect(codes(await check(base))).toEqual([])
  })
})

describe('fsck reports', () => {
  const record = (base: TestBase, name: string, change: object): string =>
    `${JSON.stringify({ ...base.records.get(name), ...change }, null, 1)}\n`

  it.each<[string, (base: TestBase) => Record<string, string | null>, string[]]>([
    [
      'a registry file that is broken',
      () => ({ 'documents/notes.json': '{' }),
      ['registryBroken documents/notes.json'],
    ],
    [
      'a record under another name',
      (base) => ({ 'documents/other.json': record(base, 'notes', {}) }),
      ['registryBroken documents/other.json'],
    ],
    [
      'files that are missing',
      () => ({ 'raw/notes.md': null, 'wiki/sources/notes.md': null }),
      ['brokenLink wiki/summaries/notes.md', 'missingFile raw/notes.md', 'missingFile wiki/sources/notes.md'],
    ],
    [
      'two documents of one digest and one origin',
      (base) => ({
        'documents/notes.json': record(base, 'notes', {
          sha256: base.records.get('paper')?.sha256,
          origin: base.records.get('paper')?.origin,
        }),
      }),
      [
        'doubleDigest documents/paper.json',
        'doubleOrigin documents/paper.json',
        'originalAltered raw/notes.md',
        'summaryDisagrees wiki/summaries/notes.md',
      ],
    ],
    [
      'a record that leaves a section out, and one that tells of none',
      (base) => ({
        'documents/notes.json': record(base, 'notes', { topics: ['wiki/concepts/attention.md'] }),
        'documents/paper.json': record(base, 'paper', {
          topics: ['wiki/concepts/attention.md', 'wiki/entities/Ada.md'],
        }),
      }),
      ['sectionMissing wiki/entities/Ada.md', 'sectionUnknown wiki/entities/Ada.md'],
    ],
    [
      'sources that are not the sections',
      () => ({
        'wiki/entities/Ada.md':
          '---\ntype: entity\ntitle: Ada\nsources: ["paper"]\n---\n\n# Ada\n\n## [[summaries/notes]]\n\nx\n',
      }),
      ['sourcesDisagree wiki/entities/Ada.md'],
    ],
    [
      'an entry that is gone from its listing page',
      () => ({ 'wiki/contents/documents.md': '# documents\n\n- [[summaries/paper]]\n- [[summaries/absent]]\n' }),
      ['brokenLink wiki/contents/documents.md', 'notListed wiki/summaries/notes.md'],
    ],
    [
      'links that lead nowhere',
      () => ({ 'wiki/explorations/x.md': 'a [[concepts/absent|b]]\n\n![c](gone.png)\n' }),
      ['brokenLink wiki/explorations/x.md', 'brokenLink wiki/explorations/x.md'],
    ],
    [
      'paths that are one on other systems, and paths that are none',
      () => ({ 'raw/NOTES.md': 'x', 'raw/a\nb.md': 'x' }),
      ['illegalPath raw/a\nb.md', 'pathCollision raw/notes.md'],
    ],
    [
      'a page that continues nothing',
      () => ({ 'wiki/concepts/lost--2.md': '---\ntype: concept\npart: 2\nsources: []\n---\n\n# Lost\n' }),
      ['partAlone wiki/concepts/lost--2.md'],
    ],
  ])('%s', async (_what, files, expected) => {
    using base = makeBase(DOCUMENTS)
    base.commit('break', files(base))
    const result = await check(base)
    expect(codes(result)).toEqual(expected)
    expect(result.ok).toBe(false)
    for (const { message, fix } of result.problems)
      expect([message.endsWith('.'), fix?.endsWith('.')]).toEqual([true, true])
    expect((await check(base, { at: 'HEAD^' })).ok).toBe(true)
  })

  it('an original that is not what was added, and reads each one once', async () => {
    using base = makeBase(DOCUMENTS)
    const read: string[] = []
    const known = new Map<string, string>()
    const digests: KnownDigests = {
      ofObject: (oid) => known.get(oid),
      keepObject: (oid, sha256) => void (known.set(oid, sha256), read.push(oid)),
      ofFile: () => Promise.resolve(undefined),
    }
    expect((await check(base, {}, { digests })).ok).toBe(true)
    expect(read).toHaveLength(2)
    base.commit('break', { 'raw/paper.md': 'altered' })
    expect(codes(await check(base, {}, { digests }))).toEqual(['originalAltered raw/paper.md'])
    expect(read).toHaveLength(3)
    expect(codes(await check(base, { at: 'HEAD^' }, { digests }))).toEqual([])
    expect(read).toHaveLength(3)
    await check(base, { blobs: true }, { digests })
    expect(read).toHaveLength(5)
  })

  it('an object that is cut off or altered, not one that is missing, and a pointer to another one', async () => {
    using base = makeBase([{ name: 'large', large: true, text: 'bytes' }])
    const sha256 = base.records.get('large')?.sha256 ?? ''
    const blob = join(base.repository.dir, '.git/lfs/objects', sha256.slice(0, 2), sha256.slice(2, 4), sha256)
    writeFileSync(blob, 'BYTES')
    expect(codes(await check(base))).toEqual([`blobAltered ${blob}`])
    writeFileSync(blob, 'byte')
    expect(codes(await check(base))).toEqual([`blobAltered ${blob}`])
    rmSync(blob)
    const { ok, problems, absent } = await check(base)
    expect({ ok, problems, absent }).toEqual({
      ok: true,
      problems: [],
      absent: [{ name: 'large', path: 'raw/large/large.md' }],
    })
    base.commit('break', {
      'raw/large/large.md': `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 5\n`,
    })
    expect(codes(await check(base))).toEqual(['pointerBroken raw/large/large.md'])
  })

  it('an object that git has lost', async () => {
    using base = makeBase(DOCUMENTS)
    const oid = base.repository.git('rev-parse', 'HEAD:wiki/sources/paper.md')
    rmSync(join(base.repository.dir, '.git/objects', oid.slice(0, 2), oid.slice(2)))
    const result = await check(base)
    expect(result.problems[0]).toMatchObject({ code: 'gitObjects', message: expect.stringContaining(oid) })
    const tree = base.repository.git('rev-parse', 'HEAD:wiki')
    rmSync(join(base.repository.dir, '.git/objects', tree.slice(0, 2), tree.slice(2)))
    expect(codes(await check(base)).some((code) => code.startsWith('gitObjects'))).toBe(true)
  })

  it('what a dead run left, unless a run is active', async () => {
    using base = makeBase(DOCUMENTS)
    const sidecar = join(base.repository.dir, '.git/kbgit')
    for (const folder of ['journal', 'quarantine']) {
      mkdirSync(join(sidecar, folder), { recursive: true })
      writeFileSync(join(sidecar, folder, 'x.json'), '{}')
    }
    expect((await check(base)).problems.map(({ code }) => code)).toEqual(['journalLeft', 'quarantined'])
    expect((await check(base, {}, { writing: () => Promise.resolve(true) })).problems.map(({ code }) => code)).toEqual([
      'quarantined',
    ])
    expect(readdirSync(join(sidecar, 'journal'))).toEqual(['x.json'])
  })

  it('texts that are missing from the search store', async () => {
    using base = makeBase(DOCUMENTS)
    const asked: string[] = []
    const result = await check(
      base,
      {},
      {
        unindexed: (files) => {
          asked.push(...files.map(({ path }) => path))
          return Promise.resolve(files.filter(({ path }) => path === 'wiki/sources/paper.md'))
        },
      },
    )
    expect(asked).toContain('wiki/concepts/attention.md')
    expect(codes(result)).toEqual(['notIndexed wiki/sources/paper.md'])
  })

  it('a limited list of problems, and their total number', async () => {
    using base = makeBase(DOCUMENTS)
    base.commit('break', { 'wiki/explorations/x.md': '[[concepts/absent]]\n'.repeat(PROBLEMS_MAX + 5) })
    const { problems } = await check(base)
    expect([problems.length, problems.at(-1)?.message]).toEqual([PROBLEMS_MAX + 1, '5 more problems are not listed.'])
  })

  it('nothing more once it is stopped', async () => {
    using base = makeBase(DOCUMENTS)
    await expect(check(base, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'interrupted' })
  })
})
