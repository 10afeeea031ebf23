// The wiki as a person finds it on opening the folder: every page can be reached from the index, and every link works.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { Workplace } from '../support/workplace.ts'

const FORMULAS = `# Waves

A wave is a disturbance that travels. The wave length is written with a formula.

$$
\\sin θ=\\frac{mλ}{a}
$$

The wave length follows from $\\sin θ$ and $\\frac{m}{a}$, and the wave is measured.
`
const QUOTED = `# Filters

A filter keeps some values. The wave filter keeps values of a wave.

> ## Quoted heading
>
> \`\`\`
> assert_eq(filter(is_even), None)
> \`\`\`
>
> The quoted filter keeps each wave.

- arithmetic

## Arithmetic

The filter counts with arithmetic, and a wave filter counts values.

## Filters in F#

A wave filter in this language keeps the values of each wave, and a value filter is a function of values.

## Filters of C ##

The filter of values is written as a loop, and the wave filter is a loop of filters over the values.
`

/** Every Markdown file below a folder, by its path without the extension. */
function pagesOf(folder: string, at = ''): Map<string, string> {
  const pages = new Map<string, string>()
  for (const name of readdirSync(join(folder, at))) {
    const path = at === '' ? name : `${at}/${name}`
    if (statSync(join(folder, path)).isDirectory())
      for (const [key, text] of pagesOf(folder, path)) pages.set(key, text)
    else if (name.endsWith('.md')) pages.set(path.slice(0, -3), readFileSync(join(folder, path), 'utf8'))
  }
  return pages
}

const withoutCode = (text: string): string => text.replace(/```[^]*?```/g, '').replace(/`[^`\n]*`/g, '')

describe('the wiki', () => {
  it('leads from its index to every page, without broken links or junk text', async () => {
    using place = await Workplace.withBase()
    place.write('in/waves.md', FORMULAS)
    place.write('in/filters.md', QUOTED)
    for (let n = 1; n <= 4; n++)
      place.write(
        `in/gauge ${n}.md`,
        `# Gauge ${n}\n\nThe Harbour Office reads tide gauge ${n} in Aberdeen. A tide gauge measures each wave.\n\n## Sea level\n\nSea level rises, says the Harbour Office.\n`,
      )
    expect((await place.kbgit('add', '../in')).code).toBe(0)
    const wiki = join(place.base, 'wiki')
    const pages = pagesOf(wiki)
    const reached = new Set(['index'])
    for (const page of reached) {
      const text = withoutCode(pages.get(page) ?? '')
      for (const [whole, target = '', heading] of text.matchAll(/\[\[([^\]|#]*)(?:#([^\]|]*))?(?:\|[^\]]*)?\]\]/g)) {
        expect(pages.has(target) || existsSync(join(wiki, target)), `${whole} on ${page}`).toBe(true)
        if (heading !== undefined)
          expect(pages.get(target), `${whole} on ${page}`).toMatch(new RegExp(`^#{1,6} ${heading}(?: #+)?$`, 'm'))
        if (pages.has(target)) reached.add(target)
      }
      for (const [whole, target = ''] of text.matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)) {
        expect(
          existsSync(normalize(join(wiki, dirname(page), decodeURIComponent(target)))),
          `${whole} on ${page}`,
        ).toBe(true)
      }
    }
    expect([...pages.keys()].filter((page) => !reached.has(page))).toEqual([])
    const topics = [...pages.keys()].filter((page) => /^(?:concepts|entities)\//.test(page))
    expect(topics.length).toBeGreaterThan(0)
    expect(topics.filter((page) => /sin|frac|assert|even/.test(page))).toEqual([])
    expect(
      [...pages.keys()]
        .filter((page) => page.startsWith('contents/'))
        .flatMap((page) => withoutCode(pages.get(page) ?? '').match(/\[\[summaries\//g) ?? []),
    ).toHaveLength(6)
  })

  it('has the documented front matter, and one heading at the top of each page', async () => {
    using place = await Workplace.withBase()
    place.write(
      'in/a.html',
      '<html><head><title>Harbours of Scotland</title><meta name="author" content="Ada Byron"></head><body><article><h1>Harbours</h1><p>A harbour has a tide gauge and an office. The tide gauge is read daily.</p></article></body></html>',
    )
    place.write('in/b.md', '# Tide: "gauges" & more\n\nA tide gauge is a device that measures sea level.\n')
    expect((await place.kbgit('add', '../in')).code).toBe(0)
    for (const [page, text] of pagesOf(join(place.base, 'wiki'))) {
      if (page.startsWith('sources/') || page === 'AGENTS') continue
      const front = parse(/^---\n([^]*?)\n---\n/.exec(text)?.[1] ?? '') as Record<string, unknown>
      expect(front, page).toMatchObject({ type: expect.any(String), title: expect.any(String) })
      expect(withoutCode(text).match(/^# .+$/gm), page).toHaveLength(1)
      if (!page.startsWith('summaries/')) continue
      expect(front, page).toMatchObject({
        type: 'summary',
        description: expect.any(String),
        document: page.slice('summaries/'.length),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        format: expect.any(String),
      })
      expect(
        Object.keys(front).filter(
          (key) =>
            ![
              'type',
              'title',
              'description',
              'document',
              'sha256',
              'format',
              'pages',
              'language',
              'author',
              'date',
              'url',
              'from',
              'to',
              'subject',
            ].includes(key),
        ),
      ).toEqual([])
    }
  })

  it('says on its front page how much is left after a removal', async () => {
    using place = await Workplace.withBase()
    place.write('in/waves.md', FORMULAS)
    place.write('in/filters.md', QUOTED)
    await place.kbgit('add', '../in')
    const front = () => readFileSync(join(place.base, 'wiki/index.md'), 'utf8')
    expect(front()).toMatch(/\n2 documents \(2 md/)
    await place.kbgit('remove', '-y', 'filters')
    expect(front()).toMatch(/\n1 document \(1 md/)
    await place.kbgit('remove', '-y', 'waves')
    expect(front()).toMatch(/\nNo documents yet\.\n/)
    expect(front()).not.toContain('Newest documents')
    expect((await place.kbgit('fsck')).code).toBe(0)
    await place.kbgit('add', '../in/waves.md')
    expect(front()).toMatch(/\n1 document \(1 md[^\n]*\n\n## Newest documents\n\n- \[\[summaries\/waves/)
  })

  it('answers in the documented shapes', async () => {
    using place = await Workplace.withBase()
    await place.kbgit('add', place.write('a.md', '# A\n\nText of the Harbour Office.\n'))
    const id = expect.stringMatching(/^[0-9a-f]{40}$/)
    const number = expect.any(Number)
    expect((await place.json('status')).value).toMatchObject({
      root: place.base,
      head: id,
      branch: expect.any(String),
      documents: 1,
      concepts: number,
      entities: number,
      journal: 0,
      quarantined: 0,
      staging: 0,
      sidecar: { ok: true, documents: 1, bytes: number },
      hooks: expect.any(Object),
    })
    expect((await place.json('recover')).value).toEqual({
      rolledForward: 0,
      rolledBack: 0,
      quarantined: 0,
      reaped: 0,
      indexed: 0,
      broughtIn: [],
    })
    expect((await place.json('fsck')).value).toEqual({ ok: true, checked: expect.any(Object), problems: [] })
    const { commits } = (await place.json<{ commits: Record<string, unknown>[] }>('log')).value
    expect(commits.map(({ operation, documents }) => [operation, documents])).toEqual([
      ['overview', []],
      ['add', ['a']],
      ['init', []],
    ])
    for (const commit of commits)
      expect(commit).toEqual({
        commit: id,
        date: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        author: expect.stringContaining('Ada'),
        operation: expect.any(String),
        documents: expect.any(Array),
        message: expect.any(String),
      })
    const { value: searched } = await place.json<{ hits: unknown[] }>('search', 'harbour')
    expect(searched).toMatchObject({ query: 'harbour', at: id })
    for (const hit of searched.hits)
      expect(hit).toMatchObject({
        page: expect.stringMatching(/^wiki\//),
        kind: expect.any(String),
        name: expect.any(String),
        score: number,
        snippet: expect.any(String),
      })
    expect((await place.json('query', 'What is said of the Harbour Office?')).value).toMatchObject({
      question: expect.any(String),
      at: id,
      answer: expect.any(String),
      citations: expect.arrayContaining([{ page: 'wiki/sources/a.md', document: 'a', quote: expect.any(String) }]),
    })
    expect(await place.json('show', 'nothing-of-this-name')).toMatchObject({
      code: 2,
      value: { error: { code: 'notFound', hint: expect.any(String) } },
    })
    const at = place.git('rev-list', '--max-parents=0', 'HEAD')
    expect((await place.json('list', '--at', at)).value).toEqual({ documents: [], concepts: [], entities: [] })
  })
})
