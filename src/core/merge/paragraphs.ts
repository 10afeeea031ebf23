// Merging prose three ways, by paragraph. Lines are too fine-grained: a remark below a sentence that changed would
// count as a conflict.

/**
 * The paragraphs of both sides, without those that either removed. Undefined if both sides replaced the same paragraph,
 * or if a paragraph occurs twice in one version.
 */
export function mergeParagraphs(ancestor: string, ours: string, theirs: string): string | undefined {
  return merged(paragraphs(ancestor), paragraphs(ours), paragraphs(theirs))?.join('\n\n')
}

/** The same by line, for lists. A line keeps a blank line before it, that of theirs if both have the line. */
export function mergeLines(ancestor: string, ours: string, theirs: string): string | undefined {
  const [was, left, right] = [ancestor, ours, theirs].map(lines) as [string[], string[], string[]]
  const apart = new Set([...afterBlank(ours).filter((line) => !right.includes(line)), ...afterBlank(theirs)])
  return merged(was, left, right)
    ?.map((line, index) => (index > 0 && apart.has(line) ? `\n${line}` : line))
    .join('\n')
}

function merged(was: string[], left: string[], right: string[]): string[] | undefined {
  if ([was, left, right].some((list) => new Set(list).size !== list.length)) return undefined
  const added = (list: string[], others: string[]): boolean =>
    list.some((paragraph) => !was.includes(paragraph) && !others.includes(paragraph))
  const goneOnBoth = was.some((paragraph) => !left.includes(paragraph) && !right.includes(paragraph))
  if (goneOnBoth && added(left, right) && added(right, left)) return undefined
  const kept = was.filter((paragraph) => left.includes(paragraph) && right.includes(paragraph))
  const mine = placed(left, was).filter(({ paragraph }) => !was.includes(paragraph) && !right.includes(paragraph))
  const generated = placed(right, was).filter(({ paragraph }) => !was.includes(paragraph))
  return [...placed(kept, was), ...generated, ...mine]
    .sort((a, b) => a.place - b.place)
    .map(({ paragraph }) => paragraph)
}

/** The place of each paragraph among those of the ancestor: an added one comes right after the one that it follows. */
function placed(list: string[], was: string[]): { paragraph: string; place: number }[] {
  let last = -1
  return list.map((paragraph) => {
    const place = was.indexOf(paragraph)
    if (place !== -1) last = place
    return { paragraph, place: place === -1 ? last + 0.5 : place }
  })
}

function paragraphs(text: string): string[] {
  return text
    .trim()
    .split(/\n[ \t]*\n+/)
    .map((paragraph) => paragraph.trimEnd())
    .filter((paragraph) => paragraph !== '')
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
}

function afterBlank(text: string): string[] {
  return [...text.matchAll(/\n[ \t]*\n+(.*\S)/g)].map(([, line = '']) => line)
}
