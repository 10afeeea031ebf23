// When two titles name the same section of a PDF.

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
