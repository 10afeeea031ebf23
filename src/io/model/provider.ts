// From `provider/model` to an AI SDK language model: addresses, keys, and provider-specific options.
import type { wrapLanguageModel } from 'ai'
import { KbError } from '../../core/errors.ts'
import { shellWord } from '../../core/hook-script.ts'
import type { Form } from './forms.ts'
import type { TokenLimits } from './limits.ts'

const PROVIDERS = ['openai', 'anthropic', 'google', 'ollama', 'compatible'] as const
type Provider = (typeof PROVIDERS)[number]

export type ModelEnvironment = Record<string, string | undefined>

/**
 * An address from the files of a base, which someone else may have written: no keys or documents are sent there until
 * the user has trusted it.
 */
export type TreeAddress = {
  url: string
  /** Addresses the user trusts: `kbgit.trustedBaseUrl` in git's configuration, which is not cloned. */
  trusted: readonly string[]
  /** The base's folder, for the command in the hint. */
  root: string
}

export type ProviderModel = {
  model: Parameters<typeof wrapLanguageModel>[0]['model']
  limits: TokenLimits
  /** The best form of answer that is known to the provider. Default: found out. */
  form?: Form
  /** Default: see `SAMPLING`. */
  sampling: Sampling
  /** Options for every call. */
  options: Record<string, Record<string, string | boolean>>
  /** Options for the instructions, which stay the same from call to call: for providers that cache only on request. */
  stable: Record<string, Record<string, { type: string }>>
}

const SEED = 1
export type Sampling = { temperature?: number; seed?: number }

/**
 * Nearly the same answer for the same question. Not zero: with that, models that reason repeat themselves without end.
 */
const SAMPLING: Sampling = { temperature: 0.2, seed: SEED }

type Place = {
  keys: string[]
  urls: string[]
  url: string | undefined
  path: string
  keyNeeded: boolean
  /** Tokens of a prompt and its answer that the provider's models take at least; undefined if nobody knows. */
  contextTokens: number | undefined
}

/** Most tokens of an answer that is asked for again because it was cut off. */
const OUTPUT_TOKENS = 32_000

/** Of Ollama's own API. Addresses of its OpenAI-compatible one are taken for it, too. */
const OLLAMA_PATH = '/api'

const PLACES: Record<Provider, Place> = {
  openai: {
    keys: ['OPENAI_API_KEY'],
    urls: ['OPENAI_BASE_URL'],
    url: 'https://api.openai.com/v1',
    path: '/v1',
    keyNeeded: true,
    contextTokens: 128_000,
  },
  anthropic: {
    keys: ['ANTHROPIC_API_KEY'],
    urls: ['ANTHROPIC_BASE_URL'],
    url: 'https://api.anthropic.com/v1',
    path: '/v1',
    keyNeeded: true,
    contextTokens: 200_000,
  },
  google: {
    keys: ['GOOGLE_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY'],
    urls: ['GOOGLE_BASE_URL'],
    url: 'https://generativelanguage.googleapis.com/v1beta',
    path: '/v1beta',
    keyNeeded: true,
    contextTokens: 1_000_000,
  },
  ollama: {
    keys: ['OLLAMA_API_KEY'],
    urls: ['OLLAMA_BASE_URL'],
    url: 'http://127.0.0.1:11434/api',
    path: OLLAMA_PATH,
    keyNeeded: false,
    contextTokens: 32_768,
  },
  compatible: {
    keys: ['COMPATIBLE_API_KEY', 'OPENAI_API_KEY'],
    urls: ['OPENAI_BASE_URL'],
    url: undefined,
    path: '/v1',
    keyNeeded: false,
    contextTokens: undefined,
  },
}

/** Splits `provider/model`. Throws `KbError` (`config`) if it is malformed or the provider is unknown. */
function parseModelId(id: string): { provider: Provider; name: string } {
  const slash = id.indexOf('/')
  const provider = PROVIDERS.find((known) => known === id.slice(0, slash))
  const name = id.slice(slash + 1)
  if (slash < 1 || provider === undefined || name === '') {
    throw new KbError('config', `"${id}" is not a valid model.`, {
      hint: `Use provider/model with one of the providers ${PROVIDERS.join(', ')}; or builtin.`,
    })
  }
  return { provider, name }
}

/**
 * Loads the provider's package. Throws `KbError`: `config` for an invalid model, or an address that is invalid or not
 * trusted; `modelAuth` if a required key is missing. Sends nothing to the provider yet.
 */
export async function openProvider(
  id: string,
  tree: TreeAddress | undefined,
  env: ModelEnvironment,
  configured: Partial<TokenLimits> = {},
): Promise<ProviderModel> {
  const { provider, name, place, baseURL, key } = reach(id, tree, env)
  const contextTokens = configured.contextTokens ?? place.contextTokens
  const limits = { contextTokens, outputTokens: configured.outputTokens ?? OUTPUT_TOKENS }
  const plain = { limits, sampling: SAMPLING, options: {}, stable: {} }
  switch (provider) {
    case 'openai': {
      const { createOpenAI } = await import('@ai-sdk/openai')
      // The documents are not ours to store with the provider.
      const model = createOpenAI({ baseURL, ...key }).responses(name)
      return { ...plain, model, options: { openai: { store: false } } }
    }
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic')
      const stable = { anthropic: { cacheControl: { type: 'ephemeral' } } }
      return { ...plain, model: createAnthropic({ baseURL, ...key })(name), stable }
    }
    case 'google': {
      const { createGoogle } = await import('@ai-sdk/google')
      // From the third generation on, Google warns of temperatures below the default.
      const sampling = /^gemini-[1-2]\b/.test(name) ? SAMPLING : { seed: SEED }
      return { ...plain, model: createGoogle({ baseURL, ...key })(name), sampling }
    }
    case 'ollama': {
      const { openOllama } = await import('./ollama.ts')
      const model = await openOllama({
        baseURL,
        apiKey: key.apiKey,
        name,
        contextTokens: contextTokens ?? 0,
        seed: SEED,
      })
      return { ...plain, model }
    }
    case 'compatible': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
      const made = createOpenAICompatible({
        name: provider,
        baseURL,
        ...key,
        includeUsage: true,
        supportsStructuredOutputs: true,
      })
      return { ...plain, model: made.chatModel(name) }
    }
  }
}

/** What is needed of a provider's model of embeddings. */
export type EmbeddingProvider = {
  doEmbed: (call: { values: string[]; abortSignal: AbortSignal }) => PromiseLike<{ embeddings: unknown }>
}

/** Loads the provider's package. Throws `KbError` as `openProvider` does, and `config` for a provider without embeddings. */
export async function openEmbeddingProvider(
  id: string,
  tree: TreeAddress | undefined,
  env: ModelEnvironment,
): Promise<EmbeddingProvider> {
  const { provider, name, baseURL, key } = reach(id, tree, env)
  switch (provider) {
    case 'openai': {
      const { createOpenAI } = await import('@ai-sdk/openai')
      return createOpenAI({ baseURL, ...key }).embedding(name)
    }
    case 'google': {
      const { createGoogle } = await import('@ai-sdk/google')
      return createGoogle({ baseURL, ...key }).embedding(name)
    }
    case 'ollama': {
      const { createOllama } = await import('ollama-ai-provider-v2')
      const headers: Record<string, string> = key.apiKey === undefined ? {} : { Authorization: `Bearer ${key.apiKey}` }
      return createOllama({ baseURL, headers }).embedding(name)
    }
    case 'compatible': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
      return createOpenAICompatible({ name: provider, baseURL, ...key }).embeddingModel(name)
    }
    case 'anthropic':
      throw new KbError('config', 'Anthropic has no models of embeddings.', {
        hint: 'Set embeddings in kbgit.yaml to a model of openai, google, ollama or compatible, or to local:<folder>.',
      })
  }
}

type Reached = { provider: Provider; name: string; place: Place; baseURL: string; key: { apiKey?: string } }

/** The provider, its address and its key. Throws `KbError` as `openProvider` says. */
function reach(id: string, tree: TreeAddress | undefined, env: ModelEnvironment): Reached {
  const { provider, name } = parseModelId(id)
  const place = PLACES[provider]
  const keyName = place.keys.find((key) => (env[key]?.trim() ?? '') !== '')
  const baseURL = addressOf(provider, place, tree?.url, env)
  if (tree !== undefined) requireTrust(tree, baseURL, place, keyName, env)
  const apiKey = keyName === undefined ? undefined : env[keyName]?.trim()
  if (apiKey === undefined && place.keyNeeded) {
    throw new KbError('modelAuth', `The model ${id} needs a key.`, {
      hint: `Set ${place.keys[0]} in the environment or in the .env file of the base.`,
    })
  }
  return { provider, name, place, baseURL, key: apiKey === undefined ? {} : { apiKey } }
}

/**
 * Rejects an address from the base's files unless the user chose the same one: in the environment, by choosing the
 * provider that owns it, or for this repository. A server on this machine that gets no key needs no trust.
 */
function requireTrust(
  { trusted, root }: TreeAddress,
  address: string,
  place: Place,
  keyName: string | undefined,
  env: ModelEnvironment,
): void {
  const named = [place.url, ...place.urls.map((name) => env[name]), ...trusted]
  if (
    named.some((url) => url !== undefined && URL.canParse(url.trim()) && normalAddress(url.trim(), place) === address)
  )
    return
  const { host, hostname } = new URL(address)
  if (keyName === undefined && isLoopback(hostname)) return
  throw new KbError(
    'config',
    `kbgit.yaml asks to send documents${keyName === undefined ? '' : ` and the key in ${keyName}`} to ${host}, which you have not trusted. Nothing was sent.`,
    {
      hint: `If you know this server, trust it for this repository: git -C ${shellWord(root)} config --add kbgit.trustedBaseUrl ${shellWord(address)}`,
    },
  )
}

/** For a parsed URL. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

/**
 * The configured address, else the environment's, else the provider's default; the usual path is added if only a host
 * is given.
 */
function addressOf(provider: Provider, place: Place, treeUrl: string | undefined, env: ModelEnvironment): string {
  const named =
    [treeUrl, ...place.urls.map((name) => env[name])].find((url) => url !== undefined && url.trim() !== '')?.trim() ??
    place.url
  if (named === undefined) {
    throw new KbError('config', `A model of "${provider}" needs an address.`, {
      hint: 'Set base_url in kbgit.yaml, or OPENAI_BASE_URL.',
    })
  }
  if (!URL.canParse(named) || !/^https?:$/.test(new URL(named).protocol)) {
    throw new KbError('config', `"${named}" is not a valid address for a model provider.`, {
      hint: 'It must start with http:// or https://.',
    })
  }
  return normalAddress(named, place)
}

/** Without user, password, fragment and trailing slash, so that different spellings of an address compare equal. */
function normalAddress(address: string, place: Place): string {
  const url = new URL(address)
  const path = url.pathname === '/' ? place.path : url.pathname.replace(/\/+$/, '')
  return `${url.origin}${place.path === OLLAMA_PATH ? path.replace(/\/v1$/, OLLAMA_PATH) : path}${url.search}`
}
