// What part a topic plays in a sentence: whether the sentence says what the topic is, is about it, or only names it.
import type { Sentence } from './sentences.ts'

/** A sentence prepared for looking topics up in it. */
export type Spoken = {
  /** Without the signs of code spans. */
  text: string
  /** The same, folded: as long as `text`. */
  folded: string
  /** Its heading, folded. */
  heading: string
  whole: boolean
}

/**
 * The sentence defines the topic, says what it does or has, introduces it ("we propose X"), has it as its subject, has it
 * somewhere, or only in passing: as an example, a comparison, in brackets.
 */
export type Part = 'defined' | 'described' | 'introduced' | 'subject' | 'named' | 'aside'

/** The rest of a sentence after the name of its subject, if that says what the subject is. */
const IS =
  /^s?(?:\s*\([^)]{1,40}\))?(?: (?:and|or) \S+(?: \S+)?)?(?:, [^,.]{2,60},?)?\s(?:(?:is|are)(?: (?:simply|just|basically|essentially|effectively|also|currently|therefore|thus|itself|really))?|refers? to|means?|denotes?|stands for)\s((?:an? (?!(?:more|less|better|worse|good|bad|great|big|bit|lot|little|few|(?:open )?(?:question|issue)|problem|concern|pain|mistake|must|hazard)\b)|the (?!(?:same|case|only|best|right)\b)|one |two |any |some |used (?:to|for|by|as|in|when) |responsible for |defined (?:as|by) |(?:designed|intended|meant) (?:to|for) )[^]*)$/
/** What an item of a list says of what it begins with: "`macro` - apply remappings to …". */
const ITEM = /^(?::| [-–—]) (?!https?:|[*_"“])((?:\S+ ){4}[^]*)$/
/** Another name for what was just named: "the Transformer, a model architecture eschewing recurrence". */
const APPOSED =
  /^s?(?: \([^)]{1,40}\))?, ((?:which (?:is|are) )?(?:an? |the |one of the )[^,;:()]{12,170}?)(?=[,;:]|\.?$)(?!,? (?:and|or) |, (?:an?|the) )/
const BRACKETED = /^ \(((?:an? |the )[^()]{15,140})\)/
/** What a name in apposition may follow: not an adjective that is a part of it. */
const BEFORE_APPOSED =
  /(?:^|\b(?:the|an?|our|its|of|to|by|on|in|as|for|from|with|propose|present|introduce|add|call(?:ed)?|use[sd]?|is|are) |["“*_])$/
/** More than the longest of these words. */
const BEFORE_CHARS = 24
/** A clause that ends with the name: "In Rust, a trait …" says nothing of Rust. */
const LEADING =
  /^(?:in|on|for|by|with|without|when|if|while|since|as|under|after|before|at|from|to|given|like|unlike|using|because|although|though|once|until|unless|whereas|where|besides|despite|beyond|apart|within|during|between|inside|outside|through|throughout|via|upon|into|about|\w+ing)\b[^,]*$/i
/** The next things of a list: "the prefix, the center part and the suffix". */
const LISTED = / (?:and|or) (?:the|an?|its|their) /
/** A sentence, and no name of a thing. */
const FINITE =
  /^(?:(?!\b(?:that|which|who|whose|where|when)\b).)*?\b(?:is|are|was|were|has|have|can|will|would|could|should|must|may|might|does|do|did|cannot|we|you|they|it)\b/
/** An item of a list that is a sentence of its own: "The compiler first evaluates that constant". */
const CLAUSE =
  /^(?:if|as|unlike|instead|yes|no|when|for|in)\b|^(?:(?!\b(?:that|which|who|whose|where|when)\b)[^,])*?\b(?:\w{3,}s (?:that|the|an?|to)|applies|works|goes)\b/i
/** Where something else is said. */
export const CLAUSE_END = /, (?:and|but|so|because|while|though|although) |; | — /
/** Says something of what stands elsewhere. */
const DEICTIC =
  /\b(?:this|these|those|above|below|following|former|latter|here|such|aforementioned|which is yet)\b|\b(?:that|it|them|so)[.,]?$/i
/** A verb, and not another noun, follows the name: "dependency resolution" is not about a dependency. */
const VERB_FOLLOWS =
  /^(?:s|es)?(?:\s*\([^)]{1,40}\))?(?:,? (?:which|that|who) [^,.]{2,60}|, [^,.]{2,60},)?,?\s(?:\w+ly |also |not |then |only |both |all |each )?(?:is|are|was|were|isn't|aren't|has|have|had|can|cannot|could|may|might|must|should|will|would|won't|does|do|did|doesn't|don't|means?|refers?|denotes?|allows?|lets?|enables?|provides?|consists?|describes?|contains?|requires?|specif(?:y|ies)|defines?|represents?|takes?|returns?|gives?|makes?|uses?|works?|adds?|helps?|supports?|appears?|behaves?|becomes?|holds?|keeps?|lacks?|needs?|exists?|comes?|includes?|acts?|serves?|creates?|produces?|performs?|controls?|executes?|runs?|ensures?|guarantees?|implements?|introduces?|encodes?|stores?|shows?|separates?|follows?|applies|apply|tends?|remains?|prevents?|causes?|corresponds?|depends?|evaluates?|generates?|handles?|offers?|points?|propagates?|replaces?|turns?|wraps?|computes?|maps?|\w{3,}s (?:the|an?|its|their|all|every|any|no|each))\b/
/** Of these verbs, those after which stands what the subject does or consists of. */
const DESCRIBES =
  /^(?:s|es)?(?:\s*\([^)]{1,40}\))?(?: (?:and|or) \S+(?: \S+)?)?(?:,? (?:which|that|who) [^,.]{2,60},?)?\s(?:\w+ly |also |then |only |both |all |each )?(?:(?:can|may|must|will) (?:only |also |then |optionally )?(?:be )?\w+|(?:is|are) \w+(?:ed|en|t) (?:by|to|as|into|for|from|when|with|of|in|on)|(?:is|are) (?:also )?(?:called|named|known)|allows?|lets?|enables?|provides?|consists?|describes?|contains?|specif(?:y|ies)|determines?|defines?|represents?|controls?|ensures?|guarantees?|serves?|acts?|encodes?|stores?|computes?|maps?|performs?|handles?|holds?|implements?|wraps?|produces?|returns?|tells?|checks?|prevents?|extends?|replaces?|reports?|maintains?|manages?)\b/
const INTRODUCES =
  /\b(?:call|name|term|define|introduce|propose|present|add|support|allow|implement|develop|describe|stabili[sz]e|deprecate|rename|remove|extend|replace|provide|creat|establish|launch|found|enable)(?:e?d|s|es|ing)?(?: to| as| for| of| up)?(?: (?:an?|the|new|its|our|two|three|\w+(?:al|ed|ic|ive|able|ible|ary|ous)))* $|\bknown as (?:\w+ )?$|\b(?:concept|notion|idea|form|kind|type|use) of (?:an? |the )?$|\bso called $/
const ASIDE =
  /\b(?:such as|like|e\.g\.,?|i\.e\.,?|for (?:example|instance),?|including|see|similar to|unlike|instead of|rather than|than|as in|compared (?:to|with)|not just|even)\s[^.;:]{0,25}$/
/** What may come before the subject: "In Rust, ", "By default, the ". */
const OPENING =
  /^(?:(?:in|on|for|by|with|when|if|currently|today|here|while|since|as|under|after|before|at|from|to)\b[^,.;]{0,60}, )?(?:(?:however|therefore|thus|hence|also|finally|moreover|essentially|conceptually|formally|informally|generally), )?(?:the |an? |each |every |all |any |some |this |new |our )?["“*_#[(]*$/
const WORD = /[\p{L}\p{N}_]/u

export function spokenOf(sentences: Sentence[]): Spoken[] {
  return sentences.map(({ text, heading = '', whole }) => {
    const plain = text.replaceAll('`', '')
    return { text: plain, folded: fold(plain), heading: fold(heading), whole }
  })
}

/** Lower case, spaces for hyphens; as long as the text. */
export function fold(text: string): string {
  return text.toLowerCase().replaceAll('-', ' ')
}

/** The names of a topic as they occur in folded text, the longest first. */
export function formsOf(names: string[]): string[] {
  return names.map((name) => fold(name.replaceAll('`', ''))).sort((a, b) => b.length - a.length)
}

/** `forms` as returned by `formsOf`. Undefined if the sentence has none of them as a word of its own. */
export function partIn({ text, folded, whole }: Spoken, forms: readonly string[]): Part | undefined {
  const at = occurrence(folded, forms)
  if (at === undefined) return undefined
  if (!whole) return 'aside'
  const before = folded.slice(0, at.start)
  if (definedAt(text, folded, at, forms) !== undefined) return 'defined'
  if (at.start < 90 && OPENING.test(before)) {
    const rest = afterName(text, at.end)
    if (DESCRIBES.test(rest)) return 'described'
    if (VERB_FOLLOWS.test(rest)) return 'subject'
  }
  const near = before.slice(-70)
  if (INTRODUCES.test(near)) return 'introduced'
  return ASIDE.test(near) || near.lastIndexOf('(') > near.lastIndexOf(')') ? 'aside' : 'named'
}

type Range = { start: number; end: number }

/** Where a sentence says what the topic is, as a part of its text without the signs of code spans. */
export function definitionIn({ text, folded, whole }: Spoken, forms: readonly string[]): Range | undefined {
  const at = whole ? occurrence(folded, forms) : undefined
  return at === undefined ? undefined : definedAt(text, folded, at, forms)
}

function definedAt(text: string, folded: string, at: Range, forms: readonly string[]): Range | undefined {
  const before = folded.slice(0, at.start)
  const rest = afterName(text, at.end)
  const own = at.start < 90 && OPENING.test(before) ? definedBy(rest) : undefined
  const is = own ?? apposedIn(before, rest)
  // "`CARGO`: path to the `cargo` binary" does not say what Cargo is.
  if (is === undefined || forms.some((form) => fold(is).includes(form))) return undefined
  const start = own === undefined ? text.length - rest.length + rest.indexOf(is) : text.length - is.length
  return { start, end: start + is.length }
}

/** The end of a sentence that says what its subject is. */
function definedBy(rest: string): string | undefined {
  const item = ITEM.exec(rest)?.[1]
  const is = IS.exec(rest)?.[1] ?? (item === undefined || FINITE.test(item) || CLAUSE.test(item) ? undefined : item)
  return is === undefined || DEICTIC.test(is.split(CLAUSE_END)[0] ?? '') ? undefined : is
}

/** What stands beside the name and says what it is. */
function apposedIn(before: string, rest: string): string | undefined {
  // Most names are followed by neither: the patterns are slow.
  const next = rest.startsWith('s') ? rest.slice(1, 3) : rest.slice(0, 2)
  if ((next !== ', ' && next !== ' (') || !BEFORE_APPOSED.test(before.slice(-BEFORE_CHARS))) return undefined
  const apposed = (LEADING.test(before) ? undefined : APPOSED.exec(rest)?.[1]) ?? BRACKETED.exec(rest)?.[1]
  const name = apposed?.replace(/^which (?:is|are) /, '')
  const isName =
    name !== undefined && !FINITE.test(name) && !CLAUSE.test(name) && !DEICTIC.test(name) && !LISTED.test(name)
  return isName && name.split(' ').length >= 4 ? name : undefined
}

/** Where the first of the forms is as a word of its own. */
function occurrence(folded: string, forms: readonly string[]): Range | undefined {
  for (const form of forms) {
    for (let start = folded.indexOf(form); start >= 0; start = folded.indexOf(form, start + 1))
      if (start === 0 || !WORD.test(folded[start - 1] ?? '')) return { start, end: start + form.length }
  }
  return undefined
}

/** The text after a name, without the signs that end a name of code. */
function afterName(text: string, end: number): string {
  return text.slice(end).replace(/^["”*_!()\]]+/, '')
}
