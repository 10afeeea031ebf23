// Other inflections of a noun, in languages whose inflection `topicKey` does not fold: they are looked up, never shown. So a
// word that is none does no harm.
import { topicKey } from '../../core/page/topic.ts'

type Rule = readonly [ending: string, other: string]

/** What a noun's ending may be replaced by; an empty one is added to or taken away. */
const RULES: Record<string, readonly Rule[]> = {
  de: ['e', 'en', 'n', 'er', 'ern', 's', 'es', 'nen', 'se', 'sen'].map((ending): Rule => ['', ending]),
  fr: [
    ['', 's'],
    ['', 'x'],
    ['al', 'aux'],
    ['ail', 'aux'],
  ],
  es: [
    ['', 's'],
    ['', 'es'],
    ['ión', 'iones'],
    ['z', 'ces'],
  ],
  it: [
    ['o', 'i'],
    ['a', 'e'],
    ['e', 'i'],
  ],
  pt: [
    ['', 's'],
    ['', 'es'],
    ['ão', 'ões'],
    ['l', 'is'],
    ['m', 'ns'],
  ],
  nl: [
    ['', 'en'],
    ['', 's'],
    ['', 'n'],
  ],
}
const UMLAUTS: readonly Rule[] = [
  ['a', 'ä'],
  ['o', 'ö'],
  ['u', 'ü'],
]
const STEM_MIN = 3

/** Keys (see `topicKey`) of a name whose last word is inflected otherwise. */
export function inflectedKeys(name: string, language: string): string[] {
  const code = language.split('-')[0] ?? language
  const rules = RULES[code]
  if (rules === undefined) return []
  const lower = name.toLowerCase()
  const start = lower.lastIndexOf(' ') + 1
  const word = lower.slice(start)
  const forms = rules.flatMap(([one, other]) => [replaced(word, one, other), replaced(word, other, one)])
  const all = code === 'de' ? forms.flatMap((form) => [form, ...withUmlaut(form)]) : forms
  const own = topicKey(name)
  const keys = all.filter((form) => form !== '').map((form) => topicKey(lower.slice(0, start) + form))
  return [...new Set(keys)].filter((key) => key !== own)
}

/** Empty if the word does not end so, or is too short. */
function replaced(word: string, ending: string, other: string): string {
  const stem = word.slice(0, word.length - ending.length)
  return word.endsWith(ending) && stem.length >= STEM_MIN ? stem + other : ''
}

/** "Eintrag" and "Einträge": the last vowel of the stem with an umlaut, and without. */
function withUmlaut(word: string): string[] {
  return UMLAUTS.flatMap(([plain, umlaut]) => {
    const forms = [changed(word, plain, umlaut), changed(word, umlaut, plain)]
    return forms.filter((form) => form !== undefined)
  })
}

function changed(word: string, from: string, to: string): string | undefined {
  const at = word.lastIndexOf(from)
  return at < 1 ? undefined : word.slice(0, at) + to + word.slice(at + from.length)
}
