import { describe, expect, it } from 'vitest'
import { buildGraph, type GraphDocument, type GraphSources } from '../../../../src/core/graph/build-graph.ts'
import { neighbourhood } from '../../../../src/core/graph/neighbourhood.ts'

const document = (name: string, topics: string[], more: Partial<GraphDocument> = {}): GraphDocument => ({
  name,
  title: name.toUpperCase(),
  summary: `wiki/summaries/${name}.md`,
  topics: topics.map((topic) => `wiki/${topic}.md`),
  origin: `/home/ada/${name}.md`,
  format: 'md',
  ...more,
})
const topic = (id: string) => ({ path: `wiki/${id}.md`, title: id })
const graphOf = (sources: Partial<GraphSources>) => buildGraph({ documents: [], topics: [], themes: [], ...sources })

describe('the graph of a base', () => {
  it('joins documents to their topics, the main ones most, and counts both', () => {
    const { nodes, edges } = graphOf({
      documents: [document('a', ['concepts/x', 'entities/y', 'concepts/x--2'])],
      topics: [topic('concepts/x'), topic('entities/y'), topic('concepts/alone')],
    })
    expect(nodes).toEqual([
      { id: 'summaries/a', kind: 'document', title: 'A', size: 2 },
      { id: 'concepts/alone', kind: 'concept', title: 'concepts/alone', size: 0 },
      { id: 'concepts/x', kind: 'concept', title: 'concepts/x', size: 1 },
      { id: 'entities/y', kind: 'entity', title: 'entities/y', size: 1 },
    ])
    expect(edges).toEqual([
      { from: 'summaries/a', to: 'concepts/x', kind: 'topic', weight: 1 },
      { from: 'summaries/a', to: 'entities/y', kind: 'topic', weight: 0.889 },
    ])
  })

  it('leaves out edges to topics without a page', () => {
    expect(graphOf({ documents: [document('a', ['concepts/gone'])] }).edges).toEqual([])
  })

  it('joins topics that share two documents, and not those that share one', () => {
    const { edges } = graphOf({
      documents: [
        document('a', ['concepts/x', 'concepts/y', 'concepts/z']),
        document('b', ['concepts/y', 'concepts/x']),
        document('c', ['concepts/z']),
      ],
      topics: ['concepts/x', 'concepts/y', 'concepts/z'].map(topic),
    })
    expect(edges.filter(({ kind }) => kind === 'together')).toEqual([
      { from: 'concepts/x', to: 'concepts/y', kind: 'together', weight: 2 },
    ])
  })

  it('keeps the strongest pairs of topics that many documents share', () => {
    const ids = Array.from({ length: 30 }, (_, index) => `concepts/t${index}`)
    const { edges } = graphOf({ documents: ['a', 'b', 'c'].map((name) => document(name, ids)), topics: ids.map(topic) })
    const pairs = edges.filter(({ kind }) => kind === 'together')
    expect(pairs.length).toBeGreaterThan(29)
    expect(pairs.length).toBeLessThanOrEqual(30 * 6)
  })

  it('puts documents and topics into themes, also those that no theme page lists', () => {
    const { nodes, edges } = graphOf({
      documents: [
        document('a', ['concepts/x']),
        document('b', ['concepts/x', 'concepts/new']),
        document('c', ['concepts/other']),
      ],
      topics: ['concepts/x', 'concepts/new', 'concepts/other'].map(topic),
      themes: [{ path: 'wiki/themes/T.md', title: 'T', members: ['summaries/a', 'concepts/x', 'summaries/gone'] }],
    })
    expect(Object.fromEntries(nodes.map(({ id, theme }) => [id, theme]))).toEqual({
      'themes/T': undefined,
      'summaries/a': 'themes/T',
      'summaries/b': 'themes/T',
      'summaries/c': undefined,
      'concepts/new': 'themes/T',
      'concepts/other': undefined,
      'concepts/x': 'themes/T',
    })
    expect(nodes.find(({ kind }) => kind === 'theme')).toMatchObject({ title: 'T', size: 2 })
    expect(edges.filter(({ kind }) => kind === 'theme')).toHaveLength(2)
  })

  it('joins documents that link each other, and messages to what is attached', () => {
    const { edges } = graphOf({
      documents: [
        document('a', [], {
          links: [
            { to: 'b', text: 'see b', at: 0 },
            { to: './b.md', text: 'again', at: 9 },
            { to: 'nowhere', text: 'x', at: 20 },
            { to: '', part: 'Heading', text: 'own', at: 30 },
          ],
        }),
        document('b', []),
        document('mail', [], { attachments: ['b', 'gone'], format: 'eml' }),
      ],
    })
    expect(edges).toEqual([
      { from: 'summaries/a', to: 'summaries/b', kind: 'link', weight: 2 },
      { from: 'summaries/mail', to: 'summaries/b', kind: 'attachment', weight: 1 },
    ])
  })

  it('is the same for the same documents in another order', () => {
    const documents = [document('a', ['concepts/x', 'concepts/y']), document('b', ['concepts/y', 'concepts/x'])]
    const topics = [topic('concepts/x'), topic('concepts/y')]
    expect(graphOf({ documents: documents.toReversed(), topics: topics.toReversed() })).toEqual(
      graphOf({ documents, topics }),
    )
  })
})

describe('the graph around a page', () => {
  it('has the page, its strongest neighbours, and the edges among them', () => {
    const ids = Array.from({ length: 9 }, (_, index) => `concepts/t${index}`)
    const whole = { at: 'c', ...graphOf({ documents: [document('a', ids)], topics: ids.map(topic) }) }
    const part = neighbourhood(whole, 'summaries/a', 3)
    expect(part.nodes.map(({ id }) => id)).toEqual(['summaries/a', 'concepts/t0', 'concepts/t1', 'concepts/t2'])
    expect(part.edges).toHaveLength(3)
    expect(neighbourhood(whole, 'concepts/t5', 3).nodes.map(({ id }) => id)).toEqual(['summaries/a', 'concepts/t5'])
  })
})
