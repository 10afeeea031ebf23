// Serves a base to agents over MCP: `kbgit mcp`.
import type { Kb } from '../api.ts'
import type { McpOptions, RunningMcp } from '../core/mcp-options.ts'
import { newsFeed } from './news.ts'
import { Roots } from './roots.ts'
import { Rounds } from './rounds.ts'
import type { McpHost } from './server.ts'
import { chosenTools } from './toolbox.ts'

/** Throws `KbError`: `usage` for unknown tools or a port in use, `notFound` for a root that is not there. */
export async function startMcp(kb: Kb, options: McpOptions): Promise<RunningMcp> {
  const stop = new AbortController()
  const host: McpHost = {
    kb,
    tools: chosenTools(options),
    roots: await Roots.open(options.roots, options.cwd),
    running: new Set(),
    rounds: new Rounds(),
    signal: stop.signal,
  }
  const feed = newsFeed(kb)
  const onError = (error: Error): void => options.logger?.warn({ error: error.message }, 'MCP')
  /** What a client began is finished or undone before the base is closed. */
  const settle = async (): Promise<void> => {
    stop.abort()
    await Promise.allSettled(host.running)
  }
  if (options.http !== undefined) {
    const { startHttp } = await import('./serve-http.ts')
    const { url, token, close } = await startHttp(host, feed, options.http, onError)
    return {
      url,
      token,
      ended: new Promise(() => {}),
      close: async () => {
        await settle()
        await close()
      },
    }
  }
  const { startStdio } = await import('./serve-stdio.ts')
  const { ended, close } = startStdio(host, feed, options.stdio, onError)
  return {
    ended,
    close: async () => {
      await settle()
      await close()
    },
  }
}
