import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writableView, type Shown, type ViewedBase, type Writable } from '../../support/view.ts'

let viewer: Writable
let base: ViewedBase
let view: Shown
beforeAll(async () => {
  viewer = await writableView()
  ;({ base, view } = viewer)
})
afterAll(() => viewer[Symbol.asyncDispose]())

type Answer = { status: number; lines: { kind: string; result?: Record<string, unknown>; message?: string }[] }

async function post(path: string, body: string, headers: Record<string, string> = {}): Promise<Answer> {
  const answer = await viewer.post(path, body, headers)
  const text = await answer.text()
  const lines = answer.ok
    ? text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Answer['lines'][number])
    : []
  return { status: answer.status, lines }
}

const head = () => base.kb.resolve()
const page = 'wiki/entities/Acme-Corporation.md'

describe('writing is refused', () => {
  test.each([
    ['without the token', { 'x-kbgit-token': '' }],
    ['with another token', { 'x-kbgit-token': 'x'.repeat(32) }],
    ['from another site', { origin: 'https://attacker.example' }],
    ['from the origin of originals', { origin: 'http://127.0.0.1:1' }],
    ['from a form, which has no such header', { 'x-kbgit-token': '', 'content-type': 'text/plain' }],
  ])('%s', async (_, headers) => {
    const before = await head()
    expect((await post('remove', '{"document":"heron"}', headers)).status).toBe(403)
    expect(await head()).toBe(before)
  })

  test.each([
    ['a file outside of the base', { page: '../../etc/passwd' }],
    ['a file that is no page', { page: 'kbgit.yaml' }],
    ['the text of a document', { page: 'wiki/sources/falcon.md' }],
    ["git's own files", { page: '.git/config' }],
  ])('for %s', async (_, named) => {
    const before = await head()
    const { lines } = await post('edit', JSON.stringify({ read: before, text: 'x', ...named }))
    expect(lines.at(-1)).toMatchObject({ kind: 'failed' })
    expect(await head()).toBe(before)
  })
})

test('an edit is a commit of the person, and only of the page that was read', async () => {
  const read = await head()
  const text = String(await base.kb.file(page))
  const { lines } = await post('edit', JSON.stringify({ page, read, text: `${text}\nA word of mine.\n` }))
  expect(lines.at(-1)).toMatchObject({ kind: 'done', result: { page } })
  expect(String(await base.kb.file(page))).toContain('A word of mine.')
  const { commits } = await base.kb.log({ limit: 1 })
  expect(commits[0]).toMatchObject({ operation: 'edit', message: `edit: ${page}` })
  const late = await post('edit', JSON.stringify({ page, read, text: 'Lost?' }))
  expect(late.lines.at(-1)?.result).toMatchObject({
    commit: null,
    stale: { text: expect.stringContaining('A word of mine.') },
  })
  expect((await base.kb.fsck()).problems).toEqual([])
})

test('a file is added under its name, and removed again', async () => {
  const note = '# Crane Engine\n\nThe Crane Engine is a machine of Acme Corporation.\n'
  const { lines } = await post('add?name=..%2Fcrane.md', note, { 'content-type': 'application/octet-stream' })
  expect(lines.some(({ kind }) => kind === 'progress')).toBe(true)
  expect(lines.at(-1)).toMatchObject({ kind: 'done', result: { added: [{ name: 'crane' }], failed: [] } })
  expect((await view.get('/documents/crane')).text).toContain('Crane Engine')
  const removed = await post('remove', '{"document":"crane"}')
  expect(removed.lines.at(-1)).toMatchObject({ kind: 'done', result: { name: 'crane' } })
  const gone = await view.get('/documents/crane')
  expect(gone.status).toBe(404)
  const last = /<a href="([^"]+)">See its last version/.exec(gone.text)?.[1] ?? ''
  expect((await view.get(last)).text).toContain('Crane Engine')
  expect((await base.kb.fsck()).problems).toEqual([])
})

test('the page of a topic that existed earlier says when it went, and leads to its last version', async () => {
  const before = new Set((await base.kb.list()).concepts.map(({ name }) => name))
  for (const name of ['tern', 'plover'])
    await post(
      `add?name=${name}.md`,
      `# ${name}\n\nA Zephyr Turbine drives it. The Zephyr Turbine of the ${name} is small.\n`,
      {
        'content-type': 'application/octet-stream',
      },
    )
  const { concepts } = await base.kb.list()
  const topic = concepts.find(({ name }) => !before.has(name))?.name ?? ''
  expect((await view.get(`/concepts/${topic}`)).status).toBe(200)
  for (const document of ['tern', 'plover']) await post('remove', JSON.stringify({ document }))
  const gone = await view.get(`/concepts/${topic}`)
  expect(gone.status).toBe(404)
  expect(gone.text).toMatch(/The concept\s+<strong>[^<]+<\/strong> is not in the base\s+any more/)
  const by = /\?at=([0-9a-f]{40})"><code>/.exec(gone.text)?.[1]
  const { commits } = await base.kb.log({ limit: 20 })
  expect(commits.find(({ commit }) => commit === by)?.operation).toMatch(/^(?:remove|overview)$/)
  const last = /<a href="([^"]+)">See its last version/.exec(gone.text)?.[1] ?? ''
  expect(await view.get(last)).toMatchObject({ status: 200 })
  expect((await view.get('/concepts/Never-Was')).text).toContain('There is no concept &quot;Never-Was&quot;')
})

test('an address of this machine is not fetched', async () => {
  for (const url of ['http://127.0.0.1:1/x', 'http://localhost:1/', 'file:///etc/passwd'])
    expect(JSON.stringify((await post('add-url', JSON.stringify({ url }))).lines.at(-1)), url).toMatch(
      /fetchRefused|Only http and https/,
    )
})
