// Sentences about a PDF that its reader should know.

export function pagesWord(pages: number[]): string {
  return pages.length === 1 ? `Page ${pages[0]}` : `Pages ${listPages(pages)}`
}

export function withoutText(pages: number[]): string {
  return `${pagesWord(pages)} ${pages.length === 1 ? 'has' : 'have'} no text.`
}

export function recognised(pages: number[]): string {
  return `${pagesWord(pages)} ${pages.length === 1 ? 'was' : 'were'} read by text recognition and may contain mistakes.`
}

export function readByModel(pages: number[]): string {
  return `${pagesWord(pages)} ${pages.length === 1 ? 'was' : 'were'} read by a model that sees, and may contain mistakes.`
}

export function undecoded(pages: number[]): string {
  return `${pagesWord(pages)} ${pages.length === 1 ? 'has' : 'have'} text without a mapping to letters: what could not be decoded is missing.`
}

export function garbled(pages: number[]): string {
  return `${pagesWord(pages)} ${pages.length === 1 ? 'has' : 'have'} letters that make no sense, and could not be read by text recognition.`
}

/** `[3, 4, 5, 9]` → `3 to 5 and 9`. */
export function listPages(pages: number[]): string {
  const runs: [number, number][] = []
  for (const page of pages) {
    const run = runs.at(-1)
    if (run !== undefined && page === run[1] + 1) run[1] = page
    else runs.push([page, page])
  }
  const parts = runs.map(([from, to]) =>
    from === to ? `${from}` : to === from + 1 ? `${from} and ${to}` : `${from} to ${to}`,
  )
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
