// The note above a text that lacks words of its original: kbgit's own line, not the document's.

const NOTE = /^> \*\*Note:\*\* ([\d.]+% of the words of the original were kept\b[^\n]*)(?:\n+|$)/

/** Markdown for the top of a text. `note`: plain Markdown on one line, which begins with the share of words. */
export function coverageNote(note: string): string {
  return `> **Note:** ${note}`
}

/** A text without its note. */
export function splitCoverageNote(text: string): { note: string | undefined; rest: string } {
  const [whole = '', note] = NOTE.exec(text) ?? []
  return { note, rest: text.slice(whole.length) }
}
