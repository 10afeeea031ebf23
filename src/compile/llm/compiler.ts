// The compiler that asks a model. It writes nothing, calls no tools, and trusts no answer.
import { emptyUsage, type Compiled, type CompileReply, type ModelUsage } from '../../core/document/compiled.ts'
import { DocumentError } from '../../core/errors.ts'
import { plainLine } from '../../core/page/sanitize-markdown.ts'
import type { Logger } from '../../core/logger.ts'
import type { Model } from '../../io/model/model.ts'
import type { CompileInput, Compiler } from '../compiler.ts'
import { readDocument } from './document-text.ts'
import { estimateCost, type TokenEstimate } from './estimate.ts'
import { writeOverview, type OverviewPage, type OverviewReply } from './overview.ts'
import { lookAtPictures, type Looked, type Looking } from './pictures.ts'
import type { Wiki } from './prompts.ts'
import { LLM_COMPILER } from './version.ts'
import { askAbout, askModel, type Asker } from './questions.ts'

export type LlmCompilerOptions = {
  model: Model
  /** Language of the wiki, BCP 47. */
  language: string
  entityTypes: string[]
  /** See `Wiki`. */
  house?: string | undefined
  logger?: Logger | undefined
}

export type LlmCompiler = Compiler & {
  /** The overview of a topic page from its sections: one call. After a failure the page stays due. */
  overview: (page: OverviewPage, signal: AbortSignal) => Promise<OverviewReply>
  /** What the model sees on pictures of the document; undefined if there are none. Throws only what ends the run. */
  look: (input: LookInput, signal: AbortSignal) => Promise<LookReply | undefined>
  /** What compiling the document would cost now; cached answers cost nothing. Makes no calls. */
  estimate: (input: CompileInput) => Promise<TokenEstimate>
}

export type LookInput = Pick<Looking, 'prepared' | 'staging' | 'picturesMax'> &
  Pick<CompileInput, 'label' | 'fallbackTitle'>
export type LookReply = Looked & { usage: ModelUsage }

/** What comes of the answers to the questions about a document, whoever gives them. `model` names that one. */
export async function compileBy(
  input: CompileInput,
  { wiki, model, ask }: { wiki: Wiki; model: string; ask: Asker },
): Promise<Compiled> {
  const { prepared } = input
  const given = plainLine(prepared.title ?? input.fallbackTitle, 200)
  const findings = await askAbout(await readDocument(prepared, input.staging), { input, title: given, wiki, ask })
  const { nodeSummaries, title = given, ...rest } = findings
  return {
    compiler: LLM_COMPILER,
    model,
    title,
    ...rest,
    ...(nodeSummaries.length === 0 ? {} : { nodeSummaries }),
    language: prepared.language,
    outline: prepared.outline,
  }
}

/** The model stays owned by its opener. `compile` throws only what ends the run: `KbError`, or the signal's reason. */
export function createLlmCompiler({ model, language, entityTypes, house, logger }: LlmCompilerOptions): LlmCompiler {
  const wiki = { language, entityTypes, house }

  const ask = (input: CompileInput, asker: Asker): Promise<Compiled> =>
    compileBy(input, { wiki, model: model.id, ask: asker })

  const compile = async (input: CompileInput, signal: AbortSignal): Promise<CompileReply> => {
    const usage = emptyUsage()
    const start = performance.now()
    const label = input.label ?? input.fallbackTitle
    try {
      const compiled = await ask(input, askModel(model, { signal, usage, label }))
      return { ok: true, compiled: { ...compiled, usage } }
    } catch (error) {
      if (error instanceof DocumentError) return { ok: false, failure: error.failure }
      throw error
    } finally {
      logger?.debug({ label, ...usage, ms: Math.round(performance.now() - start) }, 'asked the model')
    }
  }

  const look = async (input: LookInput, signal: AbortSignal): Promise<LookReply | undefined> => {
    const usage = emptyUsage()
    const { prepared, fallbackTitle, label = fallbackTitle } = input
    const looking = { ...input, title: plainLine(prepared.title ?? fallbackTitle, 200), language }
    const looked = await lookAtPictures(looking, (request) => model.object({ ...request, signal, usage, label }))
    return looked && { ...looked, usage }
  }

  return {
    id: LLM_COMPILER,
    look,
    model: model.id,
    compile,
    overview: (page, signal) => writeOverview(model, wiki, page, signal),
    estimate: (input) => estimateCost(model, (asker) => ask(input, asker)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}
