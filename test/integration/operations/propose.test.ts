import { describe, expect, test } from 'vitest'
import type { Kb, Proposal, ProposedEdit } from '../../../src/index.ts'
import { LiveBase, TOPIC_PAGE } from '../../support/live-base.ts'

const git = (base: LiveBase, ...args: string[]): string => base.repository.git(...args)
const oid = (base: LiveBase, page: string): string => git(base, 'rev-parse', `HEAD:${page}`)

function proposalOf(...edits: ProposedEdit[]): Proposal {
  return { edits, reason: 'The page did not say why', agent: 'scout' }
}

async function baseWithTopic(config = ''): Promise<{ base: LiveBase; kb: Kb }> {
  const base = await LiveBase.make({ config })
  await base.add('first', 'second')
  return { base, kb: await base.open() }
}

const NOTE = {
  page: TOPIC_PAGE,
  section: 'Why it matters',
  text: 'It makes both engines of [[summaries/first|the first]].',
}

describe('a proposal that holds', () => {
  test('is one commit in the name of the agent', async () => {
    const { base, kb } = await baseWithTopic()
    using _ = base
    const head = git(base, 'rev-parse', 'HEAD')
    const result = await kb.propose({
      ...proposalOf({ ...NOTE, base: oid(base, TOPIC_PAGE) }),
      sources: [{ document: 'first', quote: 'Acme Corporation sells the first Engine' }],
    })
    expect(result).toMatchObject({ problems: [], stale: [], changed: [TOPIC_PAGE], dryRun: false })
    expect(result.diff).toContain('+## Why it matters')
    expect(git(base, 'rev-parse', 'HEAD^')).toBe(head)
    expect(git(base, 'log', '-1', '--format=%B')).toMatch(
      /^propose: The page did not say why\n\nKbgit-Transaction: \S+\nKbgit-Source: first\nKbgit-Agent: scout\n/,
    )
    expect(base.read(TOPIC_PAGE)).toContain('## Why it matters\n\nIt makes both')
    expect(git(base, 'status', '--porcelain')).toBe('')
    expect((await kb.fsck()).problems).toEqual([])
    const [line] = (await kb.blame(TOPIC_PAGE)).lines.filter(({ text }) => text.startsWith('It makes both'))
    expect(line?.operation).toBe('propose')
  })

  test('may quote what a document says, beside a link to it', async () => {
    const { base, kb } = await baseWithTopic()
    using _ = base
    const text = 'So “Acme Corporation sells … first Engine” ([[summaries/first]]), as “Acme” ([[sources/first]]) says.'
    expect((await kb.propose(proposalOf({ ...NOTE, text, base: 'HEAD' }))).problems).toEqual([])
  })

  test('is undone like any run', async () => {
    const { base, kb } = await baseWithTopic()
    using _ = base
    const before = git(base, 'rev-parse', 'HEAD^{tree}')
    await kb.propose(proposalOf({ ...NOTE, base: 'HEAD' }))
    expect((await kb.undo()).runs[0]?.commits[0]?.operation).toBe('propose')
    expect(git(base, 'rev-parse', 'HEAD^{tree}')).toBe(before)
  })

  test('may add pages, which are listed', async () => {
    const { base, kb } = await baseWithTopic()
    using _ = base
    const page = 'wiki/concepts/Steam-power.md'
    const text =
      '---\ntype: concept\ntitle: Steam power\nsources: []\n---\n\n# Steam power\n\nSee [[entities/Acme-Corporation]].\n'
    expect((await kb.propose(proposalOf({ page, base: null, text }))).problems).toEqual([])
    expect(base.read('wiki/contents/concepts.md')).toContain('[[concepts/Steam-power|Steam power]]')
    expect((await kb.fsck()).problems).toEqual([])
  })

  test('in a dry run writes nothing', async () => {
    const { base, kb } = await baseWithTopic()
    using _ = base
    const head = git(base, 'rev-parse', 'HEAD')
    const result = await kb.propose(proposalOf({ ...NOTE, base: 'HEAD' }), { dryRun: true })
    expect(result).toMatchObject({ commit: null, problems: [], changed: [TOPIC_PAGE] })
    expect(git(base, 'rev-parse', 'HEAD')).toBe(head)
  })

  test('waits on a review branch where the base asks for that, and comes in when it is accepted', async () => {
    const { base, kb } = await baseWithTopic('review: agents\n')
    using _ = base
    const head = git(base, 'rev-parse', 'HEAD')
    const { review } = await kb.propose(proposalOf({ ...NOTE, base: 'HEAD' }))
    expect(review).toEqual({ number: 1, branch: 'kbgit/review/1' })
    expect(git(base, 'rev-parse', 'HEAD')).toBe(head)
    const shown = await kb.reviews.show(1)
    expect(shown).toMatchObject({ agents: ['scout'], reasons: ['The page did not say why'] })
    expect(shown.changes.pages).toMatchObject([{ path: TOPIC_PAGE, change: 'changed', dropped: [] }])
    expect(await kb.reviews.accept(1)).toMatchObject({ closed: true })
    expect(base.read(TOPIC_PAGE)).toContain('## Why it matters')
  })

  test("is made on top of the user's edits, which are committed as theirs", async () => {
    const { base, kb } = await baseWithTopic()
    using _ = base
    const page = 'wiki/summaries/first.md'
    base.append(page, '\nMy note.\n')
    const other = await kb.propose(proposalOf({ ...NOTE, base: 'HEAD' }))
    expect(other.problems).toEqual([])
    expect(git(base, 'status', '--porcelain')).toBe(` M ${page}`)
  })
})

describe('a proposal is refused as a whole', () => {
  const cases: [what: string, code: string, edit: Partial<ProposedEdit>][] = [
    ['a link that leads nowhere', 'brokenLink', { text: 'See [[concepts/Nothing]].' }],
    ['a script', 'active', { text: 'See <script>alert(1)</script>.' }],
    ['a picture from elsewhere', 'active', { text: '![x](https://example.org/x.png)' }],
    ['code that a plug-in runs', 'active', { text: '```dataviewjs\nx\n```' }],
    ['an HTML comment', 'active', { text: 'So <!-- obey me --> it is.' }],
    ['characters that nobody sees', 'hidden', { text: 'So\u200B it is.' }],
    [
      'a field of the front matter that no page shows',
      'frontMatter',
      {
        page: 'wiki/explorations/x.md',
        base: null,
        section: undefined,
        text: '---\ntype: exploration\ntitle: X\nnotes: obey me\n---\n\n# X\n',
      },
    ],
    [
      'a comment in the front matter',
      'hidden',
      {
        page: 'wiki/explorations/x.md',
        base: null,
        section: undefined,
        text: '---\ntype: exploration\ntitle: X # obey me\n---\n\n# X\n',
      },
    ],
    ['text that is turned around', 'hidden', { text: 'a \u202Eb' }],
    ['headings in a section', 'section', { text: '## Another\n\nText.' }],
    ['a section of a document', 'section', { section: '[[summaries/third|Third]]', text: 'Text.' }],
    [
      'a quote that is not in the document',
      'quote',
      { section: '[[summaries/first|On the first]]', text: 'It is so.\n\n> Acme Corporation invented the wheel' },
    ],
    [
      'words in quotes that the document does not have',
      'quote',
      { text: 'It was “built in Rome by Bob” ([[summaries/first]]).' },
    ],
    ['such words after a link', 'quote', { text: '- [[sources/first]]: "It was built in Rome by Bob"' }],
    ['such words in a list of sources', 'quote', { text: '[1] wiki/sources/first.md: "It was built in Rome by Bob"' }],
    ['a quote from a page that is not there', 'quote', { text: '[1] wiki/sources/none.md: "It was built in Rome"' }],
    ['another type', 'frontMatter', { section: undefined, text: '---\ntype: concept\n---\n\n# X\n' }],
    ['a page of kbgit', 'pageName', { page: 'wiki/index.md' }],
    ['the rules of the wiki', 'pageName', { page: 'wiki/AGENTS.md' }],
    ['a path out of the wiki', 'pageName', { page: 'wiki/../kbgit.yaml', base: null }],
    ['a file that is no page', 'pageName', { page: 'documents/first.json' }],
    [
      'a new page with a name that kbgit would not give',
      'pageName',
      { page: 'wiki/concepts/a b.md', base: null, section: undefined },
    ],
    ['the page as it is', 'same', { section: undefined }],
  ]
  test.each(cases)('for %s', async (_what, code, change) => {
    const { base, kb } = await baseWithTopic()
    using _ = base
    const head = git(base, 'rev-parse', 'HEAD')
    const text = code === 'same' ? base.read(TOPIC_PAGE) : NOTE.text
    const edit = { ...NOTE, text, base: 'HEAD', ...change } as ProposedEdit
    const good = { page: 'wiki/summaries/first.md', section: 'Note', text: 'Fine.', base: 'HEAD' }
    const result = await kb.propose(proposalOf(...(code === 'same' ? [] : [good]), edit))
    expect(result.problems.map((problem) => problem.code)).toContain(code)
    expect(result.commit).toBeNull()
    expect(git(base, 'rev-parse', 'HEAD')).toBe(head)
    expect(git(base, 'status', '--porcelain')).toBe('')
  })

  test('for a source that does not say it', async () => {
    const { base, kb } = await baseWithTopic()
    using _ = base
    const { problems } = await kb.propose({
      ...proposalOf({ ...NOTE, base: 'HEAD' }),
      sources: [
        { document: 'first', quote: 'Acme Corporation sells the second Engine' },
        { document: 'nothing', quote: 'Acme Corporation sells' },
      ],
    })
    expect(problems.map(({ code, at }) => [code, at])).toEqual([
      ['quote', 'sources[0]'],
      ['source', 'sources[1]'],
    ])
  })

  test('for a page that moved on, with the page as it is', async () => {
    const { base, kb } = await baseWithTopic()
    using _ = base
    const read = oid(base, TOPIC_PAGE)
    await kb.propose(proposalOf({ ...NOTE, base: read }))
    const late = await kb.propose(proposalOf({ ...NOTE, section: 'Other', base: read }))
    expect(late.problems.map(({ code }) => code)).toEqual(['stale'])
    expect(late.stale).toMatchObject([{ page: TOPIC_PAGE, oid: oid(base, TOPIC_PAGE), text: base.read(TOPIC_PAGE) }])
    expect((await kb.propose(proposalOf({ ...NOTE, section: 'Other', base: null }))).problems[0]?.code).toBe('stale')
    expect(
      (await kb.propose(proposalOf({ ...NOTE, section: 'Other', base: late.stale[0]?.oid ?? null }))).problems,
    ).toEqual([])
  })

  test('for a page that the user has edited meanwhile: their edit is committed as theirs', async () => {
    const { base, kb } = await baseWithTopic()
    using _ = base
    base.append(TOPIC_PAGE, '\nMy note.\n')
    const { stale, commit } = await kb.propose(proposalOf({ ...NOTE, base: 'HEAD' }))
    expect(commit).toBeNull()
    expect(stale).toMatchObject([{ page: TOPIC_PAGE, text: base.read(TOPIC_PAGE) }])
    expect(git(base, 'log', '-1', '--format=%B')).toMatch(/^edit: 1 page/)
    expect(git(base, 'log', '-1', '--format=%B')).not.toContain('Kbgit-Agent')
    expect((await kb.propose(proposalOf({ ...NOTE, base: stale[0]?.oid ?? '' }))).problems).toEqual([])
    expect(base.read(TOPIC_PAGE)).toContain('My note.')
  })

  test('and what is no proposal is a usage error', async () => {
    const { base, kb } = await baseWithTopic()
    using _ = base
    const good = proposalOf({ ...NOTE, base: 'HEAD' })
    for (const bad of [
      {},
      { ...good, edits: [] },
      { ...good, agent: 'a\nb' },
      { ...good, reason: '' },
      { ...good, more: 1 },
    ])
      await expect(kb.propose(bad as Proposal)).rejects.toMatchObject({ code: 'usage' })
  })
})
