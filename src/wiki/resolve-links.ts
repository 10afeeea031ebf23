// The links in compiler output. A link stays only if it leads to a topic page on which the same document has a section:
// such a page exists as long as the text that links to it. Every other link becomes its displayed text.
import type { Contribution } from '../core/document/compiled.ts'
import { shownText } from '../core/page/sanitize.ts'
import { linkTarget } from '../core/layout.ts'
import { wikilink } from '../core/page/page.ts'
import { topicKey } from '../core/page/topic.ts'

/** A bracket after an odd number of backslashes is escaped. */
const WIKILINK = /!?(?<=(?<!\\)(?:\\\\)*)\[\[([^[\]|#\n]*)(?:#[^[\]|\n]*)?(?:\|([^[\]\n]*))?\]\]/g

/** From topic keys and page targets to the targets that may be linked. */
type LinkTargets = ReadonlyMap<string, string>

export const NO_TARGETS: LinkTargets = new Map()

export function linkTargets(topics: { path: string; contribution: Contribution }[]): LinkTargets {
  const targets = new Map<string, string>()
  for (const { path, contribution } of topics) {
    const target = linkTarget(path)
    for (const key of [target, contribution.key, ...contribution.aliases.map(topicKey)])
      if (!targets.has(key)) targets.set(key, target)
  }
  return targets
}

/** `own` is the page that has the text: it does not link to itself. */
export function resolveLinks(markdown: string, targets: LinkTargets, own?: string): string {
  if (!markdown.includes('[[')) return markdown
  return markdown
    .split(/(`[^`\n]+`|^ {0,3}```[\s\S]*?^ {0,3}```)/m)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part.replace(WIKILINK, (_, name: string, shown: string | undefined) => {
            const text = shown ?? name.slice(name.lastIndexOf('/') + 1)
            const target = targets.get(name) ?? targets.get(topicKey(name.slice(name.lastIndexOf('/') + 1)))
            return target === undefined || target === own ? text : wikilink(target, shownText(text))
          }),
    )
    .join('')
}
