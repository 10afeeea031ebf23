// The model that kbgit.yaml names, with keys from the environment, the base and the user's settings, in this order.
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseEnv } from 'node:util'
import { systemCode } from './core/errors.ts'
import { defaultBaseFile } from './find-base.ts'
import type { Base } from './io/base.ts'
import type { Model, ModelOptions } from './io/model.ts'

export type BaseModelOptions = Pick<ModelOptions, 'signal'> & Partial<Pick<ModelOptions, 'onWait' | 'answers'>> & {
  /** Calls at once. Default: `concurrency` of kbgit.yaml. */
  concurrency?: number | undefined
}

/** Undefined for a base without a model. Throws `KbError`: `config`, or `modelAuth` where the key is missing. */
export async function openModelOf(base: Base, { concurrency, ...options }: BaseModelOptions): Promise<Model | undefined> {
  const { config } = base
  if (config.model === 'builtin') return undefined
  const [{ openModel }, env] = await Promise.all([import('./io/model.ts'), modelEnvironment(base)])
  return openModel({
    id: config.model,
    baseUrl: config.baseUrl,
    env,
    concurrency: concurrency ?? config.concurrency,
    retries: config.modelRetries,
    onWait: ({ kind, waitMs, reason }) => base.logger.warn({ kind, waitMs }, `waiting for the model: ${reason}`),
    ...options,
  })
}

/** `.env` of the base holds keys that are nobody else's; it is read, and never committed. */
async function modelEnvironment(base: Base): Promise<Record<string, string | undefined>> {
  const settings = defaultBaseFile(base.env)
  const files = [settings === undefined ? undefined : join(dirname(settings), '.env'), join(base.root, '.env')]
  const read = await Promise.all(files.map((file) => (file === undefined ? {} : readEnvironment(file))))
  return Object.assign({}, ...read, withoutEmpty(base.env))
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
