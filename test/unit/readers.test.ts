// What loading a reading module loads with it: its static imports, followed to the end. Dynamic ones load on demand.
import { readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const SRC = fileURLToPath(new URL('../../src/', import.meta.url))
const STATIC_IMPORT = /^(?:import|export) (?!type )(?:[^'"(]*from )?'(\.[^']+\.ts)'/gm

test.each([
  'kb.ts',
  'operations/ask/search.ts',
  'operations/ask/query.ts',
  'operations/ask/chat.ts',
  'operations/ask/context.ts',
  'operations/show-raw.ts',
  'operations/maintain/status-sources.ts',
  'read/list.ts',
  'read/status.ts',
  'read/show.ts',
  'read/log.ts',
  'read/blame.ts',
  'read/graph.ts',
  'read/timeline.ts',
  'read/changes.ts',
  'read/compare.ts',
  'operations/export/export.ts',
  'operations/export/graph.ts',
  'operations/export/llms.ts',
  'operations/export/okf.ts',
  'read/fsck.ts',
  'read/verify.ts',
  'operations/eval/eval.ts',
])('%s loads nothing that writes', (entry) => {
  const loaded = loadedWith(entry)
  expect(loaded).toContain(entry)
  expect(loaded.filter((file) => file.startsWith('commit/'))).toEqual([])
})

function loadedWith(entry: string): string[] {
  const seen = new Set<string>()
  const open = [resolve(SRC, entry)]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    for (const [, path] of readFileSync(file, 'utf8').matchAll(STATIC_IMPORT)) open.push(resolve(dirname(file), path!))
  }
  return [...seen].map((file) => relative(SRC, file))
}
