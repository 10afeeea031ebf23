// Whether the citations of a text hold, by the command: what kbgit itself prints, and what other programs write.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { VerifyResult } from '../../src/index.ts'
import { Workplace } from '../support/workplace.ts'
import { pdf } from '../support/pdf.ts'

const HARBOUR = '# Harbour\n\nThe harbour of Port Alder was dredged in the year of the flood. Its **quay** is of oak.\n'

describe('kbgit verify', () => {
  let place: Workplace
  beforeAll(async () => {
    place = await Workplace.withBase()
    place.write('in/harbour.md', HARBOUR)
    const pages = Array.from({ length: 22 }, (_, at) => ({
      lines: [{ text: `On leaf ${at + 1} the survey counts ${at * 31 + 7} arches of the bridge.`, y: 100 }],
    }))
    place.write('in/survey.pdf', pdf(pages))
    expect((await place.kbgit('add', '-q', `${place.dir}/in`)).code).toBe(0)
  })
  afterAll(() => place[Symbol.dispose]())

  const verify = (text: string, ...argv: string[]) =>
    place.json<VerifyResult>('verify', place.write('text', text), ...argv)

  it('confirms what query and context print, until the document changes', async () => {
    for (const command of [
      ['query', 'when was the harbour dredged'],
      ['context', 'when was the harbour dredged'],
    ]) {
      const { stdout } = await place.kbgit('--json', ...command)
      const { code, value } = await verify(stdout)
      expect(value.citations).toEqual(value.citations.map((each) => ({ ...each, holds: true })))
      expect([code, value.ok]).toEqual([0, true])
      writeFileSync(join(place.dir, `${command[0]}.json`), stdout)
    }
    const before = place.git('rev-parse', 'HEAD')
    place.write('in/harbour.md', HARBOUR.replace('year of the flood', 'year of the drought'))
    await place.kbgit('add', '-q', `${place.dir}/in/harbour.md`)
    for (const file of ['query.json', 'context.json']) {
      const { code, value } = await place.json<VerifyResult>('verify', join(place.dir, file))
      expect([code, value.ok]).toEqual([3, false])
      expect((await place.kbgit('verify', join(place.dir, file), '--at', before)).code).toBe(0)
    }
    place.write('in/harbour.md', HARBOUR)
    await place.kbgit('add', '-q', `${place.dir}/in/harbour.md`)
  })

  it('confirms a saved answer', async () => {
    const { value } = await place.json<{ saved: string }>('query', '--save', 'how many arches does the survey count')
    expect((await verify(place.read(value.saved))).code).toBe(0)
  })

  it.each([
    ['[1] wiki/sources/harbour.md: "its quay is of OAK"', []],
    ['[1] harbour: "The harbour … is of oak"', []],
    ['[1] harbour: "The harbour … is of elm wood"', ['noQuote']],
    ['[1] survey page 3: "the survey counts 69 arches"', []],
    ['[1] wiki/sources/survey.json p. 4: "the survey counts 69 arches"', ['otherPage']],
    ['“of oak” ([[sources/harbour]]), but see [[summaries/lighthouse]]', ['noPage']],
    ['> Its quay is of oak.\n> — [[sources/harbour]]', []],
    ['> Its quay is of elm wood.\n\n([[sources/harbour]])', ['noQuote']],
    ['„Its quay is of elm wood“ ([harbour](wiki/sources/harbour.md))', ['noQuote']],
    ['“Its quay is of elm wood”.[^1]\n\n[^1]: [[sources/harbour]]', ['noQuote']],
    [
      '“Its quay is of oak” [1] and “counts 69 arches” [2], as in [3].\n\n[1] harbour: wiki/sources/harbour.md\n[2] wiki/sources/survey.json page 4',
      ['otherPage', 'noSource'],
    ],
    ['See [[sources/harbour#Harbour]] and [[sources/harbour#Lighthouse]].', ['noHeading']],
    ['See [[sources/survey]], p. 22, and [[sources/survey]], p. 23.', ['noPage']],
    ['“counts 69 arches of the bridge. On leaf 4” ([[sources/survey]], pp. 3-4)', []],
    ['“counts 69 arches of the bridge. On leaf 4” ([[sources/survey]], p. 3)', ['noQuote']],
    ['[1] harbour: "Its quay is of oak … The harbour of Port Alder"', ['noQuote']],
    ['[1] raw/harbour.md: "its quay is of oak"', ['noPage']],
    ['[1] ../../etc/passwd: "root:x:0:0"', ['noPage']],
  ])('judges %j', async (text, reasons) => {
    const { code, value } = await verify(text)
    expect(value.citations.flatMap(({ reason }) => reason ?? [])).toEqual(reasons)
    expect(code).toBe(reasons.length === 0 ? 0 : 3)
  })

  it('names the page that has the words, says lines to people, and does not confirm a text without citations', async () => {
    const { value } = await verify('[1] survey page 4: "the survey counts 69 arches"')
    expect(value.citations[0]).toMatchObject({ holds: false, reason: 'otherPage', foundOn: 3 })
    const said = await place.kbgit('verify', place.write('text', '\n[1] survey page 4: "the survey counts 69 arches"'))
    expect(said.stdout).toBe(
      'line 2: not on wiki/sources/survey.json page 4 but on page 3: "the survey counts 69 arches"\n0 of 1 citation hold.\n',
    )
    const parts = await place.kbgit('verify', place.write('text', 'As [[sources/harbour#Pier]] says.[^7]'))
    expect(parts.stdout).toBe(
      'line 1: there is no heading "Pier" on wiki/sources/harbour.md\nline 1: nothing says what [^7] stands for\n0 of 2 citations hold.\n',
    )
    const none = await place.kbgit('verify', place.write('text', 'Trust me.'))
    expect(none).toMatchObject({ code: 3, stdout: 'No citations were found.\n' })
    rmSync(join(place.dir, 'text'))
    expect((await place.kbgit('verify', join(place.dir, 'text'))).code).toBe(2)
    expect((await place.kbgitIn({ input: '[1] harbour: "its quay is of oak"' }, 'verify', '-')).code).toBe(0)
  })
})
