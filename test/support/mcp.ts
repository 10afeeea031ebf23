// Clients of `kbgit mcp`, with the official SDK, in every way that today's clients connect.
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Client, StreamableHTTPClientTransport, type CreateMessageRequestParams } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { KBGIT, saying, start } from './command.ts'
import type { Workplace } from './workplace.ts'

/** The time limit of the test comes first. */
const CALL_TIMEOUT_MS = 600_000

/** `legacy`: with the handshake of 2025; `modern`: each request says everything. */
export type Era = 'legacy' | 'modern'
/** The model that a client offers to servers ("sampling"). */
export type Model = (question: Question, signal: AbortSignal) => Promise<{ text: string; isCut?: boolean }>
export type Question = CreateMessageRequestParams
export type Called = { error: boolean; text: string; value: Record<string, never> }

export class Agent implements AsyncDisposable {
  readonly client: Client
  readonly transport: StdioClientTransport | StreamableHTTPClientTransport

  private constructor(client: Client, transport: StdioClientTransport | StreamableHTTPClientTransport) {
    this.client = client
    this.transport = transport
  }

  static async overStdio(place: Workplace, era: Era = 'legacy', argv: string[] = [], model?: Model): Promise<Agent> {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [KBGIT, 'mcp', ...argv],
      cwd: place.base,
      env: { ...place.env, PATH: process.env['PATH'] ?? '' },
      stderr: 'pipe',
    })
    return Agent.#connected(transport, era, model)
  }

  static async overHttp({ url, token }: HttpServer, era: Era = 'legacy', model?: Model): Promise<Agent> {
    const headers = { Authorization: `Bearer ${token}` }
    return Agent.#connected(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }), era, model)
  }

  static async #connected(transport: Agent['transport'], era: Era, model?: Model): Promise<Agent> {
    const client = new Client(
      { name: 'test agent', version: '1' },
      {
        ...(era === 'modern' ? { versionNegotiation: { mode: 'auto' as const } } : {}),
        capabilities: model === undefined ? {} : { sampling: {} },
      },
    )
    if (model !== undefined) {
      client.setRequestHandler('sampling/createMessage', async ({ params }, { mcpReq: { signal } }) => {
        const { text, isCut = false } = await model(params, signal)
        const stopReason = isCut ? 'maxTokens' : 'endTurn'
        return { role: 'assistant' as const, content: { type: 'text' as const, text }, model: 'test-model', stopReason }
      })
    }
    await client.connect(transport)
    return new Agent(client, transport)
  }

  /** The process that serves over stdio. */
  get pid(): number {
    const { pid } = this.transport as { pid?: number | null }
    if (pid === undefined || pid === null) throw new Error('This agent has no process.')
    return pid
  }

  /** Calls a tool; the SDK checks the answer against the tool's output schema. */
  async call(name: string, args: Record<string, unknown> = {}): Promise<Called> {
    const result = await this.client.callTool({ name, arguments: args }, { timeout: CALL_TIMEOUT_MS })
    const [first] = result.content
    const text = first?.type === 'text' ? first.text : ''
    const error = result.isError === true
    // Clients compare structured content with the schema, so an error has none.
    if (error && result.structuredContent !== undefined)
      throw new Error(`${name} has structured content beside an error.`)
    const value = error ? (JSON.parse(text) as unknown) : result.structuredContent
    return { error, text, value: value as Called['value'] }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close()
  }
}

export class HttpServer implements AsyncDisposable {
  readonly url: string
  readonly token: string
  readonly child: ChildProcess

  private constructor(child: ChildProcess, { url, token }: { url: string; token: string }) {
    this.child = child
    this.url = url
    this.token = token
  }

  static async start(place: Workplace, argv: string[] = []): Promise<HttpServer> {
    const { child } = start(['mcp', '--http', '--json', ...argv], { cwd: place.base, env: place.env })
    let said = ''
    child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()))
    await saying(child.stdout, '\n')
    return new HttpServer(child, JSON.parse(said) as { url: string; token: string })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.child, 'close')
    this.child.kill('SIGTERM')
    await ended
  }
}
