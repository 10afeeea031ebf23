// MCP over stdin and stdout, for a client that started this process.
import type { Readable, Writable } from 'node:stream'
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { connectedServer } from './connection.ts'
import type { NewsFeed } from './news.ts'
import type { McpHost } from './server.ts'

/** Bytes of one message. */
const MESSAGE_BYTES_MAX = 32 * 1024 ** 2

export type StdioStreams = { input: Readable; output: Writable }

/** `ended` resolves when the client has closed its end. */
export function startStdio(
  host: McpHost,
  feed: NewsFeed,
  { input, output }: StdioStreams,
  onError: (error: Error) => void,
): { ended: Promise<void>; close: () => Promise<void> } {
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) input.once(event, () => resolve())
    for (const event of ['close', 'error']) output.once(event, () => resolve())
  })
  const transport = new StdioServerTransport(input, output, { maxBufferSize: MESSAGE_BYTES_MAX })
  const handle = serveStdio(({ era }) => connectedServer(host, feed, era), { transport, onerror: onError })
  return { ended, close: () => handle.close() }
}
