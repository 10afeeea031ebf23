import { expect, it } from 'vitest'
import { kbgit } from '../../support/host-double.ts'

it('says what changed, a list for each kind', async () => {
  const { stdout } = await kbgit(['changes', 'v1'])
  expect(stdout).toBe(`2 commits since aaaaaaaa (2026-01-01), up to cccccccc

Documents added (1)
  paper  2026-01-02  A paper

New topics (1)
  Attention  concept  1 document

Topics with more or fewer documents (1)
  Ada  entity  1 → 2 documents

Edited by people (1)
  dddddddd  2026-01-02  A  Correct a name

The text of 1 other topic changed.
`)
})
