import { expect, it } from 'vitest'
import { readMessage } from '../../../../src/core/transaction/commit-message.ts'

it('reads operation, documents and compiler from subject and trailers', () => {
  expect(
    readMessage(
      'add: paper\n\nKbgit-Transaction: 7\nKbgit-Document: paper\nKbgit-Digest: sha256:ab\nKbgit-Compiler: llm@2\nKbgit-Model: a/b\n',
    ),
  ).toEqual({
    operation: 'add',
    transaction: '7',
    documents: ['paper'],
    compiler: 'llm@2',
    model: 'a/b',
    undone: [],
    accepted: [],
    text: 'add: paper',
  })
  expect(readMessage('kbgit: init\n\nKbgit-Transaction: 1').operation).toBe('init')
  expect(readMessage('init\n\nKbgit-Transaction: 1').operation).toBe('init')
})

it('reads the runs of a review that a merge accepts', () => {
  const facts = readMessage(
    'merge: review 3\n\nKbgit-Transaction: 9-0\nKbgit-Accepted: 7\nKbgit-Accepted: 8\nKbgit-Review: 3\n',
  )
  expect(facts).toMatchObject({ operation: 'merge', transaction: '9-0', accepted: ['7', '8'], documents: [] })
})

it('keeps the text and trailers of others', () => {
  const facts = readMessage('edit: 2 pages\n\nWhy.\n\nKbgit-Transaction: 1\nSigned-off-by: Ada <ada@example.org>\n')
  expect(facts.text).toBe('edit: 2 pages\n\nWhy.\n\nSigned-off-by: Ada <ada@example.org>')
})

it.each([
  'Revert "add: paper"\n\nThis reverts commit 0123.\n',
  'add: paper\n\nKbgit-Transaction: quoted in the body\n\nThe end.\n',
  'Kbgit-Transaction: 1',
  '',
])('recognises %j as a commit that kbgit did not make', (message) => {
  expect(readMessage(message)).toMatchObject({ operation: 'commit', documents: [] })
})
