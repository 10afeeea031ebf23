import { mkdirSync, writeFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { openEmbedder, type EmbedderOptions } from '../../../../src/io/model/embedder.ts'
import type { LocalLibrary } from '../../../../src/io/model/local-embedder.ts'
import { startEmbeddingServer, vectorOf } from '../../../support/embedding-server.ts'
import { jumpingClock, serverEnvironment, temporaryFolder } from '../../../support/models.ts'

const signal = new AbortController().signal
const open = (url: string, more: Partial<EmbedderOptions> = {}) =>
  openEmbedder({
    id: 'openai/text-embedding-test',
    env: serverEnvironment(url),
    concurrency: 2,
    retries: 1,
    modelsDir: '/nowhere',
    signal,
    clock: jumpingClock(),
    ...more,
  })
const IDS = ['openai/embed-test', 'google/embed-test', 'ollama/embed-test', 'compatible/embed-test']

describe.each(IDS)('%s', (id) => {
  it('gives each text its vector, in order', async () => {
    await using server = await startEmbeddingServer()
    const embedder = await open(server.url, { id })
    const [car, bird] = await embedder.embed(['a red car', 'a blue bird'], signal)
    const unit = (text: string) => {
      const vector = vectorOf(text)
      return vector.map((number) => number / Math.hypot(...vector))
    }
    expect([...(car ?? [])].map((number) => number.toFixed(5))).toEqual(unit('a red car').map((n) => n.toFixed(5)))
    expect([...(bird ?? [])].map((number) => number.toFixed(5))).toEqual(unit('a blue bird').map((n) => n.toFixed(5)))
    expect(await embedder.embed(['x'.repeat(10_000)], signal)).toHaveLength(1)
    expect(server.texts().at(-1)).toHaveLength(4_000)
  })

  it('does not believe a server that returns something else', async () => {
    await using server = await startEmbeddingServer()
    const embedder = await open(server.url, { id })
    const spoilt: ((vectors: number[][]) => unknown)[] = [
      (vectors) => vectors.slice(1),
      (vectors) => vectors.map((vector, index) => vector.slice(index)),
      (vectors) => vectors.map(() => ['x']),
      (vectors) => vectors.map((vector) => vector.map(() => 0)),
      (vectors) => vectors.map((vector) => vector.map(() => 1e308)),
    ]
    for (const spoil of spoilt) {
      server.spoil(spoil)
      await expect(embedder.embed(['one', 'two'], signal)).rejects.toMatchObject({ code: 'modelUnavailable' })
    }
    server.spoil(503)
    await expect(embedder.embed(['one'], signal)).rejects.toMatchObject({ code: 'modelUnavailable' })
  })
})

test.each([
  ['anthropic/claude', 'config'],
  ['mistral/embed', 'config'],
  ['local:../model', 'config'],
  ['local:/nowhere/at/all', 'config'],
])('%s cannot be opened: %s', async (id, code) => {
  await expect(open('http://127.0.0.1:9', { id })).rejects.toMatchObject({ code })
})

test('an address from the base is trusted as one for the model is', async () => {
  const address = { url: 'https://evil.example/v1', trusted: [], root: '/base' }
  await expect(open('http://127.0.0.1:9', { id: 'compatible/x', address })).rejects.toThrow('have not trusted')
})

describe('a model on this machine', () => {
  const library = (asked: string[]): LocalLibrary => ({
    env: { allowRemoteModels: true, localModelPath: '', cacheDir: null },
    pipeline: (_, model) => {
      asked.push(model)
      return Promise.resolve((texts) => Promise.resolve({ tolist: () => texts.map(vectorOf) }))
    },
  })

  it('is loaded from a folder, without asking anybody', async () => {
    await using folder = await temporaryFolder()
    mkdirSync(`${folder.path}/model`)
    writeFileSync(`${folder.path}/model/config.json`, '{}')
    const asked: string[] = []
    const loaded = library(asked)
    const id = `local:${folder.path}/model`
    const embedder = await open('', { id, modelsDir: `${folder.path}/models`, loadLibrary: async () => loaded })
    expect((await embedder.embed(['a car', 'a bird'], signal)).map(({ length }) => length)).toEqual([400, 400])
    expect(asked).toEqual([`${folder.path}/model`])
    expect(loaded.env).toMatchObject({ allowRemoteModels: false, cacheDir: `${folder.path}/models` })
  })

  it('may have a name, which the package looks up', async () => {
    const asked: string[] = []
    const loaded = library(asked)
    await open('', { id: 'local:org/small-model', loadLibrary: async () => loaded })
    expect([asked, loaded.env.allowRemoteModels]).toEqual([['org/small-model'], true])
  })

  it('that cannot be loaded is named with the reason', async () => {
    const broken = { ...library([]), pipeline: () => Promise.reject(new Error('no such file')) }
    await expect(open('', { id: 'local:org/x', loadLibrary: async () => broken })).rejects.toThrow(
      'The model local:org/x cannot be loaded. no such file',
    )
  })
})
