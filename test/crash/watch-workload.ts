// A file in the inbox: it is committed, and only then removed from there.
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HERE } from './scratch.ts'
import type { Bench, Tree, Workload } from './bench.ts'

export async function watchWorkload(bench: Bench, bases: Record<Tree, string>): Promise<Workload> {
  const from = { clean: bench.scratch.path('inbox-clean'), dirty: bench.scratch.path('inbox-dirty') }
  for (const tree of ['clean', 'dirty'] as const) {
    await bench.copyTo(bases[tree], from[tree])
    mkdirSync(join(from[tree], 'raw/inbox'), { recursive: true })
    copyFileSync(bench.documents.short, join(from[tree], 'raw/inbox/short.md'))
  }
  const [node, script] = bench.command
  const dropped = readFileSync(bench.documents.short)
  return {
    name: 'watch',
    argv: [],
    program: [node, join(HERE, 'watch-until-in.js'), join(script, '../../dist/index.js')],
    from,
    passing: /raw\/inbox/,
    check: async (dir) => {
      const there = [join(dir, 'raw/inbox/short.md'), join(dir, 'raw/short.md')].filter((path) => existsSync(path))
      if (there.length === 0) return ['the file in the inbox is gone and nowhere']
      return there
        .filter((path) => !readFileSync(path).equals(dropped))
        .map((path) => `${path} is not what was dropped`)
    },
  }
}
