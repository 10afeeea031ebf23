import { expect, test } from 'vitest'
import { linksOf, resolveLink } from '../../../src/core/page/wiki-links.ts'
import { contribution, documentToPlan, MemoryWiki } from '../../support/memory-wiki.ts'

/** Two groups of documents, each with topics of its own. */
async function twoSubjects(size: number): Promise<MemoryWiki> {
  const wiki = new MemoryWiki()
  for (let n = 0; n < size; n++) {
    const topics = n % 2 === 0 ? ['Lock file', 'Package registry'] : ['Spring tide', 'Harbour light']
    await wiki.add(
      documentToPlan(`d${n}`, [...topics.map((name) => contribution(name, 0.9)), contribution(`Own ${n}`, 0.6)]),
    )
  }
  await wiki.overviews()
  return wiki
}

function themes(wiki: MemoryWiki): string[] {
  return [...wiki.files.keys()].filter((path) => path.startsWith('wiki/themes/'))
}

function broken(wiki: MemoryWiki): string[] {
  return ['wiki/index.md', ...themes(wiki)].flatMap((path) =>
    linksOf(wiki.text(path))
      .filter((link) => !resolveLink(path, link).some((one) => wiki.files.has(one)))
      .map(({ target }) => `${path}: ${target}`),
  )
}

test('documents that share topics are a theme, with its topics and documents; the front page lists it', async () => {
  const wiki = await twoSubjects(10)
  expect(themes(wiki)).toHaveLength(2)
  const tides = themes(wiki).find((path) => /tide|light/i.test(path)) ?? ''
  const text = wiki.text(tides)
  expect(text).toMatch(/^5 documents that share .*Spring tide/m)
  for (const name of ['d1', 'd3', 'd5', 'd7', 'd9']) expect(text).toContain(`[[summaries/${name}|About ${name}]]`)
  expect(text).not.toContain('[[summaries/d2|')
  const index = wiki.text('wiki/index.md')
  expect(index).toContain('10 documents (10 md)')
  for (const path of themes(wiki)) expect(index).toContain(`- [[${path.slice(5, -3)}|`)
  expect(broken(wiki)).toEqual([])
})

test('the same documents give the same themes', async () => {
  const [one, other] = [await twoSubjects(10), await twoSubjects(10)]
  expect(themes(other).map((path) => other.text(path))).toEqual(themes(one).map((path) => one.text(path)))
})

test('a theme keeps its name while the base grows, and is found again only when it grew enough', async () => {
  const wiki = await twoSubjects(40)
  const before = themes(wiki)
  await wiki.add(documentToPlan('late', [contribution('Spring tide', 0.9), contribution('Harbour light', 0.9)]))
  await wiki.overviews()
  expect(before.some((path) => wiki.text(path).includes('summaries/late'))).toBe(false)
  for (const name of ['more1', 'more2', 'more3', 'more4'])
    await wiki.add(documentToPlan(name, [contribution('Lock file', 0.9), contribution('Package registry', 0.9)]))
  await wiki.overviews()
  expect(themes(wiki)).toEqual(before)
  expect(before.some((path) => wiki.text(path).includes('summaries/late'))).toBe(true)
})

test('a removed document leaves the front page and its theme', async () => {
  const wiki = await twoSubjects(10)
  await wiki.remove('d9')
  expect(wiki.text('wiki/index.md')).not.toContain('summaries/d9')
  for (const path of themes(wiki)) expect(wiki.text(path)).not.toContain('summaries/d9')
  expect(broken(wiki)).toEqual([])
})
