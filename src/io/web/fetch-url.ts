// Fetches a URL into a file: from public servers only, checked against the address actually connected to, on every hop.
import { createHash } from 'node:crypto'
import { lookup } from 'node:dns'
import { open, rm } from 'node:fs/promises'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { PassThrough, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { Limits } from '../../core/config.ts'
import { DocumentError, messageOf } from '../../core/errors.ts'
import { isPublicAddress } from './public-address.ts'

export type FetchOptions = {
  limits: Pick<Limits, 'fetchBytesMax' | 'fetchTimeoutMs' | 'redirectsMax'>
  /** `--allow-private`: allows this machine and its network, too. */
  allowPrivate: boolean
  signal?: AbortSignal | undefined
}

export type Fetched = {
  path: string
  /** Of the decoded bytes, hex. */
  sha256: string
  size: number
  /** Where the last redirect led. */
  finalUrl: string
  /** Lower case, without parameters; '' if the server does not send one. */
  contentType: string
  /** A label that TextDecoder accepts, if the server sends one. */
  charset?: string | undefined
}

/**
 * Media types of text formats that cannot be detected from their first bytes; all others are detected from the content.
 */
const EXTENSIONS: Record<string, string> = {
  'text/html': '.html',
  'application/xhtml+xml': '.html',
  'text/markdown': '.md',
  'text/csv': '.csv',
  'text/tab-separated-values': '.tsv',
  'application/json': '.json',
  'application/rss+xml': '.rss',
  'application/atom+xml': '.rss',
  'text/xml': '.xml',
  'application/xml': '.xml',
  'message/rfc822': '.eml',
}

/** A lower-case extension with its dot for a fetched file: from the media type, else from its URL; or ''. */
export function extensionOfFetched({ contentType, finalUrl }: Pick<Fetched, 'contentType' | 'finalUrl'>): string {
  return EXTENSIONS[contentType] ?? /\.[a-z0-9]{1,8}$/i.exec(new URL(finalUrl).pathname)?.[0].toLowerCase() ?? ''
}

const REDIRECTS = new Set([301, 302, 303, 307, 308])
const HEADERS = {
  'user-agent': 'kbgit',
  accept: 'text/html, application/pdf, text/*;q=0.9, */*;q=0.5',
  'accept-encoding': 'gzip, br',
}

/**
 * Fetches `url` into the new file `path`. Throws `DocumentError`: `fetchRefused` for an address that is not allowed,
 * `fetchFailed` for any other failure, limits included; and the signal's reason on abort. In each case no file is left.
 */
export async function fetchUrl(url: string, path: string, options: FetchOptions): Promise<Fetched> {
  const timeout = new AbortController()
  const { fetchTimeoutMs } = options.limits
  const timer = setTimeout(() => timeout.abort(), fetchTimeoutMs)
  const signal = options.signal === undefined ? timeout.signal : AbortSignal.any([timeout.signal, options.signal])
  try {
    const { response, address } = await follow(url, options, signal)
    return await receive(response, address, path, url, options, signal)
  } catch (error) {
    await rm(path, { force: true })
    options.signal?.throwIfAborted()
    if (timeout.signal.aborted)
      throw failed(
        url,
        `it took longer than ${fetchTimeoutMs / 1000} s`,
        'Raise limits.fetch_timeout in kbgit.yaml to allow more time.',
      )
    if (error instanceof DocumentError) throw error
    throw failed(url, messageOf(error), 'Check the address and the connection.')
  } finally {
    clearTimeout(timer)
  }
}

/** Follows redirects to the final response. */
async function follow(
  url: string,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<{ response: IncomingMessage; address: URL }> {
  let address = allowed(url, url, options)
  for (let hops = 0; ; hops++) {
    const response = await ask(address, url, options, signal)
    const status = response.statusCode ?? 0
    const location = response.headers.location
    if (REDIRECTS.has(status) && location !== undefined) {
      response.destroy()
      if (hops >= options.limits.redirectsMax) {
        throw failed(
          url,
          `it redirects more than ${options.limits.redirectsMax} times`,
          'Raise limits.redirects in kbgit.yaml to allow more.',
        )
      }
      if (!URL.canParse(location, address.href))
        throw failed(url, 'it redirects to an invalid URL', 'Check the address.')
      address = allowed(new URL(location, address).href, url, options)
      continue
    }
    if (status !== 200) {
      response.destroy()
      throw failed(url, `the server answered ${status}`, 'Open it in a browser to see why.')
    }
    return { response, address }
  }
}

/** Parses a URL. The parser normalizes other spellings of an address (decimal, octal, short forms). */
function allowed(address: string, url: string, options: FetchOptions): URL {
  if (!URL.canParse(address))
    throw refused(url, 'it is not a URL', 'Give a full URL, such as https://example.com/page.')
  const parsed = new URL(address)
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    throw refused(url, `${parsed.protocol} is not supported`, 'Only http and https addresses can be added.')
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw refused(url, 'it contains a user name or a password', 'Download the page yourself and add the file.')
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, '')
  // A name is checked when it is resolved; an address is never looked up.
  if (isIP(host) !== 0 && !options.allowPrivate && !isPublicAddress(host)) throw inside(url, host)
  return parsed
}

function ask(address: URL, url: string, options: FetchOptions, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const secure = address.protocol === 'https:'
    const settings = {
      headers: HEADERS,
      signal,
      lookup: publicLookup(url, options),
      // Separate agents: the global ones may use a proxy, whose address is not the server's.
      agent: secure ? new HttpsAgent() : new HttpAgent(),
    } satisfies RequestOptions
    const request = secure ? httpsRequest(address, settings) : httpRequest(address, settings)
    request.once('socket', (socket) => {
      socket.once('connect', () => {
        const connected = socket.remoteAddress ?? ''
        if (!options.allowPrivate && !isPublicAddress(connected)) request.destroy(inside(url, connected))
      })
    })
    request.once('response', resolve)
    request.once('error', reject)
    request.end()
  })
}

/** Resolves a name to its public addresses only; the socket connects to one of exactly those. */
function publicLookup(url: string, options: FetchOptions): LookupFunction {
  return (hostname, asked, callback) => {
    lookup(hostname, { ...asked, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0)
      const usable = options.allowPrivate ? addresses : addresses.filter(({ address }) => isPublicAddress(address))
      const [first] = usable
      if (first === undefined) return callback(inside(url, addresses[0]?.address ?? hostname), '', 0)
      if (asked.all === true) callback(null, usable)
      else callback(null, first.address, first.family)
    })
  }
}

async function receive(
  response: IncomingMessage,
  address: URL,
  path: string,
  url: string,
  { limits }: FetchOptions,
  signal: AbortSignal,
): Promise<Fetched> {
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
  address.hash = ''
  return {
    path,
    sha256: hash.digest('hex'),
    size,
    finalUrl: address.href,
    contentType,
    charset,
  }
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

function inside(url: string, address: string): DocumentError {
  return refused(
    url,
    `${address} is not a public address`,
    'Use --allow-private to fetch from this machine and its network, too.',
  )
}

function refused(url: string, why: string, hint: string): DocumentError {
  return new DocumentError('fetchRefused', `${withoutSecrets(url)} is not fetched: ${why}.`, hint)
}

function failed(url: string, why: string, hint: string): DocumentError {
  return new DocumentError(
    'fetchFailed',
    `${withoutSecrets(url)} could not be fetched: ${why.replace(/\.$/, '')}.`,
    hint,
  )
}

function withoutSecrets(url: string): string {
  return url.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1…@')
}
