// When two names mean the same topic.

/**
 * The key under which topics are merged: case, Unicode form, punctuation and English inflection are folded (`APIs` is
 * `API`, `pattern matching` is `pattern match`). `Self-Attention`, `self attention` and `self-attentions` share one. A key
 * is for comparing only: it is not a word.
 */
export function topicKey(name: string): string {
  // Most names are plain words, with only an initial and the inflection to fold.
  if (/^[A-Z]?[a-z]+(?: [A-Z]?[a-z]+)*$/.test(name)) return name.toLowerCase().split(' ').map(foldedOnce).join(' ')
  return name
    .normalize('NFKC')
    .replace(/(\p{Lu}{2,})s\b/gu, '$1')
    .toLowerCase()
    .replace(/['’]s\b/gu, '')
    .split(/[^\p{L}\p{M}\p{N}+#]+/u)
    .filter((word) => word !== '')
    .map(foldedOnce)
    .join(' ')
}

/** Folded words by word: texts repeat theirs. Emptied when full. */
const known = new Map<string, string>()
const KNOWN_MAX = 20_000

function foldedOnce(word: string): string {
  let key = known.get(word)
  if (key === undefined) {
    if (known.size >= KNOWN_MAX) known.clear()
    key = folded(word)
    known.set(word, key)
  }
  return key
}

/** Without a plural, `-ing` or a final `e`: `caches`, `caching` and `cache` are one. */
function folded(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word
  const one = word.endsWith('ics') ? word.slice(0, -1) : singular(word)
  const stem = one.endsWith('ing') && one.length > 6 && /[aeiouy]/.test(one.slice(0, -3)) ? one.slice(0, -3) : one
  if (stem !== one) return /([bdgmnprt])\1$/.test(stem) ? stem.slice(0, -1) : withoutE(stem)
  return withoutE(one)
}

function withoutE(word: string): string {
  return word.length > 4 && /[^e]e$/.test(word) ? word.slice(0, -1) : word
}

/** An English noun without its plural ending; any other word stays as it is. Lower case. */
export function singular(word: string): string {
  if (word.length < 4 || !word.endsWith('s') || !/^[a-z]+$/.test(word)) return word
  if (/(?:ss|us|is|ics|lias|bias|nvas|tlas|gas)$/.test(word)) return word
  if (/[^aeiou]ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`
  if (/(?:analy|cri|diagno|hypothe|paraly|parenthe|progno|synthe)ses$/.test(word)) return `${word.slice(0, -2)}is`
  // "classes", "boxes", "branches", "statuses", but "cases", "sizes" and "caches", which end in e.
  if (/(?:ss|x|zz|sh|[^aeiou]ch|[aeo][aeou]ch|[^aeiou]us|ias)es$/.test(word)) return word.slice(0, -2)
  return word.slice(0, -1)
}
