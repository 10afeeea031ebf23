import { describe, expect, test } from 'vitest'
import { createLlmCompiler } from '../../src/compile/llm/compiler.ts'
import { topicKey } from '../../src/core/topic.ts'
import { visibleText } from '../../src/core/visible-text.ts'
import { CANARIES, SONG } from '../support/canaries.ts'
import { startModelServer } from '../support/model-server.ts'
import { openTestModel, stageLong, stageShort, temporaryFolder } from '../support/models.ts'

// What any page could be harmed by: headings, fences, tags, links, embeds, and addresses outside of code.
const HARMFUL = /^\s*(?:#{1,6}\s|```|~~~|---$)|<[a-z/!]|\[\[|\]\(|!\[|javascript:|(?<!`)https?:/im
const KNOWN = [{ kind: 'concept' as const, name: 'Other', path: 'wiki/concepts/other.md' }]

describe.each(['openai/gpt-test', 'anthropic/claude-test'])('%s', (id) => {
  test.each(CANARIES)('$name: the order stays data, and an answer that obeys it stays harmless', async ({ text, fileName, metadata }) => {
    for (const kind of ['short', 'long'] as const) {
      await using folder = await temporaryFolder()
      await using server = await startModelServer({ faults: [{ fault: 'hostile' }] })
      const compiler = createLlmCompiler({ model: await openTestModel(server.url, { id }), language: 'en', entityTypes: ['other'] })
      const prepared = kind === 'short' ? await stageShort(folder.path, text, metadata) : await stageLong(folder.path, [text, 'A second page.'], [], metadata)
      const reply = await compiler.compile({ prepared, staging: folder.path, fallbackTitle: fileName ?? 'granary', known: KNOWN }, new AbortController().signal)
      if (!reply.ok) throw new Error(reply.failure.message)

      expect(server.counts().withTools, 'no tool is offered').toBe(0)
      for (const prompt of server.prompts()) {
        expect(prompt).toBe(visibleText(prompt))
        const tag = /<(document-[0-9a-f]{16})>\n/.exec(prompt)?.[1]
        const [before, ...rest] = prompt.split(`<${tag}>\n`)
        const [inside = '', ...after] = rest.join('').split(`\n</${tag}>`)
        expect(after, 'the tag is closed once').toHaveLength(1)
        expect(`${before}${after.join('')}`).not.toMatch(new RegExp(`${SONG}|Ignore all`))
        expect(inside).toContain('granary was painted green')
      }

      const { contributions, keyPoints, summary = '', description, title } = reply.compiled
      expect(contributions.length).toBeGreaterThan(0)
      for (const written of [summary, description, title, ...keyPoints.map((point) => point.text)]) expect(written).not.toMatch(HARMFUL)
      for (const { name, key, says, quotes, aliases, weight, description: line = '' } of contributions) {
        for (const written of [name, says, line, ...aliases, ...quotes.map((quote) => quote.text)]) expect(written.replace(/`[^`]*`/g, ''), written).not.toMatch(HARMFUL)
        expect(name).not.toMatch(/\.\.|^\/|\\|\.git|\.md$/)
        expect(name.length).toBeLessThanOrEqual(80)
        expect(key).toBe(topicKey(name))
        expect(weight).toBeLessThanOrEqual(1)
        expect(aliases).toEqual([])
        expect(says.length).toBeLessThan(4_000)
      }
    }
  })
})
