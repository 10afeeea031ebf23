// A sample of `npm run fuzz:base`, in parts.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { GIT_IDENTITY } from '../support/git-identity.ts'
import { runCase } from './run-case.ts'
import { makeTemplate, type Template } from './template.ts'

const SEED = 19
const CASES = 40
const PARTS = 4

/** Defines the tests of some of the parts 0 to 3. */
export function testHostileBases(...parts: number[]): void {
  let scratch = ''
  let templates: Template[] = []
  beforeAll(async () => {
    scratch = realpathSync(mkdtempSync(join(tmpdir(), 'kbgit-hostile-bases-')))
    mkdirSync(join(scratch, 'home'))
    const env = { PATH: process.env['PATH'], ...GIT_IDENTITY, HOME: join(scratch, 'home') }
    templates = [await makeTemplate(scratch, '', env), await makeTemplate(scratch, 'team/kb/', env)]
  })
  afterAll(() => rmSync(scratch, { recursive: true, force: true }))

  it.each(parts)(
    'no hostile base makes kbgit leave the repository, fail unexpectedly or miss a problem in fsck (part %i)',
    async (part) => {
      for (let number = part; number < CASES; number += PARTS) {
        const { kind, what, commands, findings } = await runCase(
          join(scratch, `case-${number}`),
          templates,
          SEED,
          number,
        )
        const reproduce = `npm run fuzz:base -- --seed ${SEED} --case ${number}`
        expect(findings, `${kind}: ${what}; ${commands.join(', ')}; ${reproduce}`).toEqual([])
      }
    },
  )
}
