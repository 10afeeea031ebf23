// Files outside of git that have something of a document: kept model answers, conversations, visits.
import { readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { hasRun } from '../../core/page/word-runs.ts'
import { linkTarget } from '../../core/layout.ts'
import type { Base } from '../../io/base.ts'
import { namesIn } from '../../io/folder-names.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'
import { documentsAt, type Traces } from './find-traces.ts'

/** Relative to the git directory that all worktrees share. `head`: the commit whose names links follow. */
export async function filesWithTraces(base: Base, traces: Traces, head: string): Promise<string[]> {
  const found: string[] = []
  const targets = documentsAt(base, traces, head).flatMap(({ summary, source }) => [
    linkTarget(summary),
    linkTarget(source),
  ])
  const isTrace = (text: string): boolean =>
    [...traces.digests].some((digest) => text.includes(digest)) ||
    targets.some((target) => text.includes(`[[${target}`)) ||
    hasRun(text, traces.runs)
  for (const entry of ['answers', 'chats', 'quarantine', 'visits'] as const)
    for await (const path of filesBelow(sidecarPath(base, entry)))
      if (isTrace(await readFile(path, 'utf8').catch(() => ''))) found.push(path)
  const names = sidecarPath(base, 'mergeNames')
  if (isTrace(await readFile(names, 'utf8').catch(() => ''))) found.push(names)
  return found.map((path) => relative(base.repository.commonDir, path))
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  for (const name of await namesIn(folder)) {
    const path = join(folder, name)
    if ((await stat(path).catch(() => undefined))?.isDirectory() === true) yield* filesBelow(path)
    else yield path
  }
}
