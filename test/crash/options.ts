// Words after `npm run sweep --`.
import { parseArgs } from 'node:util'

export type Options = {
  /** Every n-th point alone. 1: all. */
  every: number
  /** Part of the names of the workloads to run. */
  only: string
  /** Part of the descriptions of the points to hit. */
  at: string
  jobs: number
  json: string | undefined
}

/** @param sample what `--sample` means: every so many-th point */
export function readOptions(sample: number): Options {
  const { values } = parseArgs({
    options: {
      sample: { type: 'boolean', default: false },
      every: { type: 'string' },
      only: { type: 'string', default: '' },
      at: { type: 'string', default: '' },
      jobs: { type: 'string', default: '2' },
      json: { type: 'string' },
    },
  })
  return {
    every: Number(values.every ?? (values.sample ? sample : 1)),
    only: values.only,
    at: values.at,
    jobs: Number(values.jobs),
    json: values.json,
  }
}
