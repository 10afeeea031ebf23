// The package of an OpenDocument file: parts, embedded objects, properties.
import type { Archive } from '../archive.ts'
import type { Converted, ConvertTask } from '../converter.ts'
import { corrupt } from '../zip-directory.ts'
import { facts } from './package.ts'
import { child, parseXml, textOf, type XmlNode } from './xml-nodes.ts'

export type OdfPart = { root: XmlNode }

export class OdfPackage {
  readonly archive: Archive
  readonly label: string

  constructor(archive: Archive, { label }: Pick<ConvertTask, 'label'>) {
    this.archive = archive
    this.label = label
  }

  /** Throws `DocumentError` (`corrupt`) if the content is missing; `styles.xml` is optional. */
  content(): XmlNode {
    const part = this.part('content.xml')
    if (part === undefined) throw corrupt(this.label, 'its content is missing')
    return part.root
  }

  part(name: string): OdfPart | undefined {
    const text = this.archive.readText(name)
    return text === undefined ? undefined : { root: parseXml(text, this.label) }
  }

  /** The content of the object embedded at this address, as XML. */
  objectText(address: string | undefined): string | undefined {
    return address === undefined || address.includes(':')
      ? undefined
      : this.archive.readText(`${memberOf(address)}/content.xml`)
  }

  bytes(address: string | undefined): Buffer | undefined {
    return address === undefined || address.includes(':') ? undefined : this.archive.read(memberOf(address))
  }

  properties(): Pick<Converted, 'title' | 'author' | 'date' | 'language'> {
    const meta = child(this.part('meta.xml')?.root, 'office:meta')
    const tell = (name: string): string => textOf(child(meta, name)).trim()
    return facts({
      title: tell('dc:title'),
      author: tell('meta:initial-creator') || tell('dc:creator'),
      date: tell('meta:creation-date') || tell('dc:date'),
      language: tell('dc:language'),
    })
  }
}

function memberOf(address: string): string {
  return address.replace(/^\.\//, '').replace(/\/$/, '')
}
