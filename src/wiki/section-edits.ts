// What a person wrote inside a document's section stays when kbgit rewrites the section: a three-way merge of the
// section as kbgit wrote it, as it is now, and as kbgit writes it now.
import { createHash } from 'node:crypto'
import { mergeParagraphs } from '../core/merge/paragraphs.ts'
import type { DocumentRecord } from '../core/document/document.ts'
import { cutPage, type CutSection } from '../core/page/page-text.ts'
import { headingTarget } from '../core/page/page.ts'
import type { WikiSnapshot } from './draft.ts'

/** Maximum number of versions of a page to search for the one that kbgit wrote. */
const VERSIONS_MAX = 100

export class SectionEdits {
  readonly #old: Pick<DocumentRecord, 'sections' | 'edited'>
  readonly #snapshot: WikiSnapshot
  readonly #sections = new Set<string>()
  readonly #edited: NonNullable<DocumentRecord['edited']> = []
  readonly #kept: string[] = []

  /** `old` is the document's previous record, if there is one. */
  constructor(old: DocumentRecord | undefined, snapshot: WikiSnapshot) {
    this.#old = old ?? {}
    this.#snapshot = snapshot
  }

  /** For the document's record. */
  get record(): Pick<DocumentRecord, 'sections' | 'edited'> {
    return {
      ...(this.#sections.size === 0 ? {} : { sections: [...this.#sections].sort() }),
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
export function sectionDigest({ text }: CutSection): string {
  const plain = text.replace(/\[\[(?:[^\]|]*\|)?([^\]]*)\]\]/g, '$1').replace(/\s+/g, ' ')
  return createHash('sha256').update(plain.trim()).digest('hex').slice(0, 16)
}
