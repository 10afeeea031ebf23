// The base's own names for what a query is about: "EMD" is also asked as "earth mover's distance" if a topic has both names.
import type { Asked } from '../../core/search/asked.ts'
import type { SearchLanguage } from '../../core/search/languages.ts'
import { words } from '../../core/search/words.ts'
import type { PageLookup } from '../../io/search/lookup.ts'
import type { PageSet } from '../../io/search/page-set.ts'

/** What the words of another name count, together, beside a word of the query. */
const OTHER_NAME_WEIGHT = 0.5
/** Titles looked at for each word of the query. */
const TITLES_MAX = 50
/** Words added to a query. */
const ADDED_MAX = 8

/** Adds the words of other names of topics whose name is in the query: an acronym, several words, or all of the query. */
export function withOtherNames(
  lookup: PageLookup,
  pageSet: PageSet,
  asked: Asked,
  languages: readonly SearchLanguage[],
): Asked {
  const own = new Set(asked.terms.map(({ word }) => word))
  const added = new Map<string, number>()
  const ids = new Set(asked.terms.flatMap(({ word }) => lookup.titlesWith(word, TITLES_MAX)))
  const named = new Map<number, { name: string; words: string[] }[]>()
  for (const [title, all] of lookup.names(ids)) {
    const names = all.map((name) => ({ name, words: tellingWords(name) }))
    if (names.length > 1 && names.some((name) => isAsked(name, own))) named.set(title, names)
  }
  // Most queries name no topic that has other names: pages are looked up for those that do.
  const topics = named.size === 0 ? [] : lookup.pagesWith('title', [...named.keys()], pageSet, ['concept', 'entity'])
  for (const { title } of topics) {
    const names = named.get(title ?? -1) ?? []
    for (const other of names) {
      const fresh = other.words.filter((word) => !isForm(word, own, languages))
      for (const word of fresh) added.set(word, OTHER_NAME_WEIGHT / other.words.length)
    }
  }
  const terms = [...added].slice(0, ADDED_MAX).map(([word, weight]) => ({ word, weight }))
  return { ...asked, terms: [...asked.terms, ...terms] }
}

/** Without what is left of "mover's". */
function tellingWords(name: string): string[] {
  return [...new Set(words(name))].filter((word) => word.length > 1)
}

function isAsked({ name, words }: { name: string; words: string[] }, own: ReadonlySet<string>): boolean {
  if (words.length === 0 || !words.every((word) => own.has(word))) return false
  return words.length > 1 || /^\p{Lu}{2,}$/u.test(name) || own.size === 1
}

function isForm(word: string, own: ReadonlySet<string>, languages: readonly SearchLanguage[]): boolean {
  return [...own].some((each) => each === word || languages.some(({ stem }) => stem(each) === stem(word)))
}
