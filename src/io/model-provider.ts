// From `provider/model` to a language model of the AI SDK: addresses, keys, and what each provider needs to be told.
import type { wrapLanguageModel } from 'ai'
import { KbError } from '../core/errors.ts'

const PROVIDERS = ['openai', 'anthropic', 'google', 'ollama', 'compatible'] as const
type Provider = (typeof PROVIDERS)[number]

export type ModelEnvironment = Record<string, string | undefined>

type ProviderModel = {
  model: Parameters<typeof wrapLanguageModel>[0]['model']
  /** Options of every call. */
  options: Record<string, Record<string, string | boolean>>
  /** Options of the instructions, which stay the same from call to call: where the provider caches what it is told to. */
  stable: Record<string, Record<string, { type: string }>>
}

type Place = { keys: string[]; urls: string[]; url: string | undefined; path: string; keyNeeded: boolean }

const PLACES: Record<Provider, Place> = {
  openai: { keys: ['OPENAI_API_KEY'], urls: ['OPENAI_BASE_URL'], url: 'https://api.openai.com/v1', path: '/v1', keyNeeded: true },
  anthropic: {
    keys: ['ANTHROPIC_API_KEY'],
    urls: ['ANTHROPIC_BASE_URL'],
    url: 'https://api.anthropic.com/v1',
    path: '/v1',
    keyNeeded: true,
  },
  google: {
    keys: ['GOOGLE_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY'],
    urls: ['GOOGLE_BASE_URL'],
    url: 'https://generativelanguage.googleapis.com/v1beta',
    path: '/v1beta',
    keyNeeded: true,
  },
  ollama: { keys: ['OLLAMA_API_KEY'], urls: ['OLLAMA_BASE_URL'], url: 'http://127.0.0.1:11434/v1', path: '/v1', keyNeeded: false },
  compatible: { keys: ['COMPATIBLE_API_KEY', 'OPENAI_API_KEY'], urls: ['OPENAI_BASE_URL'], url: undefined, path: '/v1', keyNeeded: false },
}

/** Splits `provider/model`. Throws `KbError` (`config`) where it is not one of a provider that is known. */
function parseModelId(id: string): { provider: Provider; name: string } {
  const slash = id.indexOf('/')
  const provider = PROVIDERS.find((known) => known === id.slice(0, slash))
  const name = id.slice(slash + 1)
  if (slash < 1 || provider === undefined || name === '') {
    throw new KbError('config', `"${id}" is not a model.`, {
      hint: `Write provider/model, with a provider of ${PROVIDERS.join(', ')}; or builtin.`,
    })
  }
  return { provider, name }
}

/**
 * Loads the provider's package. Throws `KbError`: `config` for a model or an address that cannot be, `modelAuth` where
 * a key is needed and not there. Nothing is asked of the provider yet.
 */
export async function openProvider(id: string, baseUrl: string | undefined, env: ModelEnvironment): Promise<ProviderModel> {
  const { provider, name } = parseModelId(id)
  const place = PLACES[provider]
  const apiKey = place.keys.map((key) => env[key]?.trim()).find((key) => key !== undefined && key !== '')
  if (apiKey === undefined && place.keyNeeded) {
    throw new KbError('modelAuth', `The model ${id} needs a key.`, {
      hint: `Set ${place.keys[0]} in the environment or in the .env file of the base.`,
    })
  }
  const key = apiKey === undefined ? {} : { apiKey }
  const baseURL = addressOf(provider, place, baseUrl, env)
  switch (provider) {
    case 'openai': {
      const { createOpenAI } = await import('@ai-sdk/openai')
      // Documents are not ours to leave with the provider.
      return { model: createOpenAI({ baseURL, ...key }).responses(name), options: { openai: { store: false } }, stable: {} }
    }
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic')
      const stable = { anthropic: { cacheControl: { type: 'ephemeral' } } }
      return { model: createAnthropic({ baseURL, ...key })(name), options: {}, stable }
    }
    case 'google': {
      const { createGoogle } = await import('@ai-sdk/google')
      return { model: createGoogle({ baseURL, ...key })(name), options: {}, stable: {} }
    }
    case 'ollama':
    case 'compatible': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
      const made = createOpenAICompatible({ name: provider, baseURL, ...key, includeUsage: true, supportsStructuredOutputs: true })
      return { model: made.chatModel(name), options: {}, stable: {} }
    }
  }
}

/** The configured address, else the environment's, else the provider's own; the usual path where only a host is named. */
function addressOf(provider: Provider, place: Place, baseUrl: string | undefined, env: ModelEnvironment): string {
  const named = [baseUrl, ...place.urls.map((name) => env[name])].find((url) => url !== undefined && url.trim() !== '')?.trim() ?? place.url
  if (named === undefined) {
    throw new KbError('config', `A model of "${provider}" needs an address.`, { hint: 'Set base_url in kbgit.yaml, or OPENAI_BASE_URL.' })
  }
  if (!URL.canParse(named) || !/^https?:$/.test(new URL(named).protocol)) {
    throw new KbError('config', `"${named}" is not the address of a model's provider.`, { hint: 'It begins with http:// or https://.' })
  }
  const url = new URL(named)
  return `${url.origin}${url.pathname === '/' ? place.path : url.pathname.replace(/\/+$/, '')}${url.search}`
}
