// The exported site as a person uses it: files on a disk, a real browser.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExportResult, LogResult } from '../../src/index.ts'
import { CHROMIUM, launchBrowser, watchedPage } from '../support/browser.ts'
import { canaryPort, writeViewDocuments } from '../support/view.ts'
import { contentOf, Workplace } from '../support/workplace.ts'

let place: Workplace
let canary: Awaited<ReturnType<typeof canaryPort>>
const site = (path: string): string => join(place.dir, 'site', path)
const address = (path: string): string => pathToFileURL(site(path)).href

beforeAll(async () => {
  place = await Workplace.withBase()
  canary = await canaryPort()
  expect((await place.kbgit('add', writeViewDocuments(place, canary.address))).code).toBe(0)
  const ran = await place.kbgit('export', 'site', site(''), '--base-url', 'https://example.org/kb')
  expect([ran.stderr, ran.code]).toEqual(['', 0])
})
afterAll(() => {
  canary?.[Symbol.dispose]()
  place?.[Symbol.dispose]()
})

describe('the files of a site', () => {
  it('are the same in another folder, and over themselves', async () => {
    const before = contentOf(site(''))
    expect(
      (await place.kbgit('export', 'site', join(place.dir, 'other'), '--base-url', 'https://example.org/kb')).code,
    ).toBe(0)
    expect(contentOf(join(place.dir, 'other'))).toEqual(before)
    expect((await place.kbgit('export', 'site', site(''), '--base-url', 'https://example.org/kb')).code).toBe(0)
    expect(contentOf(site(''))).toEqual(before)
  })

  it('are what their links lead to, and no address is absolute', () => {
    const files = Object.keys(contentOf(site('')))
    const pages = files.filter((path) => path.endsWith('.html') && !path.startsWith('originals/'))
    expect(pages).toEqual(
      expect.arrayContaining(['index.html', 'graph.html', 'timeline.html', 'documents/falcon.html']),
    )
    const broken = pages.flatMap((page) =>
      [...readFileSync(site(page), 'utf8').matchAll(/\s(?:href|src|data-\w+)="([^"#?]+)[^"]*"/g)].flatMap(
        ([whole, to = '']) => {
          if (!/\s(?:href|src|data-(?:search|graph|layout))=/.test(whole)) return []
          if (/^(?:https?|mailto):/.test(to)) return /\shref=/.test(whole) ? [] : [`${page}: ${to}`]
          return existsSync(join(dirname(site(page)), decodeURIComponent(to))) ? [] : [`${page}: ${to}`]
        },
      ),
    )
    expect(broken.filter((one) => !one.includes('graph-layout'))).toEqual([])
    expect(readFileSync(site('sitemap.xml'), 'utf8')).toContain(
      '<loc>https://example.org/kb/documents/falcon.html</loc>',
    )
  })

  it('give nothing that runs a name under which a host would run it', () => {
    const originals = Object.keys(contentOf(site('originals')))
    expect(originals).toEqual(expect.arrayContaining(['page.html.txt', 'report.pdf', 'data.csv']))
    expect(originals.filter((path) => /\.(?:html?|xml|svg|js)$/.test(path))).toEqual([])
  })

  it('are made but for a page that cannot be, which is named', async () => {
    const head = place.git('rev-parse', 'HEAD')
    place.git('rm', '-q', 'wiki/summaries/heron.md')
    place.git('commit', '-qm', 'Remove a page by hand')
    try {
      const target = join(place.dir, 'damaged')
      const { code, value } = await place.json<ExportResult>('export', 'site', target)
      expect(code).toBe(3)
      expect(value.failed?.map(({ path, error }) => [path, error.code])).toEqual([
        ['documents/heron.html', 'notFound'],
        ['documents/heron/text.html', 'notFound'],
      ])
      const { stderr } = await place.kbgit('export', 'site', target)
      expect(stderr).toMatch(/documents\/heron\.html could not be made: /)
      expect(readFileSync(join(target, 'documents/heron.html'), 'utf8')).toContain('This page could not be made')
      expect(readFileSync(join(target, 'documents/falcon.html'), 'utf8')).toContain('Falcon Engine')
      expect(existsSync(join(target, 'data/search.js'))).toBe(true)
    } finally {
      place.git('reset', '-q', '--hard', head)
    }
  })

  it('have the versions of a page, with who wrote them and what they changed', async () => {
    for (const [page, path] of [
      ['entities/Acme-Corporation', 'wiki/entities/Acme-Corporation.md'],
      ['documents/falcon', 'wiki/summaries/falcon.md'],
    ] as const) {
      const history = `history/${path.slice('wiki/'.length, -'.md'.length)}.html`
      expect(readFileSync(site(`${page}.html`), 'utf8')).toContain(`href="../${history}"`)
      const { commits } = (await place.json<LogResult>('log', path)).value
      const shown = readFileSync(site(history), 'utf8')
      expect([...shown.matchAll(/<code>([0-9a-f]{8})<\/code><\/span>/g)].map(([, commit]) => commit)).toEqual(
        commits.map(({ commit }) => commit.slice(0, 8)),
      )
      expect(shown).toContain(commits[0]?.author)
      expect(shown.split('<details class="more">').length - 1).toBe(Math.min(5, commits.length - 1))
    }
    expect(readFileSync(site('history/entities/Acme-Corporation.html'), 'utf8')).toContain('<td class="ins"')
  })

  it('show an earlier commit', async () => {
    const earlier = join(place.dir, 'earlier')
    expect((await place.kbgit('export', 'site', earlier, '--at', 'HEAD~2')).code).toBe(0)
    expect(Object.keys(contentOf(earlier)).length).toBeLessThan(Object.keys(contentOf(site(''))).length)
  })
})

describe.skipIf(CHROMIUM === undefined)('a site on a disk, in chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser?.close())

  it('is accessible, runs nothing of a document, and asks no other machine', async () => {
    await using watched = await watchedPage(browser, 'file://', { width: 1400, scheme: 'light' })
    const { page, faults } = watched
    const flaws: string[] = []
    for (const path of [
      'index.html',
      'documents.html',
      'documents/canary.html',
      'documents/canary/text.html',
      'documents/page/original.html',
      'entities/Acme-Corporation.html',
      'history/entities/Acme-Corporation.html',
      'timeline.html',
      'graph.html',
    ]) {
      await page.goto(address(path))
      // It would fetch the style sheet, which a page on a disk may not.
      const { violations } = await new AxeBuilder({ page })
        .options({ preload: false })
        .exclude('iframe')
        .withTags(['wcag2a', 'wcag2aa', 'wcag22aa'])
        .analyze()
      flaws.push(...violations.map(({ id, nodes }) => `${path} ${id}: ${nodes[0]?.html ?? ''}`))
    }
    await page.goto(address('originals/page.html.txt'))
    expect([...flaws, ...faults]).toEqual([])
    expect(canary.calls).toEqual([])
  })

  it('searches without a server', async () => {
    await using watched = await watchedPage(browser, 'file://', { width: 900, scheme: 'dark' })
    const { page, faults } = watched
    await page.goto(address('documents/falcon.html'))
    await page.keyboard.press('/')
    await page.keyboard.type('heron eng')
    await page.locator('[role=option]').first().waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/heron|Heron/)
    expect(faults).toEqual([])
  })

  it('finds words of a text that its summary does not have, at their place', async () => {
    await using watched = await watchedPage(browser, 'file://', { width: 1400, scheme: 'light' })
    const { page, faults } = watched
    await page.goto(address('index.html'))
    await page.keyboard.press('/')
    await page.keyboard.type('start now')
    const hit = page.locator('[role=option]', { hasText: 'Falcon Engine' })
    await hit.waitFor()
    expect(await hit.locator('mark').allTextContents()).toEqual(expect.arrayContaining(['start', 'now']))
    await hit.click()
    await page.waitForURL(/documents\/falcon\/text\.html#h-power$/)
    expect(faults).toEqual([])
  })

  it('draws the graph without a worker', async () => {
    await using watched = await watchedPage(browser, 'file://', { width: 1400, scheme: 'light' })
    const { page, faults } = watched
    await page.goto(address('graph.html'))
    await page.locator('.graph[data-done]').waitFor({ timeout: 30_000 })
    expect(await page.locator('#graph-list a').count()).toBeGreaterThan(3)
    expect(faults).toEqual([])
  })

  it('has a graph that an XML parser reads, whatever is in titles', async () => {
    const file = join(place.dir, 'graph.graphml')
    place.write(
      'odd/odd.md',
      '# Odd & <b>"title"</b> ]]> \u00e9 \ud83d\ude80\n\nThe Odd Engine of Acme Corporation & <sons>.\n',
    )
    expect((await place.kbgit('add', join(place.dir, 'odd'))).code).toBe(0)
    expect((await place.kbgit('export', 'graph', file)).code).toBe(0)
    const { value } = await place.json<{ documents: object[] }>('list')
    await using watched = await watchedPage(browser, 'file://', { width: 900, scheme: 'light' })
    const read = await watched.page.evaluate(`(() => {
      const xml = new DOMParser().parseFromString(${JSON.stringify(readFileSync(file, 'utf8'))}, 'application/xml')
      const all = (name) => [...xml.getElementsByTagNameNS('http://graphml.graphdrawing.org/xmlns', name)]
      const ids = new Set(all('node').map((node) => node.getAttribute('id')))
      const keys = new Set(all('key').map((key) => key.id))
      return {
        problem: xml.querySelector('parsererror')?.textContent ?? null,
        root: xml.documentElement.localName,
        loose: all('edge').filter((edge) => !ids.has(edge.getAttribute('source')) || !ids.has(edge.getAttribute('target'))).length,
        undeclared: all('data').filter((data) => !keys.has(data.getAttribute('key'))).length,
        documents: all('node').filter((node) => /document/.test(node.textContent)).length,
        titles: all('data').filter((data) => data.getAttribute('key') === 'title').map((data) => data.textContent),
      }
    })()`)
    expect(read).toMatchObject({ problem: null, root: 'graphml', loose: 0, undeclared: 0 })
    const { documents, titles } = read as { documents: number; titles: string[] }
    expect(documents).toBeGreaterThanOrEqual(value.documents.length)
    expect(titles.some((title) => title.startsWith('Odd & '))).toBe(true)
  })

  it('is whole without scripts', async () => {
    await using watched = await watchedPage(browser, 'file://', { width: 390, scheme: 'light', scripts: false })
    const { page } = watched
    await page.goto(address('index.html'))
    await page.click('a.to-document >> nth=0')
    await page.locator('h1').waitFor()
    expect(page.url()).toContain('/documents/')
  })
})
