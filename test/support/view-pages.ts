// The viewer as the real command, and what is wrong with its pages in a browser.
import { AxeBuilder } from '@axe-core/playwright'
import { start } from './command.ts'
import type { Watched } from './browser.ts'
import type { Workplace } from './workplace.ts'

/** A page of each kind, in the base of `writeViewDocuments`. */
const PAGES = [
  '/',
  '/documents',
  '/documents/falcon',
  '/documents/falcon/text',
  '/documents/report/original',
  '/concepts',
  '/entities/Acme-Corporation',
  '/themes',
  '/search?q=engine',
  '/search?q=engine&ask=1',
  '/reviews',
  '/health',
  '/no-such-page',
]
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']

export type RunningView = { origin: string; url: string; stop: () => Promise<void> }

/** Runs `kbgit view` and reads the address that it prints. Rejects if it ends before. */
export async function runView(place: Workplace, ...argv: string[]): Promise<RunningView> {
  const { child, ended } = start(['view', ...argv], { cwd: place.base, env: place.env })
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => resolve(chunk.toString().trim()))
    void ended.then(({ stderr }) => reject(new Error(stderr)))
  })
  return {
    url,
    origin: new URL(url).origin,
    stop: async () => {
      child.kill('SIGINT')
      await ended
    },
  }
}

/** What axe finds, pages that scroll sideways, and what the browser reported, over a page of each kind. */
export async function flawsOf({ page, faults }: Watched, origin: string): Promise<string[]> {
  const flaws: string[] = []
  for (const path of PAGES) {
    await page.goto(origin + path)
    const { violations } = await new AxeBuilder({ page }).exclude('iframe').withTags(RULES).analyze()
    flaws.push(...violations.map(({ id, nodes }) => `${path} ${id}: ${nodes[0]?.html ?? ''}`))
    const wider = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    if (wider !== 0) flaws.push(`${path} scrolls sideways by ${String(wider)} px`)
  }
  return [...flaws, ...faults.filter((fault) => !fault.includes('404 (Not Found)'))]
}
