// Opens the compiler of a base with a model. Compilers do not read the base; what they need from it is read here.
import type { OpenWriter } from '../../commit/open-writer.ts'
import { createLlmCompiler, type LlmCompiler } from '../../compile/llm/compiler.ts'
import type { CompileReply } from '../../core/document/compiled.ts'
import { KbError, type Failure } from '../../core/errors.ts'
import { AGENTS_PAGE } from '../../core/layout.ts'
import { parsePage } from '../../core/page/page.ts'
import { SAMPLING } from '../../core/sampling.ts'
import { answerFiles } from '../../io/model/answer-cache.ts'
import { repoPathOf, snapshotKey, type Base } from '../../io/base.ts'
import { CatalogReader } from '../../io/catalog/reader.ts'
import { ObjectReader } from '../../io/git/objects.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'
import type { ComposedOverviews, CompilerOptions, LookedAt, OpenCompiler } from './compiler-types.ts'
import { houseRules } from '../house-rules.ts'
import { openModelOf } from '../open-model.ts'
import { fingerprint, overviewPage } from './from-base.ts'
import { knownTopics, stagedText } from './known-topics.ts'

/** Throws `KbError`: `config`, or `modelAuth` if the key is missing. */
export async function openModelCompiler(base: Base, options: CompilerOptions): Promise<OpenCompiler> {
  const { concurrency, sampler, signal } = options
  const model = await openModelOf(base, { concurrency, sampler, signal, answers: answerFiles(base.sidecarDir) })
  if (model === undefined) throw noModel(base)
  const { language, entityTypes, modelFailuresMax, visionImagesMax } = base.config
  // As the run began: those of documents that happen to be committed by now would make prompts, and with them pages,
  // depend on the speed of the model. Documents that are added have theirs from `RunNames`.
  const catalog = new CatalogReader(sidecarPath(base, 'catalog'), { access: 'read', key: snapshotKey(base) })
  const objects = new ObjectReader(base.git)
  const commit = catalog.hold()
  const page = async (path: string) => (await objects.read(`${commit ?? 'HEAD'}:${repoPathOf(base, path)}`))?.toString()
  const house = await houseRules(base, await page(AGENTS_PAGE))
  const compiler = createLlmCompiler({ model, language, entityTypes, house, logger: base.logger })
  const stop = stopAfter(modelFailuresMax)
  const picturesMax = base.config.model === SAMPLING ? 0 : visionImagesMax
  let isWarned = false
  const look = async (input: LookedAt, documentSignal: AbortSignal) => {
    const looked = await compiler.look({ ...input, picturesMax }, documentSignal)
    if (looked?.isBlind === true && !isWarned) {
      isWarned = true
      base.logger.warn(
        {},
        `${model.id} takes no pictures: they are not described. Set vision_images_max: 0 in kbgit.yaml to stop asking.`,
      )
    }
    return looked
  }
  return {
    ...compiler,
    compile: async (input, documentSignal) => {
      const known = input.known ?? (await knownTopics(await stagedText(input), { catalog, page }))
      return stop(await compiler.compile({ ...input, known }, documentSignal))
    },
    ...(picturesMax === 0 ? {} : { pictures: { picturesMax, look } }),
    composeOverviews: (paths, tools, overviewSignal) => composeOverviews(base, compiler, paths, tools, overviewSignal),
    usage: () => model.usage(),
    [Symbol.asyncDispose]: async () => {
      catalog[Symbol.dispose]()
      await objects[Symbol.asyncDispose]()
      await compiler[Symbol.asyncDispose]()
    },
  }
}

function noModel({ config }: Base): KbError {
  if (config.model !== SAMPLING) return new KbError('config', 'No model is set in kbgit.yaml.')
  return new KbError(
    'config',
    'With model: sampling in kbgit.yaml, documents are compiled by the model of an MCP client, and none is offered here.',
    {
      hint: 'Add documents through "kbgit mcp" with a client that supports sampling, or set model: agent: then any agent can compile them.',
    },
  )
}

/** After this many consecutive documents without an answer the run ends: the next would fare no better. */
function stopAfter(failuresMax: number): (reply: CompileReply) => CompileReply {
  let failures = 0
  return (reply) => {
    failures = !reply.ok && reply.failure.code === 'modelUnavailable' ? failures + 1 : 0
    if (!reply.ok && failures >= failuresMax) {
      throw new KbError(
        'modelUnavailable',
        `The model failed for ${failures} documents in a row. ${reply.failure.message}`,
        {
          hint: 'Run the same command again later: it resumes where it stopped, and paid answers are kept.',
        },
      )
    }
    return reply
  }
}

/** Requests all overviews before the lock is taken. A page that changed meanwhile, or whose call failed, stays due. */
async function composeOverviews(
  base: Base,
  compiler: LlmCompiler,
  paths: string[],
  tools: OpenWriter,
  signal: AbortSignal,
): Promise<ComposedOverviews> {
  const written = new Map<string, { sections: string; text: string }>()
  let failure: Failure | undefined
  const head = await tools.tip()
  await Promise.all(
    paths.map(async (path) => {
      const text =
        head === undefined ? undefined : (await tools.objects.read(`${head}:${repoPathOf(base, path)}`))?.toString()
      if (text === undefined) return
      const page = parsePage(text)
      const reply = await compiler.overview(overviewPage(page), signal)
      if (reply.ok) written.set(path, { sections: fingerprint(page), text: reply.text })
      else failure ??= reply.failure
    }),
  )
  return {
    compose: (page, path) => {
      const overview = written.get(path)
      return Promise.resolve(overview?.sections === fingerprint(page) ? overview.text : undefined)
    },
    failure,
  }
}
