import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LiveBase } from '../../../support/live-base.ts'
import { mail } from '../../../support/mail.ts'
import { startModelServer } from '../../../support/model-server.ts'

const MESSAGE = mail([
  { type: 'text/plain', content: 'The list of boats is attached.', attached: false },
  { type: 'text/csv', name: 'boats.csv', content: 'Boat,Berth\r\nTern,7\r\nGull,8' },
])

test('a message waits for an attachment that the model could not compile now', async () => {
  await using server = await startModelServer({ faults: [{ fault: 'nonAnswer', match: 'Tern' }] })
  using base = await LiveBase.make()
  base.repository.commit('Use a model', {
    'kbgit.yaml': `version: 1\nmodel: compatible/test\nbase_url: ${server.url}/v1\n`,
  })
  const path = join(base.sources, 'offer.eml')
  writeFileSync(path, MESSAGE)
  const head = base.git('rev-parse', 'HEAD')
  await using kb = await base.open()
  const { added, failed } = await kb.add([path])
  expect(added).toEqual([])
  expect(failed).toMatchObject([
    { error: { code: 'modelAnswerRejected', message: expect.stringContaining('boats.csv') } },
  ])
  expect(base.git('rev-parse', 'HEAD')).toBe(head)

  server.plan({})
  expect((await kb.add([path])).failed).toEqual([])
  expect((await kb.list()).documents.map(({ name }) => name)).toEqual(['offer', 'offer-boats'])
})
