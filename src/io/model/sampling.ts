// The model of an MCP client as a language model: text in, text out. The client knows no schemas, so that each question has
// the schema of its answer in words.
import type { LanguageModel } from 'ai'
import { DocumentError, messageOf } from '../../core/errors.ts'
import type { Sampler, SamplingQuestion } from '../../core/sampling.ts'
import type { TokenLimits } from './limits.ts'
import type { ProviderModel } from './provider.ts'

type Served = Extract<LanguageModel, { specificationVersion: 'v4' }>
type Params = Parameters<Served['doGenerate']>[0]

/** A person may be asked before each answer. In milliseconds. */
export const SAMPLING_TIMEOUT_MS = 600_000
/** What the models behind today's clients take at least. */
const CONTEXT_TOKENS = 128_000
const OUTPUT_TOKENS = 32_000
const TEMPERATURE = 0.2

/** `id`: answers are kept under this name. */
export function samplingProvider(sampler: Sampler, id: string, configured: Partial<TokenLimits> = {}): ProviderModel {
  const model: Served = {
    specificationVersion: 'v4',
    provider: 'sampling',
    modelId: id,
    supportedUrls: {},
    doGenerate: async (params) => {
      const signal = params.abortSignal ?? new AbortController().signal
      const { text, isCut } = await ask(sampler, questionOf(params), signal)
      return {
        content: [{ type: 'text', text }],
        finishReason: { unified: isCut ? 'length' : 'stop', raw: undefined },
        usage: {
          inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
          outputTokens: { total: undefined, text: undefined, reasoning: undefined },
        },
        warnings: [],
      }
    },
    doStream: () => Promise.reject(new Error('A client answers in one piece.')),
  }
  return {
    model,
    form: 'words',
    limits: {
      contextTokens: configured.contextTokens ?? CONTEXT_TOKENS,
      outputTokens: configured.outputTokens ?? OUTPUT_TOKENS,
    },
    sampling: { temperature: TEMPERATURE },
    options: {},
    stable: {},
  }
}

/** A client that refuses, or a person who does, is not asked the same again. */
async function ask(sampler: Sampler, question: SamplingQuestion, signal: AbortSignal) {
  try {
    return await sampler.ask(question, signal)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw new DocumentError(
      'modelUnavailable',
      `${sampler.client} gave no answer: ${messageOf(error)}`,
      'Allow kbgit to use the model in the settings of the client, and add the document again; or set model: agent in kbgit.yaml.',
    )
  }
}

function questionOf({ prompt, maxOutputTokens = OUTPUT_TOKENS, temperature }: Params): SamplingQuestion {
  const textOf = (role: 'system' | 'user'): string =>
    prompt
      .filter((message) => message.role === role)
      .flatMap(({ content }) =>
        typeof content === 'string' ? [content] : content.flatMap((part) => (part.type === 'text' ? [part.text] : [])),
      )
      .join('\n\n')
  return { system: textOf('system'), prompt: textOf('user'), outputTokensMax: maxOutputTokens, temperature }
}
