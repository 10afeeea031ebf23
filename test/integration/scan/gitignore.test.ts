import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Scan, type ScanOptions } from '../../../src/scan/scan.ts'
import { TEST_ENVIRONMENT } from '../../support/repository.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kbgit-gitignore-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function write(files: Record<string, string>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), content)
  }
}

function git(folder: string, ...args: string[]): void {
  execFileSync('git', ['-C', join(dir, folder), ...args], { env: TEST_ENVIRONMENT })
}

async function scan(inputs: string[], options: Partial<ScanOptions> = {}) {
  const run = new Scan(inputs, {
    cwd: dir,
    extensions: new Set(['.md']),
    place: () => false,
    sourceBytesMax: 1_000_000,
    clockNs: () => 0n,
    gitignore: { env: TEST_ENVIRONMENT },
    ...options,
  })
  const found: string[] = []
  for await (const { origin } of run) found.push(origin.replace(`${dir}/`, ''))
  return { found, leftOut: Object.fromEntries(run.leftOut) }
}

it('leaves out of a folder what git ignores: at every level, in info/exclude and in the user file', async () => {
  write({
    'r/.gitignore': '*.secret.md\nbuild/\n',
    'r/a.md': '1',
    'r/key.secret.md': '2',
    'r/build/out.md': '3',
    'r/notes/.gitignore': 'draft*.md\n!draft-final.md\n',
    'r/notes/draft-1.md': '4',
    'r/notes/draft-final.md': '5',
    'r/notes/local.md': '6',
    'r/notes/mine.md': '7',
    'user-ignore': 'mine.md\n',
  })
  git('r', 'init', '-q')
  writeFileSync(join(dir, 'r/.git/info/exclude'), 'local.md\n')
  git('r', 'config', 'core.excludesFile', join(dir, 'user-ignore'))

  const { found, leftOut } = await scan(['r'])
  expect(found).toEqual(['r/a.md', 'r/notes/draft-final.md'])
  expect(leftOut).toMatchObject({ gitignored: 5 })
  expect((await scan(['r'], { gitignore: undefined })).found).toHaveLength(7)
})

it('keeps what is tracked, what is named, and a folder that is ignored as a whole but named', async () => {
  write({ 'r/.gitignore': 'build/\n*.log.md\n', 'r/kept.log.md': '1', 'r/other.log.md': '2', 'r/build/out.md': '3' })
  git('r', 'init', '-q')
  git('r', 'add', '-f', 'kept.log.md')
  expect((await scan(['r'])).found).toEqual(['r/kept.log.md'])
  expect((await scan(['r/other.log.md', 'r/build'])).found).toEqual(['r/other.log.md', 'r/build/out.md'])
})

it('asks each repository for its own files, and works outside of any', async () => {
  write({
    'r/.gitignore': 'x.md\n',
    'r/x.md': '1',
    'r/inner/.gitignore': 'y.md\n',
    'r/inner/x.md': '2',
    'r/inner/y.md': '3',
    'plain/x.md': '4',
  })
  git('r', 'init', '-q')
  git('r/inner', 'init', '-q')
  expect((await scan(['r', 'plain'])).found).toEqual(['r/inner/x.md', 'plain/x.md'])
})

it('survives names and rules that are odd', async () => {
  write({ 'r/.gitignore': '[\n\\\n!\n**/**\n!*.md\n!*/\n', 'r/a:b*.md': '1', 'r/sp ace\n.md': '2', 'r/ü.md': '3' })
  git('r', 'init', '-q')
  expect((await scan(['r'])).found).toHaveLength(3)
})

it('leaves out other bases and installed packages, unless they are named', async () => {
  write({
    'r/node_modules/p/readme.md': '1',
    'r/env/pyvenv.cfg': '',
    'r/env/lib/readme.md': '2',
    'r/other/kbgit.yaml': 'version: 1\n',
    'r/other/wiki/index.md': '3',
    'r/a.md': '4',
  })
  const { found, leftOut } = await scan(['r'])
  expect(found).toEqual(['r/a.md'])
  expect(leftOut).toEqual({ packages: 2, base: 1 })
  expect((await scan(['r/node_modules', 'r/env'])).found).toContain('r/node_modules/p/readme.md')
})

it('honours a .gitignore that is in no repository, in the folder that is added and below, if git can be asked', async () => {
  write({
    'zip/.gitignore': '*.secret.md\n',
    'zip/a.md': '1',
    'zip/key.secret.md': '2',
    'zip/notes/.gitignore': 'draft*.md\n!draft-final.md\n',
    'zip/notes/draft-1.md': '3',
    'zip/notes/draft-final.md': '4',
    'zip/notes/other.secret.md': '5',
    'plain/deep/.gitignore': '[\nkey.md\n',
    'plain/deep/key.md': '6',
    'plain/key.md': '7',
    'base/excluded.md': '8',
  })
  git('base', 'init', '-q')
  const gitignore = { env: TEST_ENVIRONMENT, gitDir: join(dir, 'base/.git') }
  const { found, leftOut } = await scan(['zip', 'plain'], { gitignore })
  expect(found).toEqual(['zip/a.md', 'zip/notes/draft-final.md', 'plain/key.md'])
  expect(leftOut).toMatchObject({ gitignored: 4 })
  expect((await scan(['zip'], { gitignore: undefined })).found).toHaveLength(5)
  expect((await scan(['zip/key.secret.md'], { gitignore })).found).toHaveLength(1)
})
