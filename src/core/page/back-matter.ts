// Sections that are about a text rather than part of what it says.

const TITLES =
  /^(?:[\dIVX.]+\s+)?(?:references?(?: and notes)?|bibliography|works cited|literature(?: cited)?|acknowledge?ments?|table of contents|contents|list of (?:figures|tables)|index|literatur(?:verzeichnis)?|inhalt(?:sverzeichnis)?|références|bibliographie|table des matières|bibliografía|referencias|índice|参考文献|目录|目次|謝辞|致谢)\s*:?$/i

/** Whether a section of this title is a bibliography, a table of contents, an index or the like. */
export function isBackMatter(title: string): boolean {
  return TITLES.test(title)
}
