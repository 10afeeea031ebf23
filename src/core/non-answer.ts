// Sentences in which a model says that it has nothing to say. On a page they would read as knowledge.

const NON_ANSWERS = [
  /^(?:there (?:is|are|were) )?no(?:thing)? (?:new )?(?:changes?|updates?|modifications?|changed|to (?:add|change|update))\b/i,
  /^(?:the (?:page|text|summary|description|content) )?(?:(?:is|remains|stays) )(?:unchanged|the same)[.!]?$|^(?:unchanged|(?:the )?same as (?:before|above|(?:the )?previous))\b/i,
  /^(?:n\/?a|none|null|undefined|tbd|todo|unknown|not (?:applicable|available|provided|specified)|no (?:description|summary|content|information)(?: (?:available|provided|given))?|\.{3}|…|-+)[.!]?$/i,
  /^(?:i(?:['’]m| am) sorry\b|sorry,|as an ai\b|as a (?:large )?language model\b|i (?:cannot|can(?:['’]t|not)|am unable to|won['’]t|do(?:n['’]t| not) have)\b)/i,
  /^(?:here (?:is|are) (?:the|your)|sure[,!]|certainly[,!]|of course[,!])[^.]*[:.]?$/i,
]

/** True for text without content: empty, "no change from the previous output", an apology, or only a preamble. */
export function isNonAnswer(text: string): boolean {
  const words = text.replace(/[*_`"“”]/g, '').trim()
  return words === '' || NON_ANSWERS.some((pattern) => pattern.test(words))
}
