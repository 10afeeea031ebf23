import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { initialConfig, parseConfig, plainValues } from '../../../src/core/config.ts'
import type { KbError } from '../../../src/core/errors.ts'

const oneOf = (texts: string) => fc.constantFrom(...texts.split(' | '))
const values = oneOf(
  `1 | 0 | 007 | 1e3 | 0x1F | 1.5 | 10MiB | 60s | 1e | .inf | builtin | openai/gpt-5 | de | pt-BR | power | true | no | null |
   ~ | "" | 'en' | - 1 | &a b | *a | !!str 1 | > | {} | [] | [a] | [person, place] | [a,b] | [a, b,] | [ a ] | [a, 1] |
   [a, null] | [[a]] | a b | a: b | a#b | # c | a # c | a   |  | ü | a\tb`.replace(/\n */g, ' '),
)
const keys = oneOf(
  `version | model | language | concurrency | raw_git_limit | lock_wait | entity_types | durability | base_url | limits |
   limits | source_max | redirects | no_such_key | toString | ? a | "model" | << | - a | # c`.replace(/\n */g, ' '),
)
const line = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.tuple(
      fc.constantFrom('', '', '', ' ', '  ', '    ', '\t'),
      keys,
      fc.constantFrom(': ', ': ', ':', ':  ', ' : '),
      values,
    ),
  },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('', ' '), values) },
)
const file = fc.array(line, { maxLength: 6 }).map((lines) => lines.map((parts) => parts.join('')).join('\n'))

/** Forces the YAML library, and has no other effect. */
const DIRECTIVE = '%YAML 1.2\n---\n'

async function outcome(source: string): Promise<unknown> {
  return parseConfig(source, 'kbgit.yaml').catch((error: unknown) => (error as KbError).code)
}

describe('kbgit.yaml', () => {
  test('has the values of YAML, with and without the YAML library', async () => {
    await fc.assert(
      fc.asyncProperty(file, async (source) => {
        expect(await outcome(source)).toEqual(await outcome(DIRECTIVE + source))
      }),
      { numRuns: 1_000 },
    )
  })

  test('needs no YAML library in the form that init writes, even with limits', () => {
    const source = `${initialConfig({ model: 'ollama/qwen3', language: 'pt-BR' })}limits:\n  redirects: 0 # none\n`
    expect(plainValues(source)).toMatchObject({
      top: { version: 1, model: 'ollama/qwen3', language: 'pt-BR', raw_git_limit: 10 * 1024 ** 2 },
      limits: { redirects: 0 },
    })
    expect(plainValues(source)?.top['entity_types']).toHaveLength(7)
  })

  test('names a conflict that a merge has left', async () => {
    const text = 'version: 1\n<<<<<<< HEAD\nlanguage: en\n=======\nlanguage: de\n>>>>>>> side\n'
    await expect(parseConfig(text, 'kbgit.yaml')).rejects.toMatchObject({
      message: 'kbgit.yaml:2:1: git has left a conflict in this file.',
      hint: expect.stringContaining('git merge --abort'),
    })
  })

  test('does not show an address of a queue that is wrong: it may have a password', async () => {
    const wrong = parseConfig('queue: "http://:sesame@host"\n', 'kbgit.yaml')
    await expect(wrong).rejects.toMatchObject({
      code: 'config',
      message: expect.stringMatching(/"queue" must be an address such as redis:(?!.*sesame)/),
    })
    expect((await parseConfig('queue: rediss://:sesame@host:1/2\n', 'kbgit.yaml')).queue).toBe(
      'rediss://:sesame@host:1/2',
    )
  })
})
