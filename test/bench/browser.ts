// What a reader's browser does with the viewer, as Lighthouse counts it: first contentful paint, largest contentful paint,
// blocking time, layout shift, requests and bytes; and frames while a large graph is moved.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Browser, Page } from 'playwright-core'
import type { GraphPageData } from '../../src/view/graph/types.ts'
import { CHROMIUM, launchBrowser } from '../support/browser.ts'
import type { Bench, Place } from './support/bench.ts'
import { KeptBase } from './support/kept-base.ts'
import type { Report, Row } from './support/report.ts'
import { Samples } from './support/rounds.ts'

const NODES = 5_000
const EDGES = 20_000
const THEMES = 40
/** How long the graph is moved, for each way. */
const MOVED_MS = 2_000

export const browser: Bench = {
  name: 'browser',
  about: 'first paint, blocking time and size in chromium, and frames of a large graph',
  run: async (place) => {
    if (CHROMIUM === undefined) throw new Error('There is no chromium: install it, or set KBGIT_CHROMIUM.')
    const documents = place.size(10_000, 500)
    const base = await KeptBase.open(place, documents)
    const { child, origin } = await started(place, base.dir)
    const chromium = await launchBrowser()
    try {
      const loads = await pages(chromium, origin, place.rounds(5, 1))
      const graph = await frames(chromium, origin)
      return reportOf(documents, loads, graph)
    } finally {
      await chromium.close()
      child.kill('SIGINT')
      await once(child, 'close')
    }
  },
}

const MEASURED = ['first paint ms', 'largest paint ms', 'blocking ms', 'layout shift', 'requests', 'kB'] as const
type Load = Record<(typeof MEASURED)[number], number>

/** A page of each kind, opened in a profile of its own: nothing is in the browser's cache. */
async function pages(chromium: Browser, origin: string, rounds: number): Promise<Map<string, Load>> {
  const linked = async (path: string, folder: string): Promise<string> =>
    new RegExp(`href="(/${folder}/[^"?#]+)"`).exec(await (await fetch(origin + path)).text())?.[1] ?? `/${folder}`
  const document = await linked('/documents', 'documents')
  const paths: [string, string][] = [
    ['home', '/'],
    ['a document', document],
    ['its text', `${document}/text`],
    ['the largest concept', await linked('/concepts', 'concepts')],
    ['results', '/search?q=concept'],
    ['timeline', '/timeline'],
  ]
  const loads = new Map<string, Load>()
  for (const [what, path] of paths) {
    const samples = new Samples()
    for (let round = 0; round < rounds; round++)
      for (const [key, value] of Object.entries(await load(chromium, origin + path))) samples.add(key, value)
    loads.set(what, Object.fromEntries(MEASURED.map((key) => [key, samples.median(key)])) as Load)
  }
  return loads
}

async function load(chromium: Browser, address: string): Promise<Load> {
  const context = await chromium.newContext({ viewport: { width: 1400, height: 900 } })
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  let requests = 0
  let bytes = 0
  session.on('Network.requestWillBeSent', () => requests++)
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength))
  await page.addInitScript(OBSERVE)
  await page.goto(address)
  await page.waitForLoadState('load')
  // What islands fetch after the page is there belongs to it.
  await page.waitForTimeout(1_000)
  const seen = (await page.evaluate('globalThis.measured')) as {
    paint: number
    largest: number
    blocked: number
    shift: number
  }
  await context.close()
  return {
    'first paint ms': seen.paint,
    'largest paint ms': seen.largest,
    'blocking ms': seen.blocked,
    'layout shift': seen.shift,
    requests,
    kB: bytes / 1_000,
  }
}

/** A task over 50 ms holds up the reader: what is over counts as blocking. */
const OBSERVE = `
  const measured = (globalThis.measured = { paint: 0, largest: 0, blocked: 0, shift: 0 })
  const observe = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true })
  observe('paint', (entry) => { if (entry.name === 'first-contentful-paint') measured.paint = entry.startTime })
  observe('largest-contentful-paint', (entry) => { measured.largest = entry.startTime })
  observe('longtask', (entry) => { measured.blocked += Math.max(0, entry.duration - 50) })
  observe('layout-shift', (entry) => { if (!entry.hadRecentInput) measured.shift += entry.value })
`

type Frames = {
  settledMs: number
  moved: { frames: number; longestMs: number }
  zoomed: { frames: number; longestMs: number }
}

/** The graph page with as many nodes and edges as it draws at most. */
async function frames(chromium: Browser, origin: string): Promise<Frames> {
  const context = await chromium.newContext({ viewport: { width: 1400, height: 900 } })
  const page = await context.newPage()
  const data = largeGraph()
  await page.route('**/api/graph*', (route) => route.fulfill({ json: data }))
  const startedAt = performance.now()
  await page.goto(`${origin}/graph`)
  await page.locator('.graph[data-done]').waitFor({ timeout: 180_000 })
  const settledMs = performance.now() - startedAt
  const moved = await counted(page, async (step) => page.mouse.move(700 + step * 2, 450 + step), true)
  const zoomed = await counted(page, async (step) => page.mouse.wheel(0, step % 20 < 10 ? -80 : 80), false)
  await context.close()
  return { settledMs, moved, zoomed }
}

/** Frames that the browser has drawn while the mouse does something, and the longest time without one. */
async function counted(
  page: Page,
  act: (step: number) => Promise<void>,
  drags: boolean,
): Promise<{ frames: number; longestMs: number }> {
  await page.mouse.move(700, 450)
  if (drags) await page.mouse.down()
  await page.evaluate(`(() => {
    const counted = (globalThis.counted = { frames: 0, longestMs: 0, on: true })
    let last = performance.now()
    const next = (now) => {
      counted.longestMs = Math.max(counted.longestMs, now - last)
      counted.frames++
      last = now
      if (counted.on) requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
  })()`)
  const startedAt = performance.now()
  for (let step = 0; performance.now() - startedAt < MOVED_MS; step++) await act(step)
  const seconds = (performance.now() - startedAt) / 1_000
  const { frames: drawn, longestMs } = (await page.evaluate('counted.on = false, counted')) as {
    frames: number
    longestMs: number
  }
  if (drags) await page.mouse.up()
  return { frames: drawn / seconds, longestMs }
}

/** Communities with some links between them, the same each time. */
function largeGraph(): GraphPageData {
  let seed = 7
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return (seed >>> 8) % below
  }
  const kinds = ['document', 'concept', 'entity'] as const
  const edges = new Map<string, [number, number, number]>()
  while (edges.size < EDGES) {
    const from = random(NODES)
    const near = random(10) > 0 ? (from + THEMES * (1 + random(NODES / THEMES - 1))) % NODES : random(NODES)
    const [a, b] = from < near ? [from, near] : [near, from]
    if (a !== b) edges.set(`${a} ${b}`, [a, b, 1 + random(3)])
  }
  return {
    themes: Array.from({ length: THEMES }, (_, theme) => ({
      id: `themes/${theme}`,
      title: `Theme ${theme}`,
      address: '',
    })),
    nodes: Array.from({ length: NODES }, (_, node) => ({
      id: `n/${node}`,
      kind: kinds[node % 3] ?? 'concept',
      title: `Page number ${node}`,
      size: 1 + random(12),
      theme: node % THEMES,
      address: '',
    })),
    edges: [...edges.values()],
    total: { nodes: NODES, edges: EDGES },
  }
}

function reportOf(documents: number, loads: Map<string, Load>, { settledMs, moved, zoomed }: Frames): Report {
  const rows = [...loads].map(([page, load]): Row => ({ page, ...load }))
  const home = loads.get('home')
  const most = (key: keyof Load): number => Math.max(...[...loads.values()].map((load) => load[key]))
  return {
    bench: 'browser',
    about: `${browser.about}, at ${documents} documents`,
    tables: [
      { title: 'Medians of pages that are opened with an empty cache. kB as sent.', rows },
      {
        title: `A graph of ${NODES} nodes and ${EDGES} edges`,
        rows: [
          { what: 'dragged', 'frames per second': moved.frames, 'longest frame ms': moved.longestMs },
          { what: 'zoomed', 'frames per second': zoomed.frames, 'longest frame ms': zoomed.longestMs },
          { what: 'arranged after, ms', 'frames per second': settledMs, 'longest frame ms': '' },
        ],
      },
    ],
    bars: [
      { what: 'first contentful paint of the first page, ms', value: home?.['first paint ms'] ?? 0, atMost: 1_000 },
      { what: 'blocking time of any page, ms', value: most('blocking ms'), atMost: 200 },
      { what: 'layout shift of any page', value: most('layout shift'), atMost: 0.02 },
      { what: 'requests of any page', value: most('requests'), atMost: 25 },
      { what: 'kB of any page, as sent', value: most('kB'), atMost: 400 },
      { what: 'frames per second while a large graph is dragged', value: moved.frames, atLeast: 30 },
      { what: 'frames per second while a large graph is zoomed', value: zoomed.frames, atLeast: 30 },
    ],
  }
}

async function started(place: Place, dir: string): Promise<{ child: ChildProcess; origin: string }> {
  const [program = '', ...args] = place.kbgitCommand('view')
  const child = spawn(program, args, { cwd: dir, env: place.env, stdio: ['ignore', 'pipe', 'inherit'] })
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, origin: new URL(chunk.toString().trim()).origin }
}
