// What measuring a base returns.

/** A figure about a base at a commit. */
export type Metric = {
  /** As `--min` and scripts name it, e.g. `retrieval.mrr`. */
  name: string
  /** Null if there is nothing to measure it on. */
  value: number | null
  /** `share`: from 0 to 1. `number`: a count, or a mean of counts. */
  unit: 'share' | 'number'
  /** Which way is better; `none` for what only describes the base. */
  better: 'more' | 'less' | 'none'
  /** How many things were measured. */
  of: number
  /** One line: what it says. */
  about: string
}

/** A query that did not find what it should among the first three documents. */
export type MissedQuery = { query: string; kind: string; expected: string[]; found: string[] }

/** A quote that is not in the text of its document, a link that leads nowhere, two pages of one topic, and the like. */
export type EvalFault = { metric: string; page: string; detail: string }

export type Evaluation = {
  /** The commit that was measured. */
  at: string
  documents: number
  metrics: Metric[]
  /** At most 50 each. */
  missed: MissedQuery[]
  faults: EvalFault[]
}

export type EvalResult = Evaluation & {
  seed: number
  baseline?: Evaluation
  /** Metrics that are below what `min` asks for, or that could not be measured. */
  below: { name: string; min: number; value: number | null }[]
}
