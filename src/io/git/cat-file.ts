// A long-lived `git cat-file --batch` or `--batch-check`: requests are pipelined, answers come back in the same order.
// Both options are much older than git 2.31; `--batch-command` is not.
import { KbError } from '../../core/errors.ts'
import { ended, type Git } from './git.ts'

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag'
export type ObjectHeader = {
  /** Hex. */
  oid: string
  type: ObjectType
  /** Bytes of the content. */
  size: number
}
type Answer = { header: ObjectHeader; body: Buffer }

type Waiting = {
  name: string
  bytesMax: number | 'header'
  resolve: (answer: Answer | undefined) => void
  reject: (error: KbError) => void
}

type Child = { process: ReturnType<Git['start']>; waiting: Waiting[]; stderr: string; closed: Promise<void> }

const STDERR_KEPT = 4_096
const EMPTY = Buffer.alloc(0)

export class CatFile {
  readonly #git: Git
  readonly #mode: '--batch' | '--batch-check'
  #child: Child | undefined
  #outbox = ''
  #disposed = false

  constructor(git: Git, mode: '--batch' | '--batch-check') {
    this.#git = git
    this.#mode = mode
  }

  /**
   * The object that git calls `name`, or undefined if there is none. Throws `KbError`: `gitFailed` if git died (the
   * next request starts a new process) and `unexpected` if the name is ambiguous or the object is larger than
   * `bytesMax`. With `header` the body is left empty, whatever its size.
   */
  ask(name: string, bytesMax: number | 'header'): Promise<Answer | undefined> {
    if (/[\n\0]/.test(name))
      throw new KbError('unexpected', `${JSON.stringify(name)} cannot be passed to git cat-file.`)
    if (this.#disposed) throw new KbError('unexpected', 'git cat-file was used after it was closed.')
    return new Promise((resolve, reject) => {
      const child = (this.#child ??= this.#start())
      child.waiting.push({ name, bytesMax, resolve, reject })
      if (this.#outbox === '') queueMicrotask(() => this.#flush())
      this.#outbox += `${name}\n`
    })
  }

  /** The process id of the running git, if any. */
  get pid(): number | undefined {
    return this.#child?.process.pid
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true
    this.#flush()
    const child = this.#child
    if (child === undefined) return
    child.process.stdin.end()
    await child.closed
  }

  #flush(): void {
    if (this.#outbox === '') return
    this.#child?.process.stdin.write(this.#outbox)
    this.#outbox = ''
  }

  #start(): Child {
    const process = this.#git.start(['cat-file', this.#mode])
    const end = ended(process)
    const waiting: Waiting[] = []
    const parser = new AnswerParser(this.#mode === '--batch')
    const child: Child = { process, waiting, stderr: '', closed: Promise.resolve() }
    process.stdin.on('error', () => {})
    process.stderr.on('data', (chunk: Buffer) => {
      child.stderr = (child.stderr + chunk.toString()).slice(-STDERR_KEPT)
    })
    process.stdout.on('data', (chunk: Buffer) => parser.take(chunk, waiting))
    child.closed = this.#finish(child, end)
    return child
  }

  /** Waits for git to exit; its pending requests fail, and the next request starts a new process. */
  async #finish(child: Child, end: ReturnType<typeof ended>): Promise<void> {
    let error: KbError
    try {
      const { code, signal } = await end
      const stderr = child.stderr.trim()
      const how = signal === null ? `ended (${code})` : `was killed by ${signal}`
      error = new KbError('gitFailed', `git cat-file ${how}${stderr === '' ? '.' : `: ${stderr}`}`)
    } catch (cause) {
      error = cause as KbError
    }
    if (this.#child === child) {
      this.#child = undefined
      this.#outbox = ''
    }
    for (const { reject } of child.waiting.splice(0)) reject(error)
  }
}

/** Parses the stream of answers: a header line, and with contents the bytes and a line break. */
class AnswerParser {
  readonly #contents: boolean
  #line: Buffer = EMPTY
  #header: ObjectHeader | undefined
  #body: Buffer = EMPTY
  /** Bytes of the content received so far. */
  #filled = 0

  constructor(contents: boolean) {
    this.#contents = contents
  }

  take(chunk: Buffer, waiting: Waiting[]): void {
    let index = 0
    while (index < chunk.length)
      index =
        this.#header === undefined
          ? this.#takeLine(chunk, index, waiting)
          : this.#takeBody(chunk, index, this.#header, waiting)
  }

  #takeLine(chunk: Buffer, offset: number, waiting: Waiting[]): number {
    const end = chunk.indexOf(10, offset)
    if (end === -1) {
      this.#line = Buffer.concat([this.#line, chunk.subarray(offset)])
      return chunk.length
    }
    const line = (
      this.#line.length === 0 ? chunk.subarray(offset, end) : Buffer.concat([this.#line, chunk.subarray(offset, end)])
    ).toString()
    this.#line = EMPTY
    const match = /^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+)$/.exec(line)
    if (match === null) {
      const request = waiting.shift()
      if (line.endsWith(' missing')) request?.resolve(undefined)
      else request?.reject(new KbError('unexpected', `Unexpected answer from git cat-file: ${line}`))
      return end + 1
    }
    const header: ObjectHeader = { oid: match[1] ?? '', type: match[2] as ObjectType, size: Number(match[3]) }
    if (!this.#contents) {
      waiting.shift()?.resolve({ header, body: EMPTY })
      return end + 1
    }
    this.#header = header
    this.#filled = 0
    const bytesMax = waiting[0]?.bytesMax ?? 'header'
    this.#body = bytesMax !== 'header' && header.size <= bytesMax ? Buffer.allocUnsafe(header.size) : EMPTY
    return end + 1
  }

  #takeBody(chunk: Buffer, offset: number, header: ObjectHeader, waiting: Waiting[]): number {
    const take = Math.min(header.size - this.#filled, chunk.length - offset)
    // A body that is too large is skipped, so that the answers after it stay in step.
    if (this.#body.length === header.size) chunk.copy(this.#body, this.#filled, offset, offset + take)
    this.#filled += take
    if (offset + take === chunk.length) return chunk.length
    const request = waiting.shift()
    this.#header = undefined
    if (this.#body.length === header.size || request?.bytesMax === 'header')
      request?.resolve({ header, body: this.#body })
    else
      request?.reject(
        new KbError(
          'unexpected',
          `${request.name} has ${header.size} bytes, more than the limit of ${request.bytesMax}.`,
        ),
      )
    this.#body = EMPTY
    return offset + take + 1
  }
}
