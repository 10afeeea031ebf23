// Opens the writer's side of a queue.
import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { KbError } from '../../core/errors.ts'
import type { Base } from '../../io/base.ts'
import { folderExchange, redisExchange, type Exchange } from '../../io/queue/exchange.ts'
import { JobQueue } from '../../io/queue/job-queue.ts'
import { present, PresenceNote, type Presence } from '../../io/queue/presence.ts'
import { RedisConnection, unlessAborted } from '../../io/queue/redis.ts'
import { PreparePool } from '../../prepare/pool.ts'
import type { Preparer } from '../../prepare/protocol.ts'
import { queueName } from '../../prepare/queue/messages.ts'
import { QueuePreparer } from '../../prepare/queue/preparer.ts'
import { VERSION } from '../../version.ts'
import { requireAddress, requireTrusted } from './address.ts'

export type QueueOptions = {
  address: string
  /** The address is that of kbgit.yaml. */
  isOfBase: boolean
  /** Documents under way at once. */
  jobs?: number | undefined
  /** How long Redis may be away, in milliseconds. */
  awayMsMax?: number
}

/** Redis that is restarted is back by then; for longer the run stops, and is continued by the next one. */
const AWAY_MS_MAX = 60_000
const PRESENCE_LOOK_MS = 5_000

/** Throws `KbError`: `config`, or `queueUnavailable` if Redis cannot be reached or its workers have another version. */
export async function openQueuePreparer(base: Base, options: QueueOptions): Promise<Preparer> {
  const { config, logger } = base
  const address = requireAddress(
    options.address,
    options.isOfBase ? '"queue" in kbgit.yaml' : 'What the queue is given',
  )
  if (options.isOfBase) await requireTrusted(base, address)
  const resources = new AsyncDisposableStack()
  try {
    const connection = resources.use(
      await RedisConnection.open({ url: address, awayMsMax: options.awayMsMax ?? AWAY_MS_MAX }),
    )
    const { client, lost, shown } = connection
    const exchange =
      config.exchange === undefined ? redisExchange(client) : await sharedFolder(resolve(base.root, config.exchange))
    const writer = randomUUID()
    const presence = { version: VERSION, exchange: exchange.kind, host: hostname(), pid: process.pid }
    const workers = await unlessAborted(present(client, 'worker'), lost)
    refuseOthers(workers, presence, shown)
    resources.use(await unlessAborted(PresenceNote.write(client, 'writer', writer, presence), lost))
    const queue = resources.use(await JobQueue.open(connection, queueName(VERSION, exchange.kind)))
    const local = resources.use(new PreparePool(config.fileProcessingJobs))
    let staffed = workers.some((worker) => suits(worker, presence))
    const timer = setInterval(() => {
      if (client.status === 'ready')
        present(client, 'worker').then(
          (seen) => (staffed = seen.some((worker) => suits(worker, presence))),
          () => {},
        )
    }, PRESENCE_LOOK_MS)
    resources.defer(() => clearInterval(timer))
    const isStaffed = (): boolean => staffed || client.status !== 'ready'
    const preparer = new QueuePreparer(
      { queue, exchange, isStaffed, local, version: VERSION, writer, lost, logger },
      options,
    )
    const owned = resources.move()
    return {
      documentsMax: preparer.documentsMax,
      prepare: (task, signal) => preparer.prepare(task, signal),
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    }
  } catch (error) {
    await resources.disposeAsync()
    throw error
  }
}

async function sharedFolder(folder: string): Promise<Exchange> {
  const found = await stat(folder).catch(() => undefined)
  if (found?.isDirectory() === true) return folderExchange(folder)
  throw new KbError('config', `The folder ${folder}, which workers and writers exchange files by, does not exist.`, {
    hint: 'Make or mount it, or remove "exchange" from kbgit.yaml: then bytes go through Redis.',
  })
}

function suits(worker: Presence, { version, exchange }: Presence): boolean {
  return worker.version === version && worker.exchange === exchange
}

/** Nobody being there yet is no mistake: workers may come later. */
function refuseOthers(workers: Presence[], own: Presence, shown: string): void {
  const [other] = workers
  if (other === undefined || workers.some((worker) => suits(worker, own))) return
  if (other.version !== own.version) {
    throw new KbError(
      'queueUnavailable',
      `The workers at ${shown} are kbgit ${other.version}; this is kbgit ${own.version}.`,
      { hint: 'Only workers of the same version make the same pages: install the same one on all machines.' },
    )
  }
  throw new KbError(
    'queueUnavailable',
    `The workers at ${shown} take documents ${other.exchange === 'folder' ? 'from a shared folder' : 'through Redis'}; this base offers them ${own.exchange === 'folder' ? 'in a shared folder' : 'through Redis'}.`,
    { hint: 'Start workers with --exchange if kbgit.yaml has "exchange", and without it otherwise.' },
  )
}
