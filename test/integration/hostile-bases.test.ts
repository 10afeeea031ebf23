// A sample of `npm run fuzz:base`.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runCase } from '../fuzz/run-case.ts'
import { makeTemplate, type Template } from '../fuzz/template.ts'
import { GIT_IDENTITY } from '../support/git-identity.ts'

const SEED = 19
const CASES = 40
const TESTS = 4

let scratch = ''
let templates: Template[] = []
beforeAll(async () => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'kbgit-hostile-bases-')))
  mkdirSync(join(scratch, 'home'))
  const env = { PATH: process.env['PATH'], ...GIT_IDENTITY, HOME: join(scratch, 'home') }
  templates = [await makeTemplate(scratch, '', env), await makeTemplate(scratch, 'team/kb/', env)]
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

it.each(Array.from({ length: TESTS }, (_, part) => part))(
  'no hostile base makes kbgit leave the repository, fail unexpectedly or miss a problem in fsck (part %i)',
  async (part) => {
    for (let number = part; number < CASES; number += TESTS) {
      const { kind, what, commands, findings } = await runCase(join(scratch, `case-${number}`), templates, SEED, number)
      const reproduce = `npm run fuzz:base -- --seed ${SEED} --case ${number}`
      expect(findings, `${kind}: ${what}; ${commands.join(', ')}; ${reproduce}`).toEqual([])
    }
  },
)
