// `kbgit purge`: takes a document out of the present and the past, with proof.
//
// The present is planned like a removal. The past is written again, file by file, as if the document had never been there.
// All of it is prepared beside the history, which one step replaces (`commit/replace-history.ts`).
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { commitMessage, type Change, type Planned } from '../../commit/change.ts'
import { identLine } from '../../commit/identity.ts'
import { openWriter, type OpenWriter } from '../../commit/open-writer.ts'
import { privateRef } from '../../commit/private-ref.ts'
import { replaceHistory } from '../../commit/replace-history.ts'
import type { Session } from '../../commit/session.ts'
import type { WorkItem } from '../../commit/work.ts'
import { KbError } from '../../core/errors.ts'
import type { PurgeOptions } from '../../api.ts'
import type { PurgeResult } from '../../core/results.ts'
import { repoPathOf, type Base } from '../../io/base.ts'
import { writeDurable } from '../../io/durable-fs.ts'
import { FastImport, releasePacks, type TreeEdit } from '../../io/git/fast-import.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'
import { eraseDocument } from '../../wiki/erase-document.ts'
import { planRemove } from '../plan-removal.ts'
import { documentsAt, findTraces, type Traces } from './find-traces.ts'
import { isRemoteBranch, listRefs, movesOf, type Ref } from './new-refs.ts'
import { prove } from './proof.ts'
import { refuseUnlessAlone } from './refusals.ts'
import { rewriteHistory, type Rewritten } from './rewrite-history.ts'
import { filesWithTraces } from './sidecar-files.ts'

/** `name`: the exact name of a document at HEAD or in the history. Throws `KbError`. */
export async function purge(base: Base, name: string, options: PurgeOptions = {}): Promise<PurgeResult> {
  await using tools = await openWriter({ base, command: 'purge', signal: options.signal })
  return await tools.writer.locked(async (session) => {
    const work = new Purge(base, tools, session, name, options)
    try {
      return await work.run()
    } finally {
      await base.git.run(['update-ref', '-d', privateRef(work.id)])
    }
  })
}

class Purge {
  readonly #base: Base
  readonly #tools: OpenWriter
  readonly #session: Session
  readonly #name: string
  readonly #options: PurgeOptions
  /** Of its transaction and its private ref. */
  readonly id: string

  constructor(base: Base, tools: OpenWriter, session: Session, name: string, options: PurgeOptions) {
    this.#base = base
    this.#tools = tools
    this.#session = session
    this.#name = name
    this.#options = options
    this.id = base.clock.random()
  }

  async run(): Promise<PurgeResult> {
    const base = this.#base
    const { objects } = this.#tools
    await refuseUnlessAlone(base, this.#tools.staging.path)
    const head = await this.#session.head()
    const before = head.commit ?? ''
    const refs = await listRefs(base, objects)
    const tips = [
      ...new Set([before, ...refs.filter((ref) => !isRemoteBranch(ref)).flatMap(({ commit }) => commit ?? [])]),
    ]
    this.#report('search')
    const traces = await findTraces(base, objects, tips, { name: this.#name, digest: this.#options.digest })
    const removal = this.#withoutTraces(await this.#planRemoval(traces), traces, before)
    if (this.#options.dryRun === true)
      return this.#plan(await this.#rewrite(tips, traces, undefined), traces, refs, before)
    if (this.#options.backup !== undefined) await this.#backUp(this.#options.backup)
    await releasePacks(base.repository.commonDir)
    await using fastImport = new FastImport(base.git, base.repository.gitDir)
    const rewritten = await this.#rewrite(tips, traces, fastImport)
    const after = await this.#commitRemoval(fastImport, rewritten.commits.get(before) ?? before, removal)
    await fastImport[Symbol.asyncDispose]()
    const map = await this.#writeMap(rewritten.commits)
    const moves = (await movesOf(base, objects, refs, rewritten.commits)).filter((move) => move.name !== head.branch)
    this.#report('clean')
    await replaceHistory(base, objects, {
      id: this.id,
      branch: head.branch,
      before,
      after,
      refs: [...moves, { name: head.branch, old: before, new: after }],
      files: await filesWithTraces(base, traces, before),
      large: [...traces.digests],
      scratch: join(this.#tools.staging.path, this.id),
    })
    const planned = this.#plan(rewritten, traces, refs, before)
    const proof = await prove(base, objects, traces, (done) => this.#report('prove', done))
    return { ...planned, commit: after, map, proof, dryRun: false }
  }

  #report(step: 'search' | 'rewrite' | 'clean' | 'prove', done?: number): void {
    this.#options.onProgress?.({ kind: 'purge', step, done })
  }

  /** Undefined if the document is not at HEAD, where another one may have its name. */
  async #planRemoval({ digests }: Traces): Promise<Planned | undefined> {
    const work: WorkItem = {
      label: this.#name,
      plan: async (snapshot, apply) => {
        const record = snapshot.catalog.documentByName(this.#name)
        return record === undefined || !digests.has(record.sha256)
          ? undefined
          : planRemove(this.#base, record, snapshot, apply, {})
      },
    }
    return this.#session.preview(work)
  }

  async #rewrite(tips: string[], traces: Traces, fastImport: FastImport | undefined): Promise<Rewritten> {
    return rewriteHistory(
      {
        base: this.#base,
        objects: this.#tools.objects,
        fastImport,
        ref: privateRef(this.id),
        onCommit: (done) => this.#report('rewrite', done),
      },
      tips,
      traces,
    )
  }

  /** The commit that makes the present what a removal makes of it. */
  async #commitRemoval(fastImport: FastImport, parent: string, removal: Planned | undefined): Promise<string> {
    const { identity } = this.#tools
    const planned: Planned = {
      label: this.#name,
      subject: `purge: ${this.#name}`,
      trailers: [['Kbgit-Document', this.#name]],
      changes: removal?.changes ?? [],
    }
    const { id } = await fastImport.commit({
      ref: privateRef(this.id),
      from: parent,
      author: identLine(identity.author, this.#base.clock),
      committer: identLine(identity.committer, this.#base.clock),
      message: commitMessage(planned, this.id),
      changes: planned.changes.map(({ path, content }): TreeEdit => {
        const repoPath = repoPathOf(this.#base, path)
        return content === null ? { path: repoPath, delete: true } : { path: repoPath, mode: '100644', content }
      }),
    })
    await fastImport.checkpoint()
    return id
  }

  /** Everything that is reachable now, as a bundle: `git clone <file>` restores it. */
  async #backUp(file: string): Promise<void> {
    if (existsSync(file))
      throw new KbError('usage', `${file} exists already. Nothing was changed.`, { hint: 'Choose another name.' })
    await this.#base.git.run(['bundle', 'create', '--quiet', file, '--all'])
  }

  /** Lines `<old> <new>`, as `git rewrite` hooks and other tools write them. */
  async #writeMap(commits: ReadonlyMap<string, string>): Promise<string> {
    const path = sidecarPath(this.#base, 'commitMap')
    const lines = [...commits].map(([old, made]) => `${old} ${made}\n`)
    await writeDurable(path, lines.join(''), this.#base.config.durability)
    return path
  }

  #plan(rewritten: Rewritten, traces: Traces, refs: Ref[], head: string): PurgeResult {
    const remotes = refs.filter(isRemoteBranch).map(({ name }) => name.split('/')[2] ?? '')
    const origins = traces.documents.map(({ origin }) => origin)
    const others = traces.holders.others(head)
    return {
      name: this.#name,
      commit: null,
      commits: { rewritten: rewritten.commits.size, total: rewritten.total },
      deleted: [...traces.files].filter((path) => !traces.holders.isOthers(path, others)).sort(),
      changed: [...rewritten.edited].sort(),
      copies: traces.copies,
      others: traces.others,
      sources: [...new Set(origins)].filter((path) => existsSync(path)).sort(),
      remotes: [...new Set(remotes)].sort(),
      map: null,
      proof: null,
      dryRun: true,
    }
  }

  /** A removal writes the document's name and title into the log. */
  #withoutTraces(removal: Planned | undefined, traces: Traces, head: string): Planned | undefined {
    if (removal === undefined) return undefined
    const erased = { documents: documentsAt(this.#base, traces, head), logged: traces.documents, runs: traces.runs }
    const changes = removal.changes.map(({ path, content }): Change => {
      if (content === null || !path.endsWith('.md') || !('bytes' in content) || typeof content.bytes !== 'string')
        return { path, content }
      const text = eraseDocument(path, content.bytes, erased)
      return { path, content: text === null ? null : { bytes: text } }
    })
    return { ...removal, changes }
  }
}
