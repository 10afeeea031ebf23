// Writes blobs, trees and commits through one long-lived `git fast-import`. It derives a tree from its parent and
// writes only what changed, so that a commit's cost depends on its own files, not on the size of the base.
// https://git-scm.com/docs/git-fast-import
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { KbError } from '../../core/errors.ts'
import { namesIn } from '../folder-names.ts'
import { ended, type Git } from './git.ts'

/**
 * Bytes of a file's content, in memory or in a file of `size` bytes that must not change meanwhile; `held` is that
 * file's content, already read.
 */
export type Content = { bytes: string | Uint8Array } | { file: string; size: number; held?: Uint8Array }

/** The bytes, if they are in memory. */
export function bytesAtHand(content: Content): string | Uint8Array | undefined {
  return 'bytes' in content ? content.bytes : content.held
}

export type TreeEdit =
  | { path: string; mode: string; content: Content }
  /** An object that is already in the store. */
  | { path: string; mode: string; oid: string }
  | { path: string; delete: true }

export type CommitObject = {
  /** The private ref that protects the commit from garbage collection. */
  ref: string
  /** The parent: a commit's id; the previous commit on `ref` if absent; null for a root commit. */
  from?: string | null | undefined
  /** Further parents of a merge. A commit that was just sent is named by its mark, `:<n>`. */
  merge?: string[]
  /** `Name <email> seconds zone`. Bytes are in `encoding`. */
  author: string | Uint8Array
  committer: string | Uint8Array
  /** Default: UTF-8. */
  encoding?: string | undefined
  message: string | Uint8Array
  changes: TreeEdit[]
}

/**
 * glibc returns memory to the system whenever 128 KiB at the end of the heap are free, and git requests it again for
 * the next delta: 547,000 page faults for 2,000 notes, a fifth of git's time. Other C libraries ignore the setting.
 */
const KEEP_MEMORY = { MALLOC_TRIM_THRESHOLD_: String(32 * 1024 ** 2) }
/** Milliseconds that git gets to exit by itself. */
const END_WAIT_MS = 10_000
const PENDING_BYTES_MAX = 1024 * 1024

export class FastImport {
  readonly #git: Git
  readonly #gitDir: string
  #used = false
  #child: ChildProcessWithoutNullStreams | undefined
  #exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }> | undefined
  #stderr = ''
  #answers: ((line: string) => void)[] = []
  #rest = ''
  #marks = 0
  /** Data not written to the pipe yet: many small pieces are written as one. */
  #pending: Uint8Array[] = []
  #pendingBytes = 0

  constructor(git: Git, gitDir: string) {
    this.#git = git
    this.#gitDir = gitDir
  }

  /**
   * Sends blobs that commits then refer to by id. fast-import only tries a delta against the blob before, so keep the
   * versions of a file next to each other, with the newest, which is read most, first.
   */
  async blobs(contents: Iterable<string | Uint8Array>): Promise<void> {
    for (const content of contents) {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content
      await this.#write(`blob\ndata ${bytes.length}\n`)
      await this.#write(bytes)
      await this.#write('\n')
    }
  }

  /** Sends a commit; its id comes with the next `checkpoint`, which also makes it durable and moves its ref. */
  async commit(commit: CommitObject): Promise<{ id: Promise<string>; mark: number }> {
    const mark = ++this.#marks
    const message = Buffer.from(commit.message)
    if (commit.from === null) await this.#write(`reset ${commit.ref}\n`)
    await this.#write(`commit ${commit.ref}\nmark :${mark}\nauthor `)
    await this.#write(commit.author)
    await this.#write('\ncommitter ')
    await this.#write(commit.committer)
    if (commit.encoding !== undefined) await this.#write(`\nencoding ${commit.encoding}`)
    await this.#write(`\ndata ${message.length}\n`)
    await this.#write(message)
    await this.#write(typeof commit.from === 'string' ? `\nfrom ${commit.from}\n` : '\n')
    for (const parent of commit.merge ?? []) await this.#write(`merge ${parent}\n`)
    for (const change of commit.changes) await this.#change(change)
    const answer = this.#answer()
    // Reported at the checkpoint: there may be no listener yet when git dies.
    const id = answer.then((line) => line.trim())
    id.catch(() => {})
    await this.#write(`\nget-mark :${mark}\n`)
    return { id, mark }
  }

  /** Makes everything written so far durable and moves the refs. */
  async checkpoint(): Promise<void> {
    const answer = this.#answer()
    answer.catch(() => {})
    await this.#write('checkpoint\nprogress checkpoint\n')
    await this.#flush()
    const line = await answer
    if (line !== 'progress checkpoint') throw this.#failure(`it answered ${JSON.stringify(line)}`)
  }

  async #change(change: TreeEdit): Promise<void> {
    const path = quote(change.path)
    if ('delete' in change) return this.#write(`D ${path}\n`)
    if ('oid' in change) return this.#write(`M ${change.mode} ${change.oid} ${path}\n`)
    await this.#write(`M ${change.mode} inline ${path}\n`)
    const { content } = change
    const held = bytesAtHand(content)
    if (held !== undefined) {
      const bytes = typeof held === 'string' ? Buffer.from(held) : held
      await this.#write(`data ${bytes.length}\n`)
      await this.#write(bytes)
    } else if ('file' in content) {
      await this.#write(`data ${content.size}\n`)
      let seen = 0
      for await (const chunk of createReadStream(content.file)) {
        seen += (chunk as Buffer).length
        await this.#write(chunk as Buffer)
      }
      if (seen !== content.size) throw new KbError('storage', `${content.file} changed while it was committed.`)
    }
    await this.#write('\n')
  }

  async #write(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data
    this.#pending.push(bytes)
    this.#pendingBytes += bytes.length
    if (this.#pendingBytes >= PENDING_BYTES_MAX) await this.#flush()
  }

  async #flush(): Promise<void> {
    const child = this.#running()
    const bytes = Buffer.concat(this.#pending)
    this.#pending = []
    this.#pendingBytes = 0
    if (child.stdin.destroyed || child.exitCode !== null || child.signalCode !== null) throw this.#failure('it ended')
    if (child.stdin.write(bytes)) return
    await Promise.race([once(child.stdin, 'drain'), this.#exit])
  }

  #running(): ChildProcessWithoutNullStreams {
    if (this.#child !== undefined) return this.#child
    // Packs are never unpacked: two files to make durable instead of one for each object.
    const child = this.#git.start(
      [
        '-c',
        'fastimport.unpackLimit=1',
        '-c',
        'pack.compression=1',
        'fast-import',
        '--quiet',
        '--force',
        '--date-format=raw',
        '--done',
      ],
      { env: KEEP_MEMORY },
    )
    this.#child = child
    this.#used = true
    this.#stderr = ''
    this.#rest = ''
    child.stderr.on('data', (chunk: Buffer) => (this.#stderr = (this.#stderr + chunk.toString()).slice(-4000)))
    child.stdin.on('error', () => {})
    child.stdout.on('data', (chunk: Buffer) => {
      const lines = (this.#rest + chunk.toString()).split('\n')
      this.#rest = lines.pop() ?? ''
      for (const line of lines) this.#answers.shift()?.(line)
    })
    this.#exit = ended(child)
    this.#exit.catch(() => {})
    return child
  }

  #answer(): Promise<string> {
    this.#running()
    const line = new Promise<string>((resolve) => this.#answers.push(resolve))
    const exit = this.#exit ?? Promise.resolve()
    return Promise.race([line, exit.then(() => Promise.reject(this.#failure('it ended')))])
  }

  #failure(how: string): KbError {
    const reason = /^fatal: .*$/m.exec(this.#stderr)?.[0] ?? this.#stderr.trim()
    return new KbError('gitFailed', `git fast-import failed: ${reason || how}.`)
  }

  /** Whether the process was started: it may have written a ref. */
  get used(): boolean {
    return this.#used
  }

  /**
   * Drops what was not checkpointed. `whole`: the last command was sent completely; then the next commit on the ref
   * only has to name its parent. Otherwise the process has to end. It is not killed: a git that exits by itself removes
   * the marks that keep its packs from being joined.
   */
  async abandon(whole: boolean): Promise<void> {
    const child = this.#child
    if (
      child === undefined ||
      (whole && !child.stdin.destroyed && child.exitCode === null && child.signalCode === null)
    )
      return
    this.#child = undefined
    this.#answers = []
    this.#pending = []
    this.#pendingBytes = 0
    const timer = setTimeout(() => child.kill('SIGKILL'), END_WAIT_MS)
    child.stdin.end()
    await this.#exit?.catch(() => {})
    clearTimeout(timer)
    // git reports that as a crash.
    await rm(join(this.#gitDir, `fast_import_crash_${child.pid}`), { force: true })
  }

  /** Ends the process in order. */
  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    this.#child = undefined
    child.stdin.end('done\n')
    await this.#exit?.catch(() => {})
  }
}

/** Removes crash reports of git processes whose kbgit was killed: reports that mention a ref below `refs`. */
export async function removeCrashReports(gitDir: string, refs: string): Promise<void> {
  for (const name of await namesIn(gitDir)) {
    const path = join(gitDir, name)
    if (/^fast_import_crash_\d+$/.test(name) && (await readFile(path, 'latin1').catch(() => '')).includes(refs))
      await rm(path, { force: true })
  }
}

/**
 * Removes the marks by which a killed fast-import keeps its packs from ever being deleted. Call it only while none is
 * running.
 */
export async function releasePacks(commonDir: string): Promise<void> {
  const folder = join(commonDir, 'objects/pack')
  for (const name of await namesIn(folder)) {
    const path = join(folder, name)
    if (!name.endsWith('.keep')) continue
    // git's own word in it, or killed before it was written, and then before the pack had its name. A person's mark has
    // another word, or none.
    const isGits = (await readFile(path, 'latin1').catch(() => '')).trim() === 'fast-import'
    if (isGits || !existsSync(path.replace(/keep$/, 'pack'))) await rm(path, { force: true })
  }
}

/** A path in fast-import's C-style quotes, so that no byte of it can end the line. */
function quote(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')}"`
}
