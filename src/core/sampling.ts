// Questions to the model of the program on whose behalf a command runs: some MCP clients offer theirs ("sampling").

/** `model` in kbgit.yaml for a base whose documents are compiled that way. */
export const SAMPLING = 'sampling'

export type SamplingQuestion = {
  system: string
  prompt: string
  outputTokensMax: number
  temperature?: number | undefined
}

/** `isCut`: the answer ended at the token limit. */
export type SamplingAnswer = { text: string; isCut: boolean }

export type Sampler = {
  /** Name of the program. */
  client: string
  /** Questions that it takes at once. Default: `concurrency` in kbgit.yaml. */
  concurrency?: number | undefined
  /** Rejects with an error whose message says why there is no answer, and with the signal's reason when it aborts. */
  ask: (question: SamplingQuestion, signal: AbortSignal) => Promise<SamplingAnswer>
}
