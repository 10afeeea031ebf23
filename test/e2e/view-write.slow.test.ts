// Writing in the viewer, as a person does it: the real command, a real browser.
import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM, launchBrowser, watchedPage, type Look } from '../support/browser.ts'
import { start } from '../support/command.ts'
import { runView, type RunningView } from '../support/view-pages.ts'
import { writeViewDocuments } from '../support/view.ts'
import { Workplace } from '../support/workplace.ts'

const WIDE: Look = { width: 1400, scheme: 'light' }
const PHONE: Look = { width: 390, scheme: 'dark' }
const ARTICLE =
  '<!doctype html><title>Osprey Engine</title><article><h1>Osprey Engine</h1><p>The Osprey Engine is a machine of Acme Corporation, and it has words enough to be an article of its own.</p></article>'

describe.skipIf(CHROMIUM === undefined)('kbgit view --write, in chromium', () => {
  let browser: Browser
  let place: Workplace
  let running: RunningView
  let web: Server
  let webAddress: string
  /** Answers that are held back. */
  const held: ServerResponse[] = []
  beforeAll(async () => {
    browser = await launchBrowser()
    place = await Workplace.withBase()
    expect((await place.kbgit('add', writeViewDocuments(place))).code).toBe(0)
    running = await runView(place, '--write', '--allow-private')
    web = createServer((request, response) => {
      response.setHeader('content-type', 'text/html')
      if (request.url === '/held') held.push(response)
      else response.end(ARTICLE)
    }).listen(0, '127.0.0.1')
    await once(web, 'listening')
    const address = web.address()
    webAddress = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  })
  afterAll(async () => {
    web?.closeAllConnections()
    web?.close()
    await running?.stop()
    await browser?.close()
    place?.[Symbol.dispose]()
  })

  /** A tab that was opened with the printed address, now at `path`. */
  async function openTab(path: string, look = WIDE) {
    const watched = await watchedPage(browser, running.origin, look)
    await watched.page.goto(running.url)
    await watched.page.goto(running.origin + path)
    await watched.page.getByRole('button', { name: 'Add…' }).waitFor()
    return watched
  }

  const flawsOf = async (page: Page): Promise<string[]> => {
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag22aa']).analyze()
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)
  }

  /** What a browser has of files that are dragged onto it. */
  const dragged = (page: Page, files: Record<string, string>) =>
    page.evaluateHandle(`(() => {
      const transfer = new DataTransfer()
      for (const [name, text] of Object.entries(${JSON.stringify(files)})) transfer.items.add(new File([text], name))
      return transfer
    })()`)

  it('adds files that are dropped on a page, each as a commit', async () => {
    await using watched = await openTab('/')
    const { page, faults } = watched
    const before = Number(place.git('rev-list', '--count', 'HEAD'))
    const dataTransfer = await dragged(page, {
      'crane.md': '# Crane Engine\n\nThe Crane Engine is a machine of Acme Corporation.\n',
      'swift.md': '# Swift Engine\n\nThe Swift Engine is a machine of Acme Corporation.\n',
      'empty.pdf': 'no PDF at all',
    })
    await page.dispatchEvent('main', 'dragover', { dataTransfer })
    expect(await page.evaluate("document.body.classList.contains('dropping')")).toBe(true)
    await page.dispatchEvent('main', 'drop', { dataTransfer })
    const rows = page.locator('dialog.adding .progress li')
    await rows
      .nth(2)
      .locator('.meta')
      .getByText(/PDF|damaged|not/i)
      .waitFor()
    expect(await rows.nth(0).textContent()).toMatch(/crane\.md\s+added/)
    expect(await rows.nth(1).textContent()).toMatch(/swift\.md\s+added/)
    expect(await rows.nth(2).getAttribute('class')).toContain('bad')
    expect(await flawsOf(page)).toEqual([])
    expect(
      place.git('log', '-10', '--format=%s', `HEAD~${Number(place.git('rev-list', '--count', 'HEAD')) - before}..`),
    ).toMatch(/add: swift[\s\S]*add: crane/)
    await rows.nth(0).getByRole('link', { name: 'added' }).click()
    await page.getByRole('heading', { name: 'Crane Engine', level: 1 }).waitFor()
    expect(faults).toEqual([])
  })

  it('adds a web page whose address is pasted', async () => {
    await using watched = await openTab('/documents', PHONE)
    const { page, faults } = watched
    await page.evaluate(`(() => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', '${webAddress}/osprey')
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    })()`)
    expect(await page.getByLabel('Address of a web page').inputValue()).toBe(`${webAddress}/osprey`)
    expect(await flawsOf(page)).toEqual([])
    await page.keyboard.press('Enter')
    await page.locator('dialog.adding').getByRole('link', { name: 'added' }).click()
    await page.getByRole('heading', { name: 'Osprey Engine', level: 1 }).waitFor()
    expect(faults).toEqual([])
  })

  it('edits a page, as the person, and refuses to write over a newer one', async () => {
    await using watched = await openTab('/entities/Acme-Corporation')
    const { page, faults } = watched
    await page.getByRole('button', { name: 'Edit this page' }).click()
    const field = page.getByLabel('Text of wiki/entities/Acme-Corporation.md')
    await field.fill(`${await field.inputValue()}\nAda adds a sentence here.\n`)
    expect(await flawsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Save' }).click()
    await page.locator('main').getByText('Ada adds a sentence here.').waitFor()
    expect(place.git('log', '-1', '--format=%s')).toBe('edit: wiki/entities/Acme-Corporation.md')
    await page.getByRole('button', { name: 'Edit this page' }).click()
    await field.fill('Everything is new.')
    place.write(
      'base/wiki/entities/Acme-Corporation.md',
      `${place.read('wiki/entities/Acme-Corporation.md')}\nAnd this.\n`,
    )
    place.git('commit', '-qam', 'Say more')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The page changed while you were editing').waitFor()
    expect(await field.inputValue()).toBe('Everything is new.')
    expect(place.git('log', '-1', '--format=%s')).toBe('Say more')
    expect(faults).toEqual([])
  })

  it('removes a document once that is confirmed, and shows where it was', async () => {
    await using watched = await openTab('/documents/data')
    const { page } = watched
    await page.getByRole('button', { name: 'Remove this document…' }).click()
    expect(await flawsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Keep it' }).click()
    expect((await page.goto(`${running.origin}/documents/data`))?.status()).toBe(200)
    await page.getByRole('button', { name: 'Remove this document…' }).click()
    await page.getByRole('button', { name: 'Remove it' }).click()
    await page.waitForURL(/\/documents$/)
    expect(place.git('log', '-1', '--format=%s')).toMatch(/^remove: data|^overview/)
    expect((await page.goto(`${running.origin}/documents/data`))?.status()).toBe(404)
    await page.getByRole('link', { name: 'See its last version' }).click()
    expect(await page.locator('.pinned').textContent()).toContain('as it was')
    expect(await page.getByRole('button', { name: 'Remove this document…' }).count()).toBe(0)
  })

  it('offers nothing to a tab that was not opened with the printed address', async () => {
    await using watched = await watchedPage(browser, running.origin, WIDE)
    const { page } = watched
    await page.goto(`${running.origin}/documents/heron`)
    await page.waitForLoadState('networkidle').catch(() => {})
    expect(await page.getByRole('button', { name: /Add…|Edit|Remove/ }).count()).toBe(0)
  })

  it('writes from another machine with --host and the token, and not without', async () => {
    const open = await runView(place, '--write', '--host', '127.0.0.1')
    try {
      await using stranger = await watchedPage(browser, open.origin, WIDE)
      expect((await stranger.page.goto(`${open.origin}/documents/heron`))?.status()).toBe(401)
      await using watched = await watchedPage(browser, open.origin, WIDE)
      const { page } = watched
      await page.goto(open.url)
      expect(page.url()).not.toContain('token')
      await page.goto(`${open.origin}/documents/heron`)
      await page.getByRole('button', { name: 'Edit this page' }).click()
      const field = page.getByLabel('Text of wiki/summaries/heron.md')
      await field.fill(`${await field.inputValue()}\nSeen from afar.\n`)
      await page.getByRole('button', { name: 'Save' }).click()
      await page.locator('section', { hasText: 'Also on this page' }).getByText('Seen from afar.').waitFor()
    } finally {
      await open.stop()
    }
  })

  it('shows what another process is adding, until it has ended', async () => {
    await using watched = await openTab('/')
    const { page, faults } = watched
    place.write('new/gull.md', '# Gull Engine\n\nThe Gull Engine is new at Acme Corporation.\n')
    const adding = start(['add', `${place.dir}/new`, `${webAddress}/held`, '--allow-private'], {
      cwd: place.base,
      env: place.env,
    })
    const work = page.getByRole('group', { name: 'Work in progress' })
    await work.getByText('Adding: 1 of 1 documents so far').waitFor({ timeout: 20_000 })
    expect(await flawsOf(page)).toEqual([])
    expect((await place.json<{ ok: boolean }>('status')).code).toBe(0)
    held[0]?.end(ARTICLE.replaceAll('Osprey', 'Petrel'))
    expect((await adding.ended).code).toBe(0)
    await expect.poll(() => work.isVisible(), { timeout: 10_000 }).toBe(false)
    await page
      .locator('.news')
      .getByText(/new documents|New: /)
      .waitFor()
    expect(faults).toEqual([])
  })
})
