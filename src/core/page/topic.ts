// When two names mean the same topic.

/**
 * The key under which topics are merged: case, Unicode form, punctuation and an English plural are folded (`APIs` is
 * `API`). `Self-Attention`, `self attention` and `self-attentions` share one.
 */
export function topicKey(name: string): string {
  // Most names are plain words, with only an initial and the plural to fold.
  if (/^[A-Z]?[a-z]+(?: [A-Z]?[a-z]+)*$/.test(name)) return pluralFolded(name.toLowerCase())
  const words = name
    .normalize('NFKC')
    .replace(/(\p{Lu}{2,})s\b/gu, '$1')
    .toLowerCase()
    .replace(/['’]s\b/gu, '')
    .split(/[^\p{L}\p{M}\p{N}+#]+/u)
    .filter((word) => word !== '')
  const last = words.length - 1
  return words.map((word, at) => (at === last ? singular(word) : word)).join(' ')
}

function pluralFolded(plain: string): string {
  if (!plain.endsWith('s')) return plain
  const last = plain.lastIndexOf(' ') + 1
  return plain.slice(0, last) + singular(plain.slice(last))
}

function singular(word: string): string {
  if (word.length < 4 || !word.endsWith('s') || !/^[a-z]+$/.test(word)) return word
  if (/(?:ss|us|is|ics)$/.test(word)) return word
  if (/[^aeiou]ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`
  if (/(?:analy|cri|diagno|hypothe|paraly|parenthe|progno|synthe)ses$/.test(word)) return `${word.slice(0, -2)}is`
  // "classes", "boxes", "branches", "statuses", but "cases", "sizes" and "caches", which end in e.
  if (/(?:ss|x|zz|sh|[^aeiou]ch|[aeo][aeou]ch|[^aeiou]us|ias)es$/.test(word)) return word.slice(0, -2)
  return word.slice(0, -1)
}
