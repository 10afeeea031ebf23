import { describe, expect, it, test } from 'vitest'
import { entryAt, listingEntries } from '../../../../src/core/document/base-entry.ts'
import { listingPath, topicPath } from '../../../../src/core/layout.ts'

test.each([
  ['documents/a.json', { kind: 'document', stem: 'a', shard: 1 }],
  ['documents/v12/a.b.json', { kind: 'document', stem: 'a.b', shard: 12 }],
  ['documents/mine/a.json', { kind: 'document', stem: 'a', shard: 0 }],
  [
    topicPath('concept', 'x', 1),
    { kind: 'topic', topic: 'concept', first: 'wiki/concepts/x.md', name: 'x', shard: 1, part: 1 },
  ],
  [
    topicPath('entity', 'x', 3, 4),
    { kind: 'topic', topic: 'entity', first: 'wiki/entities/v3/x.md', name: 'x', shard: 3, part: 4 },
  ],
  [listingPath('documents', 1), { kind: 'listing', listing: 'documents', shard: 1, part: 1 }],
  [listingPath('entities', 2, 7), { kind: 'listing', listing: 'entities', shard: 2, part: 7 }],
  ['documents/.json', undefined],
  ['documents/a.txt', undefined],
  ['wiki/concepts/a.txt', undefined],
  ['wiki/concepts.md', undefined],
  ['wiki/contents/other.md', undefined],
  ['wiki/summaries/a.md', undefined],
  ['kbgit.yaml', undefined],
])('the catalog reads %s as %j', (path, entry) => {
  expect(entryAt(path)).toEqual(entry)
})

describe('listingEntries', () => {
  it('counts list items that begin with a link, and nothing else', () => {
    expect(
      listingEntries(
        '# All\n\n- [[summaries/a|A]] - about a\n- [[summaries/b]]\n* [c](c.md)\n- plain\n  - [[nested]]\n',
      ),
    ).toBe(3)
    expect(listingEntries('')).toBe(0)
  })
})
