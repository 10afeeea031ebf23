// Fetches a URL into a file: from public servers only, checked against the address actually connected to, on every hop.
import { lookup } from 'node:dns'
import { rm } from 'node:fs/promises'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { Limits } from '../../core/config.ts'
import { DocumentError, messageOf } from '../../core/errors.ts'
import { AnsweredError, failed, inside, refused } from './fetch-errors.ts'
import { isPublicAddress } from './public-address.ts'
import { receive, type Received } from './receive.ts'

export type FetchOptions = {
  limits: Pick<Limits, 'fetchBytesMax' | 'fetchTimeoutMs' | 'redirectsMax'>
  /** `--allow-private`: allows this machine and its network, too. */
  allowPrivate: boolean
  signal?: AbortSignal | undefined
  /** The header `Accept`. */
  accept?: string | undefined
  /** Of an earlier answer: they are sent to the address that gave them, and to no other. */
  validators?: Validators | undefined
}

/** What a server said about an answer, for asking it again only for changes (RFC 9110, section 13). */
export type Validators = {
  /** Where the last redirect led. */
  url: string
  etag?: string | undefined
  lastModified?: string | undefined
}

export type Fetched = Received & {
  path: string
  /** Where the last redirect led. */
  finalUrl: string
  /** Undefined if the server sends none. */
  validators?: Validators | undefined
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

const NOT_MODIFIED = 304
/** Characters of a validator; a longer one is not kept. */
const VALIDATOR_CHARS_MAX = 1_000
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
export async function fetchUrl(url: string, path: string, options: Omit<FetchOptions, 'validators'>): Promise<Fetched> {
  const fetched = await fetchIfChanged(url, path, options)
  if (fetched === undefined) throw new AnsweredError(url, NOT_MODIFIED)
  return fetched
}

/** The same; undefined if the server says that nothing has changed since `validators`. Then no file is left. */
export async function fetchIfChanged(url: string, path: string, options: FetchOptions): Promise<Fetched | undefined> {
  const timeout = new AbortController()
  const { fetchTimeoutMs } = options.limits
  const timer = setTimeout(() => timeout.abort(), fetchTimeoutMs)
  const signal = options.signal === undefined ? timeout.signal : AbortSignal.any([timeout.signal, options.signal])
  try {
    const { response, address } = await follow(url, options, signal)
    if (response.statusCode === NOT_MODIFIED) {
      response.destroy()
      return undefined
    }
    const received = await receive(response, path, url, options.limits, signal)
    const finalUrl = withoutHash(address)
    return { path, finalUrl, ...received, validators: validatorsOf(response, finalUrl) }
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
    const isKnown = status === NOT_MODIFIED && conditions(address, options) !== undefined
    if (status !== 200 && !isKnown) {
      response.destroy()
      throw new AnsweredError(url, status)
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
      headers: {
        ...HEADERS,
        ...(options.accept === undefined ? {} : { accept: options.accept }),
        ...conditions(address, options),
      },
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

/** The headers that ask for changes only; undefined if this address gave no validators. */
function conditions(address: URL, { validators }: FetchOptions): Record<string, string> | undefined {
  const { url, etag, lastModified } = validators ?? {}
  if (url === undefined || url !== withoutHash(address)) return undefined
  return {
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
    ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
  }
}

function validatorsOf({ headers }: IncomingMessage, url: string): Validators | undefined {
  const kept = (value: string | undefined): string | undefined =>
    value === undefined || value === '' || value.length > VALIDATOR_CHARS_MAX ? undefined : value
  const [etag, lastModified] = [kept(headers.etag), kept(headers['last-modified'])]
  return etag === undefined && lastModified === undefined ? undefined : { url, etag, lastModified }
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

function withoutHash(address: URL): string {
  const copy = new URL(address)
  copy.hash = ''
  return copy.href
}
