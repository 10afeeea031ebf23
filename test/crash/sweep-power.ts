// Power cuts: the command dies at a point, or ends, and at the same instant the disk loses what was not flushed.
import { join } from 'node:path'
import { withGitInstead, runWithFault, runWhole } from './inject.ts'
import { runTrials, type Ground, type Lane } from './lanes.ts'
import { copyImage, cutPower, format, mount, unmount, type Cut, type FileSystem } from './loop-disk.ts'
import { judge, nextOf } from './oracle.ts'
import type { Options } from './options.ts'
import type { Row } from './report.ts'
import { describePoint } from './trace.ts'
import type { Point } from './point.ts'
import type { Bench, Tree, Workload } from './bench.ts'

/** `end`: the command runs to its end. */
type Trial = { point: Point; cut: Cut; end: boolean }

function trialsAt(points: Point[]): Trial[] {
  const [first] = points
  if (first === undefined) return []
  return [
    { point: first, cut: 'lost', end: true },
    { point: first, cut: 'logged', end: true },
    ...points.map((point, number): Trial => ({ point, cut: number % 2 === 0 ? 'lost' : 'logged', end: false })),
  ]
}

export type PowerOptions = Options & {
  fileSystem: FileSystem
  /** git decides by itself what it flushes. */
  gitDefaults?: boolean
}

export async function sweepPower(bench: Bench, workload: Workload, tree: Tree, options: PowerOptions): Promise<Row> {
  const { scratch } = bench
  const words = bench.words(workload)
  const { fileSystem, gitDefaults = false } = options
  const image = (lane: number): string => scratch.path(`disk-${lane}.img`)
  const mounted = (lane: number): string => scratch.path('disks', `disk-${lane}`)
  const template = scratch.path('template.img')
  await format(fileSystem, template)
  const more = gitDefaults ? withGitInstead(scratch, 'git-without-fsync.sh') : {}
  const ground: Ground = {
    dir: (lane) => join(mounted(lane), 'base'),
    begin: async (lane) => {
      await unmount(mounted(lane))
      await copyImage(template, image(lane))
      await mount(fileSystem, image(lane), mounted(lane))
    },
    end: async () => {},
  }
  const lanes = Array.from({ length: options.jobs }, (_, lane) => lane)
  await using disks = new AsyncDisposableStack()
  for (const lane of lanes) {
    await copyImage(template, image(lane))
    await mount(fileSystem, image(lane), mounted(lane))
    disks.defer(() => unmount(mounted(lane)))
  }
  await mount(fileSystem, template, scratch.path('template'))
  await bench.begin(workload, tree, scratch.path('template/base'))
  await unmount(scratch.path('template'))
  return await runTrials({
    sweep: `power ${fileSystem}${gitDefaults ? ', git by default' : ''}`,
    bench,
    workload,
    tree,
    options,
    ground,
    choose: trialsAt,
    describe: ({ point, cut, end }) => `${end ? 'the end' : describePoint(point)}, ${cut}`,
    attempt: async ({ dir, course, number: lane }: Lane, { point, cut, end }, number) => {
      const hit = end
        ? { ...(await runWhole(scratch, words, dir, more)), injected: true }
        : await runWithFault(scratch, words, dir, point, { kind: 'kill', death: 'all' }, { more })
      await cutPower(fileSystem, mounted(lane), image(lane), cut)
      const wrong = await judge(dir, scratch.environment(), course, hit, nextOf(number))
      return { injected: hit.injected, wrong }
    },
  })
}
