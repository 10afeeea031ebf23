// Every kind of page at three widths, light and dark.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM, launchBrowser, watchedPage, type Look } from '../support/browser.ts'
import { flawsOf, runView, type RunningView } from '../support/view-pages.ts'
import { writeViewDocuments } from '../support/view.ts'
import { Workplace } from '../support/workplace.ts'

const LOOKS = [390, 900, 1400].flatMap((width): Look[] => [
  { width, scheme: 'light' },
  { width, scheme: 'dark' },
])

describe.skipIf(CHROMIUM === undefined)('kbgit view, in chromium', () => {
  let browser: Browser
  let place: Workplace
  let running: RunningView
  beforeAll(async () => {
    browser = await launchBrowser()
    place = await Workplace.withBase()
    expect((await place.kbgit('add', writeViewDocuments(place))).code).toBe(0)
    running = await runView(place)
  })
  afterAll(async () => {
    await running?.stop()
    await browser?.close()
    place?.[Symbol.dispose]()
  })

  it.each(LOOKS)('is accessible and whole at $width px, $scheme', async (look) => {
    await using watched = await watchedPage(browser, running.origin, look)
    expect(await flawsOf(watched, running.origin)).toEqual([])
  })
})
