import { describe, expect, test } from 'vitest'
import { topicPath } from '../../../../src/core/layout.ts'
import { openKb, type LintResult } from '../../../../src/index.ts'
import { LiveBase, TOPIC_PAGE } from '../../../support/live-base.ts'
import { startModelServer } from '../../../support/model-server.ts'

async function lint(base: LiveBase, fix = false): Promise<LintResult> {
  return (await base.open()).lint({ fix })
}

const codes = ({ problems }: LintResult): string[] => [...new Set(problems.map(({ code }) => code))].sort()

/** Breaks a base, fixes it with lint, and returns the result; afterwards every check must pass. */
async function fixed(base: LiveBase, files: Record<string, string | null>): Promise<LintResult> {
  base.repository.commit('Break it', files)
  const result = await lint(base, true)
  expect(result.problems.filter(({ fixed }) => !fixed)).toEqual([])
  expect(await base.check()).toEqual([])
  expect(base.git('status', '--porcelain')).toBe('')
  return result
}

describe('lint', () => {
  test('commits a report and changes nothing else', async () => {
    using base = await LiveBase.make({ env: { SOURCE_DATE_EPOCH: '1760000000' } })
    await base.add('Falcon', 'Sparrow')
    base.repository.commit('Break a link', { 'wiki/explorations/mine.md': 'See [[concepts/nowhere|nowhere]].\n' })
    const result = await lint(base)
    expect(result).toMatchObject({
      problems: [{ code: 'brokenLink', path: 'wiki/explorations/mine.md', fixed: false }],
      report: 'wiki/reports/lint-2025-10-09.md',
      commit: base.git('rev-parse', 'HEAD'),
    })
    expect(base.git('show', '--format=%s', '--name-only', 'HEAD').split('\n')).toEqual([
      'lint: 1 problem',
      '',
      'wiki/reports/lint-2025-10-09.md',
    ])
    expect(base.read('wiki/reports/lint-2025-10-09.md')).toContain(
      'mine.md:1: the link to "concepts/nowhere" leads nowhere',
    )
    // Doing it again makes no commit.
    expect(await lint(base)).toMatchObject({ commit: null })
  })

  test('commits nothing if the last report still holds, on whatever day', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon')
    const head = base.git('rev-parse', 'HEAD')
    expect(await lint(base)).toEqual({ problems: [], report: null, commit: null })
    expect(base.git('rev-parse', 'HEAD')).toBe(head)

    base.repository.commit('Break a link', { 'wiki/explorations/mine.md': 'See [[concepts/nowhere|nowhere]].\n' })
    base.env['SOURCE_DATE_EPOCH'] = '1760000000'
    expect((await lint(base)).commit).not.toBeNull()
    base.env['SOURCE_DATE_EPOCH'] = '1760100000'
    expect(await lint(base)).toMatchObject({ report: null, commit: null })
    base.repository.commit('Mend the link', { 'wiki/explorations/mine.md': 'See nowhere.\n' })
    expect((await lint(base)).commit).not.toBeNull()
    expect(await lint(base)).toMatchObject({ report: null, commit: null })
  })

  test('turns broken links into plain text, and leaves code and other links alone', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon')
    const before =
      'A [[concepts/gone|gone one]], `[[concepts/gone]]`, [text](../gone.md), ![alt](gone.png), [[summaries/Falcon]] and [web](https://example.org).\n'
    const result = await fixed(base, { 'wiki/explorations/mine.md': before })
    expect(codes(result)).toEqual(['brokenLink'])
    expect(base.read('wiki/explorations/mine.md')).toBe(
      'A gone one, `[[concepts/gone]]`, text, alt, [[summaries/Falcon]] and [web](https://example.org).\n',
    )
  })

  test('restores missing entries of the listing pages and the front page', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon', 'Sparrow')
    const listing = base.read('wiki/contents/documents.md')
    const result = await fixed(base, {
      'wiki/contents/documents.md': listing.replace(/^- .*Falcon.*\n/m, ''),
      'wiki/index.md': null,
      'wiki/log.md': null,
    })
    expect(codes(result)).toEqual(expect.arrayContaining(['notListed', 'pageMissing']))
    expect(base.read('wiki/contents/documents.md')).toContain('[[summaries/Falcon|')
  })

  test('merges two pages of one topic, with the sections of both, and redirects links', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon', 'Sparrow', 'Owl')
    const page = base.read(TOPIC_PAGE)
    const owl = /^## \[\[summaries\/Owl[^]*?(?=^## |$(?![^]))/m.exec(page)?.[0] ?? ''
    const double = `---\ntype: entity\ntitle: "Acme Corporations"\naliases: []\nentity_type: organization\nsources: ["Owl"]\n---\n\n# Acme Corporations\n\n${owl}`
    const other = topicPath('entity', 'Acme-Corporations', 1)
    const files = {
      [other]: double,
      [TOPIC_PAGE]: page.replace(owl, '').replace(', "Owl"', '').replace('"Owl", ', ''),
      'documents/Owl.json': base.read('documents/Owl.json').replace(TOPIC_PAGE, other),
      'wiki/explorations/mine.md': 'See [[entities/Acme-Corporations|Acme]].\n',
    }
    expect(codes(await fixed(base, files))).toEqual(expect.arrayContaining(['topicTwice']))
    expect(base.git('ls-files', other)).toBe('')
    expect(base.read(TOPIC_PAGE)).toContain('## [[summaries/Owl|')
    expect(base.read('documents/Owl.json')).toContain(TOPIC_PAGE)
    expect(base.read('wiki/explorations/mine.md')).toBe('See [[entities/Acme-Corporation|Acme]].\n')
  })

  test('fixes front matter that cannot be read', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon', 'Sparrow')
    const broken = (path: string): string => base.read(path).replace(/^---\n/, '---\n{ not: [yaml\n')
    const result = await fixed(base, {
      'wiki/summaries/Falcon.md': broken('wiki/summaries/Falcon.md'),
      [TOPIC_PAGE]: broken(TOPIC_PAGE),
    })
    expect(codes(result)).toContain('frontMatterInvalid')
    expect(base.read('wiki/summaries/Falcon.md')).toContain('document: Falcon')
  })

  test('restores a topic page that documents still refer to, and drops one that none does', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon', 'Sparrow')
    const empty = '---\ntype: concept\ntitle: Nothing\naliases: []\nsources: []\n---\n\n# Nothing\n'
    const result = await fixed(base, { [TOPIC_PAGE]: null, 'wiki/concepts/Nothing.md': empty })
    expect(codes(result)).toEqual(expect.arrayContaining(['sectionMissing', 'topicEmpty']))
    expect(base.read(TOPIC_PAGE)).toContain('## [[summaries/Sparrow|')
    expect(base.git('ls-files', 'wiki/concepts/Nothing.md')).toBe('')
  })

  test('asks a model for contradictions, once per page, and reports them without changing the page', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon', 'Sparrow')
    const page = base.read(TOPIC_PAGE)
    await using server = await startModelServer()
    base.write('kbgit.yaml', `version: 1\nmodel: compatible/test\nbase_url: ${server.url}/v1\ndurability: process\n`)
    const first = await lint(base, true)
    expect(first.problems.filter(({ path }) => path === TOPIC_PAGE)).toMatchObject([
      { code: 'contradiction', fixed: false },
    ])
    const { requests } = server.counts()
    expect(requests).toBeGreaterThan(0)
    expect(await lint(base, true)).toMatchObject({ problems: first.problems })
    expect(server.counts().requests).toBe(requests)
    expect(base.read(TOPIC_PAGE)).toBe(page)
    expect(await base.check()).toEqual([])
  })

  test('works without a model that it may not contact, and says so', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon', 'Sparrow')
    base.write(
      'kbgit.yaml',
      'version: 1\nmodel: compatible/test\nbase_url: https://models.invalid/v1\ndurability: process\n',
    )
    base.repository.commit('Break a link', { 'wiki/explorations/mine.md': 'See [[concepts/nowhere]].\n' })
    const warnings: string[] = []
    const logger = { debug: () => {}, warn: (_: object, message: string) => void warnings.push(message) }
    const result = await (await openKb({ dir: base.root, env: base.env, logger })).lint({ fix: true })
    expect(result.problems).toMatchObject([{ code: 'brokenLink', fixed: true }])
    expect(warnings).toEqual([
      expect.stringMatching(
        /^No model was asked for contradictions: .*models\.invalid.* trust it for this repository/s,
      ),
    ])
  })

  test('commits an uncommitted edit of a page first, and fixes the page on top of it', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon')
    base.repository.commit('Mine', { 'wiki/explorations/mine.md': 'See [[concepts/gone]].\n' })
    base.append('wiki/explorations/mine.md', 'And more.\n')
    await lint(base, true)
    expect(base.read('wiki/explorations/mine.md')).toBe('See gone.\nAnd more.\n')
    expect(base.subjects()[1]).toBe('edit: 1 page')
  })
})

/** Reverts a commit; if that stops at a conflict, keeps everything left there, as someone in a hurry would. */
function revert(base: LiveBase, commit: string): string {
  try {
    base.git('revert', '--no-edit', commit)
  } catch {
    base.git('add', '-A')
    base.git('-c', 'core.editor=true', 'revert', '--continue')
  }
  return base.git('rev-parse', 'HEAD')
}

describe('reverting a document', () => {
  test.each(['Falcon', 'Sparrow', 'Owl'])(
    'leaves a base that lint can fix, at any position in history: %s',
    async (name) => {
      using base = await LiveBase.make()
      const { added } = await base.add('Falcon', 'Sparrow', 'Owl')
      revert(base, added.find((document) => document.name === name)?.commit ?? '')
      await lint(base, true)
      expect(await base.check()).toEqual([])
      expect((await (await base.open()).list()).documents.map((document) => document.name)).toEqual(
        ['Falcon', 'Owl', 'Sparrow'].filter((other) => other !== name),
      )
      expect((await base.add(name)).added).toMatchObject([{ name }])
    },
  )

  test('can be reverted itself without a conversion', async () => {
    using base = await LiveBase.make()
    const { added } = await base.add('Falcon', 'Sparrow', 'Owl')
    const before = base.git('rev-parse', 'HEAD^{tree}')
    const taken = revert(base, added.find(({ name }) => name === 'Owl')?.commit ?? '')
    expect(await base.check()).toEqual([])
    revert(base, taken)
    expect(base.git('rev-parse', 'HEAD^{tree}')).toBe(before)
    expect(await base.check()).toEqual([])
    expect((await base.add('Owl')).skipped).toMatchObject([{ reason: 'unchanged', name: 'Owl' }])
  })

  test('restores what was removed, and search finds it', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon', 'Sparrow')
    const before = base.git('rev-parse', 'HEAD^{tree}')
    const { commit } = await (await base.open()).remove('Falcon')
    expect((await (await base.open()).search('Falcon')).hits.map(({ document }) => document)).not.toContain('Falcon')
    revert(base, commit ?? '')
    expect(base.git('rev-parse', 'HEAD^{tree}')).toBe(before)
    expect((await (await base.open()).search('Falcon')).hits[0]).toMatchObject({ document: 'Falcon' })
    expect(await base.check()).toEqual([])
  })
})
