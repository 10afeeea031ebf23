// `kbgit.yaml`: parsed at the edge, trusted everywhere else.
import {
  bytes,
  choice,
  count,
  duration,
  embeddingModel,
  KIB,
  languageTag,
  modelId,
  queueAddress,
  text,
  texts,
  type Reader,
} from './config-values.ts'

/** Bounds on what one document may cost. Names carry the unit. */
export type Limits = {
  sourceBytesMax: number
  convertTimeoutMs: number
  convertMemoryBytes: number
  archiveEntriesMax: number
  archiveBytesMax: number
  fetchBytesMax: number
  fetchTimeoutMs: number
  redirectsMax: number
}

export type Durability = 'power' | 'process'

/** Which changes wait on a review branch: those of agents, those that agents or models wrote, or all. */
export const REVIEWS = ['never', 'agents', 'models', 'always'] as const
export type ReviewPolicy = (typeof REVIEWS)[number]

export type Config = {
  version: 1
  /** `builtin`, `agent` (compiled by whoever takes the tasks), `sampling` (compiled by the MCP client that runs `add`), or `provider/model`. */
  model: string
  baseUrl: string | undefined
  /** BCP 47 tag of the wiki's language. */
  language: string
  /** Documents prepared in parallel. */
  fileProcessingJobs: number
  /** Parallel model calls, over all documents. */
  concurrency: number
  modelRetries: number
  modelFailuresMax: number
  /** Tokens of a prompt and its answer together that the model takes; undefined for what is known of the provider. */
  contextTokens: number | undefined
  /** Most tokens of one answer, reasoning included. */
  outputTokens: number | undefined
  /** Model calls for one question, the answer included, and the tokens that they may read and write together. */
  querySteps: number
  queryTokens: number
  /** Pictures per document that a model is shown; 0 for none. */
  visionImagesMax: number
  /** `provider/model`, or `local:` with a folder or a name: what turns passages into vectors for search. */
  embeddings: string | undefined
  /** Of the server for `embeddings`. */
  embeddingsUrl: string | undefined
  /** From this number of pages on, a document counts as long. */
  pageindexThreshold: number
  rawGitLimitBytes: number
  durability: Durability
  lockWaitMs: number
  entityTypes: string[]
  review: ReviewPolicy
  /** Where workers take documents to prepare: `redis://` or `rediss://`. */
  queue: string | undefined
  /** A folder that writer and workers share, for the bytes that otherwise go through Redis. */
  exchange: string | undefined
  limits: Limits
}

/** Whether a model is asked during a run: not if an agent takes tasks afterwards. */
export function namesModel({ model }: Pick<Config, 'model'>): boolean {
  return model !== 'builtin' && model !== 'agent'
}

const KEYS = {
  version: count(1, 1),
  model: modelId,
  base_url: text,
  language: languageTag,
  file_processing_jobs: count(1, 64),
  concurrency: count(1, 1000),
  model_retries: count(0, 100),
  model_failures_max: count(1, 1_000_000),
  context_tokens: count(1_000, 100_000_000),
  output_tokens: count(200, 10_000_000),
  query_steps: count(1, 100),
  query_tokens: count(1_000, 100_000_000),
  vision_images_max: count(0, 1_000),
  embeddings: embeddingModel,
  embeddings_url: text,
  pageindex_threshold: count(1, 1_000_000),
  raw_git_limit: bytes,
  durability: choice('power', 'process'),
  lock_wait: duration,
  entity_types: texts,
  review: choice(...REVIEWS),
  queue: queueAddress,
  exchange: text,
}
const LIMIT_KEYS = {
  source_max: bytes,
  convert_timeout: duration,
  convert_memory: bytes,
  archive_entries: count(1, 100_000_000),
  archive_bytes: bytes,
  fetch_max: bytes,
  fetch_timeout: duration,
  redirects: count(0, 100),
}

export const DEFAULT_LIMITS: Limits = {
  sourceBytesMax: 2 * KIB ** 3,
  convertTimeoutMs: 120_000,
  convertMemoryBytes: KIB ** 3,
  archiveEntriesMax: 10_000,
  archiveBytesMax: KIB ** 3,
  fetchBytesMax: 200 * KIB ** 2,
  fetchTimeoutMs: 60_000,
  redirectsMax: 5,
}

export const DEFAULT_CONFIG: Config = {
  version: 1,
  model: 'builtin',
  baseUrl: undefined,
  language: 'en',
  fileProcessingJobs: 2,
  concurrency: 5,
  modelRetries: 4,
  modelFailuresMax: 5,
  contextTokens: undefined,
  outputTokens: undefined,
  querySteps: 8,
  queryTokens: 100_000,
  visionImagesMax: 20,
  embeddings: undefined,
  embeddingsUrl: undefined,
  pageindexThreshold: 20,
  rawGitLimitBytes: 10 * KIB ** 2,
  durability: 'power',
  lockWaitMs: 60_000,
  entityTypes: ['person', 'organization', 'place', 'product', 'work', 'event', 'other'],
  review: 'never',
  queue: undefined,
  exchange: undefined,
  limits: DEFAULT_LIMITS,
}

/** A map of `kbgit.yaml` and how each of its keys is read. */
export type Keys = Record<string, Reader<unknown>>
/** The values that a file has, by key: of the file itself and of its `limits`. */
export type ConfigValues = { top: Record<string, unknown>; limits: Record<string, unknown> }

/**
 * Parses `kbgit.yaml`. Throws `KbError` (`config`) with line and column for invalid YAML, an unknown key (naming the
 * nearest known one) or a value out of bounds. An empty value means the default.
 */
export async function parseConfig(source: string, path: string): Promise<Config> {
  const values = plainValues(source) ?? (await import('./config-yaml.ts')).yamlValues(source, path, KEYS, LIMIT_KEYS)
  return withDefaults(values)
}

/** `key: value # comment`, where the value is nothing, one word, or a list of words in brackets. */
const PLAIN_LINE = /^( *)([a-z_]+):(?: +(?:([A-Za-z0-9][\w./-]*)|\[([\w./, -]*)\]))? *(?: #.*)?$/

/**
 * The values of a file in the form that `kbgit init` writes, which needs no YAML library: loading that takes longer
 * than the rest of a short command. Undefined for everything else, mistakes included.
 */
export function plainValues(source: string): ConfigValues | undefined {
  const values: ConfigValues = { top: {}, limits: {} }
  const seen = new Set<string>()
  let section = ''
  let indent = 0
  for (const line of source.split('\n')) {
    if (/^ *(?:#.*)?$/.test(line)) continue
    const [, spaces = '', key = '', word, list] = PLAIN_LINE.exec(line) ?? []
    if (spaces === '') section = key === 'limits' && word === undefined && list === undefined ? 'limits' : ''
    else if (section === '' || (indent > 0 && spaces.length !== indent)) return undefined
    indent = spaces.length
    const name = spaces === '' ? key : `limits.${key}`
    if (key === '' || seen.has(name)) return undefined
    seen.add(name)
    if (name === section) continue
    const [keys, into] = spaces === '' ? [KEYS, values.top] : [LIMIT_KEYS, values.limits]
    const reader = Object.hasOwn(keys, key) ? (keys as Keys)[key] : undefined
    const raw = list === undefined ? scalarOf(word) : list.split(/, */).map(scalarOf)
    if (reader === undefined || raw === undefined) return undefined
    if (raw === null) continue
    into[key] = reader.read(raw)
    if (into[key] === undefined) return undefined
  }
  return values
}

/** A number or a text without quotes; null for nothing, undefined for a word that YAML may read as something else. */
function scalarOf(word: string | undefined): string | number | null | undefined {
  if (word === undefined) return null
  if (/^[1-9]\d{0,14}$|^0$/.test(word)) return Number(word)
  if (/^[1-9]\d*[A-Za-z]+$/.test(word)) return word
  return /^[A-Za-z][\w./-]*$/.test(word) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(word) ? word : undefined
}

function withDefaults({ top: values, limits }: ConfigValues): Config {
  const d = DEFAULT_CONFIG
  const pick = <T>(from: Record<string, unknown>, key: string, fallback: T): T =>
    (from[key] as T | undefined) ?? fallback
  return {
    version: 1,
    model: pick(values, 'model', d.model),
    baseUrl: pick(values, 'base_url', d.baseUrl),
    language: pick(values, 'language', d.language),
    fileProcessingJobs: pick(values, 'file_processing_jobs', d.fileProcessingJobs),
    concurrency: pick(values, 'concurrency', d.concurrency),
    modelRetries: pick(values, 'model_retries', d.modelRetries),
    modelFailuresMax: pick(values, 'model_failures_max', d.modelFailuresMax),
    contextTokens: pick(values, 'context_tokens', d.contextTokens),
    outputTokens: pick(values, 'output_tokens', d.outputTokens),
    querySteps: pick(values, 'query_steps', d.querySteps),
    queryTokens: pick(values, 'query_tokens', d.queryTokens),
    visionImagesMax: pick(values, 'vision_images_max', d.visionImagesMax),
    embeddings: pick(values, 'embeddings', d.embeddings),
    embeddingsUrl: pick(values, 'embeddings_url', d.embeddingsUrl),
    pageindexThreshold: pick(values, 'pageindex_threshold', d.pageindexThreshold),
    rawGitLimitBytes: pick(values, 'raw_git_limit', d.rawGitLimitBytes),
    durability: pick(values, 'durability', d.durability),
    lockWaitMs: pick(values, 'lock_wait', d.lockWaitMs),
    entityTypes: pick(values, 'entity_types', d.entityTypes),
    review: pick(values, 'review', d.review),
    queue: pick(values, 'queue', d.queue),
    exchange: pick(values, 'exchange', d.exchange),
    limits: {
      sourceBytesMax: pick(limits, 'source_max', d.limits.sourceBytesMax),
      convertTimeoutMs: pick(limits, 'convert_timeout', d.limits.convertTimeoutMs),
      convertMemoryBytes: pick(limits, 'convert_memory', d.limits.convertMemoryBytes),
      archiveEntriesMax: pick(limits, 'archive_entries', d.limits.archiveEntriesMax),
      archiveBytesMax: pick(limits, 'archive_bytes', d.limits.archiveBytesMax),
      fetchBytesMax: pick(limits, 'fetch_max', d.limits.fetchBytesMax),
      fetchTimeoutMs: pick(limits, 'fetch_timeout', d.limits.fetchTimeoutMs),
      redirectsMax: pick(limits, 'redirects', d.limits.redirectsMax),
    },
  }
}

/** The file that `kbgit init` writes. */
export function initialConfig(options: { model?: string | undefined; language?: string | undefined }): string {
  return `# Configuration of this knowledge base. Every key is optional; "kbgit help config" explains them.
version: 1
model: ${scalar(options.model ?? DEFAULT_CONFIG.model)}              # or agent, or provider/model: openai/…, anthropic/…, google/…, ollama/…, compatible/…
base_url:                   # of an OpenAI-compatible server
language: ${scalar(options.language ?? DEFAULT_CONFIG.language)}                # of the wiki
file_processing_jobs: ${DEFAULT_CONFIG.fileProcessingJobs}     # documents prepared at once
concurrency: ${DEFAULT_CONFIG.concurrency}              # model calls at once, over all documents
pageindex_threshold: ${DEFAULT_CONFIG.pageindexThreshold}     # pages from which a document is long
raw_git_limit: 10MiB        # larger originals go to the blob store
durability: power           # or process: survives a killed process, not a power cut
entity_types: [${DEFAULT_CONFIG.entityTypes.join(', ')}]
`
}

/** A string as YAML: unquoted if it cannot be read as anything else. */
function scalar(value: string): string {
  return /^[a-z][\w./-]*$/i.test(value) ? value : JSON.stringify(value)
}
