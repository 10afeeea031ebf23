// The registry against itself and against the files that it names.
import type { DocumentRecord } from '../core/document/document.ts'
import { parseRecord, RECORD_BYTES_MAX } from '../core/document/record.ts'
import { messageOf } from '../core/errors.ts'
import { DOCUMENTS, SUMMARIES } from '../core/layout.ts'
import { collisionKey } from '../core/page/slug.ts'
import type { History } from '../io/history.ts'
import { isForeign, isRegistryFile } from './records.ts'
import type { FsckRun, KnownDocument } from './fsck-run.ts'

/** Inputs of the registry check. */
export type RegistryRun = Pick<FsckRun, 'files' | 'report' | 'count' | 'goOn'> & {
  base: { history: Pick<History, 'contents'> }
}

export type CheckedRegistry = {
  documents: KnownDocument[]
  /** Summaries of documents with unusable records: their files still belong to a document. */
  broken: ReadonlySet<string>
}

/** Reads every record. Broken ones are reported. */
export async function checkRegistry(run: RegistryRun): Promise<CheckedRegistry> {
  const { base, files, report } = run
  const known: KnownDocument[] = []
  const brokenSummaries = new Set<string>()
  const unique = new Unique(run)
  const entries = [...files].filter(([path]) => isRegistryFile({ path }))
  const unread = new Set(entries.map(([path]) => path))
  const broken = (path: string, message: string): void => {
    brokenSummaries.add(summaryBeside(path))
    const fix = `Restore an earlier version with git: see "git log ${path}".`
    report({ code: 'registryBroken', path, message, fix })
  }
  for await (const {
    item: [path],
    body,
  } of base.history.contents(entries, ([, oid]) => oid, { bytesMax: RECORD_BYTES_MAX, skipLarger: true })) {
    run.goOn()
    unread.delete(path)
    let record: DocumentRecord
    try {
      record = parseRecord(body.toString(), path)
    } catch (error) {
      if (isForeign(body) && !files.has(summaryBeside(path))) run.count('foreign')
      else broken(path, messageOf(error))
      continue
    }
    run.count('documents')
    reportMissing(run, path, record)
    reportDisplaced(run, path, record)
    unique.see('digest', record.sha256, path)
    unique.see('name', collisionKey(record.name), path)
    unique.see('origin', record.origin, path)
    known.push(knownDocument(path, record))
  }
  for (const path of unread) {
    if (files.has(summaryBeside(path))) broken(path, `${path} is not a registry file: it is missing or too large.`)
    else run.count('foreign')
  }
  return { documents: known, broken: brokenSummaries }
}

/** Reports the files that a record names and the base lacks. */
function reportMissing({ files, report }: RegistryRun, path: string, record: DocumentRecord): void {
  const { raw, source, summary, listed, tree, images } = record
  for (const file of new Set([raw, source, summary, listed, tree ?? [], images ?? []].flat())) {
    if (files.has(file)) continue
    report({
      code: 'missingFile',
      path: file,
      message: `${path} names ${file}, which is missing.`,
      fix: `Run "kbgit remove ${record.name}" and add the document again, or restore the file with git.`,
    })
  }
}

/** Reports documents that a merge left in another commit. */
function reportDisplaced({ report }: RegistryRun, path: string, { name, displaced = [] }: DocumentRecord): void {
  for (const { name: to, commit } of displaced)
    report({
      code: 'displaced',
      path,
      message: `A merge gave another document "${name}" the name ${to}, and its files are still in commit ${commit.slice(0, 12)} alone.`,
      fix: 'Run "kbgit recover", in a clone that has the commit.',
    })
}

function knownDocument(path: string, record: DocumentRecord): KnownDocument {
  const { name, sha256, compiler, format, pages, raw, source, tree, summary, listed, topics } = record
  const mentioned = (record.mentions ?? []).map(({ key }) => key)
  return { path, name, sha256, compiler, format, raw, source, summary, listed, topics, mentioned, pages, tree }
}

/** The summary of the document that a file would be the record of. */
function summaryBeside(path: string): string {
  return `${SUMMARIES}/${path.slice(DOCUMENTS.length + 1, -'.json'.length)}.md`
}

/** Reports the second document that claims something unique. */
class Unique {
  readonly #run: RegistryRun
  readonly #seen = {
    digest: new Map<string, string>(),
    name: new Map<string, string>(),
    origin: new Map<string, string>(),
  }

  constructor(run: RegistryRun) {
    this.#run = run
  }

  see(what: 'digest' | 'name' | 'origin', value: string, path: string): void {
    const other = this.#seen[what].get(value)
    this.#seen[what].set(value, path)
    if (other === undefined) return
    const code = { digest: 'doubleDigest', name: 'doubleName', origin: 'doubleOrigin' }[what]
    this.#run.report({
      code,
      path,
      message: `${path} and ${other} have the same ${what}: ${value}.`,
      fix: 'Run "kbgit remove" for one of them.',
    })
  }
}
