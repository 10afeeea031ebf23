// Time and graph in the viewer, as a person uses them.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM, launchBrowser, watchedPage, type Look } from '../support/browser.ts'
import { runView, type RunningView } from '../support/view-pages.ts'
import { writeViewDocuments } from '../support/view.ts'
import { Workplace } from '../support/workplace.ts'

const WIDE: Look = { width: 1400, scheme: 'light' }
const TOPIC = 'entities/Acme-Corporation'

describe.skipIf(CHROMIUM === undefined)('time and graph, in chromium', () => {
  let browser: Browser
  let place: Workplace
  let running: RunningView
  let first: string
  beforeAll(async () => {
    browser = await launchBrowser()
    place = await Workplace.withBase()
    first = place.git('rev-parse', 'HEAD')
    expect((await place.kbgit('add', writeViewDocuments(place))).code).toBe(0)
    appendFileSync(join(place.base, `wiki/${TOPIC}.md`), '\nAda wrote this herself.\n')
    place.git('commit', '-qam', 'Say who sells it')
    expect((await place.kbgit('remove', '-y', 'data')).code).toBe(0)
    running = await runView(place)
  })
  afterAll(async () => {
    await running?.stop()
    await browser?.close()
    place?.[Symbol.dispose]()
  })

  it.each<Look>([
    { width: 390, scheme: 'dark' },
    { width: 1400, scheme: 'light' },
  ])('is accessible and whole at $width px, $scheme', async (look) => {
    await using watched = await watchedPage(browser, running.origin, look)
    const { page, faults } = watched
    const flaws: string[] = []
    for (const path of [
      '/timeline',
      '/changes',
      `/changes?since=${first}`,
      '/changes?since=nonsense',
      `/history/${TOPIC}`,
      `/history/${TOPIC}?view=inline`,
      `/blame/${TOPIC}`,
      '/graph',
      `/${TOPIC}`,
    ]) {
      await page.goto(running.origin + path)
      if (path === '/graph') await page.locator('.graph[data-done]').waitFor({ timeout: 30_000 })
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag22aa']).analyze()
      flaws.push(...violations.map(({ id, nodes }) => `${path} ${id}: ${nodes[0]?.html ?? ''}`))
      const wider = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
      if (wider !== 0) flaws.push(`${path} scrolls sideways by ${String(wider)} px`)
    }
    expect([...flaws, ...faults]).toEqual([])
  })

  it('tells what happened, and shows the base as it was then', async () => {
    await using watched = await watchedPage(browser, running.origin, WIDE)
    const { page } = watched
    await page.goto(`${running.origin}/timeline`)
    expect(await page.locator('.entry').first().textContent()).toMatch(/Removed\s+data/)
    expect(await page.locator('.entry.mark-edited').textContent()).toContain('Say who sells it')
    await page.locator('.entry.mark-edited').getByText('The base then').click()
    expect(new URL(page.url()).searchParams.get('at')).toBe(place.git('rev-parse', 'HEAD~1'))
    expect(await page.locator('.pinned').textContent()).toContain('as it was')
    await page.locator('.pinned').getByText('See it now').click()
    expect(new URL(page.url()).searchParams.get('at')).toBe(null)
  })

  it('moves the whole page through time with the bar, and back with the browser', async () => {
    await using watched = await watchedPage(browser, running.origin, WIDE)
    const { page, faults } = watched
    await page.goto(`${running.origin}/${TOPIC}`)
    await page.click('a.moment')
    const slider = page.getByRole('slider', { name: 'Moment' })
    await slider.waitFor()
    await page.keyboard.press('ArrowLeft')
    await page.waitForURL(/at=/)
    expect(new URL(page.url()).pathname).toBe(`/${TOPIC}`)
    await page.getByRole('link', { name: 'Compare with now' }).first().click()
    expect(await page.locator('h2#differences').count()).toBe(1)
    await page.goBack()
    await page.goBack()
    expect(new URL(page.url()).search).toBe('')
    expect(faults).toEqual([])
  })

  it('names who wrote each passage, and shows what an edit changed', async () => {
    await using watched = await watchedPage(browser, running.origin, WIDE)
    const { page } = watched
    await page.goto(`${running.origin}/blame/${TOPIC}`)
    const own = page.locator('.passage.by-person')
    expect(await own.locator('.prose').textContent()).toContain('Ada wrote this herself.')
    expect(await page.locator('.passage .to-document').count()).toBeGreaterThan(1)
    await own.locator('.origin a').click()
    await expect.poll(() => page.locator('td.ins ins').last().textContent()).toBe('Ada wrote this herself.')
    await page.getByRole('link', { name: 'Inline' }).click()
    expect(await page.locator('table.diff.inline').count()).toBe(1)
  })

  it('lists what changed since a commit', async () => {
    await using watched = await watchedPage(browser, running.origin, WIDE)
    const { page } = watched
    await page.goto(`${running.origin}/changes`)
    await page.fill('#since', first)
    await page.getByRole('button', { name: 'Show' }).click()
    expect(await page.locator('section', { hasText: 'New documents' }).locator('li').count()).toBe(5)
    expect(await page.getByText('Say who sells it').count()).toBe(1)
  })

  it('has the state of the graph in the address', async () => {
    await using watched = await watchedPage(browser, running.origin, WIDE)
    const { page, faults } = watched
    await page.goto(`${running.origin}/graph`)
    await page.locator('.graph[data-done]').waitFor({ timeout: 30_000 })
    await page.uncheck('input[value=document]')
    await page.selectOption('[name=colour]', 'kind')
    await page.fill('[name=find]', 'acme')
    await page.keyboard.press('Enter')
    await expect.poll(() => new URL(page.url()).searchParams.get('node')).toBe('entities/Acme-Corporation')
    const address = page.url()
    expect(new URL(address).searchParams.get('find')).toBe('acme')
    expect(new URL(address).searchParams.get('kinds')).toBe('concept,entity,theme')
    await page.goto(`${running.origin}/documents`)
    await page.goBack()
    expect(page.url()).toBe(address)
    await page.locator('.graph[data-done]').waitFor({ timeout: 30_000 })
    expect(await page.inputValue('[name=find]')).toBe('acme')
    expect(await page.isChecked('input[value=document]')).toBe(false)
    expect(await page.inputValue('[name=colour]')).toBe('kind')
    await page.goto(`${running.origin}/entities/Acme-Corporation`)
    await page.getByRole('link', { name: 'See it in the graph' }).click()
    await page.locator('.graph[data-done]').waitFor({ timeout: 30_000 })
    expect(new URL(page.url()).search).toBe('?node=entities%2FAcme-Corporation')
    expect(faults).toEqual([])
  })

  it('draws the graph, lights neighbours, finds and filters, and opens a page', async () => {
    await using watched = await watchedPage(browser, running.origin, WIDE)
    const { page, faults } = watched
    await page.goto(`${running.origin}/graph`)
    await page.locator('.graph[data-done]').waitFor({ timeout: 30_000 })
    const listed = page.locator('#graph-list a')
    const all = await listed.count()
    expect(all).toBeGreaterThan(5)
    await page.uncheck('input[value=document]')
    await expect.poll(() => listed.count()).toBeLessThan(all)
    expect(await page.locator('#graph-list a.to-document').count()).toBe(0)
    await page.fill('input[name=find]', 'acme corporation')
    await expect.poll(async () => (await listed.allTextContents()).filter((title) => !/acme/i.test(title))).toEqual([])
    await page.getByRole('button', { name: 'Zoom in' }).click()
    await page.getByRole('button', { name: 'Fit the graph' }).click()
    await listed.first().focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/entities\/Acme-Corporation/)
    expect(await page.locator('.neighbours svg a').count()).toBeGreaterThan(1)
    expect(faults).toEqual([])
  })
})
