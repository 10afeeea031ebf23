// The package of an Office Open XML file (ECMA-376 part 2): parts, their relationships, properties.
import { posix } from 'node:path'
import type { Archive } from '../archive.ts'
import type { Converted, ConvertTask } from '../converter.ts'
import { corrupt } from '../zip-directory.ts'
import { attr, child, children, parseXml, textOf, type XmlNode } from './xml-nodes.ts'

export type Relationship = { type: string; target: string; external: boolean }

/** One part: its tree, its name, and its relationships by id. */
export type Part = { name: string; root: XmlNode; relationships: Map<string, Relationship> }

export class OfficePackage {
  readonly archive: Archive
  readonly label: string
  /** Lower-case names to the names as written: part names are compared without regard to case. */
  readonly #names: Map<string, string>

  constructor(archive: Archive, { label }: Pick<ConvertTask, 'label'>) {
    this.archive = archive
    this.label = label
    this.#names = new Map(archive.names.map((name) => [name.toLowerCase(), name]))
  }

  /** The main part, wherever the package places it. Throws `DocumentError` (`corrupt`) if there is none. */
  main(usual: string): Part {
    const target = [...this.relationshipsOf('').values()].find(({ type }) => type === 'officeDocument')?.target
    const part = this.part(target) ?? this.part(usual)
    if (part === undefined) throw corrupt(this.label, 'its main part is missing')
    return part
  }

  part(name: string | undefined): Part | undefined {
    const found = this.#nameOf(name)
    const text = found === undefined ? undefined : this.archive.readText(found)
    if (found === undefined || text === undefined) return undefined
    return { name: found, root: parseXml(text, this.label), relationships: this.relationshipsOf(found) }
  }

  /** The part to which `from` has a relationship of this type, e.g. `styles`. */
  related(from: Part | undefined, type: string): Part | undefined {
    for (const relationship of from?.relationships.values() ?? [])
      if (relationship.type === type && !relationship.external) return this.part(relationship.target)
    return undefined
  }

  byId(from: Part, id: string | undefined): Part | undefined {
    const relationship = from.relationships.get(id ?? '')
    return relationship === undefined || relationship.external ? undefined : this.part(relationship.target)
  }

  /** The bytes of a picture or another part. */
  bytes(from: Part, id: string | undefined): Buffer | undefined {
    const relationship = from.relationships.get(id ?? '')
    const name = relationship === undefined || relationship.external ? undefined : this.#nameOf(relationship.target)
    return name === undefined ? undefined : this.archive.read(name)
  }

  /**
   * Relationships of a part or of the package. The type is the last segment of its address, which is the same in both
   * forms of the standard.
   */
  relationshipsOf(part: string): Map<string, Relationship> {
    const { dir, base } = posix.parse(part)
    const text = this.archive.readText(this.#nameOf(posix.join(dir, '_rels', `${base}.rels`)) ?? '')
    if (text === undefined) return new Map()
    return new Map(
      children(parseXml(text, this.label), 'rel:Relationship').map((node) => {
        const target = attr(node, 'Target') ?? ''
        const external = attr(node, 'TargetMode') === 'External'
        return [
          attr(node, 'Id') ?? '',
          {
            type: (attr(node, 'Type') ?? '').replace(/^.*\//, ''),
            target: external ? target : resolved(dir, target),
            external,
          },
        ]
      }),
    )
  }

  #nameOf(name: string | undefined): string | undefined {
    return name === undefined ? undefined : this.#names.get(name.toLowerCase())
  }

  /** The package's properties. */
  properties(): Pick<Converted, 'title' | 'author' | 'date' | 'language'> {
    const target = [...this.relationshipsOf('').values()].find(({ type }) => type === 'core-properties')?.target
    const root = (this.part(target) ?? this.part('docProps/core.xml'))?.root
    const tell = (name: string): string => textOf(child(root, name)).trim()
    return facts({
      title: tell('dc:title'),
      author: tell('dc:creator'),
      date: tell('dcterms:created') || tell('dcterms:modified'),
      language: tell('dc:language'),
    })
  }
}

/** Titles that programs write if the author entered none. */
const NO_TITLE = /^$|^(?:untitled|powerpoint presentation|presentation|document\d*|word document|slide 1)$/i

export function facts(given: Record<'title' | 'author' | 'date' | 'language', string>): Partial<Converted> {
  const date = Date.parse(given.date)
  return {
    ...(NO_TITLE.test(given.title) ? {} : { title: given.title }),
    ...(given.author === '' ? {} : { author: given.author }),
    ...(Number.isNaN(date) ? {} : { date: new Date(date).toISOString() }),
    ...(given.language === '' ? {} : { language: given.language }),
  }
}

function resolved(dir: string, target: string): string {
  const path = safeDecode(target.split('#')[0] ?? '')
  return (path.startsWith('/') ? posix.normalize(path) : posix.join(dir, path)).replace(/^\/+/, '')
}

function safeDecode(target: string): string {
  try {
    return decodeURI(target)
  } catch {
    return target
  }
}
