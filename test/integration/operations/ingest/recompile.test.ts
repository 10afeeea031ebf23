import { describe, expect, test } from 'vitest'
import { LiveBase } from '../../../support/live-base.ts'
import { startModelServer } from '../../../support/model-server.ts'

const committed = async (base: LiveBase): Promise<void> => {
  await (await base.open()).recompile({ all: true })
  expect((await (await base.open()).recompile({ all: true })).recompiled).toEqual([])
}

describe('recompile', () => {
  test('makes no commit if the pages stay the same', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon', 'Sparrow', 'Owl')
    await committed(base)
    const head = base.git('rev-parse', 'HEAD')
    const again = await (await base.open()).recompile({ all: true })
    expect(again).toMatchObject({ recompiled: [], failed: [], base: head, head })
    expect(again.unchanged.toSorted()).toEqual(['Falcon', 'Owl', 'Sparrow'])
  })

  test('rewrites a damaged page from what is stored, in one commit, and keeps the date when it was added', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon', 'Sparrow')
    await committed(base)
    const [summary, record] = [base.read('wiki/summaries/Falcon.md'), base.read('documents/Falcon.json')]
    base.repository.commit('Spoil a page', { 'wiki/summaries/Falcon.md': summary.replace(/## Source[^]*/, '') })
    const { recompiled } = await (await base.open()).recompile({ document: 'Falcon' })
    expect(recompiled).toMatchObject([{ name: 'Falcon', commit: base.git('rev-parse', 'HEAD') }])
    expect(base.subjects().slice(0, 2)).toEqual(['recompile: Falcon', 'Spoil a page'])
    expect(base.git('log', '-1', '--format=%(trailers:key=Kbgit-Document,valueonly)').trim()).toBe('Falcon')
    expect(base.read('wiki/summaries/Falcon.md')).toBe(summary)
    expect(base.read('documents/Falcon.json')).toBe(record)
    expect(await base.check()).toEqual([])
  })

  test('keeps sections that a person wrote', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon')
    base.append('wiki/summaries/Falcon.md', '\n## Mine\n\nMy own words.\n')
    await (await base.open()).recompile({ document: 'Falcon' })
    expect(base.read('wiki/summaries/Falcon.md')).toContain('## Mine\n\nMy own words.')
  })

  test('fails for a document without its text, and continues with the others', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon', 'Sparrow')
    const spoilt = base.read('wiki/summaries/Sparrow.md').replace(/## Source[^]*/, '')
    base.repository.commit('Lose a text', { 'wiki/sources/Falcon.md': null, 'wiki/summaries/Sparrow.md': spoilt })
    const result = await (await base.open()).recompile({ all: true })
    expect(result.failed).toMatchObject([{ path: 'Falcon', error: { code: 'notFound' } }])
    expect(result.recompiled.map(({ name }) => name)).toEqual(['Sparrow'])
  })

  test('reports what was recompiled if its overviews could not be committed, and why the run stopped', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon', 'Sparrow')
    await committed(base)
    const spoilt = base.read('wiki/summaries/Falcon.md').replace(/## Source[^]*/, '')
    const page = base.read('wiki/entities/Acme-Corporation.md')
    base.repository.commit('Spoil pages', {
      'wiki/summaries/Falcon.md': spoilt,
      'wiki/entities/Acme-Corporation.md': page.replace(/^overview:.*$/m, 'overview: "1-00000000-00000000"'),
    })
    const other = base.git('commit-tree', '-m', 'Of somebody else', 'HEAD^{tree}')
    const result = await (
      await base.open()
    ).recompile({
      all: true,
      // Somebody begins a merge at that moment.
      onProgress: ({ kind }) => void (kind === 'overview' && base.write('.git/MERGE_HEAD', `${other}\n`)),
    })
    expect(result.recompiled.map(({ name }) => name)).toContain('Falcon')
    expect(result.stopped).toMatchObject({ code: 'repositoryBusy' })
    expect(result.head).toBe(base.git('rev-parse', 'HEAD'))
  })

  test('writes nothing in a dry run, and reports what a model would cost', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon', 'Sparrow')
    await using server = await startModelServer()
    base.write('kbgit.yaml', `version: 1\nmodel: compatible/test\nbase_url: ${server.url}/v1\n`)
    const head = base.git('rev-parse', 'HEAD')
    const result = await (await base.open()).recompile({ all: true, dryRun: true })
    expect(result).toMatchObject({ dryRun: true, head, recompiled: [{ name: 'Falcon' }, { name: 'Sparrow' }] })
    expect(result.estimatedTokens).toBeGreaterThan(1_000)
    expect(server.counts().requests).toBe(0)
  })

  test('reuses answers that were paid for, and names the model in the record and the commit', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon')
    await using server = await startModelServer()
    base.write('kbgit.yaml', `version: 1\nmodel: compatible/test\nbase_url: ${server.url}/v1\ndurability: process\n`)
    const first = await (await base.open()).recompile({ document: 'Falcon' })
    expect(first.recompiled).toHaveLength(1)
    expect(first.model.calls).toBeGreaterThan(0)
    expect(
      base.git('log', '-1', '--format=%(trailers:key=Kbgit-Model,valueonly)', '--grep=recompile: Falcon').trim(),
    ).toBe('compatible/test')
    expect(JSON.parse(base.read('documents/Falcon.json'))).toMatchObject({
      model: 'compatible/test',
      compiler: expect.stringContaining('llm@'),
    })
    const second = await (await base.open()).recompile({ document: 'Falcon' })
    expect(second.model).toMatchObject({ calls: 0 })
    expect(second.unchanged).toEqual(['Falcon'])
    expect(await base.check()).toEqual([])
  })

  test('produces the same bytes for a long document with its tree', async () => {
    using base = await LiveBase.make({ config: 'pageindex_threshold: 2\n' })
    const chapters = Array.from(
      { length: 12 },
      (_, index) =>
        `## Chapter ${index + 1}\n\n${`The Falcon Engine turned ${index} times a minute, said Alice Smith of Acme Corporation. `.repeat(12)}`,
    )
    await (await base.open()).add([base.source('Manual', chapters.join('\n\n'))])
    expect(JSON.parse(base.read('documents/Manual.json'))).toMatchObject({ kind: 'long' })
    await committed(base)
    expect(base.git('log', '--format=%s', '--', 'wiki/sources/Manual.tree.json').split('\n')).toEqual(['add: Manual'])
    expect(await base.check()).toEqual([])
  })
})
