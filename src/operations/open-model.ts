// Opens the model that kbgit.yaml names, with keys from the environment, the base and the user's settings, in that
// order.
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseEnv } from 'node:util'
import { namesModel, type Config } from '../core/config.ts'
import { KbError, systemCode } from '../core/errors.ts'
import { shellWord } from '../core/hook-script.ts'
import { SAMPLING, type Sampler } from '../core/sampling.ts'
import { defaultBaseFile } from './base/find.ts'
import { isHeadless, type Base } from '../io/base.ts'
import { openHistory } from '../io/open-history.ts'
import type { Embedder } from '../io/model/embedder.ts'
import type { TokenLimits } from '../io/model/limits.ts'
import type { Model, ModelOptions } from '../io/model/model.ts'
import { sidecarPath } from '../io/sidecar/paths.ts'

export type BaseModelOptions = Pick<ModelOptions, 'signal'> &
  Partial<Pick<ModelOptions, 'onWait' | 'answers'>> & {
    /** Concurrent calls. Default: `concurrency` in kbgit.yaml. */
    concurrency?: number | undefined
    /** Who answers with `model: sampling`. */
    sampler?: Sampler | undefined
  }

/**
 * Undefined for a base without a model, or without one that can be asked now. Throws `KbError` as `openModel` does, and
 * `config` if git tracks `.env`.
 */
export async function openModelOf(
  base: Base,
  { concurrency, sampler, ...options }: BaseModelOptions,
): Promise<Model | undefined> {
  const { config } = base
  if (!namesModel(config)) return undefined
  const asked = { concurrency: concurrency ?? config.concurrency, limits: limitsOf(config), ...options }
  if (config.model === SAMPLING) return sampler && openSampling(sampler, asked)
  const [{ openModel }, server] = await Promise.all([import('../io/model/model.ts'), serverOf(base, config.baseUrl)])
  return openModel({
    id: config.model,
    ...server,
    retries: config.modelRetries,
    onWait: ({ kind, waitMs, reason }) => base.logger.warn({ kind, waitMs }, `waiting for the model: ${reason}`),
    ...asked,
  })
}

/** Keys from the environment, and the address in `kbgit.yaml` with those that the user trusts. */
async function serverOf(base: Base, url: string | undefined) {
  const [env, trusted] = await Promise.all([modelEnvironment(base), trustedAddresses(base)])
  return { env, address: url === undefined ? undefined : { url, trusted, root: base.root } }
}

/**
 * The model that turns texts into vectors; undefined for a base without one. Throws `KbError` as `openEmbedder` does, and
 * `config` if git tracks `.env`.
 */
export async function openEmbedderOf(base: Base, signal: AbortSignal): Promise<Embedder | undefined> {
  const { config } = base
  if (config.embeddings === undefined) return undefined
  const [{ openEmbedder }, server] = await Promise.all([
    import('../io/model/embedder.ts'),
    serverOf(base, config.embeddingsUrl),
  ])
  return openEmbedder({
    id: config.embeddings,
    ...server,
    concurrency: config.concurrency,
    retries: config.modelRetries,
    modelsDir: sidecarPath(base, 'models'),
    signal,
  })
}

function limitsOf({ contextTokens, outputTokens }: Config): Partial<TokenLimits> {
  return {
    ...(contextTokens === undefined ? {} : { contextTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  }
}

/** One answer may take as long as a person needs to allow it. Nobody is asked again who has not answered. */
async function openSampling(sampler: Sampler, asked: Omit<ModelOptions, 'id' | 'env' | 'retries'>): Promise<Model> {
  const [{ openModel }, { SAMPLING_TIMEOUT_MS }] = await Promise.all([
    import('../io/model/model.ts'),
    import('../io/model/sampling.ts'),
  ])
  const id = `${SAMPLING}/${sampler.client}`
  const concurrency = sampler.concurrency ?? asked.concurrency
  return openModel({ id, sampler, env: {}, retries: 0, timeoutMs: SAMPLING_TIMEOUT_MS, ...asked, concurrency })
}

/** Addresses that the user trusts in this repository or globally. */
async function trustedAddresses({ config, git, driver, repository }: Base): Promise<string[]> {
  if (config.baseUrl === undefined && config.embeddingsUrl === undefined) return []
  if (driver === 'in-process')
    return (await import('../io/repository-in-process.ts')).configValues(repository, 'kbgit.trustedBaseUrl')
  return (await git.text(['config', '--get-all', 'kbgit.trustedBaseUrl'], { ok: [0, 1] }))
    .split('\n')
    .filter((line) => line !== '')
}

/**
 * A base's `.env` holds keys and addresses of the user alone. One that git tracks came with the base: it could send
 * keys from the environment to an address of its own, so it is refused.
 */
async function modelEnvironment(base: Base): Promise<Record<string, string | undefined>> {
  if (await isTracked(base, '.env')) {
    throw new KbError(
      'config',
      `${join(base.root, '.env')} is tracked by git: it may come from someone else, and everyone who clones this base gets it.`,
      {
        hint: `Untrack it and keep the file: git -C ${shellWord(base.root)} rm --cached .env`,
      },
    )
  }
  const settings = defaultBaseFile(base.env)
  const files = [settings === undefined ? undefined : join(dirname(settings), '.env'), join(base.root, '.env')]
  const read = await Promise.all(files.map((file) => (file === undefined ? {} : readEnvironment(file))))
  return Object.assign({}, ...read, withoutEmpty(base.env))
}

/** Whether git tracks a file of the base; without git, whether it is committed. */
async function isTracked(base: Base, path: string): Promise<boolean> {
  // Nothing in the git directory of a headless base is tracked.
  if (isHeadless(base)) return false
  if (base.driver !== 'in-process')
    return (await base.git.run(['ls-files', '-z', '--', base.prefix + path])).stdout.length > 0
  await using history = await openHistory(base)
  const { commit } = await history.head()
  return commit !== null && (await history.fileAt(commit, path)) !== undefined
}

async function readEnvironment(file: string): Promise<Record<string, string | undefined>> {
  try {
    return withoutEmpty(parseEnv(await readFile(file, 'utf8')))
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES'].includes(systemCode(error) ?? '')) return {}
    throw error
  }
}

function withoutEmpty(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
}
