// `kbgit recompile` with `model: agent`: the documents wait for an agent again, and keep their pages until it has answered.
import { openWriter } from '../../commit/open-writer.ts'
import { emptyUsage } from '../../core/document/compiled.ts'
import { KbError } from '../../core/errors.ts'
import type { RecompileResult } from '../../core/results.ts'
import type { Base } from '../../io/base.ts'
import { readLeases, writeLeases } from '../../io/sidecar/leases.ts'

/** The named documents, or all of them. Throws `KbError` (`notFound`). */
export async function compileAgain(
  base: Base,
  names: string[] | undefined,
  { dryRun = false, signal }: { dryRun?: boolean | undefined; signal?: AbortSignal | undefined },
): Promise<RecompileResult> {
  const started = performance.now()
  await using tools = await openWriter({ base, command: 'recompile', signal })
  return await tools.writer.locked(async (session) => {
    const head = (await session.head()).commit ?? ''
    const records = names === undefined ? [...tools.catalog.documents()] : names.map(required(tools.catalog))
    const waiting = records.map(({ name }) => name)
    if (!dryRun) {
      const stored = await readLeases(base)
      // Those without a model are waiting already.
      const compiled = records.flatMap(({ name, model }) => (model === undefined ? [] : [name]))
      writeLeases(base, { ...stored, again: [...new Set([...(stored.again ?? []), ...compiled])] })
    }
    return {
      recompiled: [],
      unchanged: [],
      failed: [],
      waiting,
      overview: { pages: 0 },
      model: emptyUsage(),
      base: head,
      head,
      elapsedMs: Math.round(performance.now() - started),
      ...(dryRun ? { dryRun } : {}),
    }
  })
}

type Named<T> = { documentByName: (name: string) => T | undefined }

function required<T>(catalog: Named<T>): (name: string) => T {
  return (name) => {
    const record = catalog.documentByName(name)
    if (record === undefined)
      throw new KbError('notFound', `No document is called "${name}".`, { hint: 'See "kbgit list".' })
    return record
  }
}
