// A server for one connection, which gets notifications of changed pages for as long as it lasts.
import type { McpServer } from '@modelcontextprotocol/server'
import type { NewsFeed } from './news.ts'
import { urisOf } from './resources.ts'
import { mcpServer, type McpHost } from './server.ts'

/** `era`: clients of 2025 subscribe to addresses; for later ones the SDK picks from everything that changed. */
export async function connectedServer(host: McpHost, feed: NewsFeed, era: 'legacy' | 'modern'): Promise<McpServer> {
  const subscribed = new Set<string>()
  const server = mcpServer(host, era === 'legacy' ? subscribed : undefined)
  const leave = await feed.listen(({ pages }) => {
    server.sendResourceListChanged()
    // Without the list of pages, whatever is subscribed to may have changed.
    const changed = pages?.flatMap(urisOf) ?? [...subscribed]
    for (const uri of new Set(changed)) {
      if (era === 'modern' || subscribed.has(uri)) server.server.sendResourceUpdated({ uri }).catch(() => {})
    }
  })
  Object.assign(server.server, { onclose: leave })
  return server
}
