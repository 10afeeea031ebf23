import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { ExportKind, Kb } from '../../../src/index.ts'
import { LiveBase } from '../../support/live-base.ts'
import { contentOf } from '../../support/workplace.ts'

let base: LiveBase
let kb: Kb
/** A new path for an export. */
let exports = 0
const place = (): string => join(base.sources, `export-${exports++}`)
const read = (dir: string, path: string): string => readFileSync(join(dir, path), 'utf8')

beforeAll(async () => {
  base = await LiveBase.make()
  await base.add('Falcon', 'Heron', 'Kite')
  base.source('index', 'An engine called [Heron](Heron.md) <b>&</b> "its" parts, by Alice Smith of Acme Corporation.')
  kb = await base.open()
  await kb.add([join(base.sources, 'index.md')])
})
afterAll(() => base[Symbol.dispose]())

describe.each<ExportKind>(['graph', 'llms', 'okf'])('export %s', (kind) => {
  it('gives the same bytes again, over itself and elsewhere', async () => {
    const [first, second] = [place(), place()]
    const result = await kb.export(kind, first)
    expect(result).toMatchObject({ kind, target: first, at: base.git('rev-parse', 'HEAD') })
    const before = contentOf(first)
    expect(Object.keys(before)).toHaveLength(result.files + 1)
    await kb.export(kind, second)
    await kb.export(kind, first)
    expect(contentOf(second)).toEqual(before)
    expect(contentOf(first)).toEqual(before)
  })

  it('reads the commit that is named, and removes what a later export wrote', async () => {
    const dir = place()
    await kb.export(kind, dir)
    const { at } = await kb.export(kind, dir, { at: 'HEAD~2' })
    const other = place()
    await kb.export(kind, other, { at })
    expect(contentOf(dir)).toEqual(contentOf(other))
    expect(JSON.stringify(Object.keys(contentOf(dir)))).not.toContain('index_')
  })

  it('writes nothing into a folder with files of others', async () => {
    const dir = place()
    mkdirSync(dir)
    writeFileSync(join(dir, 'mine.txt'), 'mine')
    await expect(kb.export(kind, dir)).rejects.toMatchObject({ code: 'usage' })
    expect(readdirSync(dir)).toEqual(['mine.txt'])
    await expect(kb.export(kind, base.root)).rejects.toMatchObject({ code: 'usage' })
    const [mine] = [join(dir, 'mine.txt')]
    await expect(kb.export(kind, mine)).rejects.toMatchObject({ code: 'usage' })
    const other = place()
    await kb.export(kind === 'okf' ? 'llms' : 'okf', other)
    const before = contentOf(other)
    await expect(kb.export(kind, other)).rejects.toMatchObject({ code: 'usage' })
    expect(contentOf(other)).toEqual(before)
    expect(base.git('status', '--porcelain')).toBe('')
  })
})

describe('an export into a folder', () => {
  it('does not write through symbolic links, nor remove what its list names elsewhere', async () => {
    const [dir, outside] = [place(), place()]
    mkdirSync(outside)
    writeFileSync(join(outside, 'kept.md'), 'kept')
    await kb.export('okf', dir)
    const list = JSON.parse(read(dir, 'kbgit-export.json')) as { files: string[] }
    list.files.push('../kept.md', 'gone/kept.md', '/etc/hostname')
    writeFileSync(join(dir, 'kbgit-export.json'), JSON.stringify(list))
    symlinkSync(outside, join(dir, 'gone'))
    writeFileSync(join(base.sources, 'kept.md'), 'kept')
    await kb.export('okf', dir)
    expect(existsSync(join(outside, 'kept.md'))).toBe(true)
    expect(existsSync(join(base.sources, 'kept.md'))).toBe(true)
    const linked = place()
    mkdirSync(linked)
    writeFileSync(join(linked, 'kbgit-export.json'), JSON.stringify({ kbgitExport: 1, kind: 'okf', files: [] }))
    symlinkSync(outside, join(linked, 'documents'))
    await expect(kb.export('okf', linked)).rejects.toMatchObject({ code: 'usage' })
    expect(readdirSync(outside)).toEqual(['kept.md'])
  })
})

describe('export graph', () => {
  it('writes one file by its name, over an earlier graph only', async () => {
    for (const name of ['g.json', 'g.graphml']) {
      const file = join(base.sources, name)
      expect(await kb.export('graph', file)).toMatchObject({ files: 1, bytes: statSync(file).size })
      await kb.export('graph', file)
      writeFileSync(file, '{"mine":1}')
      await expect(kb.export('graph', file)).rejects.toMatchObject({ code: 'usage' })
      expect(readFileSync(file, 'utf8')).toBe('{"mine":1}')
    }
  })

  it('has the nodes and edges of the graph', async () => {
    const dir = place()
    await kb.export('graph', dir)
    const graph = await kb.graph()
    const { nodes, edges, at } = JSON.parse(read(dir, 'graph.json')) as typeof graph
    expect({ nodes, edges, at }).toEqual(graph)
    const xml = read(dir, 'graph.graphml')
    expect(xml.match(/<node /g)).toHaveLength(nodes.length)
    expect(xml.match(/<edge /g)).toHaveLength(edges.length)
    expect(xml).toContain('<data key="title">On the Heron</data>')
  })
})

describe('export llms', () => {
  it('lists pages that exist, with what they say, and has all of them in one file', async () => {
    const dir = place()
    await kb.export('llms', dir)
    const text = read(dir, 'llms.txt')
    expect(text).toMatch(/^# Knowledge base\n\n> 4 documents with \d+ concepts? and \d+ entities\./)
    const links = [...text.matchAll(/^- \[.+?\]\(([^)]+)\)/gm)].map(([, to = '']) => decodeURI(to))
    expect(links).toContain('documents/index_.md')
    for (const to of links) expect([to, existsSync(join(dir, to))]).toEqual([to, true])
    for (const part of ['## Documents', '## Entities', '## Optional']) expect(text).toContain(part)
    const whole = read(dir, 'llms-full.txt')
    for (const to of links) expect(whole).toContain(`<!-- ${to} -->`)
    expect(read(dir, 'entities/Acme-Corporation.md')).toContain('(../documents/Heron.md)')
  })

  it('makes links absolute with a base URL', async () => {
    const dir = place()
    await kb.export('llms', dir, { baseUrl: 'https://example.org/kb/' })
    expect(read(dir, 'llms.txt')).toContain('](https://example.org/kb/documents/Heron.md)')
  })
})

describe('export okf', () => {
  it('conforms: a type on every page, reserved names as the format has them, links that lead to pages', async () => {
    const dir = place()
    await kb.export('okf', dir)
    const pages = Object.keys(contentOf(dir)).filter((path) => path.endsWith('.md'))
    for (const path of pages) {
      const text = read(dir, path)
      const [, front] = /^---\n([\s\S]*?)\n---\n/.exec(text) ?? []
      const name = path.slice(path.lastIndexOf('/') + 1)
      if (name === 'index.md' || name === 'log.md')
        expect([path, front]).toEqual([path, path === 'index.md' ? 'okf_version: "0.2"' : undefined])
      else
        expect([path, (parse(front ?? '') as { type?: unknown }).type]).toEqual([path, expect.stringMatching(/^[A-Z]/)])
      expect([path, /\]\(\.\.?\//.exec(text)]).toEqual([path, null])
      for (const [, to = ''] of text.matchAll(/\]\((\/[^)]+\.md)\)/g))
        expect([path, to, existsSync(join(dir, decodeURI(to)))]).toEqual([path, to, true])
    }
    expect(pages).toContain('documents/index_.md')
    expect(read(dir, 'log.md')).toMatch(
      /^# Update log\n\n## \d{4}-\d\d-\d\d\n\n\* \*\*Creation\*\*: Added \[On the index\]/,
    )
    const front = parse(/^---\n([\s\S]*?)\n---\n/.exec(read(dir, 'entities/Acme-Corporation.md'))?.[1] ?? '') as object
    expect(front).toMatchObject({
      type: 'Organization',
      title: 'Acme Corporation',
      sources: [{ id: 'Falcon', resource: '/documents/Falcon.md', title: 'On the Falcon' }, {}, {}, {}],
      generated: { by: expect.stringMatching(/^kbgit\/builtin@/), at: expect.stringMatching(/Z$/) },
    })
  })

  it('comes in as documents by add: its pages with their links, without its lists and its log', async () => {
    const dir = place()
    await kb.export('okf', dir)
    using other = await LiveBase.make()
    await using into = await other.open()
    const result = await into.add([dir])
    expect(result.failed).toEqual([])
    expect(result.leftOut).toMatchObject({ bundle: expect.any(Number) })
    const pages = Object.keys(contentOf(dir)).filter(
      (path) => path.endsWith('.md') && !/(?:^|\/)(?:index|log)\.md$/.test(path),
    )
    expect(result.added.map(({ path }) => path.slice(dir.length + 1)).sort()).toEqual(pages.sort())
    const { documents } = await into.list()
    const nameOf = (path: string) => documents.find(({ origin }) => origin === join(dir, path))?.name
    const text = String(
      await into.file(documents.find(({ origin }) => origin === join(dir, 'documents/Heron.md'))?.source ?? ''),
    )
    expect(text).toContain(`[[summaries/${nameOf('references/Heron.md')}|`)
    expect(text).toContain(`[[summaries/${nameOf('entities/Acme-Corporation.md')}|Acme Corporation]]`)
    const again = await into.add([dir])
    expect([again.added, again.updated]).toEqual([[], []])
    expect((await into.fsck()).problems).toEqual([])
    expect((await into.lint()).problems.filter(({ code }) => code === 'brokenLink')).toEqual([])
  })

  it('is recognised by its root: an index and a log elsewhere are documents', async () => {
    using other = await LiveBase.make()
    await using into = await other.open()
    const folder = join(other.sources, 'notes')
    mkdirSync(join(folder, 'bundle/deep'), { recursive: true })
    const write = (path: string, content: string) => writeFileSync(join(folder, path), content)
    write('index.md', '# Index\n\nThe index of Acme Corporation.\n')
    write('log.md', '# Log\n\nThe log of Acme Corporation.\n')
    write('bundle/index.md', '---\nokf_version: "0.1"\n---\n\n* [Deep](deep/)\n')
    write('bundle/deep/log.md', '# Update log\n')
    write('bundle/deep/kept.md', '---\ntype: Playbook\ntitle: Kept\n---\n\nWhat Acme Corporation keeps.\n')
    const { added, leftOut } = await into.add([folder])
    expect([added.map(({ name }) => name).sort(), leftOut?.['bundle']]).toEqual([['index_', 'kept', 'log_'], 2])
    expect((await into.add([join(folder, 'bundle/deep/log.md')])).added).toHaveLength(1)
  })
})
