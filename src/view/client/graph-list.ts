// The list beside the graph: what is in view, the largest first. A keyboard walks it, and the graph lights what has the focus.
import type { Sigma } from 'sigma'
import type { GraphPageData } from '../graph/types.ts'
import { element } from './dom.ts'
import type { GraphFilter } from './graph-filter.ts'

const LISTED_MAX = 60

export function showInView(
  sigma: Sigma,
  { nodes }: GraphPageData,
  filter: GraphFilter,
  light: (node: string | undefined) => void,
): void {
  const list = document.querySelector('#graph-list')
  const count = document.querySelector('#in-view .count')
  if (list === null || list.contains(document.activeElement)) return
  const { width, height } = sigma.getDimensions()
  const graph = sigma.getGraph()
  const inView = nodes.filter(({ id, address }) => {
    if (!filter.shows(id) || address === '' || (filter.isFinding && !filter.finds(id))) return false
    const { x, y } = graph.getNodeAttributes(id) as { x: number; y: number }
    const at = sigma.graphToViewport({ x, y })
    return at.x >= 0 && at.y >= 0 && at.x <= width && at.y <= height
  })
  const shown = inView.toSorted((a, b) => b.size - a.size || (a.title < b.title ? -1 : 1)).slice(0, LISTED_MAX)
  list.replaceChildren(
    ...shown.map(({ id, kind, title, size, address }) => {
      const link = element('a', { class: `to-${kind}`, href: address }, title)
      link.addEventListener('focus', () => light(id))
      link.addEventListener('blur', () => light(undefined))
      link.addEventListener('pointerenter', () => light(id))
      link.addEventListener('pointerleave', () => light(undefined))
      return element('li', {}, link, element('span', { class: 'meta' }, String(size)))
    }),
  )
  if (count !== null) count.textContent = inView.length === 1 ? '1 page' : `${inView.length.toLocaleString('en')} pages`
}
