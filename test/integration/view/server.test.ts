import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shown, viewedBase, type Shown, type ViewedBase } from '../../support/view.ts'

let base: ViewedBase
let view: Shown
beforeAll(async () => {
  base = await viewedBase()
  view = await shown(base.kb)
})
afterAll(async () => {
  await view[Symbol.asyncDispose]()
  await base[Symbol.asyncDispose]()
})

/** Addresses of the origin of originals, from a page. */
async function originalOf(document: string): Promise<string> {
  const { text } = await view.get(`/documents/${document}/original`)
  return /src="([^"#]+)/.exec(text.slice(text.indexOf('class="pane"')))?.[1] ?? ''
}

describe('requests', () => {
  test.each([
    ['a name that an attacker made point here', { host: 'attacker.example' }],
    ['another port of this machine', { host: '127.0.0.1:1' }],
    ['a name without the port', { host: 'localhost' }],
  ])('with %s are refused', async (_, headers) => {
    expect((await view.get('/', headers)).status).toBeGreaterThanOrEqual(400)
  })

  test.each([
    ['an Origin of another site', { origin: 'https://attacker.example' }],
    ['an Origin without a name', { origin: 'null' }],
    ['a script of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }],
    ['a picture of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
  ])('with %s are refused', async (_, headers) => {
    expect((await view.get('/api/search?q=falcon', headers)).status).toBe(403)
  })

  test('from a link on another site are answered', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
    expect((await view.get('/', headers)).status).toBe(200)
  })

  test('that would change something are not answered without --write', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'])
      expect((await view.get('/api/write/edit', {}, method)).status, method).toBe(404)
  })
})

describe('answers', () => {
  test('forbid inline scripts, frames around them, and requests to other origins', async () => {
    for (const path of ['/', '/documents/falcon', '/nothing-here', '/api/search?q=falcon']) {
      const { headers } = await view.get(path)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy, path).toMatch(/default-src 'none'; script-src 'self';/)
      expect(policy, path).toMatch(/frame-ancestors 'none'/)
      expect(policy, path).not.toMatch(/script-src[^;]*unsafe/)
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
      expect(headers.get('referrer-policy'), path).toBe('no-referrer')
      expect(headers.get('set-cookie'), path).toBeNull()
    }
  })

  test('have no script of their own in the page', async () => {
    for (const path of [
      '/',
      '/documents/canary',
      '/documents/canary/text',
      '/documents/canary/original',
      '/search?q=canary',
    ]) {
      const { text } = await view.get(path)
      expect(text.match(/<script(?![^>]*\bsrc="\/assets\/)/g), path).toBeNull()
      expect(text.match(/<(?:img|svg|iframe)[^>]*\son\w+=/gi), path).toBeNull()
      expect(text.match(/href="\s*javascript:/gi), path).toBeNull()
    }
  })

  test('are the same for the same commit, and say so', async () => {
    const first = await view.get('/documents/falcon')
    const tag = first.headers.get('etag') ?? ''
    expect((await view.get('/documents/falcon', { 'if-none-match': tag })).status).toBe(304)
  })

  test.each([
    '/files/HEAD/kbgit.yaml',
    '/files/0000000000000000000000000000000000000000/wiki/sources/images/x.png',
    '/files/COMMIT/kbgit.yaml',
    '/files/COMMIT/wiki/sources/images/../../../kbgit.yaml',
    '/files/COMMIT/wiki/sources/images/%2e%2e/%2e%2e/%2e%2e/kbgit.yaml',
    '/files/COMMIT/..%2f..%2f..%2fetc%2fpasswd',
    '/assets/../package.json',
    '/assets/..%2f..%2fpackage.json',
    '/assets/manifest.json',
    '/pages/kbgit.yaml',
    '/pages/wiki/../kbgit.yaml',
    '/pages/wiki%2f..%2fkbgit.yaml',
    '/pages/../../../../etc/passwd',
    '/themes/..%2f..%2fkbgit',
    '/.env',
  ])('do not have what is at %s', async (path) => {
    const commit = await base.kb.resolve()
    const { status, text } = await view.get(path.replace('COMMIT', commit))
    expect(status).toBe(404)
    expect(text).not.toMatch(/raw_git_limit|file_processing_jobs|root:x|devDependencies/)
  })
})

describe('a viewer of an earlier moment', () => {
  test('shows nothing newer, and says what is wrong with a revision', async () => {
    const commits = (await base.kb.log()).commits.map(({ commit }) => commit)
    const [newest = '', before = ''] = commits
    await using early = await shown(base.kb, { at: before })
    expect((await early.get('/')).text).toContain(`data-commit="${before}"`)
    expect((await early.get(`/?at=${commits.at(-1) ?? ''}`)).status).toBe(200)
    for (const path of [
      `/?at=${newest}`,
      '/?at=HEAD',
      `/api/graph?at=${newest}`,
      `/api/search?q=engine&at=${newest}`,
    ]) {
      const { status, text } = await early.get(path)
      expect(status, path).toBe(404)
      expect(text, path).toContain('is not part of the base as it was')
    }
    expect((await early.get('/?at=HEAD')).text).toContain(`data-commit="${before}"`)
  })

  test('does not exist before the base, nor for what is no commit', async () => {
    const tree = base.place.git('rev-parse', 'HEAD^{tree}')
    const foreign = base.place.git(
      'commit-tree',
      '-m',
      'Another project',
      base.place.git('hash-object', '-wt', 'tree', '/dev/null'),
    )
    expect((await view.get(`/?at=${foreign}`)).status).toBe(404)
    expect((await view.get(`/?at=${foreign}`)).text).toContain('there was no knowledge base')
    for (const revision of [tree, 'nonsense', '--all', 'HEAD..HEAD~1', ''])
      expect((await view.get(`/?at=${revision}`)).status, revision).toBe(404)
    await expect(shown(base.kb, { at: foreign })).rejects.toMatchObject({ code: 'noBase' })
    await expect(shown(base.kb, { at: tree })).rejects.toMatchObject({ code: 'notFound' })
  })
})

describe('originals', () => {
  test('come from another origin, in a sandbox, without cookies', async () => {
    const address = await originalOf('page')
    expect(new URL(address).origin).not.toBe(view.origin)
    const { status, headers, text } = await view.get(address)
    expect(status).toBe(200)
    expect(text).toContain('<script>')
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(headers.get('content-security-policy')).toMatch(
      /default-src 'none'.*frame-ancestors http:\/\/127\.0\.0\.1:\d+; sandbox$/,
    )
    expect(headers.get('set-cookie')).toBeNull()
    expect((await view.get('/documents/page/original')).text).toMatch(/<iframe[^>]*\ssandbox[\s>=]/)
  })

  test('are PDF files as such, text as text, and anything else a download', async () => {
    const type = async (name: string): Promise<string | null> =>
      (await view.get(await originalOf(name))).headers.get('content-type')
    expect(await type('report')).toBe('application/pdf')
    expect(await type('canary')).toBe('text/plain; charset=utf-8')
    const { headers } = await view.get(`${await originalOf('canary')}?download`)
    expect(headers.get('content-type')).toBe('application/octet-stream')
    expect(headers.get('content-disposition')).toBe(`attachment; filename*=UTF-8''canary.md`)
  })

  test('need the secret of the address and its own Host', async () => {
    const address = await originalOf('page')
    expect((await view.get(address, { host: 'attacker.example' })).status).toBe(403)
    expect((await view.get(address.replace(/(?<=:\d+\/)[^/]+/, 'guessed'))).status).toBe(404)
  })
})

describe('pages', () => {
  test('exist at every commit', async () => {
    const { commits } = await base.kb.log()
    const first = commits.at(-1)?.commit ?? ''
    const before = await view.get(`/?at=${first}`)
    expect(before.text).toContain('There are no documents yet')
    expect((await view.get(`/documents/falcon?at=${first}`)).status).toBe(404)
    const now = await view.get(`/documents/falcon?at=${commits[0]?.commit ?? ''}`)
    expect(now.text).toContain('Falcon Engine')
    expect(now.text).toMatch(new RegExp(`href="/documents\\?at=${commits[0]?.commit ?? ''}"`))
  })

  test('say what to do if there is nothing at an address', async () => {
    const { status, text } = await view.get('/documents/no-such-thing')
    expect(status).toBe(404)
    expect(text).toContain('There is no document &quot;no-such-thing&quot; at this moment.')
    expect((await view.get('/?at=no-such-revision')).status).toBe(404)
  })

  test('lead from a claim to its passage', async () => {
    const topic = (await base.kb.list()).entities.find(({ name }) => name === 'Acme-Corporation')
    const { text } = await view.get(`/entities/${topic?.name ?? ''}`)
    const link = /<sup class="cite"><a href="([^"]+)"/.exec(text)?.[1] ?? ''
    expect(link).toMatch(/^\/documents\/[\w-]+\/text#[\w-]*:~:text=/)
    expect((await view.get(link.replace(/#.*/, ''))).status).toBe(200)
  })

  test('have the words around a citation, for its card', async () => {
    const { text } = await view.get('/entities/Acme-Corporation')
    const addresses = [...text.matchAll(/data-passage="([^"]+)"/g)].map(([, address = '']) =>
      address.replaceAll('&amp;', '&'),
    )
    const found = await Promise.all(
      addresses.map(
        async (address) =>
          (JSON.parse((await view.get(address)).text) as { passage: { words: string } | null }).passage,
      ),
    )
    expect(found.filter((passage) => passage !== null).length).toBeGreaterThan(0)
    const ask = (words: string): string => `/api/passage?document=heron&words=${encodeURIComponent(words)}`
    expect(JSON.parse((await view.get(ask('holds forty litres'))).text)).toEqual({
      passage: {
        before: expect.stringMatching(/The boiler of the Heron Engine $/),
        words: 'holds forty litres',
        after: '.',
      },
    })
    expect(JSON.parse((await view.get(ask('holds eighty litres'))).text)).toEqual({ passage: null })
  })

  test('answer a question with passages in words, each of which is there', async () => {
    const { text } = await view.get('/api/ask?q=What+starts+the+Falcon+Engine%3F')
    const { citations } = JSON.parse(/event: answer\ndata: (.*)/.exec(text)?.[1] ?? '') as {
      citations: { address: string; title: string; shown: string }[]
    }
    expect(citations.length).toBeGreaterThan(0)
    for (const { address, title, shown: quote } of citations) {
      expect(title).not.toBe('')
      expect(quote).not.toMatch(/\*\*|^#|\[\[/)
      expect((await view.get(address.replace(/#.*/, ''))).status, address).toBe(200)
    }
  })

  test('show the front matter whole, and every line that a person wrote', async () => {
    const path = 'wiki/summaries/falcon.md'
    const before = String(await base.kb.file(path))
    const edited = before.replace('---\n', '---\nshelf: B 12 <i>\n').replace(/\n*$/, '\n\nAsk Ada where it stands.\n')
    expect(edited).toMatch(/## Source[\s\S]*Ask Ada/)
    await base.kb.edit(path, { read: await base.kb.resolve(), text: edited })
    const { text } = await view.get('/documents/falcon')
    expect(text).toContain('Ask Ada where it stands.')
    expect(text).toMatch(/<code>shelf<\/code><\/dt>\s*<dd>B 12 &lt;i&gt;<\/dd>/)
  })

  test('answer a search with titles, places and passages', async () => {
    const { text } = await view.get('/api/search?q=boiler+litres')
    const { hits } = JSON.parse(text) as { hits: { title: string; kind: string; address: string; passage: string }[] }
    expect(hits[0]).toMatchObject({ title: 'Heron Engine', kind: 'document' })
    expect(hits[0]?.address).toMatch(/^\/documents\/heron/)
    expect((await view.get('/search?q=boiler&format=csv')).text).not.toContain('/documents/heron')
  })

  test('show the formulas of the passages that they quote', async () => {
    const rendered = '<annotation encoding="application/x-tex">P = \\frac{W}{t}</annotation>'
    const { text } = await view.get('/documents/falcon')
    const points = text.slice(text.indexOf('id="h-key-points"'), text.indexOf('id="facts"'))
    expect(points).toContain(rendered)
    expect((await view.get('/search?q=power')).text).toContain(rendered)
    const { hits } = JSON.parse((await view.get('/api/search?q=power')).text) as { hits: { shown?: string }[] }
    expect(hits.map(({ shown: passage }) => passage)).toContainEqual(expect.stringContaining(rendered))
    const evidence = text.slice(text.indexOf('class="evidence"'))
    expect(evidence.match(/<q>[^]*?<\/q>/g)?.join('')).toContain(rendered)
    const address = [...evidence.matchAll(/data-passage="([^"]+)"/g)].find(([, of = '']) => of.includes('frac'))?.[1]
    const { passage } = JSON.parse((await view.get((address ?? '').replaceAll('&amp;', '&'))).text) as {
      passage: { words: string } | null
    }
    expect(passage?.words).toContain(rendered)
  })

  test('need the token of the address if other machines may ask', async () => {
    await using open = await shown(base.kb, { host: '127.0.0.1' })
    expect((await open.get('/')).status).toBe(401)
    const token = new URL(open.url).searchParams.get('token') ?? ''
    expect((await open.get(`/?token=${token.slice(1)}x`)).status).toBe(401)
    const first = await open.get(`/documents?token=${token}`)
    expect(first.headers.get('location')).toBe('/documents')
    const cookie = first.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/)
    expect((await open.get('/documents', { cookie: cookie.split(';')[0] ?? '' })).status).toBe(200)
  })

  test('name the originals by the name that the other machine used', async () => {
    await using open = await shown(base.kb, { host: '127.0.0.1' })
    const token = new URL(open.url).searchParams.get('token') ?? ''
    const { port } = new URL(open.origin)
    const first = await open.get(`/?token=${token}`)
    const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? ''
    for (const name of ['desk.example', '192.0.2.7', '[2001:db8::7]']) {
      const { headers, text } = await open.get('/documents/page/original', { cookie, host: `${name}:${port}` })
      const address = new URL(/src="([^"#]+)/.exec(text.slice(text.indexOf('class="pane"')))?.[1] ?? '')
      expect(address.hostname).toBe(name)
      expect(headers.get('content-security-policy')).toContain(`frame-src ${address.origin};`)
      const original = await open.get(open.origin.replace(port, address.port) + address.pathname, {
        host: address.host,
      })
      expect(original.status).toBe(200)
      expect(original.headers.get('content-security-policy')).toContain(`frame-ancestors http://${name}:${port};`)
    }
    for (const host of [`x;script-src *:${port}`, 'a b', "'unsafe-inline'"])
      expect((await open.get('/', { cookie, host })).status, host).toBeGreaterThanOrEqual(400)
  })
})
