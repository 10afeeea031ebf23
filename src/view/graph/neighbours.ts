// The graph around one page, as a small picture: the page in the middle, its documents and the topics that they share around it.
import type { GraphNode } from '../../core/results.ts'
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import { placeOfPath } from '../wiki-places.ts'
import type { Around } from './around-topic.ts'

const WIDTH = 260
const HEIGHT = 220
const LABEL_CHARS_MAX = 20

export function neighbourPicture({ self, nodes: around, edges }: Around, context: ViewContext): Html {
  if (around.length < 2) return NOTHING
  const { id } = self
  const at = new Map<string, [x: number, y: number]>([[id, [WIDTH / 2, HEIGHT / 2]]])
  for (const [index, node] of around.entries()) {
    const angle = -Math.PI / 2 + (index / around.length) * 2 * Math.PI
    // Two rings, so that labels have room.
    const far = index % 2 === 0 ? 1 : 0.68
    at.set(node.id, [WIDTH / 2 + Math.cos(angle) * 92 * far, HEIGHT / 2 + Math.sin(angle) * 88 * far])
  }
  return html`<section class="neighbours" aria-labelledby="neighbours">
    <h2 id="neighbours">Neighbours</h2>
    ${inGraph(self, context)}
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="group" aria-label="Pages that are joined to ${self.title}">
      <g class="edges">
        ${edges.map(({ from, to }) => {
          const [a, b] = [at.get(from), at.get(to)]
          if (a === undefined || b === undefined) return NOTHING
          const own = from === id || to === id ? 'own' : ''
          return html`<line class="${own}" x1="${n(a[0])}" y1="${n(a[1])}" x2="${n(b[0])}" y2="${n(b[1])}" />`
        })}
      </g>
      ${around.map((node) => mark(node, at.get(node.id) ?? [0, 0], context))} ${shape(self, [WIDTH / 2, HEIGHT / 2], 8)}
    </svg>
  </section>`
}

/** The graph with this page in the middle. An exported site has one graph, without parameters. */
function inGraph({ id }: GraphNode, { link, mode }: ViewContext): Html {
  if (mode === 'site') return NOTHING
  const place = { kind: 'section', section: 'graph', query: { node: id } } as const
  return html`<p class="meta"><a href="${link(place)}">See it in the graph</a></p>`
}

function mark(node: GraphNode, [x, y]: [number, number], { link }: ViewContext): Html {
  const place = placeOfPath(`wiki/${node.id}.md`)
  const size = Math.min(8, 3.5 + Math.sqrt(node.size))
  const below = y > HEIGHT / 2
  const label = node.title.length > LABEL_CHARS_MAX ? `${node.title.slice(0, LABEL_CHARS_MAX - 1)}…` : node.title
  const drawn = html`${shape(node, [x, y], size)}<text
      x="${n(Math.min(WIDTH - 45, Math.max(45, x)))}"
      y="${n(below ? y + size + 11 : y - size - 5)}"
      text-anchor="middle"
      >${label}</text
    ><title>${node.title}</title>`
  return place === undefined ? html`<g>${drawn}</g>` : html`<a href="${link(place)}">${drawn}</a>`
}

/** Documents are squares. */
function shape({ kind }: GraphNode, [x, y]: [number, number], size: number): Html {
  if (kind === 'document')
    return html`<rect
      class="kind-${kind}"
      x="${n(x - size)}"
      y="${n(y - size)}"
      width="${n(size * 2)}"
      height="${n(size * 2)}"
      rx="1.5"
    />`
  return html`<circle class="kind-${kind}" cx="${n(x)}" cy="${n(y)}" r="${n(size)}" />`
}

function n(value: number): string {
  return value.toFixed(1)
}
