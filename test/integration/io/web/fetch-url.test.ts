import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../../../src/core/config.ts'
import { DocumentError } from '../../../../src/core/errors.ts'
import {
  extensionOfFetched,
  fetchIfChanged,
  fetchUrl,
  type Fetched,
  type FetchOptions,
} from '../../../../src/io/web/fetch-url.ts'
import { isPublicAddress } from '../../../../src/io/web/public-address.ts'
import { StagingFolder } from '../../../support/staging.ts'

class Server {
  readonly url: string
  readonly #close: () => void

  constructor(url: string, close: () => void) {
    this.url = url
    this.#close = close
  }

  static async start(listener: RequestListener): Promise<Server> {
    const server = createServer(listener)
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    return new Server(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => {
      server.closeAllConnections()
      server.close()
    })
  }

  [Symbol.dispose](): void {
    this.#close()
  }
}

const LAST_WEEK = 'Tue, 24 Nov 2026 08:00:00 GMT'
const folder = await StagingFolder.make()
let count = 0

function get(
  url: string,
  more: Partial<FetchOptions['limits']> = {},
  options: Partial<FetchOptions> = {},
): Promise<Fetched> {
  return fetchUrl(url, join(folder.path, `fetched-${++count}`), {
    limits: { ...DEFAULT_LIMITS, ...more },
    allowPrivate: true,
    ...options,
  })
}

/** The failure of a fetch, which must leave nothing behind. */
async function failureOf(fetch: Promise<Fetched>): Promise<{ code: string; message: string }> {
  const error: unknown = await fetch.then(
    () => new Error('It was fetched.'),
    (thrown: unknown) => thrown,
  )
  expect(await readdir(folder.path)).not.toContain(`fetched-${count}`)
  if (!(error instanceof DocumentError)) throw error
  return error.failure
}

test('a page is written as it was sent, with its hash and its type', async () => {
  using server = await Server.start((_, response) =>
    response.setHeader('content-type', 'Text/HTML; Charset="windows-1252"').end('<p>caf\xe9'),
  )
  const fetched = await get(`${server.url}/page#part`)
  const bytes = await readFile(fetched.path)
  expect(fetched).toMatchObject({
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    contentType: 'text/html',
    charset: 'windows-1252',
    finalUrl: `${server.url}/page`,
  })
})

test.each([
  ['gzip', gzipSync('hello')],
  ['br', brotliCompressSync('hello')],
])('%s is decoded', async (coding, body) => {
  using server = await Server.start((_, response) => response.setHeader('content-encoding', coding).end(body))
  expect(await readFile((await get(server.url)).path, 'utf8')).toBe('hello')
})

test('redirects are followed, up to a limit', async () => {
  using server = await Server.start((request, response) => {
    const left = Number(request.url?.slice(1))
    if (left === 0) response.end('there')
    else response.writeHead(302, { location: `/${left - 1}` }).end()
  })
  expect((await get(`${server.url}/5`)).finalUrl).toBe(`${server.url}/0`)
  expect(await failureOf(get(`${server.url}/6`))).toMatchObject({
    code: 'fetchFailed',
    message: expect.stringContaining('redirects more than 5 times'),
  })
})

test.each([
  ['text/html', 'https://e.com/page.php', '.html'],
  ['text/plain', 'https://e.com/notes/README.MD?raw=1', '.md'],
  ['', 'https://e.com/', ''],
])('%s at %s redirects to %j', (contentType, finalUrl, extension) => {
  expect(extensionOfFetched({ contentType, finalUrl })).toBe(extension)
})

describe('a conditional request', () => {
  test('sends what the server said about its last answer, and only there', async () => {
    const asked: (string | undefined)[][] = []
    using server = await Server.start(({ url, headers }, response) => {
      asked.push([url, headers['if-none-match'], headers['if-modified-since']])
      if (url === '/from') response.writeHead(301, { location: '/to' }).end()
      else if (headers['if-none-match'] === '"1"') response.writeHead(304).end()
      else response.setHeader('etag', '"1"').setHeader('last-modified', LAST_WEEK).end('text')
    })
    const { validators } = await get(`${server.url}/from#part`)
    expect(validators).toEqual({ url: `${server.url}/to`, etag: '"1"', lastModified: LAST_WEEK })
    const again = (path: string) =>
      fetchIfChanged(server.url + path, join(folder.path, `fetched-${++count}`), {
        limits: DEFAULT_LIMITS,
        allowPrivate: true,
        validators,
      })
    expect(await again('/from')).toBeUndefined()
    expect(await again('/other')).toMatchObject({ size: 4 })
    expect(asked).toEqual([
      ['/from', undefined, undefined],
      ['/to', undefined, undefined],
      ['/from', undefined, undefined],
      ['/to', '"1"', LAST_WEEK],
      ['/other', undefined, undefined],
    ])
    expect(await readdir(folder.path)).not.toContain(`fetched-${count - 1}`)
  })

  test('is not believed to be answered if it was not made', async () => {
    using server = await Server.start((_, response) => response.writeHead(304).end())
    expect(await failureOf(get(server.url))).toMatchObject({ message: expect.stringContaining('answered 304') })
  })
})

describe('endless responses are cut off', () => {
  test('an endless body', async () => {
    using server = await Server.start((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    })
    expect(await failureOf(get(server.url, { fetchBytesMax: 1_000_000 }))).toMatchObject({
      code: 'fetchFailed',
      message: expect.stringContaining('larger than 1000000 bytes'),
    })
  })

  test('a body that is small only before it is decoded', async () => {
    using server = await Server.start((_, response) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(20_000_000))),
    )
    expect(await failureOf(get(server.url, { fetchBytesMax: 1_000_000 }))).toMatchObject({ code: 'fetchFailed' })
  })

  test('a server that sends nothing, and one that sends drop by drop', async () => {
    using silent = await Server.start(() => {})
    expect(await failureOf(get(silent.url, { fetchTimeoutMs: 150 }))).toMatchObject({
      code: 'fetchFailed',
      message: expect.stringContaining('0.15 s'),
    })
    using slow = await Server.start((_, response) => {
      const drop = setInterval(() => response.write('x'), 20)
      response.once('close', () => clearInterval(drop))
    })
    expect(await failureOf(get(slow.url, { fetchTimeoutMs: 150 }))).toMatchObject({ code: 'fetchFailed' })
  })

  test('an abort by the caller is not a failure of the page', async () => {
    using silent = await Server.start(() => {})
    const stop = new AbortController()
    const fetching = get(silent.url, {}, { signal: stop.signal })
    stop.abort(new Error('stopped'))
    await expect(fetching).rejects.toThrow('stopped')
  })
})

test('responses that are not pages are failures that say why', async () => {
  using server = await Server.start((request, response) =>
    response.writeHead(request.url === '/gone' ? 410 : 200).end(),
  )
  expect(await failureOf(get(`${server.url}/gone`))).toMatchObject({
    code: 'fetchFailed',
    message: expect.stringContaining('410'),
  })
  expect(await failureOf(get(`${server.url}/empty`))).toMatchObject({ code: 'fetchFailed' })
  expect(await failureOf(get('http://127.0.0.1:1/'))).toMatchObject({ code: 'fetchFailed' })
})

describe('internal addresses are not fetched', () => {
  test.each([
    'http://127.0.0.1/',
    'http://localhost/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://017700000001/',
    'http://127.1/',
    'http://0.0.0.0/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[fd00::1]/',
    'http://[fe80::1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://100.64.0.1/',
  ])('%s', async (url) => {
    expect(await failureOf(get(url, {}, { allowPrivate: false }))).toMatchObject({ code: 'fetchRefused' })
  })

  test('a server on this machine, by name and by address, is not even contacted', async () => {
    let asked = 0
    using server = await Server.start((_, response) => {
      asked++
      response.end('secret')
    })
    expect(await failureOf(get(server.url, {}, { allowPrivate: false }))).toMatchObject({ code: 'fetchRefused' })
    expect(
      await failureOf(get(server.url.replace('127.0.0.1', 'localhost'), {}, { allowPrivate: false })),
    ).toMatchObject({ code: 'fetchRefused' })
    expect(asked).toBe(0)
  })

  test.each([
    'file:///etc/passwd',
    'ftp://example.com/x',
    'data:text/plain,x',
    'javascript:1',
    'nonsense',
    'http://user:secret@example.com/',
  ])('%s', async (url) => {
    const failure = await failureOf(get(url))
    expect(failure).toMatchObject({ code: 'fetchRefused' })
    expect(failure.message).not.toContain('secret')
  })

  test.each(['file:///etc/passwd', 'http://user:pass@example.com/'])('a redirect to %s', async (location) => {
    using server = await Server.start((_, response) => response.writeHead(302, { location }).end())
    expect(await failureOf(get(server.url))).toMatchObject({ code: 'fetchRefused' })
  })

  test.each([
    ['93.184.216.34', true],
    ['2606:2800:220:1::1', true],
    ['::ffff:93.184.216.34', true],
    ['::ffff:10.0.0.1', false],
    ['198.18.0.1', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['2002:7f00:1::', false],
    ['2001:0:1::', false],
    ['ff02::1', false],
    ['fe80::1%eth0', false],
    ['', false],
    ['name', false],
  ])('the address %s is public: %s', (address, expected) => {
    expect(isPublicAddress(address)).toBe(expected)
  })
})
