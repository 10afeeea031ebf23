// What workers at a queue bring: 1, 2 and 4 of them beside one writer and one Redis, all on this machine. Its cores bound the
// factor; more machines have more of them. So how busy the workers are, and how idle the writer is, is shown too.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { AddResult, WorkerResult } from '../../src/core/results.ts'
import { saying } from '../support/command.ts'
import { HAS_REDIS, RedisServer } from '../support/redis.ts'
import type { Bench, Place } from './support/bench.ts'
import { writeOfficeFiles } from './support/office-files.ts'

const WORKERS = [1, 2, 4]

type Figures = { documents: number; ms: number; cpuMs: number; busyMs: number; workersMs: number; tree: string }

export const workers: Bench = {
  name: 'workers',
  about: 'PDF and office files prepared by 1, 2 and 4 workers at a queue',
  run: async (place) => {
    if (!HAS_REDIS)
      return {
        bench: 'workers',
        about: `${workers.about}: skipped, redis-server is not installed`,
        tables: [],
        bars: [],
      }
    const folder = join(place.dir, 'files')
    writeOfficeFiles(folder, place.size(4, 1), place.size(30, 3))
    const plain = await measure(place, folder)
    const queued: Figures[] = []
    for (const count of WORKERS) queued.push(await measure(place, folder, count))
    const row = (who: string, { documents, ms, cpuMs, busyMs, workersMs }: Figures) => ({
      prepared: who,
      'documents a second': documents / (ms / 1000),
      'workers busy': workersMs === 0 ? '' : `${Math.round((100 * busyMs) / workersMs)} %`,
      'CPU seconds of the writer': cpuMs / 1000,
      'writer idle': `${Math.round(Math.max(0, 100 * (1 - cpuMs / ms)))} %`,
      tree: queued.every(({ tree }) => tree === plain.tree) ? 'equal' : 'not equal',
    })
    return {
      bench: 'workers',
      about: workers.about,
      tables: [
        {
          title: `${plain.documents} documents, one at a time in each worker, ${availableParallelism()} cores for all processes.`,
          rows: [
            row('by the writer, -j 1', plain),
            ...queued.map((figures, index) => row(`by ${WORKERS[index]} at the queue`, figures)),
          ],
        },
      ],
      bars: [
        {
          what: 'CPU of the writer beside that without a queue',
          value: Math.max(...queued.map(({ cpuMs }) => cpuMs)) / plain.cpuMs,
          atMost: 0.5,
        },
      ],
    }
  },
}

async function measure(place: Place, folder: string, count?: number): Promise<Figures> {
  const env = { SOURCE_DATE_EPOCH: '1767323045' }
  const base = await place.newBase()
  if (count === undefined) {
    const ran = await place.kbgit(base, ['add', folder, '--json', '-j', '1'], { env })
    return { ...(await made(place, base, ran)), busyMs: 0, workersMs: 0 }
  }
  await using redis = await RedisServer.start()
  const started = await Promise.all(Array.from({ length: count }, () => startWorker(place, redis.url)))
  const ran = await place.kbgit(base, ['add', folder, '--json', '--queue', redis.url], { env })
  const results = await Promise.all(started.map((worker) => worker.stop()))
  const busyMs = results.reduce((sum, result) => sum + result.busyMs, 0)
  return { ...(await made(place, base, ran)), busyMs, workersMs: count * ran.ms }
}

async function made(place: Place, base: string, { stdout, ms, cpuMs }: { stdout: string; ms: number; cpuMs: number }) {
  const documents = (JSON.parse(stdout) as AddResult).added.length
  const tree = (await place.git(base, ['rev-parse', 'HEAD^{tree}'])).stdout.trim()
  return { documents, ms, cpuMs, tree }
}

async function startWorker(place: Place, url: string): Promise<{ stop: () => Promise<WorkerResult> }> {
  const [program = '', ...argv] = place.kbgitCommand('worker', '--queue', url, '-j', '1', '--json', '-v')
  const child: ChildProcess = spawn(program, argv, { cwd: place.dir, env: place.env, stdio: 'pipe' })
  const said: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => said.push(chunk))
  await saying(child.stderr, 'waiting for documents')
  return {
    stop: async () => {
      child.kill('SIGTERM')
      await once(child, 'close')
      return JSON.parse(Buffer.concat(said).toString()) as WorkerResult
    },
  }
}
