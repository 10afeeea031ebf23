// A real Redis of a test's own: a child process on a free port, with its data in a folder of its own.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'

/** Whether Redis is installed: Debian's package `redis-server`. */
export const HAS_REDIS = spawnSync('redis-server', ['--version']).status === 0

export class RedisServer implements AsyncDisposable {
  readonly port: number
  readonly url: string
  readonly #dir = mkdtempSync(join(tmpdir(), 'kbgit-redis-'))
  readonly #password: string | undefined
  #child: ChildProcess | undefined

  private constructor(port: number, password: string | undefined) {
    this.port = port
    this.#password = password
    this.url = `redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`
  }

  static async start({ password }: { password?: string } = {}): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), password)
    await server.start()
    return server
  }

  /** Starts it again after `stop` or `kill`. */
  async start(): Promise<void> {
    const argv = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#dir, '--save', '3600 1']
    if (this.#password !== undefined) argv.push('--requirepass', this.#password)
    this.#child = spawn('redis-server', argv, { stdio: 'ignore' })
    using client = this.client()
    await client.redis.ping()
  }

  /** Ends it: its data are on disk then, or, if `kill`ed, lost. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }

  client(): Disposable & { redis: Redis } {
    const redis = new Redis(this.url, { maxRetriesPerRequest: null, retryStrategy: () => 50 })
    redis.on('error', () => {})
    return { redis, [Symbol.dispose]: () => redis.disconnect() }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('SIGKILL')
    rmSync(this.#dir, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
