import { describe, expect, test } from 'vitest'
import { createLlmCompiler } from '../../src/compile/llm/compiler.ts'
import { headingTarget, parsePage } from '../../src/core/page/page.ts'
import { topicKey } from '../../src/core/page/topic.ts'
import { visibleText } from '../../src/core/page/visible-text.ts'
import { linksOf, resolveLink } from '../../src/core/page/wiki-links.ts'
import { CANARIES, SONG } from '../support/canaries.ts'
import { contribution, documentToPlan, MemoryWiki } from '../support/memory-wiki.ts'
import { startModelServer } from '../support/model-server.ts'
import { openTestModel, stageLong, stageShort, temporaryFolder } from '../support/models.ts'

/** What could do harm on a page, after code and escaped characters are removed. */
const HARMFUL = /<[a-z/!]|\]\((?!\.\.\/\.\.\/raw\/canary\.md\))|!\[|javascript:|~~~|```/i
const live = (page: string) =>
  page
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .replace(/\\./g, '')
    .replace(/`[^`\n]*`/g, '')

/** A wiki with pages that have sections of another document. */
async function otherWiki(): Promise<MemoryWiki> {
  const wiki = new MemoryWiki()
  await wiki.add(documentToPlan('other', [contribution('Other', 1), contribution('Everything Else', 1)]))
  return wiki
}

/**
 * What others say on a page: everything except the document's own section, and front matter derived from the sections.
 */
function withoutCanary(page: string) {
  const { intro, sections } = parsePage(page)
  const others = sections.filter(({ heading }) => headingTarget(heading) !== 'summaries/canary')
  // Another summary may have a line about it among its related documents, and nothing else.
  const lines = (body: string) => body.split('\n').filter((line) => !line.startsWith('- [[summaries/canary|'))
  const kept = others.map((section) => ({ ...section, body: lines(section.body).join('\n') }))
  return { intro, sections: kept.filter(({ heading, body }) => heading !== 'Related' || body !== '') }
}

describe.each(['openai/gpt-test', 'anthropic/claude-test'])('%s', (id) => {
  test.each(CANARIES)(
    '$name: the order stays data, and an answer that obeys it changes only its own page',
    async ({ text, fileName, metadata }) => {
      for (const kind of ['short', 'long'] as const) {
        await using folder = await temporaryFolder()
        await using server = await startModelServer({ faults: [{ fault: 'hostile' }] })
        const compiler = createLlmCompiler({
          model: await openTestModel(server.url, { id }),
          language: 'en',
          entityTypes: ['other'],
        })
        const prepared =
          kind === 'short'
            ? await stageShort(folder.path, text, metadata)
            : await stageLong(folder.path, [text, 'A second page.'], [], metadata)
        const known = [{ kind: 'concept' as const, name: 'Other' }]
        const reply = await compiler.compile(
          { prepared, staging: folder.path, fallbackTitle: fileName ?? 'granary', known },
          new AbortController().signal,
        )
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

        const { contributions } = reply.compiled
        expect(contributions.length).toBeGreaterThan(0)
        for (const { name, key, weight, aliases, says } of contributions) {
          expect(name).not.toMatch(/\.\.|^\/|\\|\.git|\.md$|[<>[\]\n]/)
          expect(name.length).toBeLessThanOrEqual(80)
          expect(key).toBe(topicKey(name))
          expect(weight).toBeLessThanOrEqual(1)
          expect(aliases).toEqual([])
          expect(says.length).toBeLessThan(4_000)
        }

        const wiki = await otherWiki()
        const before = new Map(wiki.files)
        const plan = documentToPlan('canary', [])
        wiki.files.set(plan.record.raw, text)
        const written = await wiki.add({ ...plan, prepared, compiled: reply.compiled })
        const shared = new Set([
          'wiki/index.md',
          'wiki/log.md',
          'wiki/contents/documents.md',
          'wiki/contents/concepts.md',
          'wiki/contents/entities.md',
        ])
        for (const [path, page] of before)
          if (!shared.has(path)) expect(withoutCanary(wiki.text(path)), path).toEqual(withoutCanary(page))
        // The other summary is as before, but for one line: see above.
        for (const path of written.filter((one) => one !== 'wiki/summaries/other.md')) {
          expect(path).toMatch(
            /^wiki\/(?:index|log|contents\/[\w-]+|summaries\/canary|(?:concepts|entities)\/[\p{L}\p{N}_.-]+)\.md$/u,
          )
          const page = wiki.text(path)
          expect(live(page), path).not.toMatch(HARMFUL)
          for (const link of linksOf(page))
            expect(
              resolveLink(path, link).some((target) => wiki.files.has(target)),
              `${path} → ${link.target}`,
            ).toBe(true)
        }
      }
    },
  )
})
