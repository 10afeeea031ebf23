import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { initKb, type StatusResult, type WatchEvent, type WatchResult } from '../../../../src/index.ts'
import { openBase } from '../../../../src/operations/base/open.ts'
import { watch, type WatchRequest } from '../../../../src/operations/watch/watch.ts'
import { LiveBase } from '../../../support/live-base.ts'
import { Site, type FeedItem } from '../../../support/site.ts'

const HOUR_MS = 3_600_000
let base: LiveBase
let site: Site
let time: number
let events: WatchEvent[]

beforeEach(async () => {
  base = await LiveBase.make()
  site = await Site.start()
  time = Date.parse('2026-12-01T08:00:00Z')
  events = []
})
afterEach(() => {
  site[Symbol.dispose]()
  base[Symbol.dispose]()
})

const list = (...sources: string[]): void => base.write('sources.yaml', sources.join('\n'))
const feed = (path: string): string => `- feed: ${site.url}${path}\n  every: 1h`
const page = (path: string): string => `- url: ${site.url}${path}\n  every: 1h`

async function once(more: Partial<WatchRequest> = {}): Promise<WatchResult> {
  return watch(await openBase({ dir: base.root, env: base.env }), {
    cwd: base.root,
    settleMs: 20,
    once: true,
    allowPrivate: true,
    now: () => time,
    onEvent: (event) => events.push(event),
    ...more,
  })
}
/** The same an hour later. */
async function later(): Promise<WatchResult> {
  time += HOUR_MS
  return once()
}
const names = async (): Promise<string[]> => (await (await base.open()).list()).documents.map(({ name }) => name).sort()
const status = async (): Promise<StatusResult['watch']> => (await (await base.open()).status()).watch
const remarks = (): string[] => events.flatMap((event) => (event.kind === 'visited' ? event.remarks : []))
const item = (name: string, more: Partial<FeedItem> = {}): FeedItem => {
  site.page(`/${name}`, name)
  return { id: name, title: `On the ${name}`, link: `/${name}`, text: `<p>The ${name} Engine was sold.</p>`, ...more }
}

describe('a page', () => {
  test('is asked for changes when it is due, and a change is an update of its document', async () => {
    site.page('/handbook', 'Falcon')
    list(page('/handbook'))
    expect(await once()).toMatchObject({ added: 1, sources: [{ kind: 'url', added: 1, failures: 0, gone: false }] })
    expect(await once()).toMatchObject({ added: 0, sources: [] })
    expect(site.requests()).toEqual(['/handbook 200'])
    expect(await later()).toMatchObject({ added: 0, updated: 0 })
    expect(site.requests()).toEqual(['/handbook 304'])
    site.page('/handbook', 'Falcon', 'It was painted red.')
    expect(await later()).toMatchObject({ added: 0, updated: 1 })
    expect(await names()).toEqual(['handbook'])
    expect(base.subjects().slice(0, 2)).toContain('update: handbook')
    expect(await base.check()).toEqual([])
  })

  test('that a server sends again unchanged starts no run', async () => {
    site.answer('/page', (_, response) => response.setHeader('content-type', 'text/plain').end('The Falcon Engine.'))
    list(page('/page'))
    await once()
    const before = base.git('rev-parse', 'HEAD')
    events = []
    expect(await later()).toMatchObject({ added: 0, updated: 0, failed: 0 })
    expect(events).toMatchObject([{ kind: 'visited' }])
    expect(base.git('rev-parse', 'HEAD')).toBe(before)
  })

  test('that is gone is reported, still visited, and its document stays', async () => {
    site.page('/page', 'Falcon')
    list(page('/page'))
    await once()
    site.drop('/page')
    expect(await later()).toMatchObject({ sources: [{ failures: 1, gone: true, error: { code: 'fetchFailed' } }] })
    expect(await status()).toMatchObject({ sources: [{ gone: true }] })
    expect(await names()).toEqual(['page'])
    site.page('/page', 'Falcon', 'It is back.')
    expect(await later()).toMatchObject({ updated: 1, sources: [{ failures: 0, gone: false }] })
  })

  test('counts as gone when its last five visits failed', async () => {
    site.answer('/page', (_, response) => response.writeHead(500).end())
    list(page('/page'))
    const gone: unknown[] = []
    for (let visit = 1; visit <= 5; visit++) gone.push((await later()).sources[0]?.gone)
    expect(gone).toEqual([false, false, false, false, true])
    expect(await status()).toMatchObject({
      running: [],
      sources: [{ url: `${site.url}/page`, every: 3600, failures: 5, error: { code: 'fetchFailed' }, pending: 0 }],
    })
  })

  test('of a private address is not fetched unless that is allowed', async () => {
    site.page('/page', 'Falcon')
    list(page('/page'), feed('/feed'))
    expect(await once({ allowPrivate: false })).toMatchObject({
      sources: [{ error: { code: 'fetchRefused' } }, { error: { code: 'fetchRefused' } }],
    })
    expect(site.requests()).toEqual([])
  })
})

describe('a feed', () => {
  test('gives its new entries, each once, by their links', async () => {
    site.rss('/feed', [item('Owl'), item('Falcon')])
    list(feed('/feed'))
    expect(await once()).toMatchObject({ added: 2, failed: 0, sources: [{ kind: 'feed', added: 2, pending: 0 }] })
    expect(base.subjects().filter((subject) => subject.startsWith('add:'))).toEqual(['add: Owl', 'add: Falcon'])
    expect(site.requests()).toEqual(['/feed 200', '/Falcon 200', '/Owl 200'])
    expect(await later()).toMatchObject({ added: 0, updated: 0 })
    expect(site.requests()).toEqual(['/feed 304'])
    // An entry that is edited, or whose link changes, is the same entry.
    site.rss('/feed', [item('Sparrow'), item('Owl', { title: 'Edited' }), item('Falcon', { link: '/elsewhere' })])
    expect(await later()).toMatchObject({ added: 1, updated: 0 })
    expect(site.requests()).toEqual(['/feed 200', '/Sparrow 200'])
    expect(await names()).toEqual(['Falcon', 'Owl', 'Sparrow'])
    expect(await base.check()).toEqual([])
  })

  test('is read as Atom and as RSS 1.0 too, with relative links', async () => {
    for (const name of ['Owl', 'Falcon']) site.page(`/${name}`, name)
    site.put(
      '/atom',
      `<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><id>urn:1</id><title>Owl</title>
       <link rel="self" href="/no"/><link href="Owl"/><updated>2026-01-01T00:00:00Z</updated></entry></feed>`,
      'application/atom+xml',
    )
    site.put(
      '/rdf',
      `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
       <channel><title>R</title></channel><item rdf:about="urn:2"><title>Falcon</title><link>${site.url}/Falcon</link>
       </item></rdf:RDF>`,
      'text/xml',
    )
    list(feed('/atom'), feed('/rdf'))
    expect(await once()).toMatchObject({ added: 2, failed: 0 })
    expect(await names()).toEqual(['Falcon', 'Owl'])
  })

  test('gives only its newest 50 entries at the first visit, and later all that are new', async () => {
    const note = (index: number): FeedItem => ({
      title: `Note ${index}`,
      text: `<p>Note ${index} on the Falcon Engine.</p>`,
      date: new Date(Date.UTC(2026, 0, 1) + index * HOUR_MS).toUTCString(),
    })
    const notes = Array.from({ length: 53 }, (_, index) => note(index))
    site.rss('/feed', notes)
    list(feed('/feed'))
    expect(await once()).toMatchObject({ added: 50 })
    expect(await names()).not.toContain('Note-2')
    site.rss('/feed', [...notes, note(60), note(61)])
    expect(await later()).toMatchObject({ added: 2 })
  })

  test('gives what it has of an entry itself, with a note, if the page cannot be fetched', async () => {
    const text = '<link rel="canonical" href="/other"><p>The Falcon Engine was sold in Berlin.</p><script>x()</script>'
    const broken = item('Owl', { text: '<p>The Owl Engine was sold.</p>' })
    site.put('/Owl', '%PDF-1.7 and no more', 'application/pdf')
    site.rss('/feed', [{ id: '1', title: 'Falcon sold', link: '/nowhere', text }, broken])
    list(feed('/feed'))
    expect(await once()).toMatchObject({ added: 2, sources: [{ failures: 0, pending: 0 }] })
    expect(await names()).toEqual(['Falcon-sold', 'On-the-Owl'])
    const source = base.read('wiki/sources/Falcon-sold.md')
    expect(source).toContain('was sold in Berlin')
    expect(source).toContain(`From the feed ${site.url}/feed, because`)
    expect(source).toContain('the server answered 404')
    expect(base.read('documents/Falcon-sold.json')).toContain(`${site.url}/feed#`)
    expect(remarks()).toHaveLength(2)
    expect((await (await base.open()).status()).failed).toEqual([])
    expect(await later()).toMatchObject({ added: 0, failed: 0 })
    expect(await base.check()).toEqual([])
  })

  test('with an entry that cannot be added at all tries it five times, and says so each time', async () => {
    site.rss('/feed', [{ id: '1', title: 'Nothing', link: '/nowhere' }])
    list(feed('/feed'))
    const failed: unknown[] = []
    for (let visit = 1; visit <= 6; visit++) failed.push((await later()).failed)
    expect(failed).toEqual([1, 1, 1, 1, 1, 0])
  })

  test.each([
    ['no feed', '<html><p>Hello', 'unsupported'],
    ['not even text', Buffer.from([0, 1, 2, 3]), 'unsupported'],
    ['entities that grow', '<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><rss><channel/></rss>', 'bomb'],
    ['files of this machine', '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel/></rss>', 'bomb'],
    ['too many entries', `<rss><channel>${'<item/>'.repeat(10_001)}</channel></rss>`, 'bomb'],
    ['too many bytes', `<rss><channel>${' '.repeat(16 * 2 ** 20)}</channel></rss>`, 'tooLarge'],
    ['elements without end', '<rss>'.repeat(2_000), 'bomb'],
  ])('with %s fails as a whole', async (_, body, code) => {
    site.put('/feed', body, 'application/rss+xml')
    list(feed('/feed'))
    expect(await once()).toMatchObject({ added: 0, sources: [{ failures: 1, error: { code } }] })
  })

  test('leads to nothing but public pages by its links', async () => {
    const links = [
      'file:///etc/passwd',
      'http://user:secret@127.0.0.1/',
      'javascript:alert(1)',
      `http://${'a'.repeat(3_000)}/`,
    ]
    const items = links.map((link, index) => `<item><guid>${index}</guid><title>T</title><link>${link}</link></item>`)
    site.put('/feed', `<rss><channel>${items.join('')}</channel></rss>`)
    list(feed('/feed'))
    expect(await once()).toMatchObject({ added: 0, failed: 0, sources: [{ failures: 0, pending: 0 }] })
    expect(site.requests()).toEqual(['/feed 200'])
  })
})

describe('what is known of sources', () => {
  const visitsFile = (): string => {
    const folder = base.sidecar('visits')
    return join(folder, readdirSync(folder).find((name) => name.endsWith('.json')) ?? '')
  }

  test('survives a process that is killed between adding and noting: nothing is added twice or skipped', async () => {
    site.rss('/feed', [item('Owl'), item('Falcon', { link: '/nowhere' })])
    list(feed('/feed'))
    let before = ''
    // The state as it is on the disk while the documents are added.
    await once({ onEvent: (event) => event.kind === 'added' && (before = readFileSync(visitsFile(), 'utf8')) })
    expect(JSON.parse(before)).toMatchObject({ pending: [{}, {}] })
    const head = base.git('rev-parse', 'HEAD')
    writeFileSync(visitsFile(), before)
    // Meanwhile the feed has lost one entry, and a page answers again that did not.
    site.page('/nowhere', 'Falcon')
    site.rss('/feed', [item('Sparrow'), item('Owl')])
    expect(await once()).toMatchObject({ added: 1, updated: 0, failed: 0 })
    expect(await names()).toEqual(['On-the-Falcon', 'Owl', 'Sparrow'])
    expect(base.git('rev-list', '--count', `${head}..`, '--grep=^add: ').trim()).toBe('1')
    expect(await later()).toMatchObject({ added: 0, updated: 0 })
  })

  test('keeps an entry that a killed process did not come to, although the feed has lost it', async () => {
    const abort = new AbortController()
    site.answer('/Falcon', () => abort.abort())
    site.rss('/feed', [{ id: '1', title: 'Falcon', link: '/Falcon' }])
    list(feed('/feed'))
    await once({ signal: abort.signal }).catch(() => {})
    expect(await names()).toEqual([])
    site.rss('/feed', [])
    site.page('/Falcon', 'Falcon')
    expect(await once()).toMatchObject({ added: 1 })
  })

  test('starts anew if the file is damaged, without adding again what is in the base', async () => {
    site.rss('/feed', [item('Owl')])
    list(feed('/feed'))
    await once()
    writeFileSync(visitsFile(), '{"version":1')
    site.requests()
    expect(await once()).toMatchObject({ added: 0, updated: 0, failed: 0 })
    expect(site.requests()).toEqual(['/feed 200'])
  })

  test('goes with a purge if it has something of the document', async () => {
    site.page('/page', 'Falcon')
    site.page('/other', 'Owl')
    list(page('/page'), page('/other'))
    await once()
    const known = () => readdirSync(base.sidecar('visits')).filter((name) => name.endsWith('.json'))
    expect(known()).toHaveLength(2)
    await (await base.open()).purge('page')
    expect(known()).toHaveLength(1)
    expect(readFileSync(visitsFile(), 'utf8')).toContain('/other')
  })

  test('is not noted when the run was stopped: the visit is made again', async () => {
    site.rss('/feed', [item('Owl')])
    list(feed('/feed'))
    base.git('switch', '-q', '--detach')
    await expect(once()).rejects.toMatchObject({ code: 'repositoryBusy' })
    base.git('switch', '-q', 'main')
    expect(await once()).toMatchObject({ added: 1 })
  })
})

test('a headless base has sources.yaml in its branch, and needs no folder', async () => {
  site.page('/page', 'Falcon')
  list(page('/page'))
  base.git('add', 'sources.yaml')
  base.git('commit', '-q', '-m', 'Sources')
  const dir = join(base.sources, 'bare.git')
  base.git('clone', '-q', '--bare', '.', dir)
  const opened = await openBase({ dir, env: base.env })
  const how = { cwd: dir, once: true, allowPrivate: true, now: () => time }
  expect(await watch(opened, how)).toMatchObject({ added: 1, folders: [], sources: [{ added: 1 }] })
  const kb = await base.open(dir)
  expect((await kb.list()).documents).toMatchObject([{ name: 'page' }])
  expect((await kb.status()).watch).toMatchObject({ sources: [{ kind: 'url', failures: 0 }] })
})

test('two bases of one repository each get what they list', async () => {
  site.rss('/feed', [item('Owl')])
  list(feed('/feed'))
  await initKb({ dir: join(base.root, 'second'), env: base.env, hooks: false })
  base.write('second/sources.yaml', feed('/feed'))
  expect(await once()).toMatchObject({ added: 1 })
  const second = await openBase({ dir: join(base.root, 'second'), env: base.env })
  expect(await watch(second, { cwd: second.root, once: true, allowPrivate: true, now: () => time })).toMatchObject({
    added: 1,
  })
})

describe('watching', () => {
  test('visits sources beside the inbox, follows changes of sources.yaml, and shows in status', async () => {
    site.page('/page', 'Falcon')
    list(page('/page'))
    const abort = new AbortController()
    let heard = (): void => {}
    const next = async (kind: WatchEvent['kind']): Promise<void> => {
      while (!events.some((event) => event.kind === kind)) await new Promise<void>((resolve) => (heard = resolve))
      events = events.filter((event) => event.kind !== kind)
    }
    const ended = once({
      once: false,
      signal: abort.signal,
      onEvent: (event) => {
        events.push(event)
        heard()
      },
    })
    await next('visited')
    expect(await status()).toMatchObject({
      running: [{ pid: process.pid, folders: [expect.stringContaining('raw/inbox')] }],
      sources: [{ lastVisit: '2026-12-01T08:00:00.000Z', nextVisit: '2026-12-01T09:00:00.000Z' }],
    })
    list('- nothing: else')
    await next('error')
    expect(await status()).toMatchObject({ sources: [], problem: expect.stringContaining('sources.yaml:1:3') })
    abort.abort()
    expect(await ended).toMatchObject({ added: 1, sources: [{ added: 1 }] })
    list()
    expect(await status()).toBeUndefined()
  })

  test('refuses to start with a sources.yaml that cannot be read', async () => {
    list('- feed: nowhere')
    await expect(once()).rejects.toMatchObject({ code: 'config', message: expect.stringContaining(':1:9') })
    rmSync(join(base.root, 'sources.yaml'))
    symlinkSync('/dev/zero', join(base.root, 'sources.yaml'))
    await expect(once()).rejects.toMatchObject({ code: 'config' })
    expect(await status()).toMatchObject({ problem: expect.stringContaining('is not a regular file') })
  })
})
