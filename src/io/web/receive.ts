// Receives the body of a response: decompressed, hashed and counted on the way into a file.
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { PassThrough, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { Limits } from '../../core/config.ts'
import { failed } from './fetch-errors.ts'

export type Received = {
  /** Of the decoded bytes, hex. */
  sha256: string
  size: number
  /** Lower case, without parameters; '' if the server does not send one. */
  contentType: string
  /** A label that TextDecoder accepts, if the server sends one. */
  charset?: string | undefined
}

/** Writes the body of a response into the new file `path`. */
export async function receive(
  response: IncomingMessage,
  path: string,
  url: string,
  limits: Pick<Limits, 'fetchBytesMax'>,
  signal: AbortSignal,
): Promise<Received> {
  const hash = createHash('sha256')
  let size = 0
  await using file = await open(path, 'wx', 0o600)
  await pipeline(
    response,
    decoder(response, url),
    async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        size += chunk.length
        // Counted after decompression: a small response may expand without limit.
        if (size > limits.fetchBytesMax) {
          throw failed(
            url,
            `it is larger than ${limits.fetchBytesMax} bytes`,
            'Raise limits.fetch_max in kbgit.yaml to allow more.',
          )
        }
        hash.update(chunk)
        await file.appendFile(chunk)
      }
    },
    { signal },
  )
  if (size === 0) throw failed(url, 'the server sent nothing', 'Open it in a browser to see why.')
  const [contentType = '', ...parameters] = (response.headers['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const charset = encodingNamed(parameters)
  return { sha256: hash.digest('hex'), size, contentType, charset }
}

function decoder(response: IncomingMessage, url: string): Transform {
  const coding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  switch (coding) {
    case 'identity':
    case '':
      return new PassThrough()
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'deflate':
      return createInflate()
    case 'br':
      return createBrotliDecompress()
    default:
      throw failed(
        url,
        `its compression is not supported (${coding.slice(0, 40)})`,
        'Download it yourself and add the file.',
      )
  }
}

function encodingNamed(parameters: string[]): string | undefined {
  const label = parameters.map((each) => /^charset=["']?([\w.:-]+)/.exec(each)?.[1]).find((each) => each !== undefined)
  try {
    return label === undefined ? undefined : new TextDecoder(label).encoding
  } catch {
    return undefined
  }
}
