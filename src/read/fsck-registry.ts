// The registry against itself and against the files that it names.
import { parseRecord, type DocumentRecord } from '../core/document/document.ts'
import { messageOf } from '../core/errors.ts'
import { collisionKey } from '../core/page/slug.ts'
import type { History } from '../io/history.ts'
import { isForeign, isRegistryFile, RECORD_BYTES_MAX } from './records.ts'
import type { FsckRun, KnownDocument } from './fsck-run.ts'

/** What checking the registry takes. */
export type RegistryRun = Pick<FsckRun, 'files' | 'report' | 'count' | 'goOn'> & {
  base: { history: Pick<History, 'contents'> }
}

/** Reads every record. The broken ones are reported and left out of what comes back. */
export async function checkRegistry(run: RegistryRun): Promise<KnownDocument[]> {
  const { base, files, report } = run
  const known: KnownDocument[] = []
  const unique = new Unique(run)
  const entries = [...files].filter(([path]) => isRegistryFile({ path }))
  for await (const {
    item: [path],
    body,
  } of base.history.contents(entries, ([, oid]) => oid, { bytesMax: RECORD_BYTES_MAX, skipLarger: true })) {
    run.goOn()
    let record: DocumentRecord
    try {
      record = parseRecord(body.toString(), path)
    } catch (error) {
      if (isForeign(body)) {
        run.count('foreign')
        continue
      }
      report({
        code: 'registryBroken',
        path,
        message: messageOf(error),
        fix: `Bring back an earlier version with git: see "git log ${path}".`,
      })
      continue
    }
    run.count('documents')
    const wrong = wrongFields(record, path)
    if (wrong !== undefined) {
      report({
        code: 'registryBroken',
        path,
        message: `${path}: ${wrong}.`,
        fix: `Bring back an earlier version with git: see "git log ${path}".`,
      })
      continue
    }
    for (const file of new Set([
      record.raw,
      record.source,
      record.summary,
      record.listed,
      ...(record.tree === undefined ? [] : [record.tree]),
      ...(record.images ?? []),
    ])) {
      if (!files.has(file)) {
        report({
          code: 'missingFile',
          path: file,
          message: `${file} is missing, which ${path} names.`,
          fix: `Run "kbgit remove ${record.name}" and add the document again, or bring the file back with git.`,
        })
      }
    }
    unique.see('digest', record.sha256, path)
    unique.see('name', collisionKey(record.name), path)
    unique.see('origin', record.origin, path)
    const { name, sha256, format, pages, raw, source, tree, summary, listed, topics } = record
    const mentioned = (record.mentions ?? []).map(({ key }) => key)
    known.push({
      path,
      name,
      sha256,
      format,
      raw,
      source,
      summary,
      listed,
      topics,
      mentioned,
      ...(pages === undefined ? {} : { pages }),
      ...(tree === undefined ? {} : { tree }),
    })
  }
  return known
}

function wrongFields(record: DocumentRecord, path: string): string | undefined {
  const stem = path.slice(path.lastIndexOf('/') + 1, -'.json'.length)
  if (record.name !== stem) return `its name is "${record.name}"`
  if (!/^[0-9a-f]{64}$/.test(record.sha256)) return 'its digest is not a SHA-256'
  if (record.kind !== 'short' && record.kind !== 'long') return `its kind is neither "short" nor "long"`
  if (typeof record.listed !== 'string' || typeof record.compiler !== 'string' || typeof record.addedAt !== 'string')
    return 'fields are missing'
  if (!Array.isArray(record.topics) || record.topics.some((topic) => typeof topic !== 'string'))
    return 'its topics are not a list of paths'
  if (
    record.images !== undefined &&
    (!Array.isArray(record.images) || record.images.some((image) => typeof image !== 'string'))
  ) {
    return 'its images are not a list of paths'
  }
  return undefined
}

/** Reports the second document of what only one may have. */
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
