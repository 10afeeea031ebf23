// Texts to vectors, by a provider's model or by one on this machine. What comes back is checked.
import { unitVectors } from '../../core/search/vectors.ts'
import { DocumentError, KbError } from '../../core/errors.ts'
import { ModelGate, SYSTEM_CLOCK, type ModelClock } from './gate.ts'
import type { LocalLibrary } from './local-embedder.ts'
import { openEmbeddingProvider, type ModelEnvironment, type TreeAddress } from './provider.ts'

export type Embedder = {
  /** `provider/model` or `local:…`: vectors of different models cannot be compared. */
  readonly id: string
  /**
   * A vector of length 1 for each text. Throws `KbError`: `modelUnavailable` (also if the answer is malformed), or as `ModelGate` does.
   */
  embed: (texts: readonly string[], signal: AbortSignal) => Promise<Float32Array[]>
}

export type EmbedderOptions = {
  id: string
  address?: TreeAddress | undefined
  env: ModelEnvironment
  concurrency: number
  retries: number
  /** Where models that have a name are kept, for `local:`. */
  modelsDir: string
  /** Default: what is installed. */
  loadLibrary?: (() => Promise<LocalLibrary>) | undefined
  signal: AbortSignal
  clock?: ModelClock
}

const TIMEOUT_MS = 60_000
/** Characters of a text; the rest is ignored. */
const TEXT_CHARACTERS_MAX = 4_000

/** Opens a model without calling it. Throws `KbError` as `openModel` does. */
export async function openEmbedder(options: EmbedderOptions): Promise<Embedder> {
  const { id } = options
  const call = id.startsWith('local:') ? await localCall(options) : await providerCall(options)
  return {
    id,
    embed: async (texts, signal) => {
      const cut = texts.map((text) => text.slice(0, TEXT_CHARACTERS_MAX).toWellFormed())
      const vectors = unitVectors(await call(cut, signal), texts.length)
      if (typeof vectors !== 'string') return vectors
      throw new KbError('modelUnavailable', `${id} cannot be used for search: ${vectors}.`, {
        hint: 'Set "embeddings" in kbgit.yaml to a model of embeddings.',
      })
    },
  }
}

type Call = (texts: string[], signal: AbortSignal) => Promise<unknown>

async function localCall({ id, modelsDir, loadLibrary }: EmbedderOptions): Promise<Call> {
  const { openLocalModel } = await import('./local-embedder.ts')
  const model = await openLocalModel(id.slice('local:'.length), { modelsDir, loadLibrary })
  return (texts) => model(texts)
}

async function providerCall(options: EmbedderOptions): Promise<Call> {
  const { id, address, env, concurrency, retries, clock = SYSTEM_CLOCK } = options
  const [provider, { default: Queue }] = await Promise.all([openEmbeddingProvider(id, address, env), import('p-queue')])
  const limits = { concurrency, retries, timeoutMs: TIMEOUT_MS, clock, signal: options.signal }
  const gate = new ModelGate(new Queue({ concurrency }), limits)
  return async (values, signal) => {
    try {
      const answer = await gate.run((abortSignal) => provider.doEmbed({ values, abortSignal }), { label: id, signal })
      return answer.embeddings
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error
      const { message, hint } = error.failure
      throw new KbError('modelUnavailable', message, hint === undefined ? { cause: error } : { hint, cause: error })
    }
  }
}
