import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readKeptJson, writeKeptJson } from '../../../../src/io/sidecar/kept-json.ts'

it('returns what was written, nothing for a file that is missing, cut off or a folder, and keeps the folder', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'kbgit-test-'))
  try {
    writeKeptJson(join(dir, 'a/kept.json'), { text: 'x' })
    writeFileSync(join(dir, 'cut.json'), '{"text":')
    mkdirSync(join(dir, 'folder.json'))
    expect(await readKeptJson(join(dir, 'a/kept.json'))).toEqual({ text: 'x' })
    for (const name of ['missing.json', 'cut.json', 'folder.json'])
      expect([name, await readKeptJson(join(dir, name))]).toEqual([name, undefined])
    writeFileSync(join(dir, 'folder.json/mine.txt'), 'mine')
    writeKeptJson(join(dir, 'folder.json'), 5)
    expect(await readKeptJson(join(dir, 'folder.json'))).toBe(5)
    const aside = readdirSync(dir).find((name) => name.endsWith('.folder')) ?? ''
    expect(readdirSync(join(dir, aside))).toEqual(['mine.txt'])
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})
