// What shapes and colours mean.
import type { GraphPageData } from '../graph/types.ts'
import { element } from './dom.ts'
import { hueOf, type Palette } from './graph-colours.ts'

const KINDS: [kind: string, mark: string, label: string][] = [
  ['document', '■', 'document'],
  ['concept', '●', 'concept'],
  ['entity', '◆', 'entity'],
  ['theme', '⬤', 'theme'],
]

export function showLegend(box: HTMLElement, data: GraphPageData, palette: Palette, by: 'theme' | 'kind'): void {
  const legend = box.querySelector('.legend')
  if (legend === null) return
  const kinds = KINDS.map(([kind, mark, label]) => {
    const style = by === 'kind' ? `color: ${palette.kinds[kind] ?? palette.none}` : undefined
    return element('span', {}, element('i', { style, 'aria-hidden': 'true' }, mark), ` ${label}`)
  })
  const themes =
    by === 'kind'
      ? []
      : data.themes.map(({ title, address }, index) =>
          element(
            'a',
            { href: address },
            element('i', { style: `color: ${hueOf(index, palette)}`, 'aria-hidden': 'true' }, '⬤'),
            ` ${title}`,
          ),
        )
  legend.replaceChildren(element('p', {}, ...kinds), ...(themes.length === 0 ? [] : [element('p', {}, ...themes)]))
}
