// The graph: a canvas for the browser to draw on, and the same as a list that a keyboard walks and that needs no script.
import type { Graph, GraphNode } from '../../core/results.ts'
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import { shell } from '../pages/shell.ts'
import { counted } from '../pages/words.ts'
import { placeOfPath } from '../wiki-places.ts'

/** Entries of the list before the browser knows what is in view. */
const LISTED_MAX = 60

export function graphPage(graph: Graph, theme: GraphNode | undefined, context: ViewContext): Html {
  const themes = graph.nodes.filter(({ kind }) => kind === 'theme')
  const data = context.data('graph', theme === undefined ? {} : { theme: theme.id })
  const main = html`<header class="title">
      <h1>${theme === undefined ? 'Graph' : theme.title}</h1>
      ${theme === undefined ? NOTHING : html`<p><a href="${context.link({ kind: 'section', section: 'graph' })}">The whole graph</a></p>`}
    </header>
    <noscript><p class="note">The picture needs JavaScript. The list has the same pages.</p></noscript>
    <div
      class="graph"
      data-island="graph"
      data-graph="${data ?? ''}"
      data-layout="${context.asset('graph-layout.js')}"
      hidden
    >
      <form class="graph-tools" aria-label="What the graph shows">
        <input
          type="search"
          name="find"
          placeholder="Find in the graph…"
          aria-label="Find in the graph"
          autocomplete="off"
        />
        <fieldset>
          <legend class="visually-hidden">Kinds</legend>
          ${['document', 'concept', 'entity', 'theme'].map(
            (kind) =>
              html`<label class="kind-${kind}"
                ><input type="checkbox" name="kind" value="${kind}" checked />
                ${kind === 'entity' ? 'entities' : `${kind}s`}</label
              >`,
          )}
        </fieldset>
        ${
          themes.length === 0 || theme !== undefined
            ? NOTHING
            : html`<select name="in" aria-label="Theme">
                <option value="">All themes</option>
                ${themes.map(({ id, title }) => html`<option value="${id}">${title}</option>`)}
              </select>`
        }
        <select name="colour" aria-label="Colours">
          <option value="theme">Coloured by theme</option>
          <option value="kind">Coloured by kind</option>
        </select>
      </form>
      <div class="stage">
        <div class="canvas" role="img" aria-label="The graph as a picture; the list has the same pages."></div>
        <div class="zoom">
          <button type="button" data-zoom="in" aria-label="Zoom in">+</button>
          <button type="button" data-zoom="out" aria-label="Zoom out">−</button>
          <button type="button" data-zoom="fit" aria-label="Fit the graph">⤢</button>
        </div>
        <p class="state meta" role="status"></p>
      </div>
      <div class="legend" aria-label="Legend"></div>
    </div>`
  return shell({ title: 'Graph', section: 'graph', main, aside: list(graph, theme, context), measure: 'wide' }, context)
}

function list({ nodes }: Graph, theme: GraphNode | undefined, { link }: ViewContext): Html {
  const of = theme === undefined ? nodes : nodes.filter((node) => node.theme === theme.id)
  const largest = of.toSorted((a, b) => b.size - a.size || (a.id < b.id ? -1 : 1)).slice(0, LISTED_MAX)
  return html`<section class="in-view" aria-labelledby="in-view">
    <h2 id="in-view">In view <span class="count">${counted(of.length, 'page')}</span></h2>
    <ul class="joins" id="graph-list">
      ${largest.map(({ id, kind, title, size }) => {
        const place = placeOfPath(`wiki/${id}.md`)
        return place === undefined
          ? NOTHING
          : html`<li><a class="to-${kind}" href="${link(place)}">${title}</a><span class="meta">${size}</span></li>`
      })}
    </ul>
  </section>`
}
