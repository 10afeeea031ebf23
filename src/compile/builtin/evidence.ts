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
 * The sentence defines the topic, introduces it ("we propose X"), has it as its subject, has it somewhere, or only in
 * passing: as an example, a comparison, in brackets.
 */
export type Part = 'defined' | 'introduced' | 'subject' | 'named' | 'aside'

/** The rest of a sentence after the name of its subject, if that says what the subject is. */
const IS =
  /^s?(?:\s*\([^)]{1,40}\))?(?:, [^,.]{2,60},?)?\s(?:is|are|refers? to|means?|denotes?)\s((?:an? (?!(?:more|less|better|worse|good|bad|great|big|bit|lot|little|few)\b)|the |one |any |some )[^]*)$/
/** A verb, and not another noun, follows the name: "dependency resolution" is not about a dependency. */
const VERB_FOLLOWS =
  /^(?:s|es)?(?:\s*\([^)]{1,40}\))?(?:,? (?:which|that|who) [^,.]{2,60}|, [^,.]{2,60},)?,?\s(?:\w+ly |also |not |then |only |both |all |each )?(?:is|are|was|were|isn't|aren't|has|have|had|can|cannot|could|may|might|must|should|will|would|won't|does|do|did|doesn't|don't|means?|refers?|denotes?|allows?|lets?|enables?|provides?|consists?|describes?|contains?|requires?|specif(?:y|ies)|defines?|represents?|takes?|returns?|gives?|makes?|uses?|works?|adds?|helps?|supports?|appears?|behaves?|becomes?|holds?|keeps?|lacks?|needs?|exists?|comes?|includes?|acts?|serves?|creates?|produces?|performs?|controls?|executes?|runs?|ensures?|guarantees?|implements?|introduces?|encodes?|stores?|shows?|separates?|follows?|applies|apply|tends?|remains?|prevents?|causes?|corresponds?|depends?|evaluates?|generates?|handles?|offers?|points?|propagates?|replaces?|turns?|wraps?|computes?|maps?|\w{3,}s (?:the|an?|its|their|all|every|any|no|each))\b/
const INTRODUCES =
  /\b(?:call|name|term|define|introduce|propose|present|add|support|allow|implement|develop|describe|stabili[sz]e|deprecate|rename|remove|extend|replace|provide|creat|establish|launch|found|enable)(?:e?d|s|es|ing)?(?: to| as| for| of| up)?(?: (?:an?|the|new|its|our|two|three|\w+(?:al|ed|ic|ive|able|ible|ary|ous)))* $|\bknown as (?:\w+ )?$|\b(?:concept|notion|idea|form|kind|type|use) of (?:an? |the )?$|\bso called $/
const ASIDE =
  /\b(?:such as|like|e\.g\.,?|i\.e\.,?|for (?:example|instance),?|including|see|similar to|unlike|instead of|rather than|than|as in|compared (?:to|with)|not just|even)\s[^.;:]{0,25}$/
/** What may come before the subject: "In Rust, ", "By default, the ". */
const OPENING =
  /^(?:(?:in|on|for|by|with|when|if|currently|today|here|while|since|as|under|after|before|at|from|to)\b[^,.;]{0,60}, )?(?:the |an? |each |every |all |any |some |this |new |our )?["“*_#[(]*$/
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
  if (at.start < 90 && OPENING.test(before)) {
    const rest = afterName(text, at.end)
    if (IS.test(rest)) return 'defined'
    if (VERB_FOLLOWS.test(rest)) return 'subject'
  }
  const near = before.slice(-70)
  if (INTRODUCES.test(near)) return 'introduced'
  return ASIDE.test(near) || near.lastIndexOf('(') > near.lastIndexOf(')') ? 'aside' : 'named'
}

/** The length of the end of the sentence that says what the topic is, after "X is"; 0 if it does not say so. */
export function definitionLength({ text, folded, whole }: Spoken, forms: readonly string[]): number {
  const at = whole ? occurrence(folded, forms) : undefined
  if (at === undefined || at.start >= 90 || !OPENING.test(folded.slice(0, at.start))) return 0
  return IS.exec(afterName(text, at.end))?.[1]?.length ?? 0
}

/** Where the first of the forms is as a word of its own. */
function occurrence(folded: string, forms: readonly string[]): { start: number; end: number } | undefined {
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
