// Two documents that had one name in two clones: a purge of one leaves the other alone, in the present and in the past.
import { describe, expect, test } from 'vitest'
import { diverged, merge, record, sound } from '../../support/same-name.ts'
import { SharedBase, type Clone } from '../../support/two-clones.ts'

/** The clones merged in `ada`, with both documents in. */
async function merged(shared: SharedBase): Promise<Clone> {
  const [ada, bob] = await diverged(shared)
  await merge(ada, bob)
  await ada.recover()
  await sound(ada)
  ada.git('remote', 'remove', 'origin')
  return ada
}

/** What git has of a document at HEAD, without the pages that others share. */
const filesOf = (clone: Clone, name: string): string =>
  clone.git('ls-tree', '-r', 'HEAD', `raw/${name}.md`, `wiki/sources/${name}.md`)

/** Versions of `raw/<name>.md` in the whole history. */
const originals = (clone: Clone): string[] =>
  clone
    .git('log', '--all', '-m', '--format=', '--raw', '--no-abbrev', '--', 'raw')
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [line.split(' ')[3] ?? '']))
    .filter((oid) => !/^0+$/.test(oid))
    .map((oid) => clone.git('cat-file', 'blob', oid))

describe('a purge of one of two documents of the same name', () => {
  test.for(['minutes', 'minutes-2'])('%s goes, the other one stays with its past', async (name) => {
    using shared = await SharedBase.make()
    const ada = await merged(shared)
    const other = name === 'minutes' ? 'minutes-2' : 'minutes'
    const [mine, theirs] = [record(ada, name), record(ada, other)]
    const [gone, kept] = [mine, theirs].map(({ title }) => title.replace('Minutes of ', 'met in '))
    const before = filesOf(ada, other)
    const pages = theirs.topics.map((page) => ada.read(page).includes(`## [[summaries/${other}|${theirs.title}]]`))

    const result = await ada.purge(name)

    expect(result.proof?.found).toEqual([])
    expect(ada.documents).toEqual([other, 'of-june', 'of-may'])
    expect(filesOf(ada, other)).toBe(before)
    expect(theirs.topics.map((page) => ada.read(page).includes(`## [[summaries/${other}|${theirs.title}]]`))).toEqual(
      pages,
    )
    await sound(ada)
    const texts = originals(ada)
    expect(texts.some((text) => text.includes(kept ?? ''))).toBe(true)
    expect(texts.filter((text) => text.includes(gone ?? ''))).toEqual([])
    expect(result.others).toEqual(name === 'minutes' ? ['minutes-2'] : [])
  })
})
