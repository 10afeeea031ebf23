// A real browser for tests and pictures: Debian's chromium, driven by playwright-core.
import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The browser's program, or undefined if there is none: set `KBGIT_CHROMIUM` to name another. */
export const CHROMIUM = [process.env['KBGIT_CHROMIUM'] ?? '', ...PATHS].find((path) => path !== '' && existsSync(path))

/** Throws if there is no browser. */
export function launchBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error('There is no chromium: install it, or set KBGIT_CHROMIUM.')
  // root has no user namespace of its own to make a sandbox with.
  return chromium.launch({ executablePath: CHROMIUM, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
}

export type Look = { width: number; scheme: 'light' | 'dark'; scripts?: boolean }
/** A page, and everything that should not have happened on it. */
export type Watched = AsyncDisposable & { page: Page; context: BrowserContext; faults: string[] }

/** A page in a profile of its own. Errors, refused scripts and requests to other origins than `origin` are faults. */
export async function watchedPage(
  browser: Browser,
  origin: string,
  { width, scheme, scripts = true }: Look,
): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width, height: width < 600 ? 844 : 900 },
    colorScheme: scheme,
    javaScriptEnabled: scripts,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`)
  })
  page.on('requestfinished', (request) => {
    const { protocol, hostname } = new URL(request.url())
    if (/^(?:https?|wss?):$/.test(protocol) && hostname !== new URL(origin).hostname)
      faults.push(`request: ${request.url()}`)
  })
  return { page, context, faults, [Symbol.asyncDispose]: () => context.close() }
}
