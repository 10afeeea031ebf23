import { describe, expect, test } from 'vitest'
import { emptyUsage } from '../../../../src/core/document/compiled.ts'
import { KbError } from '../../../../src/core/errors.ts'
import type { SearchHit } from '../../../../src/core/results.ts'
import { queryWords } from '../../../../src/core/search/words.ts'
import { AnswerStream, UNCERTAIN_LINE } from '../../../../src/read/answer-stream.ts'
import { Chats } from '../../../../src/read/chat.ts'
import { NOTHING_FITS_LINE, NO_MODEL_LINE } from '../../../../src/read/passages.ts'
import { query, type QueryRequest } from '../../../../src/read/query.ts'
import { OpenedPages } from '../../../../src/read/opened.ts'
import type { QuerySources } from '../../../../src/read/query-sources.ts'
import { queryTools } from '../../../../src/read/query-tools.ts'
import { startModelServer } from '../../../support/model-server.ts'
import { IDS, openTestModel, temporaryFolder } from '../../../support/models.ts'

const BRIDGE = '# The bridge\n\nThe stone bridge was finished in the year of the flood. It has **nine** arches.\n'
const LONG = [
  'The first page is a preface to the survey of bridges.',
  'The second page counts the arches of all bridges in the province.',
]
const FILES: Record<string, string> = {
  'wiki/sources/bridge.md': BRIDGE,
  'wiki/summaries/bridge.md':
    '---\ntype: summary\n---\n\n# The bridge\n\nThe stone bridge was finished in the year of the flood.\n',
  'wiki/concepts/arch.md':
    '# Arch\n\n## [[summaries/bridge|The bridge]]\n\nThe bridge rests on nine arches of stone.\n\n## [[summaries/survey|Survey]]\n\nThe survey counts every arch in the province.\n',
  'wiki/sources/v2/survey.json': `[${LONG.map((content, index) => JSON.stringify({ page: index + 1, content, images: [] })).join(',\n')}]\n`,
}
const SECTIONS = [
  { title: 'Preface', node_id: '0001', start_index: 1, end_index: 1 },
  {
    title: 'Counts',
    node_id: '0002',
    start_index: 2,
    end_index: 2,
    summary: 'Arches are counted.',
    nodes: Array.from({ length: 70 }, (_, index) => ({
      title: `Parish ${index}`,
      node_id: `1${index}`,
      start_index: 2,
      end_index: 2,
    })),
  },
]
const BUDGET = { stepsMax: 8, tokensMax: 100_000 }
const hit = (page: string, document: string, snippet: string, more: Partial<SearchHit> = {}): SearchHit => ({
  page,
  kind: 'source',
  name: document,
  document,
  score: 1,
  snippet,
  ...more,
})

const sources: QuerySources = {
  found: async (question, limit) => (await sources.search(question, limit)).map((hit) => ({ ...hit, cover: 0.5 })),
  weights: (question) => queryWords(question, 10).map((word) => ({ word, weight: 0.5, known: !/zebra/.test(word) })),
  search: (words, limit) =>
    Promise.resolve(
      [
        ...(/survey|province/i.test(words)
          ? [hit('wiki/sources/v2/survey.json', 'survey', '…counts the **arches** of all bridges…', { pageNumber: 2 })]
          : []),
        ...(/bridge|flood/i.test(words)
          ? [hit('wiki/sources/bridge.md', 'bridge', '…the stone **bridge** was finished…', { heading: 'The bridge' })]
          : []),
      ].slice(0, limit),
    ),
  page: (path) => Promise.resolve(FILES[path]),
  index: async (kind, from, limit) => {
    const all =
      kind === 'topics'
        ? [{ page: 'wiki/concepts/arch.md', brief: 'Arch: what a bridge rests on' }]
        : [
            { page: 'wiki/summaries/bridge.md', document: 'bridge', brief: 'The bridge' },
            { page: 'wiki/summaries/v2/survey.md', document: 'survey', brief: 'Survey: of bridges' },
          ]
    return { total: all.length, items: all.slice(from, from + limit) }
  },
  tree: (document) => Promise.resolve(document === 'survey' ? { structure: SECTIONS } : undefined),
  pageText: (document, number) =>
    Promise.resolve(
      document === 'survey' && LONG[number - 1] !== undefined
        ? { page: 'wiki/sources/v2/survey.json', text: LONG[number - 1] ?? '' }
        : undefined,
    ),
}
const ask = (question: string, more: Partial<QueryRequest> = {}) =>
  query({
    question,
    at: 'c0ffee',
    sources,
    language: 'en',
    budget: BUDGET,
    signal: new AbortController().signal,
    ...more,
  })

describe('without a model', () => {
  test('the best passages are returned in whole sentences, by document, with the words that they have', async () => {
    expect(await ask('How many arches has the stone bridge?')).toEqual({
      question: 'How many arches has the stone bridge?',
      at: 'c0ffee',
      model: null,
      words: ['many', 'arches', 'stone', 'bridge'],
      answer: `${NO_MODEL_LINE}\n\nbridge, which has “arches”, “stone”, “bridge”:\n\n- The stone bridge was finished in the year of the flood. It has **nine** arches. [1] (The bridge)`,
      citations: [
        {
          page: 'wiki/sources/bridge.md',
          document: 'bridge',
          quote: 'The stone bridge was finished in the year of the flood. It has **nine** arches.',
        },
      ],
    })
    expect((await ask('the survey counts arches')).citations).toEqual([
      { page: 'wiki/sources/v2/survey.json', document: 'survey', pageNumber: 2, quote: LONG[1] },
    ])
  })

  test('a document that has the words of a question all over answers it in other words', async () => {
    const question = 'Which crossing over the river was finished by masons after that flood?'
    const about = (cover: number) =>
      ask(question, {
        sources: {
          ...sources,
          weights: (text) => queryWords(text, 10).map((word) => ({ word, weight: 0.5, known: true })),
          found: async (text, limit) => (await sources.search(text, limit)).map((found) => ({ ...found, cover })),
        },
      })
    expect((await about(0.8)).citations).toEqual([expect.objectContaining({ document: 'bridge' })])
    expect((await about(0.2)).answer).toContain(NOTHING_FITS_LINE)
  })

  test('a summary or a section leads to the text of its document', async () => {
    const led = async (found: SearchHit) =>
      (await ask('arches', { sources: { ...sources, found: async () => [{ ...found, cover: 1 }] } })).citations
    const summary = hit('wiki/summaries/bridge.md', 'bridge', '', { kind: 'summary' })
    expect(await led(summary)).toEqual([expect.objectContaining({ page: 'wiki/sources/bridge.md' })])
    const node = hit('wiki/sources/v2/survey.tree.json', 'survey', '', { kind: 'node', pageNumber: 2 })
    expect(await led(node)).toEqual([expect.objectContaining({ page: 'wiki/sources/v2/survey.json', pageNumber: 2 })])
    expect(await led(hit('wiki/concepts/arch.md', 'arch', '', { kind: 'concept' }))).toEqual([])
  })

  test('a passage may be on another page of a long document than the one that search found', async () => {
    const found = async () => [{ ...hit('wiki/sources/v2/survey.json', 'survey', '', { pageNumber: 1 }), cover: 1 }]
    const { citations } = await ask('who counts the arches in the province', { sources: { ...sources, found } })
    expect(citations).toEqual([expect.objectContaining({ pageNumber: 2, quote: LONG[1] })])
    // Its summary leads there as well.
    const summary = async () => [{ ...hit('wiki/summaries/v2/survey.md', 'survey', '', { kind: 'summary' }), cover: 1 }]
    expect((await ask('arches in the province', { sources: { ...sources, found: summary } })).citations).toEqual(
      citations,
    )
  })

  test('finding nothing that fits is reported, with the words that are nowhere', async () => {
    expect(await ask('zebra')).toMatchObject({
      answer: `${NOTHING_FITS_LINE} Nothing in the base has “zebra”.`,
      citations: [],
    })
    expect(await ask('who painted the bridge in green colours')).toMatchObject({
      answer: `${NOTHING_FITS_LINE} kbgit search lists pages that have some of them.`,
      citations: [],
    })
  })
})

test('an answer that lists its sources last is shown in full, and reads the same', async () => {
  await using server = await startModelServer()
  const model = await openTestModel(server.url)
  const pieces: string[] = []
  const last = await ask('When was the last bridge finished?', { model, onText: (piece) => pieces.push(piece) })
  const first = await ask('When was the bridge finished?', { model })
  expect(pieces.join('')).toBe(last.answer)
  expect([last.answer, last.citations]).toEqual([first.answer, first.citations])
})

describe.each(IDS)('with %s', (id) => {
  test('an answer cites what it read, and an invalid citation is dropped with its mark', async () => {
    await using server = await startModelServer()
    const looks: string[] = []
    let shown = ''
    const usage = emptyUsage()
    const result = await ask('When was the bridge finished?', {
      model: await openTestModel(server.url, { id }),
      usage,
      onTool: (name) => looks.push(name),
      onText: (piece) => {
        shown += piece
      },
    })
    expect(looks).toEqual(['search', 'read_page'])
    expect(result).toEqual({
      question: 'When was the bridge finished?',
      at: 'c0ffee',
      model: id,
      answer:
        'The base says: The stone bridge was finished in the year of the flood. [1] It also dreams of summaries/ghost. (no source)\n\n```\n<b>code</b>\n```',
      support: 'some',
      spent: { steps: 3, stepsMax: 8, tokens: usage.promptTokens + usage.completionTokens, tokensMax: 100_000 },
      citations: [
        {
          page: 'wiki/sources/bridge.md',
          document: 'bridge',
          quote: 'The stone bridge was finished in the year of the flood.',
        },
      ],
    })
    expect(shown).toBe(result.answer)
    expect(usage.calls).toBe(3)
    expect(result.spent?.tokens).toBeGreaterThan(1_000)
  })

  test('it goes by the index, other words and the tree to the page that it cites', async () => {
    await using server = await startModelServer()
    const looks: string[] = []
    const result = await ask('What is there on a walk?', {
      model: await openTestModel(server.url, { id }),
      onTool: (name, input) => looks.push(`${name} ${JSON.stringify(input)}`),
    })
    expect(looks.map((look) => look.split(' ')[0])).toEqual([
      'list_topics',
      'list_documents',
      'search',
      'read_tree',
      'read_tree',
      'read_document_pages',
    ])
    expect(looks[4]).toContain('0002')
    expect(result).toMatchObject({ answer: 'It says so [1].', support: 'all', spent: { steps: 7 } })
    expect(result.citations).toEqual([
      { page: 'wiki/sources/v2/survey.json', document: 'survey', pageNumber: 2, quote: LONG[1] },
    ])
    const seen = server.prompts().at(-1) ?? ''
    expect(seen).toContain('wiki/concepts/arch.md: Arch: what a bridge rests on')
    expect(seen).toContain('wiki/summaries/v2/survey.md (document survey): Survey: of bridges')
    expect(seen).toContain('0002 Counts (pages 2 to 2, 70 sections within): Arches are counted.')
  })

  test('it stops at the number of calls and of tokens that it may use', async () => {
    await using server = await startModelServer()
    const model = await openTestModel(server.url, { id })
    const calls = async (budget: QueryRequest['budget']) => {
      const usage = emptyUsage()
      await ask('How many arches are there forever?', { model, budget, usage }).catch(() => {})
      return usage
    }
    expect((await calls({ stepsMax: 3, tokensMax: 100_000 })).calls).toBe(3)
    expect((await calls({ stepsMax: 1, tokensMax: 100_000 })).calls).toBe(1)
    const few = await calls({ stepsMax: 50, tokensMax: 30_000 })
    expect(few.promptTokens + few.completionTokens).toBeLessThanOrEqual(30_000)
    expect(few.calls).toBeGreaterThan(2)
    expect((await calls({ stepsMax: 50, tokensMax: 1_000 })).calls).toBe(1)
  })
})

test('a page of a long document is cited by its number', async () => {
  await using server = await startModelServer()
  const result = await ask('What does the survey count?', { model: await openTestModel(server.url) })
  expect(result.citations).toEqual([
    {
      page: 'wiki/sources/v2/survey.json',
      document: 'survey',
      pageNumber: 2,
      quote: 'The second page counts the arches of all bridges in the province.',
    },
  ])
})

test('an error while reading the base is thrown, never hidden in an answer', async () => {
  await using server = await startModelServer()
  const broken = { ...sources, search: () => Promise.reject(new KbError('storage', 'The index cannot be read.')) }
  await expect(ask('bridge', { sources: broken, model: await openTestModel(server.url) })).rejects.toMatchObject({
    code: 'storage',
  })
  const wrong = { ...sources, search: () => Promise.reject(new TypeError('not a function')) }
  await expect(ask('bridge', { sources: wrong, model: await openTestModel(server.url) })).rejects.toThrow(
    new TypeError('not a function'),
  )
})

test('only what was opened can be cited', async () => {
  const opened = new OpenedPages()
  const tools = new Map(queryTools(sources, opened).map((tool) => [tool.name, tool]))
  const raw = [
    'Sources:',
    '[1] wiki/sources/bridge.md: "It has nine arches"',
    '[2] wiki/sources/v2/survey.json page 2: "counts the arches of all"',
    '[3] wiki/sources/v2/survey.json: "counts the arches of all"',
    'Answer:',
    'Nine [1], counted [2], and again [3].',
  ].join('\n')
  const answered = () => new AnswerStream(sources, opened).finish(raw)
  expect(await answered()).toEqual({
    answer: `Nine, counted, and again.\n\n${UNCERTAIN_LINE}`,
    citations: [],
    support: 'none',
  })
  await tools.get('search')?.run({ query: 'survey bridge', rewrites: null, limit: null })
  expect((await answered()).citations).toEqual([])
  await tools.get('read_document_pages')?.run({ document: 'survey', first: 1, last: 1 })
  expect((await answered()).citations).toEqual([])
  await tools.get('read_document_pages')?.run({ document: 'survey', first: 2, last: 2 })
  await tools.get('read_page')?.run({ path: 'wiki/sources/bridge.md', from: 12 })
  const { answer, citations, support } = await answered()
  expect(answer).toBe('Nine [1], counted [2], and again [3].')
  expect(citations.map(({ document, pageNumber }) => [document, pageNumber])).toEqual([
    ['bridge', undefined],
    ['survey', 2],
    ['survey', 2],
  ])
  expect(support).toBe('all')
})

test('of a page that is cut off, only what was shown can be cited, and parts that meet are one', async () => {
  const opened = new OpenedPages()
  const text = `${'x'.repeat(11_990)} The bridge has nine arches of stone. ${'y'.repeat(20_000)} The end of the bridge.`
  const tools = queryTools({ ...sources, page: () => Promise.resolve(text) }, opened)
  const read = (from: number) => tools.find(({ name }) => name === 'read_page')?.run({ path: 'wiki/a.md', from })
  const has = async (words: string) => ((await opened.page('wiki/a.md')) ?? '').includes(words)
  expect(await read(0)).toMatch(/read on from 12000\.$/)
  expect(await has('nine arches')).toBe(false)
  await read(12_000)
  expect(await has('nine arches')).toBe(true)
  expect(await has('The end of the bridge')).toBe(false)
})

test('an answer that says that there is none is not called uncertain, unless it goes on', async () => {
  const support = async (raw: string) => (await new AnswerStream(sources, new OpenedPages()).finish(raw)).support
  expect(await support('Not found: the wiki has nothing about zebras.')).toBe('notFound')
  expect(await support(`Not found: but ${'I know that zebras have stripes. '.repeat(20)}`)).toBe('none')
  expect(await support('Zebras have stripes.')).toBe('none')
})

test.each([
  [
    'marks of sources that do not hold go',
    'B [2] and A [1][2], C [3].\n\nSources:\n[1] wiki/sources/bridge.md: "stone bridge was finished"\n[2] wiki/concepts/arch.md: "rests on nine arches"\n[3] wiki/nowhere.md: "anything at all"',
    'B [2] and A [1, 2], C.',
    ['bridge', 'bridge'],
  ],
  [
    'sources first',
    'Sources:\n[1] wiki/nowhere.md: "anything at all"\n[2] wiki/sources/bridge.md: "stone bridge was finished"\n\nAnswer:\n\nA [1][2].\n\n\n\nB <i>x</i> [[summaries/bridge]].',
    'A [1].\n\nB x [[summaries/bridge|summaries/bridge]]. (no source)',
    ['bridge'],
  ],
  [
    'a fence that is left open is closed',
    'Sources:\nAnswer:\n```\n<b>\n\n[[x]]',
    `\`\`\`\n<b>\n\n[[x]]\n\`\`\`\n\n${UNCERTAIN_LINE}`,
    [],
  ],
  [
    'a heading and list marks',
    'A [1].\n\n## Sources\n- [1] `wiki/sources/bridge.md` – “It has nine arches”',
    'A [1].',
    ['bridge'],
  ],
  [
    'the document of a topic page is that of the section',
    'A [1]\nSources:\n[1] wiki/concepts/arch.md: "counts every arch in the province"',
    'A [1]',
    ['survey'],
  ],
  [
    'a page number that is off by one is put right',
    'A [1]\nSources:\n[1] wiki/sources/v2/survey.json page 1: "counts the arches of all"',
    'A [1]',
    ['survey'],
  ],
  [
    'a long document without a page number gets it',
    'A [1]\nSources:\n[1] wiki/sources/v2/survey.json: "a preface to the survey"',
    'A [1]',
    ['survey'],
  ],
  [
    'a document may be named instead of its file',
    'A [1]\nSources:\n[1] survey page 2: "counts the arches of all"',
    'A [1]',
    ['survey'],
  ],
  ['an answer without sources is uncertain', 'A [1].', `A.\n\n${UNCERTAIN_LINE}`, []],
  [
    'HTML and images go',
    '<b>A</b> ![x](http://e.example/x) [1]\nSources:\n[1] ../etc/passwd: "root of all evil"',
    `A x\n\n${UNCERTAIN_LINE}`,
    [],
  ],
])('citations: %s', async (_, raw, answer, documents) => {
  let shown = ''
  const stream = new AnswerStream(sources, sources, (piece) => {
    shown += piece
  })
  for (const piece of raw.match(/[\s\S]{1,7}/g) ?? []) stream.push(piece)
  const checked = await stream.finish(raw)
  expect(shown).toBe(checked.answer)
  expect(checked.answer).toBe(answer)
  expect(checked.citations.map(({ document }) => document)).toEqual(documents)
  const numbers = checked.citations.flatMap(({ pageNumber }) => pageNumber ?? [])
  if (raw.includes('preface')) expect(numbers).toEqual([1])
  if (raw.includes('page 1')) expect(numbers).toEqual([2])
})

test('tools return bounded results, and answer nonsense with a sentence', async () => {
  const big = { ...sources, page: () => Promise.resolve('y'.repeat(100_000)) }
  const tools = new Map(queryTools(big, new OpenedPages()).map((tool) => [tool.name, tool]))
  const run = (name: string, input: Record<string, unknown>) => tools.get(name)?.run(input) ?? Promise.resolve('')
  expect((await run('read_page', { path: 'wiki/sources/bridge.md', from: null })).length).toBeLessThan(13_000)
  expect(await run('read_page', { path: 'x', from: 95_000 })).not.toContain('characters follow')
  expect(await run('read_document_pages', { document: 'survey', first: -5, last: 1e9 })).toContain(
    'wiki/sources/v2/survey.json page 2:\nThe second page',
  )
  expect(await run('read_document_pages', { document: '../../etc', first: 'x', last: null })).toBe(
    'No pages have these numbers.',
  )
  expect(await run('read_tree', { document: 'survey', node: null })).toContain('0001 Preface (pages 1 to 1)')
  expect(await run('read_tree', { document: 'survey', node: '0002' })).toContain('169 Parish 69 (pages 2 to 2)')
  expect(await run('read_tree', { document: 'survey', node: '10' })).toContain('no sections within')
  expect(await run('read_tree', { document: 'survey', node: 'x' })).toContain('no section with this id')
  expect(await run('list_documents', { from: 1 })).toContain('wiki/summaries/v2/survey.md')
  expect(await run('list_documents', { from: 5 })).toBe('There are only 2 documents.')
  const many = { ...sources, index: () => Promise.resolve({ total: 90, items: [{ page: 'wiki/a.md', brief: 'A' }] }) }
  const list = queryTools(many, new OpenedPages()).find(({ name }) => name === 'list_topics')
  expect(await list?.run({ from: 40 })).toMatch(/49 more follow; go on from 41\.$/)
  expect(await run('read_tree', { document: 'bridge', node: null })).toContain('no table of contents')
  expect(await run('search', { query: 'zebra', rewrites: 'x', limit: 1e9 })).toContain('Nothing found')
})

test('a chat is saved turn by turn, resumed with its history, listed and deleted', async () => {
  await using folder = await temporaryFolder()
  await using server = await startModelServer()
  let time = Date.UTC(2026, 0, 1)
  let ids = 0
  const options = { now: () => new Date((time += 1_000)), newId: () => `chat-${++ids}` }
  const model = await openTestModel(server.url)
  const asked = (question: string) => ({
    question,
    at: 'c0ffee',
    sources,
    model,
    budget: BUDGET,
    language: 'en',
    signal: new AbortController().signal,
  })

  const first = await new Chats(folder.path, options).ask(
    new Chats(folder.path, options).start(),
    asked('When was the bridge finished?'),
  )
  expect(first.result.citations).toHaveLength(1)
  const resumed = await new Chats(folder.path, options).resume()
  expect(resumed).toEqual(first.session)
  const second = await new Chats(folder.path, options).ask(resumed, asked('And the survey?'))
  expect(server.prompts().at(-1)).toContain('When was the bridge finished?')
  expect(second.session.turns.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant'])

  const chats = new Chats(folder.path, options)
  await chats.append(chats.start(), [{ role: 'user', text: 'Other <b>chat</b>' }])
  expect((await chats.list()).map(({ id, title, turns }) => [id, title, turns])).toEqual([
    ['chat-2', 'Other chat', 1],
    ['chat-1', 'When was the bridge finished?', 4],
  ])
  await chats.delete('chat-2')
  expect((await chats.list()).map(({ id }) => id)).toEqual(['chat-1'])
  for (const id of ['chat-2', '../answers/x', ''])
    await expect(chats.resume(id)).rejects.toMatchObject({ code: 'notFound' })
  await expect(new Chats(`${folder.path}/none`, options).resume()).rejects.toMatchObject({ code: 'notFound' })
})

test('a failed question leaves the chat unchanged', async () => {
  await using folder = await temporaryFolder()
  await using server = await startModelServer({ faults: [{ fault: 'serverError' }] })
  const chats = new Chats(folder.path, { now: () => new Date(0), newId: () => 'one' })
  const session = await chats.append(chats.start(), [
    { role: 'user', text: 'a' },
    { role: 'assistant', text: 'b' },
  ])
  await expect(
    chats.ask(session, {
      question: 'x',
      at: 'c',
      sources,
      model: await openTestModel(server.url),
      budget: BUDGET,
      language: 'en',
      signal: new AbortController().signal,
    }),
  ).rejects.toMatchObject({ failure: { code: 'modelUnavailable' } })
  expect(await chats.resume('one')).toEqual(session)
})
