// How much a sentence says about the whole document: its concepts, its similarity to the document's vocabulary, its
// position and how it begins. Key points are the best sentences that differ from each other (maximal marginal
// relevance, Carbonell and Goldstein 1998).
import type { Sentence } from './sentences.ts'
import type { Word } from './tag-words.ts'

/** The content words of a sentence, folded; the unit of vocabulary. */
export type Terms = { all: string[]; own: ReadonlySet<string> }

type Weighted = { sentences: number[]; weight: number }

const STRONG_HEADING =
  /\b(?:a ?bstract|summary|conclusions?|overview|key (?:points|findings|ideas?)|tl;?dr|executive summary|zusammenfassung|résumé|resumen|摘要|要約)\b/i
const WEAK_HEADING =
  /\b(?:appendix|alternatives?|unresolved|open questions|drawbacks|future work|acknowledg|limitations|how we teach|faq|notes?|history|changelog|examples?)\b/i
const DANGLING =
  /^(?:this(?! (?:rfc|paper|document|report|article|proposal|note|guide|chapter|book|thesis|manual|study)\b)|that|these|those|it|its|they|their|them|he|she|his|her|such|here|there|however|but|and|or|so|thus|also|then|hence|therefore|similarly|furthermore|moreover|additionally|finally|instead|otherwise|likewise|again|see|if|while|although|for (?:example|instance)|note|in (?:this(?! (?:rfc|paper|document|report|article|proposal|note|guide|chapter|book|thesis|work|study)\b)|that|addition|other words|particular|contrast|fact)|as (?:shown|mentioned|described|above|such|an? (?:example|result))|on the other hand|to (?:this|that) end|the (?:former|latter|following|above)|first|second|third|next|both|another|other|some|one|maybe|perhaps|basically|anyway|yes|no|well|ok|because|since|worse|better|unfortunately|luckily|hopefully|which|where|when|let|recall|consider|suppose|assume)\b/i
/** Begins with a word that joins it to the sentence before it: no sentence to show by itself. */
const CONNECTIVE =
  /^(?:still|however|but|and|so|thus|also|then|hence|therefore|moreover|furthermore|additionally|instead|otherwise|likewise|similarly|conversely|nevertheless|nonetheless|besides|meanwhile|indeed|of course|in fact|in contrast|in other words|that said|as such|as a result|on the (?:other hand|contrary|one hand)|by contrast|even so|finally|lastly|again|yet|or|nor|for (?:example|instance)|to (?:this|that) end|because of this|after all|luckily|unfortunately|fortunately|hopefully|anyway|basically|yes|no|well|ok)\b/i
/** What a feed adds to each of its entries, and a page to its text. */
const BOILERPLATE =
  /\bappeared first on\b|^(?:the post|read more|continue reading|click here|subscribe|sign up|share this|this (?:article|post|page) (?:was|is) (?:originally|last))\b/i
const CUE =
  /\b(?:in this (?:paper|work|article|report|thesis|study|note|document)|(?:we|i) (?:focus on|propose|present|show|introduce|find|found|argue|demonstrate|describe|conclude|recommend|observe)|this (?:paper|rfc|document|report|article|proposal|thesis|chapter|work|study|note) (?:proposes|presents|describes|introduces|shows|argues|explains|adds|specifies|defines|is about)|results? (?:show|indicate|suggest)|in (?:summary|conclusion)|the (?:main|key|central|core|basic|fundamental) (?:\w+ )?(?:idea|goal|result|problem|advantage|point|purpose|reason|motivation|contribution|difference)|outperforms?|the (?:goal|purpose|aim|motivation) (?:of|is)|is defined as|important(?:ly)?|crucial|significant(?:ly)?|must|propose)\b/i
const POINTING =
  /\b(?:figures?|fig\.|tables?|rows?|columns?|equations?|eq\.|sections?|above|below|following|previous(?:ly)?|aforementioned|this (?:section|case|example)|here)\b/i

/** What a text says about its own use. */
const LICENCE =
  /\b(?:all rights reserved|public domain|licen[cs]ed under|copyright(?:ed|s)?|(?:hereby )?grants? permission|permission is (?:hereby )?granted|without (?:any )?warrant(?:y|ies)|terms of (?:use|this licen[cs]e)|creative commons)\b/i

export function termsOf(words: Word[]): Terms {
  const all: string[] = []
  for (const { tag, lower } of words)
    if (tag !== 'F' && tag !== 'S' && tag !== 'D' && (lower.length > 2 || lower > '\u2E80'))
      all.push(tag === 'N' && lower.endsWith('s') ? lower.slice(0, -1) : lower)
  return { all, own: new Set(all) }
}

/** A score for every sentence, 0 for those that cannot stand alone. `terms` is parallel to `sentences`. */
export function scoreSentences(
  sentences: Sentence[],
  terms: Terms[],
  topics: Weighted[],
  titleTerms: ReadonlySet<string>,
): number[] {
  const counts = new Map<string, number>()
  for (const { all } of terms) for (const term of all) counts.set(term, (counts.get(term) ?? 0) + 1)
  const topical = new Float64Array(sentences.length)
  for (const { sentences: at, weight } of topics)
    for (const index of at) topical[index] = (topical[index] ?? 0) + weight
  return sentences.map((sentence, index) => {
    const own = terms[index]?.own
    if (!sentence.whole || own === undefined || own.size < 3 || BOILERPLATE.test(sentence.text)) return 0
    let vocabulary = 0
    let titled = 0
    for (const term of own) {
      const count = counts.get(term) ?? 1
      if (count > 1) vocabulary += Math.log2(count)
      if (titleTerms.has(term)) titled++
    }
    const length = own.size
    let score = vocabulary / length ** 0.75 + Math.min(topical[index] ?? 0, 2.5) * 1.6 + Math.min(titled, 3) * 0.5
    const words = sentence.text.split(' ').length
    score *= words < 8 ? 0.6 : words > 42 ? 0.65 : words > 32 ? 0.85 : 1
    const heading = sentence.heading ?? ''
    if (STRONG_HEADING.test(heading)) score *= 1.35
    else if (WEAK_HEADING.test(heading)) score *= 0.75
    if (CUE.test(sentence.text)) score *= 1.25
    if (DANGLING.test(sentence.text)) score *= 0.55
    if (POINTING.test(sentence.text)) score *= 0.7
    if (LICENCE.test(sentence.text)) score *= 0.3
    const code = sentence.text.match(/`[^`]*`/g)?.join('').length ?? 0
    if (code > sentence.text.length * 0.3) score *= 0.6
    if (/[=∈∑√≤≥×⊗]|\(\d+(?:,\s*\d+)+\)/.test(sentence.text)) score *= 0.6
    // Early sentences frame a document; the lead alone decides nothing.
    return score * (1 + 0.25 / (1 + index / 6))
  })
}

/** Indexes of the best sentences that differ, in document order. */
export function pickSentences(sentences: Sentence[], terms: Terms[], scores: number[], count: number): number[] {
  const candidates = scores
    .map((score, index) => ({ score, at: index }))
    .filter(({ score, at }) => score > 0 && !CONNECTIVE.test(sentences[at]?.text ?? ''))
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .slice(0, Math.max(40, count * 8))
    // Overlap with the most similar picked sentence.
    .map((candidate) => ({ ...candidate, alike: 0 }))
  const picked: number[] = []
  const bySection = new Map<string, number>()
  while (picked.length < count) {
    let best: { at: number; value: number } | undefined
    for (const { score, at, alike } of candidates) {
      if (alike > 0.55 || picked.includes(at)) continue
      const value = score * (1 - alike) * 0.72 ** (bySection.get(section(sentences[at])) ?? 0)
      if (best === undefined || value > best.value) best = { at, value }
    }
    if (best === undefined) break
    picked.push(best.at)
    for (const candidate of candidates)
      candidate.alike = Math.max(candidate.alike, overlap(terms[candidate.at], terms[best.at]))
    const key = section(sentences[best.at])
    bySection.set(key, (bySection.get(key) ?? 0) + 1)
  }
  return picked.sort((a, b) => a - b)
}

function section(sentence: Sentence | undefined): string {
  return sentence?.heading ?? (sentence?.page === undefined ? '' : `page ${Math.floor(sentence.page / 5)}`)
}

/** Shared terms, relative to the smaller set. */
export function overlap(a: Terms | undefined, b: Terms | undefined): number {
  if (a === undefined || b === undefined) return 0
  const [small, large] = a.all.length < b.all.length ? [a.own, b.own] : [b.own, a.own]
  if (small.size === 0) return 0
  let shared = 0
  for (const term of small) if (large.has(term)) shared++
  return shared / small.size
}

/** How many sentences at the beginning of a text may say what it is about, if it is short. */
const EARLY_SENTENCES = 6

/** The sentence that says what the document is about, or undefined if none does. */
export function pickDescription(
  sentences: Sentence[],
  terms: Terms[],
  scores: number[],
  titleTerms: ReadonlySet<string>,
): number | undefined {
  const early = Math.max(EARLY_SENTENCES, Math.ceil(sentences.length * 0.12))
  let best: { at: number; value: number } | undefined
  for (const [index, sentence] of sentences.entries()) {
    const score = scores[index] ?? 0
    const strong = STRONG_HEADING.test(sentence.heading ?? '') && !/conclusion/i.test(sentence.heading ?? '')
    if (score <= 0 || (index >= early && !strong) || CONNECTIVE.test(sentence.text)) continue
    const titled = [...(terms[index]?.own ?? [])].filter((term) => titleTerms.has(term)).length
    const length = sentence.text.length
    const value =
      score *
      (strong ? (sentences[index - 1]?.heading === sentence.heading ? 1.5 : 2.1) : 1) *
      (CUE.test(sentence.text) ? 1.5 : 1) *
      (1 + 0.2 * Math.min(titled, 3)) *
      (length > 240 ? 0.6 : 1) *
      (index < 3 || strong ? 1.15 : 1)
    if (best === undefined || value > best.value) best = { at: index, value }
  }
  if (best !== undefined) return best.at
  // A page may begin with links, and a mail with addresses: then the first sentences are further down.
  const firstOnes = [...scores.keys()].filter((index) => (scores[index] ?? 0) > 0).slice(0, EARLY_SENTENCES)
  return firstOnes.toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))[0]
}
