// What a context pack saves: for ten questions, the tokens of a pack beside those of reading the pages that search finds, and
// whether each has the passage that answers. `node test/bench/context.ts <folder of documents>`, e.g. of Rust's RFCs.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { estimateTokens } from '../../src/core/context/tokens.ts'
import { initKb, openKb } from '../../src/index.ts'
import { GIT_IDENTITY } from '../support/git-identity.ts'

/** Questions in other words than the documents', and a piece of the passage that answers. */
const QUESTIONS: readonly (readonly [question: string, answer: string])[] = [
  ['How many attention heads does the base model run side by side?', 'we employ h = 8 parallel attention layers'],
  ['Which data set were the English to German translations trained on?', 'WMT 2014 English-German dataset'],
  ['What does a tracing just-in-time compiler do when a guard fails?', 'side exit'],
  ['Must an unsafe operation in an unsafe function be wrapped in a block of its own?', 'unsafe_op_in_unsafe_fn'],
  ['How can a test keep the optimizer from deleting the code that it measures?', 'black_box'],
  ['What happens to a crate that sets the oldest compiler it works with?', 'rust-version'],
  ['How do I print to the standard error stream with a line end?', 'eprintln'],
  ['Why should crate names not have hyphens in them?', 'hyphens'],
  ['Who makes up the body that leads the project, and for how long do they serve?', 'representatives'],
  ['How can a shared reference to a cell be turned into a slice of cells?', 'as_slice_of_cells'],
]
const BUDGETS = [2_000, 4_000, 8_000]
/** Pages that an agent opens after a search. */
const OPENED = 3

const folder = process.argv[2]
if (folder === undefined) throw new Error('Name a folder of documents.')
const dir = mkdtempSync(join(tmpdir(), 'kbgit-context-'))
const env = { ...process.env, ...GIT_IDENTITY }
try {
  await initKb({ dir, env, hooks: false })
  await using kb = await openKb({ dir, env, held: true })
  const { added } = await kb.add([folder])
  const plain = (text: string): string => text.replace(/[\s*_`\\]+/g, ' ').toLowerCase()
  const rows: string[] = []
  const sums = new Map<string, { tokens: number; found: number }>()
  const count = (name: string, tokens: number, found: boolean): string => {
    const sum = sums.get(name) ?? { tokens: 0, found: 0 }
    sums.set(name, { tokens: sum.tokens + tokens, found: sum.found + Number(found) })
    return `${tokens} ${found ? 'yes' : 'no'}`
  }
  for (const [question, answer] of QUESTIONS) {
    const has = (text: string): boolean => plain(text).includes(plain(answer))
    const { hits } = await kb.search(question, { limit: OPENED, kinds: ['source'] })
    const texts = await Promise.all(hits.map(async ({ page }) => (await kb.show(page)).text))
    const cells = [
      count(
        'pages',
        texts.reduce((sum, text) => sum + estimateTokens(text), 0),
        texts.some(has),
      ),
    ]
    for (const budgetTokens of BUDGETS) {
      const pack = await kb.context(question, { budgetTokens })
      cells.push(count(String(budgetTokens), pack.tokens, has(pack.text)))
    }
    rows.push(`| ${question} | ${cells.join(' | ')} |`)
  }
  const total = [...sums.values()].map(({ tokens, found }) => `**${tokens} ${found} of ${QUESTIONS.length}**`)
  const out = [
    `${added.length} documents`,
    `| question | whole pages, ${OPENED} | ${BUDGETS.map((budget) => `pack, ${budget}`).join(' | ')} |`,
    `|---|${'---|'.repeat(BUDGETS.length + 1)}`,
    ...rows,
    `| **all** | ${total.join(' | ')} |`,
  ]
  process.stdout.write(`${out.join('\n')}\n`)
} finally {
  rmSync(dir, { recursive: true, force: true })
}
