import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LiveBase } from '../../../support/live-base.ts'

/** Files below a folder that contain a word, whatever its case. */
function filesWith(folder: string, word: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file, 'latin1').toLowerCase().includes(word.toLowerCase()))
}

test('rebuilding the sidecar leaves no trace of what is not in HEAD', async () => {
  using base = await LiveBase.make()
  await using kb = await base.open()
  await kb.add([base.source('Falcon'), base.source('Secret', 'The password is Zanzibar-Quetzal-4711.')])
  await kb.search('password')
  expect(filesWith(base.sidecar(), 'Zanzibar')).not.toEqual([])
  await kb.remove('Secret')
  await kb.recover({ rebuild: true })
  await kb.gc()
  expect(filesWith(base.sidecar(), 'Zanzibar')).toEqual([])
  expect((await kb.search('Falcon')).hits).not.toEqual([])
})
