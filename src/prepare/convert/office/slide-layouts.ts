// What slides inherit from their layout and master: the bullets of placeholders.
import { levelBullet, type Inherited } from './drawing-text.ts'
import type { OfficePackage, Part } from './package.ts'
import { attr, child, descendant, descendants, type XmlNode } from './xml-nodes.ts'

/** What a shape's placeholder is for. */
export type Placeholder = { type: string; index: string | undefined }

export function placeholderOf(shape: XmlNode): Placeholder | undefined {
  const properties = shape.children.find(
    (each): each is XmlNode => typeof each !== 'string' && each.name.startsWith('p:nv'),
  )
  const node = child(properties, 'p:nvPr', 'p:ph')
  return node === undefined ? undefined : { type: attr(node, 'type') ?? 'obj', index: attr(node, 'idx') }
}

type Level = { shapes: { placeholder: Placeholder; style: XmlNode | undefined }[]; styles: XmlNode | undefined }

/** Layouts and masters are read once. */
export class SlideLayouts {
  readonly #pack: OfficePackage
  readonly #levels = new Map<string, Level>()

  constructor(pack: OfficePackage) {
    this.#pack = pack
  }

  /** Bullets that a shape of this slide inherits. */
  of(slide: Part): (placeholder: Placeholder | undefined) => Inherited {
    const layout = this.#pack.related(slide, 'slideLayout')
    const master = this.#pack.related(layout, 'slideMaster')
    const levels = [layout, master].flatMap((part) => (part === undefined ? [] : [this.#read(part)]))
    return (placeholder) => (index) => {
      // A text box that is not a placeholder inherits no bullets.
      if (placeholder === undefined) return undefined
      for (const { shapes } of levels) {
        const bullet = levelBullet(matching(shapes, placeholder)?.style, index)
        if (bullet !== undefined) return bullet
      }
      const name = /title/i.test(placeholder.type)
        ? 'p:titleStyle'
        : /^(?:body|obj|subTitle|tbl|chart|dgm|pic|media|clipArt)$/.test(placeholder.type)
          ? 'p:bodyStyle'
          : 'p:otherStyle'
      return levelBullet(child(levels.at(-1)?.styles, name), index)
    }
  }

  #read(part: Part): Level {
    const known = this.#levels.get(part.name)
    if (known !== undefined) return known
    const shapes = [...descendants(part.root, 'p:sp')].flatMap((shape) => {
      const placeholder = placeholderOf(shape)
      return placeholder === undefined ? [] : [{ placeholder, style: descendant(shape, 'a:lstStyle') }]
    })
    const level = { shapes, styles: descendant(part.root, 'p:txStyles') }
    this.#levels.set(part.name, level)
    return level
  }
}

/** By index, else by type; a content placeholder inherits from the body. */
function matching(shapes: Level['shapes'], { type, index }: Placeholder): Level['shapes'][number] | undefined {
  const isBody = (name: string): boolean => name === 'body' || name === 'obj'
  return (
    (index === undefined ? undefined : shapes.find(({ placeholder }) => placeholder.index === index)) ??
    shapes.find(({ placeholder }) => placeholder.type === type || (isBody(type) && isBody(placeholder.type)))
  )
}
