// The options after `npm run sweep --`.
import { parseArgs } from 'node:util'

export type Options = {
  /** Every point, however often its kind has occurred. */
  all: boolean
  /** Every n-th point alone. 1: all. */
  every: number
  /** This many points of each workload instead. */
  few: number | undefined
  /** Part of the names of the sweeps to run. */
  sweep: string
  /** Part of the names of the workloads to run. */
  only: string
  /** Part of the name of the workload to begin with, to go on with a sweep that was stopped. */
  from: string
  /** Part of the descriptions of the points to test. */
  at: string
  jobs: number
  json: string | undefined
}

/** @param sample what `--sample` means: so many points of each workload */
export function readOptions(sample: number): Options {
  const { values } = parseArgs({
    options: {
      sample: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      every: { type: 'string' },
      sweep: { type: 'string', default: '' },
      only: { type: 'string', default: '' },
      from: { type: 'string', default: '' },
      at: { type: 'string', default: '' },
      jobs: { type: 'string', default: '4' },
      json: { type: 'string' },
    },
  })
  return {
    all: values.all,
    every: Number(values.every ?? 1),
    few: values.sample ? sample : undefined,
    sweep: values.sweep,
    only: values.only,
    from: values.from,
    at: values.at,
    jobs: Number(values.jobs),
    json: values.json,
  }
}

/** Every n-th of `all`, or the first and others at even distances after it. */
export function sampled<T>(all: T[], { every, few }: Options): T[] {
  if (few === undefined) return all.filter((_, number) => number % every === 0)
  const numbers = new Set(Array.from({ length: few }, (_, number) => Math.floor((number * all.length) / few)))
  return all.filter((_, number) => numbers.has(number))
}
