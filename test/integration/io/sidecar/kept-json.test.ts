import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readKeptJson, writeKeptJson } from '../../../../src/io/sidecar/kept-json.ts'

it('returns what was written, and nothing for a file that is missing, cut off or a folder', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'kbgit-test-'))
  try {
    writeKeptJson(join(dir, 'a/kept.json'), { text: 'x' })
    writeFileSync(join(dir, 'cut.json'), '{"text":')
    mkdirSync(join(dir, 'folder.json'))
    expect(await readKeptJson(join(dir, 'a/kept.json'))).toEqual({ text: 'x' })
    for (const name of ['missing.json', 'cut.json', 'folder.json'])
      expect([name, await readKeptJson(join(dir, name))]).toEqual([name, undefined])
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})
