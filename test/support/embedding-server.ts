// A server of embeddings on this machine: speaks the providers' protocols over HTTP and returns the same vector for the same text,
// near for texts that say the same in other words, as its list of synonyms has it.
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const SIZE = 400
const SYNONYMS: Record<string, string> = { automobile: 'car', vehicle: 'car', physician: 'doctor', surgeon: 'doctor' }

export type EmbeddingServer = {
  /** `http://127.0.0.1:<port>`. */
  url: string
  /** Texts of all requests, oldest first. */
  texts: () => string[]
  requests: () => number
  /** What is done to a list of vectors before it is sent; or a status to answer with instead. */
  spoil: (how: ((vectors: number[][]) => unknown) | number | undefined) => void
  [Symbol.asyncDispose]: () => Promise<void>
}

export async function startEmbeddingServer(): Promise<EmbeddingServer> {
  const texts: string[] = []
  let requests = 0
  let how: Parameters<EmbeddingServer['spoil']>[0]
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    let raw = ''
    for await (const chunk of request) raw += String(chunk)
    requests++
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    if (typeof how === 'number') return send(how, { error: { message: 'out of order', code: 'server_error' } })
    const asked = textsIn(path, JSON.parse(raw))
    texts.push(...asked)
    const vectors = asked.map(vectorOf)
    const sent = (how === undefined ? vectors : how(vectors)) as number[][]
    send(200, answerTo(path, sent))
  }
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    texts: () => texts,
    requests: () => requests,
    spoil: (next) => {
      how = next
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

/** Each word in a place of its own, as far as there are places. */
export function vectorOf(text: string): number[] {
  const vector = Array.from({ length: SIZE }, () => 0.01)
  for (const word of text.toLowerCase().match(/[a-z]{3,}/g) ?? []) {
    const digest = createHash('sha256')
      .update(SYNONYMS[word] ?? word)
      .digest()
    const place = digest.readUInt16BE() % SIZE
    vector[place] = (vector[place] ?? 0) + 1
  }
  return vector
}

// eslint-disable-next-line typescript/no-explicit-any
function textsIn(path: string, body: any): string[] {
  if (path.endsWith(':batchEmbedContents'))
    return body.requests.map((each: { content: { parts: { text: string }[] } }) => each.content.parts[0]?.text ?? '')
  if (path.endsWith(':embedContent')) return [body.content.parts[0].text]
  return [body.input].flat()
}

function answerTo(path: string, vectors: number[][]): unknown {
  if (path.endsWith(':batchEmbedContents')) return { embeddings: vectors.map((values) => ({ values })) }
  if (path.endsWith(':embedContent')) return { embedding: { values: vectors[0] } }
  if (path.endsWith('/api/embed'))
    return { model: 'test', embeddings: vectors, total_duration: 1, load_duration: 1, prompt_eval_count: 1 }
  return {
    object: 'list',
    model: 'test',
    data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })),
    usage: { prompt_tokens: 1, total_tokens: 1 },
  }
}
