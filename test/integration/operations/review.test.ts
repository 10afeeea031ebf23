import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Kb } from '../../../src/index.ts'
import { Journal } from '../../../src/commit/journal.ts'
import { contentOf } from '../../support/workplace.ts'
import { LiveBase } from '../../support/live-base.ts'

const git = (base: LiveBase, ...args: string[]): string => base.repository.git(...args)
const tree = (base: LiveBase, revision = 'HEAD'): string => git(base, 'rev-parse', `${revision}^{tree}`)

async function addForReview(kb: Kb, base: LiveBase, ...names: string[]) {
  return kb.add(
    names.map((name) => base.source(name)),
    { review: true },
  )
}

/** Everything that a commit behind the work tree must leave as it is. */
function visible(base: LiveBase): unknown {
  // git writes down in the index what it has found unchanged.
  git(base, 'status')
  return [
    contentOf(base.root),
    readFileSync(join(base.root, '.git/index')).toString('base64'),
    git(base, 'rev-parse', 'HEAD'),
    git(base, 'symbolic-ref', 'HEAD'),
    git(base, 'status', '--porcelain'),
  ]
}

describe('adding for review', () => {
  test('commits onto a branch of its own and touches neither work tree nor index', async () => {
    using base = await LiveBase.make()
    await base.add('first')
    base.write('wiki/concepts/mine.md', '# Mine\n')
    const before = visible(base)
    await using kb = await base.open()
    const { review, added, head, base: from } = await addForReview(kb, base, 'second')

    expect(review).toEqual({ number: 1, branch: 'kbgit/review/1' })
    expect(visible(base)).toEqual(before)
    expect(from).toBe(git(base, 'rev-parse', 'HEAD'))
    expect(git(base, 'rev-parse', 'kbgit/review/1')).toBe(head)
    expect(git(base, 'merge-base', '--is-ancestor', added[0]?.commit ?? '', head)).toBe('')
    expect((await kb.list()).documents.map(({ name }) => name)).toEqual(['first'])
    expect((await kb.list({ at: 'kbgit/review/1' })).documents.map(({ name }) => name)).toEqual(['first', 'second'])
    expect((await kb.fsck({ at: 'kbgit/review/1' })).problems).toEqual([])
    expect((await kb.search('second Engine', { at: 'kbgit/review/1' })).hits[0]?.document).toBe('second')
    expect(await kb.status()).toMatchObject({ documents: 1, journal: 0, staging: 0, pending: [] })
  })

  test('makes the tree that adding makes', async () => {
    using base = await LiveBase.make({ env: { SOURCE_DATE_EPOCH: '1750000000' } })
    await base.add('first')
    await using kb = await base.open()
    await addForReview(kb, base, 'second', 'third')
    await base.add('second', 'third')
    expect(tree(base, 'kbgit/review/1')).toBe(tree(base))
  })

  test('numbers each review, and no number is given twice', async () => {
    using base = await LiveBase.make()
    await using kb = await base.open()
    await addForReview(kb, base, 'first')
    await addForReview(kb, base, 'second')
    await kb.reviews.reject(2, 'no')
    await kb.reviews.accept(1)
    const { review } = await addForReview(kb, base, 'third')
    expect(review?.number).toBe(3)
  })

  test('two at once get a branch each', async () => {
    using base = await LiveBase.make()
    const [one, two] = [await base.open(), await base.open()]
    const results = await Promise.all([addForReview(one, base, 'first'), addForReview(two, base, 'second')])
    expect(results.map(({ review }) => review?.number).sort()).toEqual([1, 2])
    for (const number of [1, 2]) expect((await one.list({ at: `kbgit/review/${number}` })).documents).toHaveLength(1)
  })

  test('works while a merge is in progress, and on a detached HEAD', async () => {
    using base = await LiveBase.make()
    await using kb = await base.open()
    git(base, 'checkout', '-q', '--detach')
    expect((await addForReview(kb, base, 'first')).added).toHaveLength(1)
    git(base, 'switch', '-q', 'main')
    writeFileSync(join(base.root, '.git/MERGE_HEAD'), `${git(base, 'rev-parse', 'kbgit/review/1')}\n`)
    expect((await addForReview(kb, base, 'second')).added).toHaveLength(1)
  })

  test('a dry run, and known documents, make no branch', async () => {
    using base = await LiveBase.make()
    await base.add('first')
    await using kb = await base.open()
    expect((await kb.add([base.source('second')], { review: true, dryRun: true })).review).toBeUndefined()
    expect((await kb.add([base.source('first')], { review: true })).review).toBeUndefined()
    expect((await kb.reviews.list()).reviews).toEqual([])
  })

  test('is what review: always asks for', async () => {
    using base = await LiveBase.make({ config: 'review: always\n' })
    await using kb = await base.open()
    expect((await kb.add([base.source('first')])).review?.number).toBe(1)
    expect((await kb.add([base.source('second')], { review: false })).review).toBeUndefined()
  })

  test('is what review: agents asks for, for agents alone, and the commits name them', async () => {
    using base = await LiveBase.make({ config: 'review: agents\n' })
    await using kb = await base.open()
    expect((await kb.add([base.source('first')])).review).toBeUndefined()
    expect((await kb.add([base.source('second')], { agent: 'scout' })).review?.number).toBe(1)
    expect(git(base, 'log', '-1', '--format=%B', 'kbgit/review/1')).toContain('Kbgit-Agent: scout')
    expect((await kb.reviews.list()).reviews[0]?.agents).toEqual(['scout'])
  })
})

describe('what is on review', () => {
  test('is shown as documents, and as statements that pages gain and lose', async () => {
    using base = await LiveBase.make()
    await base.add('first', 'second')
    await using kb = await base.open()
    writeFileSync(
      base.source('second'),
      '# On the second\n\nNothing is left of it, says Alice Smith of Acme Corporation.\n',
    )
    await kb.add([join(base.sources, 'second.md'), base.source('third')], { review: true })
    const shown = await kb.reviews.show(1)
    expect(shown.changes.documents.map(({ name, change, accepted }) => [name, change, accepted])).toEqual([
      ['second', 'updated', false],
      ['third', 'new', false],
    ])
    const smith = shown.changes.pages.find(({ title }) => title === 'Alice Smith')
    expect(smith?.dropped.join('\n')).toContain('built it in Paris')
    expect(smith?.added.join('\n')).toContain('Nothing is left of it')
    const summary = shown.changes.pages.find(({ path }) => path === 'wiki/summaries/second.md')
    expect(summary?.change).toBe('changed')
    await expect(kb.reviews.show(2)).rejects.toMatchObject({ code: 'notFound' })
  })
})

describe('what accepting would change', () => {
  test('is less once the branch has some of it, and leaves out documents that a page only mentions', async () => {
    using base = await LiveBase.make()
    await base.add('first')
    await using kb = await base.open()
    await addForReview(kb, base, 'second', 'third')
    const before = await kb.reviews.show(1)
    expect(before.changes.documents.map(({ name }) => name)).toEqual(['second', 'third'])
    // The current branch gets one of them by another way, and its pages with it.
    await base.add('second')
    const { changes, documents } = await kb.reviews.show(1)
    expect(changes.documents.map(({ name, change, accepted }) => [name, change, accepted])).toEqual([
      ['second', 'new', true],
      ['third', 'new', false],
    ])
    expect(documents).toEqual(['third'])
    const gained = changes.pages.flatMap(({ added }) => added)
    expect(gained.length).toBeGreaterThan(0)
    const now = (await Promise.all(changes.pages.map(({ path }) => kb.file(path)))).join('\n')
    for (const statement of gained) expect(now).not.toContain(statement)
    expect(changes.pages.every(({ change, path }) => change !== 'new' || !existsSync(join(base.root, path)))).toBe(true)
  })

  test('is not what a person wrote on the branch since, and not what both deleted', async () => {
    using base = await LiveBase.make()
    await base.add('first')
    const page = join(base.root, 'wiki/explorations/mine.md')
    const write = (text: string, message: string): void => {
      base.write('wiki/explorations/mine.md', `# Mine\n\n${text}\n`)
      git(base, 'add', page)
      git(base, 'commit', '-qm', message)
    }
    write('An old statement.\n\nOne that stays.', 'begin')
    git(base, 'switch', '-qc', 'kbgit/review/1')
    write('One that stays.\n\nOne of the review.', 'on the review')
    git(base, 'switch', '-q', 'main')
    write('One that stays.\n\nOne of the branch.', 'on the branch')
    await using kb = await base.open()
    const { pages } = (await kb.reviews.show(1)).changes
    expect(pages).toMatchObject([{ change: 'changed', added: ['One of the review.'], dropped: [] }])
  })
})

describe('accepting', () => {
  test('takes in the review as it is if the branch has not moved', async () => {
    using base = await LiveBase.make()
    await using kb = await base.open()
    const { head } = await addForReview(kb, base, 'first')
    const result = await kb.reviews.accept(1)
    expect(result).toMatchObject({ accepted: ['first'], left: [], closed: true, commit: head, kept: [] })
    expect(git(base, 'rev-parse', 'HEAD')).toBe(head)
    expect(git(base, 'status', '--porcelain')).toBe('')
    expect(git(base, 'branch', '--list', 'kbgit/*')).toBe('')
    expect(await kb.fsck()).toMatchObject({ problems: [] })
  })

  test('merges by the merge driver if it has', async () => {
    // The log has the minute of each run.
    using base = await LiveBase.make({ env: { SOURCE_DATE_EPOCH: '1750000000' } })
    await using kb = await base.open()
    await addForReview(kb, base, 'first', 'second')
    await kb.add([base.source('third')])
    const { accepted } = await kb.reviews.accept(1)
    expect(accepted).toEqual(['first', 'second'])
    expect((await kb.list()).documents.map(({ name }) => name)).toEqual(['first', 'second', 'third'])
    // As if kbgit had died before front page and overviews followed.
    const whole = tree(base)
    const merge = git(base, 'log', '-1', '--format=%H', '--grep=^merge: review 1$')
    expect(tree(base, merge)).not.toBe(whole)
    git(base, 'reset', '-q', '--hard', merge)
    expect(await kb.reviews.accept(1)).toMatchObject({ accepted: [], closed: true, before: merge })
    expect(tree(base)).toBe(whole)
    await expect(kb.reviews.accept(2)).rejects.toMatchObject({ code: 'notFound' })
    expect(git(base, 'status', '--porcelain')).toBe('')
    expect(await kb.fsck()).toMatchObject({ problems: [] })
  })

  test('takes in single documents, and closes the review with the last', async () => {
    using base = await LiveBase.make()
    await using kb = await base.open()
    await addForReview(kb, base, 'first', 'second', 'third')
    expect(await kb.reviews.accept(1, { documents: ['second'] })).toMatchObject({
      accepted: ['second'],
      left: ['first', 'third'],
      closed: false,
    })
    expect((await kb.list()).documents.map(({ name }) => name)).toEqual(['second'])
    expect(git(base, 'show', 'HEAD:wiki/index.md')).toMatch(/^1 document \([\s\S]*\[\[summaries\/second\|/m)
    expect(git(base, 'show', 'HEAD:wiki/index.md')).not.toContain('summaries/first')
    expect((await kb.status()).overviewDue).toEqual([])
    expect(await kb.fsck()).toMatchObject({ problems: [] })
    expect((await kb.reviews.list()).reviews[0]?.documents).toEqual(['first', 'third'])
    await expect(kb.reviews.accept(1, { documents: ['second'] })).rejects.toMatchObject({ code: 'notFound' })
    expect(await kb.reviews.accept(1, { documents: ['third', 'first'] })).toMatchObject({ left: [], closed: true })
    expect((await kb.list()).documents.map(({ name }) => name)).toEqual(['first', 'second', 'third'])
    expect(git(base, 'show', 'HEAD:wiki/index.md')).toMatch(/^3 documents \(/m)
    expect((await kb.reviews.list()).reviews).toEqual([])
    expect(await kb.fsck()).toMatchObject({ problems: [] })
  })

  test('can be undone', async () => {
    using base = await LiveBase.make()
    await base.add('zero')
    const before = tree(base)
    await using kb = await base.open()
    await addForReview(kb, base, 'first', 'second')
    await kb.reviews.accept(1, { documents: ['second'] })
    const { runs } = await kb.undo()
    expect(runs.flatMap(({ commits }) => commits.flatMap(({ documents }) => documents))).toEqual(['second'])
    expect(tree(base)).toBe(before)
  })

  test('by a merge brings front page, newest list and overviews to what both branches have', async () => {
    using base = await LiveBase.make({ env: { SOURCE_DATE_EPOCH: '1750000000' } })
    await base.add('zero')
    await using kb = await base.open()
    await addForReview(kb, base, 'first', 'second')
    await kb.add([base.source('third')])
    const { overviews, commit } = await kb.reviews.accept(1)
    expect(overviews).toMatchObject({ due: 0 })
    expect(git(base, 'rev-parse', 'HEAD')).toBe(commit)
    const index = git(base, 'show', 'HEAD:wiki/index.md')
    expect(index).toMatch(/^4 documents \(/m)
    const newest = index.slice(index.indexOf('## Newest documents'))
    for (const name of ['zero', 'first', 'second', 'third']) expect(newest).toContain(`summaries/${name}|`)
    expect((await kb.status()).overviewDue).toEqual([])
    expect(await kb.fsck()).toMatchObject({ problems: [] })
  })

  test('by a merge can be undone as one run, also after another', async () => {
    using base = await LiveBase.make()
    await base.add('zero')
    await using kb = await base.open()
    await addForReview(kb, base, 'first', 'second')
    await kb.add([base.source('third')])
    const before = tree(base)
    await kb.reviews.accept(1)
    expect(git(base, 'log', '--format=%s', '--merges')).toBe('merge: review 1')
    const { runs, left } = await kb.undo()
    expect(runs.map(({ commits }) => commits.flatMap(({ documents }) => documents).sort())).toEqual([
      ['first', 'second'],
    ])
    expect(left).toEqual([])
    expect(tree(base)).toBe(before)

    // The runs on the review's branch are undone with it: the next one is before it.
    const next = await kb.undo({ dryRun: true })
    expect(next.runs.flatMap(({ commits }) => commits.flatMap(({ documents }) => documents))).toEqual(['third'])
  })

  test('by a merge is taken back on top of what followed', async () => {
    using base = await LiveBase.make()
    await using kb = await base.open()
    await addForReview(kb, base, 'first', 'second')
    await kb.add([base.source('third')])
    await kb.reviews.accept(1)
    await kb.add([base.source('zero')])
    const { runs } = await kb.undo({ runs: 2 })
    expect(runs).toHaveLength(2)
    expect((await kb.list()).documents.map(({ name }) => name)).toEqual(['third'])
    expect(await kb.fsck()).toMatchObject({ problems: [] })
  })

  test('refuses to overwrite what is not committed, and changes nothing', async () => {
    using base = await LiveBase.make()
    await using kb = await base.open()
    await addForReview(kb, base, 'first')
    base.write('wiki/summaries/first.md', 'mine\n')
    const before = visible(base)
    await expect(kb.reviews.accept(1)).rejects.toMatchObject({ code: 'repositoryBusy' })
    expect(visible(base)).toEqual(before)
  })

  test('only closes a review that was merged by hand', async () => {
    using base = await LiveBase.make()
    await using kb = await base.open()
    await addForReview(kb, base, 'first')
    git(base, 'merge', '-q', 'kbgit/review/1')
    expect((await kb.reviews.list()).reviews).toMatchObject([{ number: 1, merged: true, documents: [] }])
    const head = git(base, 'rev-parse', 'HEAD')
    expect(await kb.reviews.accept(1)).toMatchObject({ closed: true, before: head, commit: head })
    expect((await kb.reviews.list()).reviews).toEqual([])
  })
})

describe('rejecting', () => {
  test('deletes the branch, and keeps what it had with the reason', async () => {
    using base = await LiveBase.make()
    await using kb = await base.open()
    const { head } = await addForReview(kb, base, 'first')
    const before = visible(base)
    const { record } = await kb.reviews.reject(1, 'Not ours\n\nKbgit-Document: forged')
    expect(visible(base)).toEqual(before)
    expect((await kb.reviews.list()).reviews).toEqual([])
    expect(git(base, 'log', '-1', '--format=%B', 'refs/kbgit/reviews')).toContain('Not ours')
    expect(git(base, 'log', '-1', '--format=%B', record)).not.toMatch(/^Kbgit-Document/m)
    expect(git(base, 'log', '-1', '--format=%P', record)).toBe(head)
  })
})

describe('recovery of a transaction behind the work tree', () => {
  const intent = (base: LiveBase, id: string) => ({
    version: 1 as const,
    id,
    branch: 'refs/heads/kbgit/review/1',
    base: git(base, 'rev-parse', 'HEAD'),
    worktree: '.',
    workTree: base.root,
    paths: [],
    blobs: [],
    attempts: 0,
  })

  test('asks its branch, and needs nothing else', async () => {
    using base = await LiveBase.make()
    await using kb = await base.open()
    const { head } = await addForReview(kb, base, 'first')
    const id = /^Kbgit-Transaction: (.+)$/m.exec(git(base, 'log', '-1', '--format=%B', head))?.[1] ?? ''
    const before = visible(base)
    const journal = new Journal(join(base.root, '.git/kbgit'), 'process')
    await journal.record(intent(base, id))
    // Whoever holds the index is not waited for.
    writeFileSync(join(base.root, '.git/index.lock'), '')
    expect(await kb.recover()).toMatchObject({ rolledForward: 1, rolledBack: 0 })
    await journal.record(intent(base, 'never-made-1'))
    expect(await kb.recover()).toMatchObject({ rolledForward: 0, rolledBack: 1 })
    expect(existsSync(join(base.root, '.git/index.lock'))).toBe(true)
    expect(visible(base)).toEqual(before)
  })

  test('moves the rest of refs that move together, and none if none has moved', async () => {
    using base = await LiveBase.make()
    await using kb = await base.open()
    const { head } = await addForReview(kb, base, 'first')
    const journal = new Journal(join(base.root, '.git/kbgit'), 'process')
    const zero = '0'.repeat(40)
    const refs = [
      { name: 'refs/kbgit/reviews', old: zero, new: head },
      { name: 'refs/heads/kbgit/review/1', old: head, new: null },
    ]
    const both = { ...intent(base, 'closing'), branch: 'refs/kbgit/reviews', base: null, tip: head, refs }
    await journal.record(both)
    expect(await kb.recover()).toMatchObject({ rolledForward: 0, rolledBack: 1 })
    expect((await kb.reviews.list()).reviews).toHaveLength(1)
    await journal.record(both)
    git(base, 'update-ref', 'refs/kbgit/reviews', head)
    writeFileSync(join(base.root, '.git/refs/heads/kbgit/review/1.lock'), '')
    expect(await kb.recover()).toMatchObject({ rolledForward: 1, rolledBack: 0 })
    expect((await kb.reviews.list()).reviews).toEqual([])
    expect(existsSync(join(base.root, '.git/refs/heads/kbgit/review/1.lock'))).toBe(false)
  })

  test('a review that is checked out is not committed to behind its work tree', async () => {
    using base = await LiveBase.make()
    await using kb = await base.open()
    await addForReview(kb, base, 'first')
    git(base, 'switch', '-q', 'kbgit/review/1')
    const { review } = await addForReview(kb, base, 'second')
    expect(review?.number).toBe(2)
    expect(git(base, 'status', '--porcelain')).toBe('')
  })
})
