// What a person wrote inside a document's section stays when kbgit rewrites the section: a three-way merge of the
// section as kbgit wrote it, as it is now, and as kbgit writes it now.
import { createHash } from 'node:crypto'
import { mergeLines, mergeParagraphs } from '../core/merge/paragraphs.ts'
import type { DocumentRecord } from '../core/document/document.ts'
import { cutPage, joinPage, sectionText, type CutPage, type CutSection } from '../core/page/page-text.ts'
import { headingTarget } from '../core/page/page.ts'
import type { WikiSnapshot } from './draft.ts'

/** Maximum number of versions of a page to search for the one that kbgit wrote. */
const VERSIONS_MAX = 100

/** What of a summary is written by its document's own commits alone; the introduction has no heading. */
const SUMMARY_PARTS = ['', 'Key points', 'Outline'] as const

export class SectionEdits {
  readonly #old: Pick<DocumentRecord, 'sections' | 'summaryParts' | 'edited'>
  readonly #snapshot: WikiSnapshot
  readonly #sections = new Set<string>()
  readonly #summaryParts = new Set<string>()
  readonly #edited: NonNullable<DocumentRecord['edited']> = []
  readonly #kept: string[] = []

  /** `old` is the document's previous record, if there is one. */
  constructor(old: DocumentRecord | undefined, snapshot: WikiSnapshot) {
    this.#old = old ?? {}
    this.#snapshot = snapshot
  }

  /** For the document's record. */
  get record(): Pick<DocumentRecord, 'sections' | 'summaryParts' | 'edited'> {
    return {
      ...(this.#sections.size === 0 ? {} : { sections: [...this.#sections].sort() }),
      ...(this.#summaryParts.size === 0 ? {} : { summaryParts: [...this.#summaryParts].sort() }),
      ...(this.#edited.length === 0 ? {} : { edited: this.#edited }),
    }
  }

  /** Pages on which a person's text conflicts with what kbgit would have written. */
  get kept(): readonly string[] {
    return this.#kept
  }

  /** A section that kbgit adds. */
  wrote(section: CutSection): CutSection {
    this.#sections.add(sectionDigest(section))
    return section
  }

  /** Whether a person changed the section since kbgit wrote it. Records of earlier versions cannot tell. */
  isEdited(path: string, current: CutSection): boolean {
    if (this.#old.edited?.some(({ page }) => page === path) === true) return true
    return this.#old.sections !== undefined && !this.#old.sections.includes(sectionDigest(current))
  }

  /** What replaces `current` on the page at `path`. If both sides replaced the same paragraph, the person's text stays. */
  async merge(path: string, current: CutSection, generated: CutSection): Promise<CutSection> {
    this.wrote(generated)
    if (!this.isEdited(path, current)) return generated
    const ancestor = await this.#ancestor(path, headingTarget(current.heading))
    const merged = ancestor === undefined ? undefined : mergeParagraphs(ancestor, current.text, generated.text)
    if (merged === undefined) this.#kept.push(path)
    const text = merged === undefined ? current.text : `${merged}\n\n`
    if (text.trimEnd() === generated.text.trimEnd()) return generated
    this.#edited.push({ page: path, generated: generated.text.trimEnd() })
    return { heading: merged === undefined ? current.heading : generated.heading, text }
  }

  /** A section that kbgit would remove but a person has edited. */
  keep(path: string, current: CutSection): void {
    this.#kept.push(path)
    this.#edited.push({ page: path, generated: `## ${current.heading}` })
  }

  /** The summary `generated` with what a person wrote on `current`, the page at `path`. */
  async mergeSummary(path: string, current: string | undefined, generated: string): Promise<string> {
    let page = cutPage(generated)
    const now = cutPage(current ?? '')
    for (const heading of SUMMARY_PARTS) {
      const written = partOf(page, heading)
      this.#summaryParts.add(sectionDigest({ text: written }))
      if (current === undefined || this.#old.summaryParts === undefined) continue
      page = withPart(page, heading, await this.#mergePart(path, heading, partOf(now, heading), written))
    }
    return joinPage(page)
  }

  async #mergePart(path: string, heading: string, current: string, generated: string): Promise<string> {
    const recorded = this.#old.edited?.find((one) => one.page === path && headingOf(one.generated) === heading)
    if (recorded === undefined && this.#old.summaryParts?.includes(sectionDigest({ text: current })) === true)
      return generated
    const ancestor =
      recorded === undefined ? await this.#ancestorPart(path, heading) : bodyOf(recorded.generated, heading)
    const merged = ancestor === undefined ? undefined : mergeLines(ancestor, current, generated)
    if (merged === undefined) this.#kept.push(path)
    const text = merged ?? current
    if (text.trim() === generated) return generated
    this.#edited.push({ page: path, generated: heading === '' ? generated : `## ${heading}\n\n${generated}`.trim() })
    return text
  }

  async #ancestorPart(path: string, heading: string): Promise<string | undefined> {
    let seen = 0
    for await (const text of this.#snapshot.versions?.(path) ?? []) {
      if (++seen > VERSIONS_MAX) return undefined
      const part = partOf(cutPage(text), heading)
      if (this.#old.summaryParts?.includes(sectionDigest({ text: part })) === true) return part
    }
    return undefined
  }

  /** The section as kbgit last wrote it. */
  async #ancestor(path: string, target: string | undefined): Promise<string | undefined> {
    const recorded = this.#old.edited?.find(({ page }) => page === path)
    if (recorded !== undefined) return recorded.generated
    let seen = 0
    for await (const text of this.#snapshot.versions?.(path) ?? []) {
      if (++seen > VERSIONS_MAX) return undefined
      const section = cutPage(text).sections.find(({ heading }) => headingTarget(heading) === target)
      if (section !== undefined && this.#old.sections?.includes(sectionDigest(section)) === true) return section.text
    }
    return undefined
  }
}

/** Sixteen hex digits. Ignores links and white space: kbgit itself unlinks deleted pages. */
export function sectionDigest({ text }: Pick<CutSection, 'text'>): string {
  const plain = text.replace(/\[\[(?:[^\]|]*\|)?([^\]]*)\]\]/g, '$1').replace(/\s+/g, ' ')
  return createHash('sha256').update(plain.trim()).digest('hex').slice(0, 16)
}

/** Without the heading; empty if the page does not have the part. */
function partOf({ intro, sections }: CutPage, heading: string): string {
  if (heading === '') return intro.trim()
  return bodyOf(sections.find((section) => section.heading === heading)?.text ?? '', heading)
}

function bodyOf(text: string, heading: string): string {
  return (heading === '' ? text : text.slice(`${text}\n`.indexOf('\n'))).trim()
}

function headingOf(part: string): string {
  return /^## (.*)/.exec(part)?.[1] ?? ''
}

/** A part that the page lacks goes before the other sections. */
function withPart(page: CutPage, heading: string, body: string): CutPage {
  if (heading === '') return { ...page, intro: page.intro.replace(/\S[^]*\S/, () => body) }
  const index = page.sections.findIndex((section) => section.heading === heading)
  const section = sectionText(heading, body)
  if (index === -1) return body === '' ? page : { ...page, sections: [section, ...page.sections] }
  return { ...page, sections: page.sections.toSpliced(index, 1, ...(body === '' ? [] : [section])) }
}
