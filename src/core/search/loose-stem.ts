// Joins the forms of a word when two texts are compared in memory; the full text index has a stemmer of its own.

/** Letters that must be left when an ending such as `-er` goes, which is also how many short words end: `order`, `nation`. */
const DERIVED_MIN = 5

/** Without the commonest English endings: enough to join a question's forms with a text's. */
export function looseStem(word: string): string {
  if (word.length <= 4 || !/^[a-z]+$/.test(word)) return word
  const uninflected = word.replace(/(?:ing|edly|ed|ies|es|s|ly)$/, '')
  if (uninflected.length < 3) return word
  const underived = uninflected.replace(/(?:er|ation|ion)$/, '')
  const stem = underived.length >= DERIVED_MIN ? underived : uninflected
  return stem.replace(/[eiy]$/, '').replace(/([^aeiou])\1$/, '$1')
}
