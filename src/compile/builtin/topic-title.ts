// A topic's name as an encyclopedia would title it: singular, with a capital unless it is code.
import { singular } from '../../core/page/topic.ts'
import type { Phrase } from './phrases.ts'

/** Words that look like plurals but are titled as they are. */
const PLURAL = new Set(
  'always canvas contents diagnostics generics graphics headquarters hypothesis physics series status'.split(' '),
)

/** What code of examples calls its things. */
const EXAMPLE = /^(?:(?:my|foo|bar|baz|dummy|example)_|My\p{Lu}|(?:foo|bar|baz|qux)\d?(?: |$))/iu

/** A letter with an index, as formulas have it: "q_i", "d_model". */
const SYMBOL = /(?:^| )\p{L}_\p{L}+(?: |$)/u

/** Whether a phrase can be a title: no litter of code or markup at its ends, no lone signs. */
export function isTitle(name: string): boolean {
  return (
    name.length <= 80 &&
    !/^[^\p{L}\p{N}]|[_\s'’-]$|__|\\|\d\.\d|\d{5}|\s\d|['’]s\s|[<>=(){}[\]"“”]/u.test(name) &&
    !EXAMPLE.test(name) &&
    !SYMBOL.test(name) &&
    !/^(?:non|pre|post|newer|older|\d+)-/.test(name) &&
    !/-(?:ing|ed|er|than|to|of|only)\b|-(?:based|like|style)$/.test(name) &&
    !/^\p{L}\.?\p{L}?\.?$/u.test(name) &&
    (name.match(/\p{L}/gu)?.length ?? 0) * 2 > name.length
  )
}

export function topicTitle({ name, code }: Pick<Phrase, 'name' | 'code'>): string {
  if (code) return name
  const start = Math.max(name.lastIndexOf(' '), name.lastIndexOf('-')) + 1
  const last = name.slice(start)
  const one = /^\p{Lu}{2,}s$/u.test(last)
    ? last.slice(0, -1)
    : /^[a-z]{4,}$/.test(last) && !PLURAL.has(last)
      ? singular(last)
      : last
  const titled = name.slice(0, start) + one
  return /^[a-z][a-z'’-]*(?:\s|$)/.test(titled) ? titled.charAt(0).toUpperCase() + titled.slice(1) : titled
}
