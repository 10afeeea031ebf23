// The same documents with every provider's protocol, and with every way in which servers differ.
import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AddResult } from '../../src/core/results.ts'
import type { Behaviour } from '../support/model-behaviours.ts'
import { note } from '../support/notes.ts'
import { add, newBase, notes, type Bench } from './support/model-run.ts'

const MODELS = ['openai/gpt-5', 'anthropic/claude-sonnet-4-5', 'google/gemini-3-pro', 'ollama/qwen3', 'compatible/any']
const DOCUMENTS = 30
/** Documents for each behaviour. */
const FEW = 2

const BEHAVIOURS: { name: string; behaviour: Behaviour; more?: string; fails?: true }[] = [
  { name: 'reasoning in tags before the answer', behaviour: { around: 'think' } },
  { name: 'only the closing tag of reasoning', behaviour: { around: 'closedThink' } },
  { name: 'prose around the JSON', behaviour: { around: 'prose' } },
  { name: 'a code fence', behaviour: { around: 'fence' } },
  { name: 'a trailing comma', behaviour: { around: 'comma' } },
  { name: 'no JSON schemas', behaviour: { forms: ['json', 'tool'] } },
  { name: 'nor a JSON mode', behaviour: { forms: ['tool'] } },
  { name: 'nor tools', behaviour: { forms: [] } },
  { name: 'forms that are ignored', behaviour: { forms: [], otherForms: 'ignore' } },
  { name: 'no temperature', behaviour: { noSampling: true } },
  { name: 'reasoning that eats the tokens', behaviour: { reasoningTokens: 10_000 } },
  { name: 'long answers that never end', behaviour: { answerMax: 1_600 } },
  { name: 'a small context: 400', behaviour: { contextTokens: 4_000 } },
  { name: 'a small context: 413', behaviour: { contextTokens: 4_000, longPrompt: 'tooLarge' } },
  { name: 'a prompt that is cut without a word', behaviour: { contextTokens: 2_048, longPrompt: 'cut' }, fails: true },
  {
    name: 'the same, with context_tokens',
    behaviour: { contextTokens: 4_000, longPrompt: 'cut' },
    more: 'context_tokens: 4000\noutput_tokens: 1200\n',
  },
]

export async function servers(
  bench: Bench,
  say: (line: string) => void,
  must: (held: boolean, what: string) => void,
): Promise<void> {
  await protocols(bench, say, must)
  say(`\n## Servers as they are: documents added of ${FEW}, and requests\n`)
  const names = MODELS.map((model) => model.slice(0, model.indexOf('/')))
  say(`| server | ${names.join(' | ')} |\n|---|${names.map(() => '---').join('|')}|`)
  const folders = { short: await notes(bench, 200_000, FEW), long: await longNotes(bench) }
  const remedies = new Set<string>()
  let accounted = true
  for (const { name, behaviour, more, fails } of BEHAVIOURS) {
    const cells: string[] = []
    for (const model of MODELS) {
      const folder = behaviour.contextTokens === undefined ? folders.short : folders.long
      const { result, counts } = await add(bench, await newBase(bench, { model, more }), folder, { behaviour }, 5)
      cells.push(`${result.added.length} (${counts.requests})`)
      for (const { error } of result.failed) remedies.add(`${error.code}: ${error.hint ?? ''}`)
      accounted &&= isAccounted(result) && (fails === true || result.added.length === FEW)
    }
    say(`| ${name} | ${cells.join(' | ')} |`)
  }
  for (const remedy of remedies) say(`- ${remedy}`)
  must(accounted, 'every document is added, or failed by name with a remedy')
}

/** Documents of some 6,000 tokens. */
async function longNotes(bench: Bench): Promise<string> {
  const folder = join(bench.folder, 'long')
  await mkdir(folder, { recursive: true })
  for (let index = 0; index < FEW; index++) {
    let text = ''
    for (let at = 0; text.length < 24_000; at++) text += `${note(300_000 + 100 * index + at).text}\n`
    await writeFile(join(folder, `long-${index}.md`), text)
  }
  return folder
}

function isAccounted({ added, failed }: AddResult): boolean {
  return (
    added.length + failed.length === FEW && failed.every(({ path, error }) => path !== '' && error.hint !== undefined)
  )
}

/** The same answers over every protocol make the same pages. */
async function protocols(
  bench: Bench,
  say: (line: string) => void,
  must: (held: boolean, what: string) => void,
): Promise<void> {
  say(
    `\n## The same ${DOCUMENTS} answers over each protocol\n\n| model | added | requests | tree of the wiki |\n|---|---|---|---|`,
  )
  const folder = await notes(bench, 0, DOCUMENTS)
  const trees = new Set<string>()
  for (const model of MODELS) {
    const base = await newBase(bench, { model })
    const { result, counts } = await add(bench, base, folder, {}, 5)
    const tree = execFileSync('git', ['-C', base, 'rev-parse', 'HEAD:wiki'], { encoding: 'utf8' }).trim()
    trees.add(tree)
    say(`| ${model} | ${result.added.length} | ${counts.requests} | ${tree.slice(0, 10)} |`)
  }
  must(trees.size === 1, 'the pages are the same over every protocol')
}
