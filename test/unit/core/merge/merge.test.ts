import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { overviewDue } from '../../../../src/wiki/overviews.ts'
import { mergePage } from '../../../../src/core/merge/merge.ts'
import type { MergedText } from '../../../../src/core/merge/merged-text.ts'
import { parsePage } from '../../../../src/core/page/page.ts'
import { linksOf, resolveLink } from '../../../../src/core/page/wiki-links.ts'
import { contribution, documentToPlan, MemoryWiki } from '../../../support/memory-wiki.ts'

/** `git merge-file`, as the driver calls it. */
function mergeText(base: string, ours: string, theirs: string): MergedText {
  const dir = mkdtempSync(join(tmpdir(), 'kbgit-merge-'))
  try {
    for (const [name, text] of Object.entries({ base, ours, theirs })) writeFileSync(join(dir, name), text)
    try {
      return {
        text: execFileSync('git', ['merge-file', '-p', 'ours', 'base', 'theirs'], {
          cwd: dir,
          stdio: 'pipe',
        }).toString(),
        conflict: false,
      }
    } catch (error) {
      return { text: String((error as { stdout?: unknown }).stdout ?? ''), conflict: true }
    }
  } finally {
    rmSync(dir, { recursive: true })
  }
}

/** Merged both ways: the texts must be equal. */
function merged(base: string, ours: string, theirs: string, path: string): MergedText {
  const one = mergePage(base, ours, theirs, path, mergeText)
  const other = mergePage(base, theirs, ours, path, mergeText)
  expect(other.conflict).toBe(one.conflict)
  if (!one.conflict) expect(other.text).toBe(one.text)
  return one
}

/** What `git merge` does with two wikis that have a common ancestor. */
function mergeWikis(base: MemoryWiki, ours: MemoryWiki, theirs: MemoryWiki): { wiki: MemoryWiki; conflicts: string[] } {
  const wiki = new MemoryWiki()
  wiki.files.clear()
  const conflicts: string[] = []
  for (const path of new Set([...ours.files.keys(), ...theirs.files.keys()])) {
    const [a, b, c] = [base.files.get(path), ours.files.get(path), theirs.files.get(path)]
    if (b === undefined || c === undefined) {
      const left = b ?? c
      if (a === undefined && left !== undefined) wiki.files.set(path, left)
      else if (a !== left) conflicts.push(path)
      continue
    }
    const result = merged(a ?? '', b, c, path)
    wiki.files.set(path, result.text)
    if (result.conflict) conflicts.push(path)
  }
  return { wiki, conflicts }
}

function copy(wiki: MemoryWiki): MemoryWiki {
  const other = new MemoryWiki()
  other.files.clear()
  for (const [path, text] of wiki.files) other.files.set(path, text)
  return other
}

function broken(wiki: MemoryWiki): string[] {
  return [...wiki.files].flatMap(([path, text]) =>
    linksOf(path.endsWith('.md') && path.startsWith('wiki/') ? text : '')
      .filter((link) => !resolveLink(path, link).some((one) => wiki.files.has(one) || one.startsWith('raw/')))
      .map(({ target }) => `${path} ${target}`),
  )
}

const add = (wiki: MemoryWiki, name: string, date = '2026-01-01T00:00:00Z') =>
  wiki.add(
    documentToPlan(
      name,
      [
        contribution('Shared Topic', 0.9, { says: `What ${name} says, by [[Own ${name}|its own]].` }),
        contribution(`Own ${name}`, 0.8),
        contribution('Light Topic', 0.2),
        contribution('Ada Lovelace', 0.6, { kind: 'entity', type: 'person' }),
      ],
      { date },
    ),
  )

describe('two bases that diverged', () => {
  test('merge without conflict, identically in both directions, with every section, entry and record', async () => {
    const base = new MemoryWiki()
    await add(base, 'start')
    const [ours, theirs] = [copy(base), copy(base)]
    for (const name of ['both', 'a1', 'a2', 'a3']) await add(ours, name, '2026-01-02T00:00:00Z')
    for (const name of ['b1', 'b2', 'both', 'b3']) await add(theirs, name, '2026-01-03T00:00:00Z')
    for (const wiki of [ours, theirs])
      await wiki.overviews(['wiki/concepts/Shared-Topic.md'], { date: '2026-01-04T00:00:00Z' })
    const { wiki, conflicts } = mergeWikis(base, ours, theirs)
    expect(conflicts).toEqual([])
    const names = ['a1', 'a2', 'a3', 'b1', 'b2', 'b3', 'both', 'start']
    expect(
      wiki
        .records()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(names)
    const topic = parsePage(wiki.text('wiki/concepts/Shared-Topic.md'))
    expect([...(topic.front['sources'] as string[])].sort()).toEqual(names)
    expect(topic.sections).toHaveLength(names.length)
    expect(overviewDue(topic)).toBe(true)
    for (const name of names) expect(wiki.text('wiki/contents/documents.md')).toContain(`[[summaries/${name}|`)
    expect(wiki.text('wiki/log.md').match(/^- /gm)?.length).toBe(9 + 1)
    expect(broken(wiki)).toEqual([])
    for (const name of names) await wiki.remove(name)
    expect([...wiki.files.keys()].filter((path) => /^wiki\/(?:concepts|entities|summaries)\//.test(path))).toEqual([])
  })

  test('keep removals of either side, and the overview by kbgit is rewritten', async () => {
    const base = new MemoryWiki()
    for (const name of ['x', 'y', 'z']) await add(base, name)
    const [ours, theirs] = [copy(base), copy(base)]
    await ours.remove('y')
    await add(theirs, 'new')
    const { wiki, conflicts } = mergeWikis(base, ours, theirs)
    // One side removed a document, the other related a new one to it: git asks a person (docs/decisions/0012).
    expect(conflicts).toEqual(['wiki/summaries/y.md'])
    expect(parsePage(wiki.text('wiki/concepts/Shared-Topic.md')).front['sources']).toEqual(['x', 'z', 'new'])
    expect(wiki.text('wiki/contents/documents.md')).not.toContain('summaries/y')
    expect(broken(wiki).filter((link) => !link.includes('summaries/y'))).toEqual([])
  })
})

describe('text written by people', () => {
  const page = (intro: string, section: string) =>
    `---\ntype: concept\ntitle: Shared\naliases: []\nsources: ["a"]\n---\n\n# Shared\n\n${intro}\n\n## [[summaries/a|A]]\n\n${section}\n`
  const path = 'wiki/concepts/Shared.md'

  test('stays from both sides if it is on different lines of one section', () => {
    const result = merged(
      page('Mine.', 'one\n\ntwo\n\nthree\n\nfour'),
      page('Mine.', 'ONE\n\ntwo\n\nthree\n\nfour'),
      page('Mine.', 'one\n\ntwo\n\nthree\n\nFOUR'),
      path,
    )
    expect(result).toEqual({ text: page('Mine.', 'ONE\n\ntwo\n\nthree\n\nFOUR'), conflict: false })
  })

  test('on the same line is a conflict with markers, and no other section is', () => {
    const result = merged(page('Mine.', 'one'), page('Mine.', 'uno'), page('Mine.', 'eins'), path)
    expect(result.conflict).toBe(true)
    expect(result.text).toMatch(/^# Shared\n\nMine\.\n\n## .*\n\n<<<<<<< .*\nuno\n=======\neins\n>>>>>>>/m)
  })

  test('in a section that the other side removed is a conflict', () => {
    const without = page('Mine.', 'x').replace(/\n## [^]*$/, '')
    expect(merged(page('Mine.', 'one'), without, page('Mine.', 'two'), path).conflict).toBe(true)
    expect(merged(page('Mine.', 'one'), without, page('Mine.', 'one'), path)).toEqual({
      text: without,
      conflict: false,
    })
  })

  test("in an introduction stays, even if the other side's is by kbgit", () => {
    const own = page('', 'one').replace('# Shared\n\n\n\n', '# Shared\n\n')
    const result = merged(
      own,
      page('My words.', 'one'),
      own.replace('\n## ', '\nContinues on [[concepts/Shared--2|the next page]].\n\n## '),
      path,
    )
    expect(result.conflict).toBe(false)
    expect(result.text).toContain('My words.')
  })

  test('in front matter is merged key by key', () => {
    const base = page('Mine.', 'one')
    const ours = base
      .replace('aliases: []', 'aliases: ["x"]')
      .replace('type: concept\n', 'type: concept\ntags: [mine]\n')
    const theirs = base.replace('aliases: []', 'aliases: ["y"]').replace('title: Shared', 'title: Renamed')
    const { text, conflict } = merged(base, ours, theirs, path)
    expect(conflict).toBe(false)
    expect(parsePage(text).front).toEqual({
      type: 'concept',
      tags: ['mine'],
      title: 'Renamed',
      aliases: ['x', 'y'],
      sources: ['a'],
    })
    expect(merged(base, base.replace('title: Shared', 'title: One'), theirs, path).conflict).toBe(true)
  })
})

test('records of one document are merged; records of two documents with one name conflict', async () => {
  const wiki = new MemoryWiki()
  await add(wiki, 'one')
  const record = wiki.record('one')
  const text = (change: object) => `${JSON.stringify({ ...record, ...change }, null, 1)}\n`
  const result = merged(
    '',
    text({ addedAt: '2026-02-01T00:00:00Z', topics: ['a', 'b'] }),
    text({ addedAt: '2026-01-01T00:00:00Z', topics: ['b', 'c'] }),
    'documents/one.json',
  )
  expect(JSON.parse(result.text)).toMatchObject({ addedAt: '2026-01-01T00:00:00Z', topics: ['a', 'b', 'c'] })
  expect(merged('', text({ sha256: 'a' }), text({ sha256: 'b' }), 'documents/one.json').conflict).toBe(true)
})

test('the front page has the shards of both sides', () => {
  const index = new MemoryWiki().text('wiki/index.md')
  const with2 = index.replace(/(- \[\[contents\/concepts\|.*)/, '$1\n- [[contents/concepts-v2|Concepts, volume 2]]')
  const with23 = with2.replace(/(- \[\[contents\/concepts-v2\|.*)/, '$1\n- [[contents/concepts-v3|Concepts, volume 3]]')
  const withDocuments = index.replace(
    /(- \[\[contents\/documents\|.*)/,
    '$1\n- [[contents/documents-v2|Documents, volume 2]]',
  )
  const { text, conflict } = merged(index, with23, withDocuments, 'wiki/index.md')
  expect(conflict).toBe(false)
  expect(linksOf(text).map(({ target }) => target)).toEqual([
    'contents/documents',
    'contents/documents-v2',
    'contents/concepts',
    'contents/concepts-v2',
    'contents/concepts-v3',
    'contents/entities',
    'log',
    'AGENTS',
  ])
  expect(merged(index, with2, with23, 'wiki/index.md').conflict).toBe(false)
})

test('the text around the entries of a listing page is merged as text', () => {
  const listing = '# Concepts\n\nFirst.\n\nSecond.\n\n- [[concepts/b|b]]\n'
  const ours = listing.replace('First.', 'FIRST.').replace('- [[', '- [[concepts/a|a]]\n- [[')
  const theirs = `${listing.replace('Second.', 'SECOND.')}- [[concepts/c|c]]\n`
  expect(merged(listing, ours, theirs, 'wiki/contents/concepts.md')).toEqual({
    text: '# Concepts\n\nFIRST.\n\nSECOND.\n\n- [[concepts/a|a]]\n- [[concepts/b|b]]\n- [[concepts/c|c]]\n'.replace(
      'Second',
      'SECOND',
    ),
    conflict: false,
  })
  expect(merged(listing, ours, listing.replace('First.', 'Premier.'), 'wiki/contents/concepts.md')).toMatchObject({
    conflict: true,
    text: expect.stringContaining('[[concepts/a|a]]'),
  })
})

test('the log has the newest entries of both sides, up to its limit', () => {
  const log = (...lines: string[]) =>
    `# Log\n\nWords.\n\n${lines.map((line) => `- 2026-01-${line} add: x${line}`).join('\n')}\n`
  const at = (day: number) => `${String(day).padStart(2, '0')}T00:00:00Z`
  const base = log(at(3), at(2), at(1))
  const { text } = merged(base, log(at(9), at(3), at(2), at(1)), log(at(8), at(3), at(1)), 'wiki/log.md')
  expect(text).toBe(log(at(9), at(8), at(3), at(1)))
  const many = (from: number) =>
    log(
      ...Array.from(
        { length: 50 },
        (_, n) => `${String(from).padStart(2, '0')}T00:00:${String(59 - n).padStart(2, '0')}Z`,
      ),
    )
  expect(merged(base, many(10), many(11), 'wiki/log.md').text.match(/^- /gm)).toHaveLength(50)
})

describe('the text of a document', () => {
  const path = 'wiki/sources/a.md'
  const plain = 'To B and C, **d** and E.\n'
  const merge = (ancestor: string, ours: string, theirs: string): MergedText => {
    const merged = mergePage(ancestor, ours, theirs, path, mergeText)
    expect(mergePage(ancestor, theirs, ours, path, mergeText).conflict).toBe(merged.conflict)
    if (!merged.conflict) expect(mergePage(ancestor, theirs, ours, path, mergeText)).toEqual(merged)
    return merged
  }

  test('has the links that either side made, and not those that one took away', () => {
    const ours = 'To [[summaries/B|B]] and C, **d** and E.\n'
    const theirs = 'To B and [[summaries/v2/C|C]], [**d**](../summaries/D.md) and E.\n'
    expect(merge(plain, ours, theirs)).toEqual({
      text: 'To [[summaries/B|B]] and [[summaries/v2/C|C]], [**d**](../summaries/D.md) and E.\n',
      conflict: false,
    })
    expect(merge(ours, plain, theirs.replace('To B', 'To [[summaries/B|B]]'))).toEqual({
      text: theirs,
      conflict: false,
    })
  })

  test('conflicts if the sides differ in more than links', () => {
    expect(merge(plain, plain.replace('To', 'From'), plain.replace('To', 'At')).conflict).toBe(true)
  })
})
