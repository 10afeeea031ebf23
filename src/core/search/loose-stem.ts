// Joins the forms of a word when two texts are compared in memory; the full text index has a stemmer of its own.

/** Without the commonest English endings: enough to join a question's forms with a text's. */
export function looseStem(word: string): string {
  if (word.length <= 4 || !/^[a-z]+$/.test(word)) return word
  const stem = word.replace(/(?:ing|edly|ed|ies|es|s|ly|er|ers|ion|ions|ation|ations)$/, '')
  return stem.length >= 3 ? stem.replace(/[ey]$/, '').replace(/([^aeiou])\1$/, '$1') : word
}
