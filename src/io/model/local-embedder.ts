// A model of embeddings on this machine, by the package `@huggingface/transformers`, which the user installs beside kbgit: with
// its native parts it is ten times as large.
import { existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { homedir } from 'node:os'
import { KbError, messageOf } from '../../core/errors.ts'

/** What is used of the package. */
export type LocalLibrary = {
  env: { allowRemoteModels: boolean; localModelPath: string; cacheDir: string | null }
  pipeline: (task: 'feature-extraction', model: string) => Promise<Extractor>
}
type Extractor = (
  texts: string[],
  options: { pooling: 'mean'; normalize: boolean },
) => Promise<{ tolist: () => unknown }>

export const LOCAL_PACKAGE = '@huggingface/transformers'

/**
 * `name`: an absolute path (or one from `~/`) of a folder with `config.json`, the tokenizer's files and `onnx/`, or the name of a
 * model, which the package fetches into `modelsDir` once. Throws `KbError` (`config`) if that cannot be.
 */
export async function openLocalModel(
  name: string,
  {
    modelsDir,
    loadLibrary = installed,
  }: { modelsDir: string; loadLibrary?: (() => Promise<LocalLibrary>) | undefined },
): Promise<(texts: string[]) => Promise<unknown>> {
  const folder = name.startsWith('~/') ? join(homedir(), name.slice(2)) : name
  if (/^\.{1,2}(?:\/|$)/.test(name))
    throw new KbError('config', `"local:${name}" is a path in the base, which may be someone else's.`, {
      hint: 'Name the folder by its absolute path.',
    })
  if (isAbsolute(folder) && !existsSync(join(folder, 'config.json')))
    throw new KbError('config', `${folder} is not the folder of a model: it has no config.json.`, {
      hint: 'It needs config.json, tokenizer.json, tokenizer_config.json and onnx/model.onnx.',
    })
  const library = await loadLibrary()
  library.env.allowRemoteModels = !isAbsolute(folder)
  library.env.cacheDir = modelsDir
  try {
    const extract = await library.pipeline('feature-extraction', folder)
    return async (texts) => (await extract(texts, { pooling: 'mean', normalize: true })).tolist()
  } catch (cause) {
    throw new KbError('config', `The model local:${name} cannot be loaded. ${messageOf(cause)}`, { cause })
  }
}

async function installed(): Promise<LocalLibrary> {
  try {
    return (await import(LOCAL_PACKAGE)) as LocalLibrary
  } catch (cause) {
    throw new KbError(
      'config',
      `Embeddings on this machine need the package ${LOCAL_PACKAGE}, which cannot be loaded.`,
      {
        hint: `Install it where kbgit is installed: npm install --global ${LOCAL_PACKAGE}. Or name a provider's model.`,
        cause,
      },
    )
  }
}
