// Detects the language of a text from its script and its commonest words.

const MARKERS: Record<string, ReadonlySet<string>> = Object.fromEntries(
  Object.entries({
    en: 'the of and to in is that for it with as this are be was by not or',
    de: 'der die und das den von ist mit nicht ein eine auf für sich dem des auch wird',
    fr: 'le la les de des et est une dans que pour du qui sur pas par plus avec',
    es: 'el la los de que y en un una es se por con para del las su como',
    it: 'il di che la è un per una con del non sono della gli si le nel più',
    pt: 'o de que e do da em um para é com não uma os no se na por',
    nl: 'de het een van en is dat op te zijn met voor niet aan er die',
  }).map(([code, list]) => [code, new Set(list.split(' '))]),
)

const ANY_MARKER = new Set(Object.values(MARKERS).flatMap((set) => [...set]))

const OTHER_SCRIPT =
  /[\p{sc=Hira}\p{sc=Kana}\p{sc=Han}\p{sc=Hang}\p{sc=Thai}\p{sc=Cyrl}\p{sc=Arab}\p{sc=Grek}\p{sc=Hebr}\p{sc=Deva}]/u

/** Minimum number of words to detect a language. */
const TWENTY_LETTERS = /^(?:\P{L}*\p{L}){20}/u

/** Number of words that are examined, and the share of them that must be among the language's commonest ones. */
const WORDS_MIN = 4
const SHARE_SURE = 0.1
const SHARE_MIN = 0.04

/** BCP 47, or undefined if the text is too short or in none of the known languages. */
export function languageOf(text: string): string | undefined {
  const sample = text.slice(0, 6_000)
  if (!TWENTY_LETTERS.test(sample)) return undefined
  // Counting the letters of each script takes longer than everything else here.
  return (OTHER_SCRIPT.test(sample) ? languageOfScript(sample) : undefined) ?? languageOfMarkers(sample)
}

function languageOfScript(sample: string): string | undefined {
  const count = (pattern: RegExp) => sample.match(pattern)?.length ?? 0
  const letters = count(/\p{L}/gu)
  if (count(/[\p{Script=Hiragana}\p{Script=Katakana}]/gu) > letters * 0.1) return 'ja'
  if (count(/\p{Script=Han}/gu) > letters * 0.3) return 'zh'
  if (count(/\p{Script=Hangul}/gu) > letters * 0.3) return 'ko'
  if (count(/\p{Script=Thai}/gu) > letters * 0.3) return 'th'
  if (count(/\p{Script=Cyrillic}/gu) > letters * 0.5) return /[іїєґ]/i.test(sample) ? 'uk' : 'ru'
  if (count(/\p{Script=Arabic}/gu) > letters * 0.5) return 'ar'
  if (count(/\p{Script=Greek}/gu) > letters * 0.5) return 'el'
  if (count(/\p{Script=Hebrew}/gu) > letters * 0.5) return 'he'
  if (count(/\p{Script=Devanagari}/gu) > letters * 0.5) return 'hi'
  return undefined
}

function languageOfMarkers(sample: string): string | undefined {
  const words = sample.toLowerCase().match(/\p{L}+/gu) ?? []
  const markers = new Map<string, number>()
  for (const word of words) if (ANY_MARKER.has(word)) markers.set(word, (markers.get(word) ?? 0) + 1)
  const hits = Object.entries(MARKERS).map(([code, set]) => {
    const found = [...markers].filter(([word]) => set.has(word))
    // A single word may be common to several languages.
    return { code, share: found.length < 2 ? 0 : found.reduce((sum, [, count]) => sum + count, 0) / words.length }
  })
  hits.sort((a, b) => b.share - a.share)
  const [best, next] = hits
  if (best === undefined || next === undefined || words.length < WORDS_MIN) return undefined
  // Lists and tables have few of these words; then all other languages must have far fewer.
  return best.share > SHARE_SURE || (best.share > SHARE_MIN && best.share > next.share * 2) ? best.code : undefined
}

/** Languages written without spaces. */
export function isCjk(language: string | undefined): boolean {
  return /^(?:zh|ja|th|lo|km|my)\b/.test(language ?? '')
}
