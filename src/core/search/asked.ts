// A query as search reads it: the words to look for, where they stand to each other, and whether it is a question.
import type { SearchLanguage } from './languages.ts'
import { compounds } from './words.ts'

/** `weight`: how much the word counts beside the others, before how rare it is. */
export type AskedTerm = { word: string; weight: number }
export const QUERY_KINDS = ['word', 'words', 'question'] as const
export type QueryKind = (typeof QUERY_KINDS)[number]
export type Asked = {
  terms: AskedTerm[]
  /** Which term stands where, in words of the query; as in a text, a word in one piece stands behind its parts. */
  sequence: { term: number; at: number }[]
  /** Each kind is answered by other things: a question by a passage, a word by what the whole text and its title are about. */
  kind: QueryKind
}

/** A part of `readExact` says less than the word, which is looked for too. */
const PART_WEIGHT = 0.5
/** What a word of `WEAK_WORDS` counts in a query with function words, which is a sentence or the beginning of one. */
const WEAK_WEIGHT = 0.4
/** English words that questions are put in, whatever they are about. */
const WEAK_WORDS = new Set(
  (
    'able across actually add again almost along already also although always another anybody anyone anything around ask asked away ' +
    'back become becomes behind better big bit bring brings came certain come comes different done either else enough ever every ' +
    'everybody everyone everything exactly far find finds found gave get gets getting give given gives go goes going gone good got ' +
    'happen happened happens hard help idea instead keep keeps kept kind know known least leave leaves left less let lets like likely ' +
    'little long longer look looking looks lot lots made make makes making many maybe mean meant might much must near need needed ' +
    'needs never new nobody note notes nothing now often old one ones others part people perhaps place please possible problem put ' +
    'puts quite rather real really right said say says see seem seems seen sees several show shows simply since somehow someone ' +
    'something sometimes somewhere somebody soon sort still sure take taken takes tell tells thing things think thought together told ' +
    'took toward towards try trying turn turned turns upon use used useful uses using usually various want wanted wants way ways well ' +
    'went whatever whenever whether whichever whoever whole within without work works would yet'
  ).split(' '),
)
/** Function words that show that a query is in another language than English. */
const FOREIGN_MIN = 2

/** At most `limit` terms; the rest is ignored. Function words are left out of a query that has others. */
export function readQuery(query: string, languages: readonly SearchLanguage[], limit: number): Asked {
  const found: { word: string; weight: number; at: number }[] = []
  let at = 0
  for (const { parts, whole } of compounds(query)) {
    for (const word of parts) found.push({ word, weight: whole === undefined ? 1 : PART_WEIGHT, at: at++ })
    if (whole !== undefined) found.push({ word: whole, weight: 1, at: at++ })
  }
  const functionWords = functionWordsOf(found, languages)
  const significant = found.filter(({ word }) => !functionWords.has(word))
  const terms = new Map<string, { index: number; weight: number }>()
  const sequence: Asked['sequence'] = []
  for (const { word, weight, at } of significant.length > 0 ? significant : found) {
    const known = terms.get(word)
    if (known === undefined && terms.size === limit) continue
    const index = known?.index ?? terms.size
    terms.set(word, { index, weight: Math.max(weight, known?.weight ?? 0) })
    sequence.push({ term: index, at })
  }
  const kind = /[?？؟]/.test(query) ? 'question' : terms.size > 1 ? 'words' : 'word'
  const isSentence = significant.length < found.length
  const weighed = [...terms].map(([word, { weight }]) => ({
    word,
    weight: isSentence && WEAK_WORDS.has(word) ? weight * WEAK_WEIGHT : weight,
  }))
  return { terms: weighed, sequence, kind }
}

/** Those of the language that most of them are of: "die" is a word in English, and an article in German. */
function functionWordsOf(found: { word: string }[], languages: readonly SearchLanguage[]): ReadonlySet<string> {
  let best: { words: ReadonlySet<string>; count: number } = { words: new Set(), count: 0 }
  for (const { code, functionWords } of languages) {
    const count = found.filter(({ word }) => functionWords.has(word)).length
    if (count > best.count && (code === 'en' || count >= FOREIGN_MIN)) best = { words: functionWords, count }
  }
  return best.words
}
