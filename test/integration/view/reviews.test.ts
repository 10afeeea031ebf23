import { afterAll, beforeAll, expect, test } from 'vitest'
import { shown, writableView, type Shown, type ViewedBase, type Writable } from '../../support/view.ts'

let viewer: Writable
let base: ViewedBase
let view: Shown
beforeAll(async () => {
  viewer = await writableView()
  ;({ base, view } = viewer)
})
afterAll(() => viewer[Symbol.asyncDispose]())

async function post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const answer = await viewer.post(path, JSON.stringify(fields), headers)
  if (!answer.ok) return answer.status
  return JSON.parse((await answer.text()).trim().split('\n').at(-1) ?? '') as { kind: string; result?: object }
}

const script = '<script>alert(1)</script>'

test('reviews are listed, shown in words, and decided by who may write', async () => {
  const { kb, place } = base
  expect((await view.get('/reviews')).text).toContain('Nothing waits for a decision.')
  place.write('in/osprey.md', `# Osprey Engine\n\nThe Osprey Engine is a machine of Acme Corporation ${script}.\n`)
  place.write('in/heron.md', '# Heron Engine\n\nThe Heron Engine is now a machine of Acme Corporation in Rome.\n')
  await kb.add([`${place.dir}/in/osprey.md`, `${place.dir}/in/heron.md`], { review: true })
  expect((await view.get('/reviews')).text).toContain('href="/reviews/1"')

  const { text } = await view.get('/reviews/1')
  const head = (await kb.reviews.show(1)).head
  expect(text).toContain(`href="/documents/osprey?at=${head}"`)
  expect(text).toMatch(/<del>[^<]*forty litres/)
  expect(text).toMatch(/<ins>[^<]*in Rome/)
  expect(text).toMatch(/data-island="review"\s+data-number="1"\s+data-documents="2"/)
  expect(text).not.toContain(script)
  expect((await view.get('/reviews/2')).status).toBe(404)
  expect((await view.get('/reviews/0')).status).toBe(404)

  expect(await post('review-accept', { number: '1', documents: '' }, { 'x-kbgit-token': '' })).toBe(403)
  for (const documents of ['x', '[]', '{}'])
    expect(await post('review-accept', { number: '1', documents })).toMatchObject({ kind: 'failed' })
  expect(await post('review-accept', { number: '../1', documents: '' })).toMatchObject({ kind: 'failed' })
  expect(await post('review-reject', { number: '1', reason: ' ' })).toMatchObject({ kind: 'failed' })

  const some = await post('review-accept', { number: '1', documents: '["osprey"]' })
  expect(some).toMatchObject({ kind: 'done', result: { accepted: ['osprey'], left: ['heron'], closed: false } })
  expect((await view.get('/documents/osprey')).status).toBe(200)
  expect((await view.get('/reviews/1')).text).toContain('accepted already')
  expect(await post('review-reject', { number: '1', reason: 'It is not in Rome' })).toMatchObject({ kind: 'done' })
  expect((await kb.reviews.list()).reviews).toEqual([])
  expect((await kb.fsck()).problems).toEqual([])
})

test('without --write they are shown, with the commands that decide', async () => {
  const { kb, place } = base
  place.write('in/kite.md', '# Kite\n\nThe Kite is a machine of Acme Corporation.\n')
  await kb.add([`${place.dir}/in/kite.md`], { review: true })
  await using reading = await shown(kb)
  const { text } = await reading.get('/reviews/2')
  expect(text).toContain('kbgit review accept 2')
  expect(text).not.toContain('data-island="review"')
  expect((await reading.get('/api/write/review-accept', {}, 'POST')).status).toBe(404)
})
