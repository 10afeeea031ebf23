import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { KbError } from '../../../../src/core/errors.ts'
import { CatFile } from '../../../../src/io/git/cat-file.ts'
import { Git } from '../../../../src/io/git/git.ts'
import { ObjectReader } from '../../../../src/io/git/objects.ts'
import { TEST_ENVIRONMENT, TestRepository } from '../../../support/repository.ts'

const readerOf = (dir: string): ObjectReader => new ObjectReader(new Git(dir, TEST_ENVIRONMENT))

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

describe.each(['sha1', 'sha256'])('an object reader on a %s repository', (format) => {
  it('reads contents by revision and path, and reports what does not exist', async () => {
    using repository = new TestRepository([`--object-format=${format}`])
    repository.commit('one', { 'a b.md': 'hello\n', empty: '' })
    await using reader = readerOf(repository.dir)
    expect((await reader.read('HEAD:a b.md'))?.toString()).toBe('hello\n')
    expect((await reader.read('HEAD:empty'))?.length).toBe(0)
    expect(await reader.read('HEAD:b')).toBeUndefined()
    expect(await reader.read('')).toBeUndefined()
    expect(await reader.header('HEAD:a b.md')).toMatchObject({ type: 'blob', size: 6 })
    expect(await reader.header('nothing')).toBeUndefined()
    expect(await reader.resolve('main')).toBe(repository.git('rev-parse', 'HEAD'))
    expect(await reader.resolve('HEAD:a b.md')).toBeUndefined()
  })

  it('lists files below a prefix with relative paths, whatever their names are', async () => {
    using repository = new TestRepository([`--object-format=${format}`])
    const odd = ['kb/-rf.md', 'kb/a\nb.md', 'kb/:(glob)*.md', 'kb/"q".md', 'kb/naïve.md', 'kb/deep/er/x.md']
    repository.commit('one', Object.fromEntries([...odd, 'outside.md'].map((path) => [path, path])))
    await using reader = readerOf(join(repository.dir, 'kb'))
    const listed = await all(reader.tree('HEAD', 'kb/'))
    expect(listed.map(({ path }) => path).toSorted()).toEqual(odd.map((path) => path.slice(3)).toSorted())
    for (const { path, oid } of listed) expect((await reader.read(oid))?.toString()).toBe(`kb/${path}`)
    expect((await reader.read('HEAD:kb/a\nb.md'))?.toString()).toBe('kb/a\nb.md')
    expect(await reader.read('HEAD:kb/a\nc.md')).toBeUndefined()
    expect((await all(reader.tree('HEAD', 'kb/', ['deep']))).map(({ path }) => path)).toEqual(['deep/er/x.md'])
    expect(await all(reader.tree('HEAD', 'absent/'))).toEqual([])
    expect((await all(reader.tree('HEAD'))).length).toBe(7)
  })

  it('lists the differences between two commits, and from nothing', async () => {
    using repository = new TestRepository([`--object-format=${format}`])
    const first = repository.commit('one', { 'kb/a': '1', 'kb/b': '2', c: '3' })
    const second = repository.commit('two', { 'kb/a': 'changed', 'kb/b': null, 'kb/b2': '2', c: '4' })
    await using reader = readerOf(repository.dir)
    const changes = await all(reader.diff(first, second, 'kb/'))
    expect(changes.map(({ path, status }) => `${status} ${path}`)).toEqual(['M a', 'D b', 'A b2'])
    expect(changes.map(({ oid, oldOid }) => [oid === null, oldOid === null])).toEqual([
      [false, false],
      [true, false],
      [false, true],
    ])
    expect((await all(reader.diff(null, second, 'kb/'))).map(({ path, status }) => `${status} ${path}`)).toEqual([
      'A a',
      'A b2',
    ])
    expect(await all(reader.diff(second, second, 'kb/'))).toEqual([])
  })
})

describe('an object reader', () => {
  it('answers many requests in order: large and small, found and missing', async () => {
    using repository = new TestRepository()
    const files = Object.fromEntries(
      Array.from({ length: 60 }, (_, n) => [`f${n}`, randomBytes(n % 7 === 0 ? 300_000 : n)]),
    )
    repository.commit('one', files)
    await using reader = readerOf(repository.dir)
    const asked = Array.from({ length: 600 }, (_, n) => `HEAD:f${n % 61}`)
    const answers = await Promise.all(asked.map((name) => reader.read(name)))
    for (const [n, answer] of answers.entries())
      expect(answer?.equals(files[`f${n % 61}`] ?? Buffer.from('x')) ?? n % 61 === 60).toBe(true)
    const many = await all(reader.readMany(asked, (name) => name))
    expect(many.map(({ item }) => item)).toEqual(asked.filter((name) => name !== 'HEAD:f60'))
  })

  it('refuses to buffer an object over the limit, stays in step after it, and streams it', async () => {
    using repository = new TestRepository()
    const large = randomBytes(3_000_000)
    repository.commit('one', { large, small: 'small' })
    await using reader = readerOf(repository.dir)
    const [refused, small] = await Promise.allSettled([
      reader.read('HEAD:large', { bytesMax: 1_000_000 }),
      reader.read('HEAD:small'),
    ])
    expect(refused).toMatchObject({ status: 'rejected', reason: expect.objectContaining({ name: 'KbError' }) })
    expect(small).toMatchObject({ status: 'fulfilled', value: Buffer.from('small') })
    expect(Buffer.concat(await all(reader.stream('HEAD:large'))).equals(large)).toBe(true)
    for await (const chunk of reader.stream('HEAD:large')) {
      expect(chunk.length).toBeGreaterThan(0)
      break
    }
    await expect(all(reader.stream('HEAD:absent'))).rejects.toMatchObject({ code: 'notFound' })
  })

  it('rejects the pending requests of a dying git and starts another for the next one', async () => {
    using repository = new TestRepository()
    repository.commit('one', { a: 'a' })
    await using objects = new CatFile(new Git(repository.dir, TEST_ENVIRONMENT), '--batch')
    expect((await objects.ask('HEAD:a', 10))?.body.toString()).toBe('a')
    const first = objects.pid
    process.kill(first ?? 0, 'SIGSTOP')
    const owed = objects.ask('HEAD:a', 10)
    process.kill(first ?? 0, 'SIGKILL')
    await expect(owed).rejects.toMatchObject({ code: 'gitFailed', message: expect.stringContaining('SIGKILL') })
    expect((await objects.ask('HEAD:a', 10))?.body.toString()).toBe('a')
    expect(objects.pid).not.toBe(first)
  })

  it('sees commits made after it started', async () => {
    using repository = new TestRepository()
    await using reader = readerOf(repository.dir)
    expect(await reader.resolve('HEAD')).toBeUndefined()
    const commit = repository.commit('one', { a: 'a' })
    expect(await reader.resolve('HEAD')).toBe(commit)
    repository.commit('two', { a: 'b' })
    repository.git('gc', '-q')
    expect((await reader.read('HEAD:a'))?.toString()).toBe('b')
  })

  it('names an unknown commit, and names git if it is missing', async () => {
    using repository = new TestRepository()
    repository.commit('one', { a: 'a' })
    await using reader = readerOf(repository.dir)
    await expect(all(reader.tree('nope'))).rejects.toMatchObject({ code: 'notFound' })
    await expect(all(reader.diff('nope', 'HEAD'))).rejects.toMatchObject({ code: 'notFound' })
    const empty = join(repository.dir, 'empty')
    mkdirSync(empty)
    await using without = new ObjectReader(new Git(repository.dir, { ...TEST_ENVIRONMENT, PATH: empty }))
    const refusal = await without.read('HEAD:a').catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(KbError)
    expect(refusal).toMatchObject({ code: 'gitMissing' })
  })
})
