// Prose cut into sentences.

let segmenter: Intl.Segmenter | undefined

/** The sentences, each with the white space after it: joined, they are the text. */
export function proseSentences(prose: string): string[] {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'sentence' })
  const sentences: string[] = []
  for (const { segment } of segmenter.segment(prose)) {
    const before = sentences.at(-1)
    // It takes the points of abbreviations and initials, and line ends, for ends of sentences.
    if (before !== undefined && !isWhole(before, segment)) sentences[sentences.length - 1] = before + segment
    else sentences.push(segment)
  }
  return sentences
}

/** Whether the text ends as a sentence does, before the marks of its citations. */
export function endsSentence(text: string): boolean {
  return /[.!?…。！？:]["”’)\]*_]*(?:\s*\[\d+(?:, \d+)*\])*\s*$/u.test(text)
}

function isWhole(sentence: string, next: string): boolean {
  if (!/[.!?…。！？:]["”’)\]*_]*(?:\[\d+\])*\s*$/u.test(sentence)) return false
  return (
    !/(?:\b(?:e\.g|i\.e|etc|cf|vs|Fig|Eq|No|Dr|Mr|Mrs|Ms|Prof|St|al)|\b\p{Lu})\.\s*$/u.test(sentence) &&
    !/^\s*\p{Ll}/u.test(next)
  )
}
