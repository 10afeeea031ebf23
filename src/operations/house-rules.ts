// The owner's own lines of `wiki/AGENTS.md`, as committed: instructions for writing pages.
import { shellWord } from '../core/hook-script.ts'
import { AGENTS_PAGE } from '../core/layout.ts'
import { clip } from '../core/page/sanitize-markdown.ts'
import { visibleText } from '../core/page/visible-text.ts'
import type { Base } from '../io/base.ts'
import { agentsPage } from '../wiki/agents-page.ts'

/** Characters that become part of a prompt. */
const CHARACTERS_MAX = 8_000

/**
 * `text`: of the file at HEAD. Undefined if there are none, or if the base may be someone else's: it has a remote, and nobody has said here that its
 * `AGENTS.md` may instruct a model (docs/decisions/0018-house-rules.md).
 */
export async function houseRules(base: Base, text: string | undefined): Promise<string | undefined> {
  const own = ownLines(text ?? '')
  if (own === '' || (await isTrusted(base))) return own === '' ? undefined : own
  base.logger.warn(
    { path: AGENTS_PAGE },
    `this base has a remote, so the model is not given ${AGENTS_PAGE}. If its instructions are yours: git -C ${shellWord(base.root)} config kbgit.trustedAgentsPage true`,
  )
  return undefined
}

async function isTrusted({ git }: Base): Promise<boolean> {
  const trusted = await git.text(['config', '--type=bool', '--get', 'kbgit.trustedAgentsPage'], { ok: [0, 1] })
  if (trusted.trim() !== '') return trusted.trim() === 'true'
  return (await git.text(['remote'])).trim() === ''
}

/** Without the lines that kbgit wrote, and what no reader sees. */
function ownLines(text: string): string {
  const given = new Set(agentsPage().split('\n'))
  const lines = visibleText(text.replace(/<!--[\s\S]*?-->/g, ''))
    .split('\n')
    .filter((line) => line.trim() === '' || !given.has(line))
  const own = lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
  return clip(own, CHARACTERS_MAX)
}
