// The compiler and the model that kbgit.yaml asks for.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import type { OpenWriter } from './commit/open-writer.ts'
import type { Compiler } from './compile/compiler.ts'
import type { LlmCompiler } from './compile/llm/compiler.ts'
import type { ComposeOverview } from './compile/overviews.ts'
import { headingTarget, parsePage } from './core/page.ts'
import { treePath, type Base } from './io/base.ts'
import type { Model } from './io/model.ts'
import { WorkerPool } from './io/worker-pool.ts'

export type OpenCompiler = Compiler & {
  /** What the model has cost so far; absent without one. */
  estimate?: LlmCompiler['estimate']
  /** Overviews by a model, asked for before the lock is taken. Absent where they are composed from the pages alone. */
  composeOverviews?: (paths: string[], tools: OpenWriter, signal: AbortSignal) => Promise<ComposeOverview>
}

export type CompilerOptions = { jobs?: number | undefined; concurrency?: number | undefined; signal: AbortSignal }

export async function openCompiler(base: Base, { jobs, concurrency, signal }: CompilerOptions): Promise<OpenCompiler> {
  const model = await openModelOf(base, { signal, concurrency })
  if (model !== undefined) return openLlmCompiler(base, model)
  const { createBuiltinCompiler } = await import('./compile/builtin/compiler.ts')
  const pool = new WorkerPool(jobs ?? base.config.fileProcessingJobs)
  const compiler = createBuiltinCompiler({ entityTypes: base.config.entityTypes, pool })
  return { ...compiler, [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose]() }
}

/** The model of kbgit.yaml; undefined where it is `builtin`. Throws `KbError` (`modelAuth`) where its key is missing. */
export async function openModelOf(base: Base, { signal, concurrency }: { signal: AbortSignal; concurrency?: number | undefined }): Promise<Model | undefined> {
  const { config, logger, sidecarDir } = base
  if (config.model === 'builtin') return undefined
  const [{ openModel }, { answerFiles }] = await Promise.all([import('./io/model.ts'), import('./io/answer-cache.ts')])
  return openModel({
    id: config.model, baseUrl: config.baseUrl, env: await modelEnvironment(base), signal,
    concurrency: concurrency ?? config.concurrency, retries: config.modelRetries, answers: answerFiles(sidecarDir),
    onWait: (wait) => logger.debug({ wait }, 'the model is waited for'),
  })
}

async function openLlmCompiler(base: Base, model: Model): Promise<OpenCompiler> {
  const { createLlmCompiler } = await import('./compile/llm/compiler.ts')
  const { language, entityTypes } = base.config
  const compiler = createLlmCompiler({ model, language, entityTypes, logger: base.logger })
  return {
    ...compiler,
    composeOverviews: async (paths, tools, signal) => {
      const written = new Map<string, string>()
      const head = (await tools.objects.resolve('HEAD')) ?? ''
      await Promise.all(
        paths.map(async (path) => {
          const text = (await tools.objects.read(`${head}:${treePath(base, path)}`))?.toString()
          if (text === undefined) return
          const page = parsePage(text)
          const kind = path.startsWith('wiki/entities/') ? ('entity' as const) : ('concept' as const)
          const type = page.front['entity_type']
          const sections = page.sections.flatMap(({ heading, body }) => {
            const document = headingTarget(heading)
            return document?.startsWith('summaries/') === true ? [{ document, says: body }] : []
          })
          const name = String(page.front['title'] ?? '')
          const reply = await compiler.overview({ kind, name, sections, ...(typeof type === 'string' ? { type } : {}) }, signal)
          if (reply.ok) written.set(`${path}\n${text}`, reply.text)
        }),
      )
      // A page that changed since it was read waits for the next run.
      return async (page, path) => {
        for (const [key, text] of written) if (key.startsWith(`${path}\n`) && sameSections(key.slice(path.length + 1), page)) return text
        return undefined
      }
    },
  }
}

function sameSections(text: string, page: ReturnType<typeof parsePage>): boolean {
  const headings = (sections: { heading: string }[]): string => sections.map(({ heading }) => heading).join('\n')
  return headings(parsePage(text).sections) === headings(page.sections)
}

/** Keys and addresses: the environment, then `<kb>/.env`, then `env` in the user's config folder. The first that is set counts. */
async function modelEnvironment({ root, env }: Base): Promise<Record<string, string | undefined>> {
  const home = env['XDG_CONFIG_HOME'] || (env['HOME'] ? join(env['HOME'], '.config') : undefined)
  const [own, user] = await Promise.all([readEnv(join(root, '.env')), home === undefined ? {} : readEnv(join(home, 'kbgit', 'env'))])
  return { ...user, ...own, ...env }
}

async function readEnv(path: string): Promise<Record<string, string | undefined>> {
  return readFile(path, 'utf8').then(parseEnv, () => ({}))
}
