// What people wait for in the viewer: the first page after the start, a page, a key in the search field.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { Bench, Place } from './support/bench.ts'
import { KeptBase } from './support/kept-base.ts'
import { Samples } from './support/rounds.ts'

const KEYS = ['c', 'co', 'con', 'conc', 'concept']

export const view: Bench = {
  name: 'view',
  about: 'pages and keystrokes of the viewer',
  run: async (place) => {
    const documents = place.size(10_000, 500)
    const base = await KeptBase.open(place, documents)
    const samples = new Samples()
    const rounds = place.rounds(5, 1)
    let memory = 0
    let script = 0
    for (let round = 0; round < rounds; round++) {
      const { child, origin, startedAt } = await started(place, base.dir)
      try {
        const first = await (await fetch(origin)).text()
        samples.add('first page after start', performance.now() - startedAt)
        samples.add('first page after start cpu', cpuMs(child))
        script = await scriptBytes(origin, first)
        for (const [what, path] of await addresses(origin)) await timed(samples, child, what, origin + path)
        for (const key of KEYS)
          await timed(samples, child, 'a key in the search field', `${origin}/api/search?q=${key}`)
        memory = Math.max(memory, peakMb(child))
      } finally {
        child.kill('SIGINT')
        await once(child, 'close')
      }
    }
    const rows = ['first page after start', ...PAGES, 'a key in the search field']
    const bar = (key: string, atMost: number) => ({ what: `${key}, ms`, value: samples.median(key), atMost })
    return {
      bench: 'view',
      about: `${view.about}, at ${documents} documents`,
      tables: [
        {
          title: `Medians of ${rounds} starts; each page is rendered for the first time. CPU is the server's.`,
          rows: rows.map((key) => ({ what: key, ms: samples.median(key), 'cpu ms': samples.median(`${key} cpu`) })),
        },
      ],
      bars: [
        bar('first page after start', 1_000),
        ...PAGES.map((key) => bar(key, 150)),
        bar('a key in the search field', 100),
        { what: 'scripts of the first page, kB compressed', value: script / 1_000, atMost: 250 },
        { what: 'memory of the server at most, MB', value: memory, atMost: 300 },
      ],
    }
  },
}

const PAGES = ['home', 'documents', 'concepts', 'a document', 'its text', 'the largest concept', 'a page of results']

/** An address for each of `PAGES`, of things that the base has. */
async function addresses(origin: string): Promise<[string, string][]> {
  const linked = async (path: string, folder: string): Promise<string> =>
    new RegExp(`href="(/${folder}/[^"?#]+)"`).exec(await (await fetch(origin + path)).text())?.[1] ?? `/${folder}`
  // Other pages of the lists than those that are measured.
  const document = await linked('/documents?page=2', 'documents')
  const concept = await linked('/concepts?page=1&from=bench', 'concepts')
  const paths = ['/?fresh', '/documents', '/concepts', document, `${document}/text`, concept, '/search?q=concept']
  return PAGES.map((what, index) => [what, paths[index] ?? '/'])
}

async function started(place: Place, dir: string): Promise<{ child: ChildProcess; origin: string; startedAt: number }> {
  const [program = '', ...args] = place.kbgitCommand('view')
  const startedAt = performance.now()
  const child = spawn(program, args, { cwd: dir, env: place.env, stdio: ['ignore', 'pipe', 'inherit'] })
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, origin: new URL(chunk.toString().trim()).origin, startedAt }
}

async function timed(samples: Samples, child: ChildProcess, what: string, address: string): Promise<void> {
  const [from, cpu] = [performance.now(), cpuMs(child)]
  const answer = await fetch(address)
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`)
  samples.add(what, performance.now() - from)
  samples.add(`${what} cpu`, cpuMs(child) - cpu)
}

/** Of the server alone, without git. In ticks of 10 ms. */
function cpuMs({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function peakMb({ pid }: ChildProcess): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_000
}

/** Of the scripts that the page names and of those that they load at once. */
async function scriptBytes(origin: string, page: string): Promise<number> {
  const manifest = JSON.parse(readFileSync(new URL('../../dist/view/manifest.json', import.meta.url), 'utf8')) as {
    files: string[]
  }
  const islands = new Set([...page.matchAll(/data-island="([\w-]+)"/g)].map(([, name]) => name))
  const wanted = manifest.files.filter((file) => {
    const name = file.replace(/-[^-]+\.js$/, '')
    return file.endsWith('.js') && (islands.has(name) || ['view', 'early', 'code'].includes(name))
  })
  const sizes = wanted.map(async (file) => gzipSync(await (await fetch(`${origin}/assets/${file}`)).text()).byteLength)
  return (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0)
}
