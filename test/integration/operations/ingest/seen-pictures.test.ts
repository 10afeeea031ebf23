// Documents whose pictures a model describes: the same tree for any number of jobs, and answers that are paid for once.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { png } from '../../../support/documents.ts'
import { LiveBase } from '../../../support/live-base.ts'
import { startModelServer, type ModelServer } from '../../../support/model-server.ts'

const NOTE = 'The catch of herring fell for three years.\n\n![The catch](catch.png)\n\nNobody knows why.\n'

async function baseFor(server: ModelServer, more = ''): Promise<LiveBase> {
  const base = await LiveBase.make()
  const model = `model: compatible/test\nbase_url: ${server.url}/v1\n`
  base.repository.commit('Use a model', { 'kbgit.yaml': `version: 1\ndurability: process\n${model}${more}` })
  writeFileSync(join(base.sources, 'catch.md'), NOTE)
  writeFileSync(join(base.sources, 'catch.png'), png(80))
  return base
}

test('a picture is described, found, and paid for once, also if its document fails at first', async () => {
  await using server = await startModelServer({
    faults: [{ fault: 'nonAnswer', match: 'Name of the file: catch' }],
    sights: [{ match: 'herring', description: 'A bar chart of a sorry year.' }],
  })
  using base = await baseFor(server)
  await using kb = await base.open()
  const path = join(base.sources, 'catch.md')
  expect((await kb.add([path])).failed).toMatchObject([{ error: { code: 'modelAnswerRejected' } }])
  server.plan({})
  const { added } = await kb.add([path])
  expect(added).toMatchObject([{ name: 'catch', model: { cachedAnswers: 1 } }])
  expect(server.counts().withPictures).toBe(1)
  const { hits } = await kb.search('sorry')
  expect(hits.map(({ page }) => page)).toContain('wiki/sources/catch.md')
  expect(base.read('wiki/summaries/catch.md')).toContain('1 picture was described by a model')
  expect(await base.check()).toEqual([])
})

test('with vision_images_max: 0 no picture is sent; a server that fails on pictures loses no document', async () => {
  await using server = await startModelServer({
    faults: [{ fault: 'wrongSchema', match: 'The text around the picture' }],
  })
  using base = await baseFor(server, 'vision_images_max: 0\n')
  await using kb = await base.open()
  await kb.add([join(base.sources, 'catch.md')])
  expect(server.counts().withPictures).toBe(0)
  base.write('kbgit.yaml', base.read('kbgit.yaml').replace('vision_images_max: 0', 'vision_images_max: 1'))
  writeFileSync(join(base.sources, 'other.md'), `# Other\n\n${NOTE}`)
  await using again = await base.open()
  const { added } = await again.add([join(base.sources, 'other.md')])
  expect(added[0]?.warnings).toEqual([
    { code: 'pictureFailed', message: 'A picture was not described: the model gave no answer to use.' },
  ])
})

test('the tree does not depend on jobs and concurrency', async () => {
  const trees: string[] = []
  for (const [jobs, delayMs] of [
    [1, 0],
    [4, 5],
  ] as const) {
    await using server = await startModelServer({ delayMs })
    using base = await baseFor(server, `concurrency: ${jobs * 2}\n`)
    for (let at = 0; at < 4; at++) {
      writeFileSync(join(base.sources, `${at}.md`), `# Figure ${at}\n\n![a](${at}.png)\n`)
      writeFileSync(join(base.sources, `${at}.png`), png(64, at))
    }
    await using kb = await base.open()
    const { failed, added } = await kb.add([base.sources], { jobs })
    expect([failed, added.length]).toEqual([[], 5])
    trees.push(base.git('ls-tree', '-r', 'HEAD', 'wiki/sources', 'wiki/concepts', 'wiki/entities', 'wiki/summaries'))
  }
  expect(trees[1]).toBe(trees[0])
})
