// The viewer as a person uses it: the real command, a real browser.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM, launchBrowser, watchedPage, type Look } from '../support/browser.ts'
import { flawsOf, runView, type RunningView } from '../support/view-pages.ts'
import { canaryPort, writeViewDocuments } from '../support/view.ts'
import { Workplace } from '../support/workplace.ts'

describe.skipIf(CHROMIUM === undefined)('kbgit view, in chromium', () => {
  let browser: Browser
  let place: Workplace
  let canary: Awaited<ReturnType<typeof canaryPort>>
  let running: RunningView
  let folder: string
  beforeAll(async () => {
    browser = await launchBrowser()
    place = await Workplace.withBase()
    canary = await canaryPort()
    folder = writeViewDocuments(place, canary.address)
    expect((await place.kbgit('add', folder)).code).toBe(0)
    running = await runView(place)
  })
  afterAll(async () => {
    await running?.stop()
    await browser?.close()
    canary?.[Symbol.dispose]()
    place?.[Symbol.dispose]()
  })

  const open = (look: Look = { width: 1400, scheme: 'light' }) => watchedPage(browser, running.origin, look)

  it.each<Look>([
    { width: 390, scheme: 'dark' },
    { width: 1400, scheme: 'light' },
  ])('is accessible and whole at $width px, $scheme', async (look) => {
    await using watched = await open(look)
    expect(await flawsOf(watched, running.origin)).toEqual([])
  })

  it('leads from a claim to its passage, and back', async () => {
    await using watched = await open()
    const { page } = watched
    await page.goto(`${running.origin}/entities/Acme-Corporation`)
    await page.hover('a[data-cite="1"]')
    await expect.poll(() => page.locator('.card').isVisible()).toBe(true)
    await page.locator('.card .around mark').waitFor()
    await page.click('a[data-cite="1"]')
    expect(new URL(page.url()).pathname).toMatch(/^\/documents\/[\w-]+\/text$/)
    await page.goBack()
    expect(new URL(page.url()).pathname).toBe('/entities/Acme-Corporation')
  })

  it('searches with the keyboard alone', async () => {
    await using watched = await open()
    const { page, faults } = watched
    await page.goto(running.origin)
    await page.keyboard.press('/')
    await page.keyboard.type('forty litres')
    await page.locator('[role=option]').first().waitFor()
    expect(await page.locator('.results mark').first().textContent()).toMatch(/forty|litres/i)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/documents\/heron/)
    await page.keyboard.press('g')
    await page.keyboard.press('d')
    await page.waitForURL(/\/documents$/)
    await page.keyboard.press('?')
    expect(await page.locator('dialog.keys').isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('dialog.keys').count()).toBe(0)
    await page.keyboard.press('/')
    await page.keyboard.type('who built it')
    await page.keyboard.press('Tab')
    await page.waitForURL(/ask=1/)
    await page.getByText('No model is configured').waitFor()
    expect(faults).toEqual([])
  })

  it('says when an answer breaks off, asks nobody twice by itself, and asks again on request', async () => {
    await using watched = await open()
    const { page } = watched
    let asked = 0
    await page.route('**/api/ask?*', (route) => {
      asked++
      return route.fulfill({ contentType: 'text/event-stream', body: 'event: text\ndata: "Acme built"\n\n' })
    })
    await page.goto(`${running.origin}/search?q=who+built+it&ask=1`)
    await page.getByRole('alert').getByText('The answer broke off').waitFor()
    expect(await page.locator('.answer .arriving').textContent()).toBe('Acme built')
    expect([asked, await page.locator('.answer .prose').getAttribute('aria-busy')]).toEqual([1, 'false'])
    await page.unroute('**/api/ask?*')
    await page.getByRole('button', { name: 'Ask again' }).click()
    await page.getByText('No model is configured').waitFor()
  })

  it('shows a new commit in another tab', async () => {
    await using watched = await open()
    const { page } = watched
    const listening = page.waitForResponse(/\/api\/events$/)
    await page.goto(running.origin)
    await listening
    place.write('new/crane.md', '# Crane Engine\n\nThe Crane Engine is new at Acme Corporation.\n')
    expect((await place.kbgit('add', `${place.dir}/new`)).code).toBe(0)
    await page.locator('.news').getByText('New: crane').waitFor()
    await page.locator('.news button').click()
    await page.getByRole('link', { name: 'Crane Engine' }).first().waitFor()
  })

  it('runs nothing of a document', async () => {
    await using watched = await open()
    const { page } = watched
    for (const name of ['canary', 'page']) {
      for (const tab of ['', '/text', '/original', '/text?beside=1']) {
        await page.goto(`${running.origin}/documents/${name}${tab}`)
        await page.waitForLoadState('load')
      }
    }
    for (const path of ['/', '/documents', '/search?q=canary', '/search?q=canary&ask=1', '/concepts', '/entities'])
      await page.goto(running.origin + path)
    await page.keyboard.press('/')
    await page.keyboard.type('canary')
    await page.locator('[role=option]').first().waitFor()
    expect(canary.calls).toEqual([])
    expect(await page.locator('script:not([src^="/assets/"])').count()).toBe(0)
  })

  it('reads without scripts', async () => {
    await using watched = await open({ width: 390, scheme: 'light', scripts: false })
    const { page, faults } = watched
    await page.goto(running.origin)
    await page.locator('a.to-menu').click()
    await page.getByRole('link', { name: 'Documents', exact: true }).click()
    await page.getByRole('link', { name: 'Falcon Engine' }).click()
    await page.getByRole('link', { name: 'Text', exact: true }).click()
    expect(await page.locator('.katex').count()).toBeGreaterThan(0)
    expect(await page.locator('.table').getByText('Boiler').count()).toBe(1)
    await page.fill('header input[type=search]', 'litres')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Heron Engine' }).first().waitFor()
    expect(faults).toEqual([])
  })

  it('keeps the choice of light or dark', async () => {
    await using watched = await open()
    const { page } = watched
    await page.goto(running.origin)
    await page.locator('button.theme:visible').click()
    await page.reload()
    expect(await page.evaluate("document.documentElement.dataset['theme']")).toBe('dark')
  })

  it('prints the text with its sources, and nothing around it', async () => {
    await using watched = await open()
    const { page } = watched
    await page.goto(`${running.origin}/entities/Acme-Corporation`)
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('header.bar').isVisible()).toBe(false)
    expect(await page.locator('nav.sections').isVisible()).toBe(false)
    expect(await page.locator('.evidence li').first().isVisible()).toBe(true)
  })
})

it('kbgit view ends with Ctrl-C, and refuses a port that is in use', async () => {
  using place = await Workplace.withBase()
  const first = await runView(place, '--port', '0').catch(() => undefined)
  expect(first).toBeUndefined()
  const second = await runView(place)
  const { port } = new URL(second.origin)
  const refused = await place.kbgit('view', '--port', port)
  expect(refused).toMatchObject({ code: 2 })
  expect(refused.stderr).toContain(`Port ${port} is in use.`)
  await second.stop()
})
