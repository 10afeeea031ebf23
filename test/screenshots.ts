// Pictures of the viewer, made by a browser: `npm run screenshots [-- <documents>...]`. Without documents, of a base of this
// project's own; those in docs/images/ are made so. With some, all pages at three widths, light and dark, in a temporary folder.
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { initKb, openKb, serveKb, type Kb } from '../src/index.ts'
import { launchBrowser, watchedPage, type Look } from './support/browser.ts'
import { Workplace } from './support/workplace.ts'

const PROJECT = fileURLToPath(new URL('..', import.meta.url))
const IMAGES = join(PROJECT, 'docs/images')
const OWN = ['README.md', 'ARCHITECTURE.md', 'SECURITY.md', 'docs'].map((path) => join(PROJECT, path))

type Shot = { name: string; path: string; look: Look; act?: (page: Page) => Promise<void> }

const WIDE: Look = { width: 1400, scheme: 'light' }

/** The best ones, for the README and docs/viewer.md. */
function chosen(document: string, topic: string): Shot[] {
  return [
    { name: 'view-home', path: '/', look: WIDE },
    { name: 'view-document', path: `/documents/${document}`, look: WIDE },
    { name: 'view-topic-dark', path: topic, look: { width: 1400, scheme: 'dark' } },
    {
      name: 'view-search',
      path: '/',
      look: WIDE,
      act: async (page) => {
        await page.keyboard.press('/')
        await page.keyboard.type('commit point')
        await page.locator('[role=option]').first().waitFor()
        await page.keyboard.press('ArrowDown')
      },
    },
    { name: 'view-graph', path: '/graph', look: WIDE, act: settled },
    { name: 'view-timeline', path: '/timeline', look: WIDE },
    { name: 'view-phone', path: `/documents/${document}/text`, look: { width: 390, scheme: 'dark' } },
  ]
}

/** Every kind of page in every look. */
function all(document: string, topic: string): Shot[] {
  const paths = [
    '/',
    '/documents',
    `/documents/${document}`,
    `/documents/${document}/text`,
    topic,
    '/concepts',
    '/themes',
  ]
  const more = ['/graph', '/timeline', '/health', '/search?q=what', `/documents/${document}/original`, '/no-such-page']
  return [...paths, ...more].flatMap((path) =>
    [390, 900, 1400].flatMap((width) =>
      (['light', 'dark'] as const).map((scheme): Shot => {
        const name = `${path.replace(/[^\w]+/g, '-')}-${width}-${scheme}`
        return { name, path, look: { width, scheme }, ...(path === '/graph' ? { act: settled } : {}) }
      }),
    ),
  )
}

/** Until a layout that is drawn step by step has come to rest. */
async function settled(page: Page): Promise<void> {
  await page.waitForTimeout(2_000)
  await page.locator('.graph .state', { hasText: 'Arranging…' }).waitFor({ state: 'detached' })
}

async function take(kb: Kb, folder: string, shotsOf: (document: string, topic: string) => Shot[]): Promise<void> {
  const { documents, concepts } = await kb.list()
  const longest = documents.toSorted((a, b) => (b.pages ?? 0) - (a.pages ?? 0) || (a.name < b.name ? -1 : 1))[0]
  const document = documents.find(({ name }) => name === 'crash-safety') ?? longest
  const topic = concepts.toSorted((a, b) => b.sources - a.sources || (a.name < b.name ? -1 : 1))[0]
  const browser = await launchBrowser()
  const { url, close } = await serveKb(kb, { port: 0 })
  const { origin } = new URL(url)
  mkdirSync(folder, { recursive: true })
  try {
    for (const { name, path, look, act } of shotsOf(document?.name ?? '', `/concepts/${topic?.name ?? ''}`)) {
      await using watched = await watchedPage(browser, origin, look)
      await watched.page.goto(origin + path)
      await watched.page.waitForLoadState('load')
      await act?.(watched.page)
      await watched.page.waitForTimeout(300)
      const file = join(folder, `${name}.png`)
      await watched.page.screenshot({ path: file })
      process.stdout.write(`${file}${watched.faults.map((fault) => `\n  ${fault}`).join('')}\n`)
    }
  } finally {
    await close()
    await browser.close()
  }
}

const named = process.argv.slice(2)
using place = new Workplace('knowledge')
const where = { env: { ...process.env, ...place.env, SOURCE_DATE_EPOCH: '1796083200' }, dir: place.base }
await initKb({ ...where, hooks: false })
await using kb = await openKb({ ...where, held: true })
const { added, failed } = await kb.add(named.length === 0 ? OWN : named, { exclude: ['schemas/**'] })
process.stdout.write(`${added.length} documents, ${failed.length} failed\n`)
if (named.length === 0) await take(kb, IMAGES, chosen)
else await take(kb, mkdtempSync(join(tmpdir(), 'kbgit-screenshots-')), all)
