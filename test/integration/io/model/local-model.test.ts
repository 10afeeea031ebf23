// A model on this machine, made here and run by the package that users install for it. Where that is not installed, the test is
// skipped; KBGIT_TRANSFORMERS may name the file to import instead.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openEmbedder } from '../../../../src/io/model/embedder.ts'
import { LOCAL_PACKAGE, type LocalLibrary } from '../../../../src/io/model/local-embedder.ts'
import { LOCAL_SIZE, writeLocalModel } from '../../../support/local-model.ts'
import { jumpingClock, temporaryFolder } from '../../../support/models.ts'

const named = process.env['KBGIT_TRANSFORMERS'] ?? LOCAL_PACKAGE
const library = (await import(named).catch(() => undefined)) as LocalLibrary | undefined
const { signal } = new AbortController()

test.skipIf(library === undefined)(`a folder with a model gives vectors (needs ${LOCAL_PACKAGE})`, async () => {
  await using folder = await temporaryFolder()
  const model = join(folder.path, 'words')
  writeLocalModel(model, [['car', 'automobile'], ['bird'], ['red'], ['a']])
  const embedder = await openEmbedder({
    id: `local:${model}`,
    env: {},
    concurrency: 2,
    retries: 1,
    modelsDir: join(folder.path, 'models'),
    signal,
    clock: jumpingClock(),
    loadLibrary: () => Promise.resolve(library as LocalLibrary),
  })
  const [car, automobile, bird] = await embedder.embed(['a red car', 'A red automobile', 'bird'], signal)
  expect([car, bird].map((vector) => vector?.length)).toEqual([LOCAL_SIZE, LOCAL_SIZE])
  expect(Math.hypot(...(bird ?? []))).toBeCloseTo(1, 5)
  const cosine = (a: Float32Array | undefined, b: Float32Array | undefined): number =>
    (a ?? new Float32Array()).reduce((sum, one, at) => sum + one * (b?.[at] ?? 0), 0)
  expect(cosine(car, automobile)).toBeCloseTo(1, 5)
  expect(cosine(car, bird)).toBeLessThan(0.9)
})
