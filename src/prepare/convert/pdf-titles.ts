// What titles of a PDF's sections are, and when two name the same one.

/** Whether two texts name the same section, ignoring numbers, case and punctuation. */
export function sameTitle(a: string, b: string): boolean {
  const [x, y] = [titleKey(a), titleKey(b)]
  return x === y || (x.length >= 12 && y.length >= 12 && (x.startsWith(y) || y.startsWith(x)))
}

/** A title without its number, case, spaces and punctuation. */
export function titleKey(title: string): string {
  const bare = title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/^(?:(?:chapter|section|part)\s+)?(?:\d+|[a-z])(?:\.\d+)*[.:)]?\s+/i, '')
  return (bare === '' ? title.toLowerCase() : bare).replace(/[^\p{L}\p{N}]+/gu, '')
}

/** Whether a line is the caption of a numbered table or figure. */
export function isCaptionTitle(title: string): boolean {
  return /^(?:table|tab\.|tabelle|tableau|tabla|tabella|figure|fig\.|figura|abbildung|abb\.|chart|algorithm|listing)\s+(?:[A-Z][.-]?)?\d/i.test(
    title,
  )
}
