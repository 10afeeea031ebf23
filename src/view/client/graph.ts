// The graph page: draws nodes and edges, lights neighbours, finds, filters, and keeps the list of what is in view.
import { UndirectedGraph } from 'graphology'
import { DEFAULT_STYLES, Sigma } from 'sigma'
import { layerFill, sdfCircle, sdfDiamond, sdfSquare } from 'sigma/rendering'
import type { GraphPageData } from '../graph/types.ts'
import { loadData } from './load-data.ts'
import { nodeColours, palette, type Palette } from './graph-colours.ts'
import { attributesOf, namedAlways } from './graph-nodes.ts'
import { GraphFilter } from './graph-filter.ts'
import { showInView } from './graph-list.ts'
import { showLegend } from './graph-legend.ts'
import { drawHulls, findHulls, type Hulls } from './graph-hulls.ts'
import { runLayout } from './run-layout.ts'

/** Edges that are not drawn while the camera moves. */
const EDGES_IN_MOTION_MAX = 8_000
const ZOOM_MS = 140
const FONT = 'ui-sans-serif, system-ui, sans-serif'
const LIST_MS = 160
/** The pointer rests on a node; the graph stands still. */
const POINTING_MS = 40
const STILL_MS = 120

export async function mount(box: HTMLElement): Promise<void> {
  box.hidden = false
  const say = (text: string): void => {
    const state = box.querySelector('.state')
    if (state !== null) state.textContent = text
  }
  say('Loading the graph…')
  const data = await loadData<GraphPageData>('graph', box.dataset['graph'] ?? '').catch(() => undefined)
  const stage = box.querySelector<HTMLElement>('.canvas')
  if (data === undefined || stage === null) {
    say('The graph could not be loaded. The list has the same pages.')
    return
  }
  if (data.nodes.length === 0) {
    say('There is nothing to draw yet: add documents with "kbgit add".')
    return
  }
  new GraphView(box, stage, data, say).start()
}

class GraphView {
  readonly #box: HTMLElement
  readonly #data: GraphPageData
  readonly #say: (text: string) => void
  readonly #graph = new UndirectedGraph()
  readonly #sigma: Sigma
  readonly #filter: GraphFilter
  #palette: Palette
  #hovered: string | undefined
  #near = new Set<string>()
  /** Undefined since nodes moved or the filter changed. */
  #hulls: Hulls | undefined
  #movedAt = Number.NEGATIVE_INFINITY
  #pointing: ReturnType<typeof setTimeout> | undefined
  /** Always with their names, so that the picture says something before anyone zooms. */
  readonly #named: ReadonlySet<string>

  constructor(box: HTMLElement, stage: HTMLElement, data: GraphPageData, say: (text: string) => void) {
    this.#box = box
    this.#data = data
    this.#say = say
    this.#palette = palette()
    this.#filter = new GraphFilter(data, box)
    this.#named = namedAlways(data)
    this.#fill()
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    this.#sigma = new Sigma(this.#graph, stage, {
      primitives: {
        nodes: { shapes: [sdfCircle(), sdfSquare({ cornerRadius: 0.15 }), sdfDiamond()], layers: [layerFill()] },
      },
      styles: {
        nodes: [
          DEFAULT_STYLES.nodes,
          {
            shape: { attribute: 'shape' },
            labelColor: () => this.#palette.ink,
            backdropColor: () => this.#palette.raised,
            labelFont: FONT,
          },
        ],
        edges: DEFAULT_STYLES.edges,
      },
      settings: {
        hideEdgesOnMove: data.edges.length > EDGES_IN_MOTION_MAX,
        labelRenderedSizeThreshold: 7,
        labelDensity: 0.7,
        labelGridCellSize: 150,
        inertiaDuration: still ? 0 : 200,
        zoomDuration: still ? 0 : ZOOM_MS,
        minCameraRatio: 0.02,
        maxCameraRatio: 4,
        stagePadding: 40,
      },
      nodeReducer: (id) => this.#nodeLook(id),
      edgeReducer: (edge) => this.#edgeLook(edge),
    })
  }

  start(): void {
    this.#listen()
    const hulls = this.#sigma.createCanvas('hulls', { beforeLayer: 'stage' })
    this.#sigma.on('afterRender', () => {
      this.#hulls ??= findHulls(this.#graph, this.#data, (id) => this.#filter.shows(id))
      drawHulls(hulls, this.#sigma, this.#hulls, this.#palette)
    })
    this.#layOut()
    showLegend(this.#box, this.#data, this.#palette, this.#colourBy())
    Object.assign(this.#box, { graphView: { sigma: this.#sigma, graph: this.#graph } })
  }

  #colourBy(): 'theme' | 'kind' {
    const select = this.#box.querySelector<HTMLSelectElement>('[name=colour]')
    return select?.value === 'kind' || this.#data.themes.length === 0 ? 'kind' : 'theme'
  }

  #fill(): void {
    const { nodes, edges, themes } = this.#data
    for (const [index, node] of nodes.entries())
      this.#graph.addNode(node.id, attributesOf(node, index, themes.length, nodes.length))
    for (const [from, to, weight] of edges) {
      const [a, b] = [nodes[from]?.id, nodes[to]?.id]
      if (a !== undefined && b !== undefined && a !== b) this.#graph.mergeEdge(a, b, { weight })
    }
    this.#paint()
  }

  #paint(): void {
    const colours = nodeColours(this.#data, this.#palette, this.#colourBy())
    for (const [index, { id }] of this.#data.nodes.entries()) this.#graph.setNodeAttribute(id, 'color', colours[index])
  }

  #layOut(): void {
    const { nodes } = this.#data
    const index = new Map(nodes.map(({ id }, at) => [id, at]))
    const positions = new Float32Array(nodes.length * 2)
    const sizes = new Float32Array(nodes.length)
    for (const [at, { id }] of nodes.entries()) {
      const { x, y, size } = this.#graph.getNodeAttributes(id)
      positions.set([Number(x), Number(y)], at * 2)
      sizes[at] = Number(size)
    }
    const edges = this.#graph.reduceEdges((list: number[], _, { weight }, from, to) => {
      list.push(index.get(from) ?? 0, index.get(to) ?? 0, Number(weight))
      return list
    }, [])
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    this.#say('Arranging…')
    const input = { positions, sizes, edges: new Float32Array(edges) }
    runLayout(this.#box.dataset['layout'] ?? '', input, (found, done) => {
      if (!done && still) return
      this.#hulls = undefined
      this.#graph.updateEachNodeAttributes(
        (id, attributes) => {
          const at = index.get(id) ?? 0
          return { ...attributes, x: found[at * 2], y: found[at * 2 + 1] }
        },
        { attributes: ['x', 'y'] },
      )
      if (!done) return
      const { total } = this.#data
      const hidden = total.nodes - nodes.length
      this.#say(
        hidden > 0 ? `${total.nodes.toLocaleString('en')} pages; those with the fewest links are in groups.` : '',
      )
      this.#box.dataset['done'] = 'true'
      if (this.#filter.chosen !== undefined) {
        this.#relight()
        this.#goTo(this.#filter.chosen)
      }
      this.#list()
    })
  }

  /** The node whose neighbours are lit. */
  get #lit(): string | undefined {
    return this.#hovered ?? this.#filter.chosen
  }

  #nodeLook(id: string): Record<string, unknown> {
    if (!this.#filter.shows(id)) return { visibility: 'hidden' }
    const lit = this.#lit
    if (lit !== undefined) {
      if (id === lit) return { zIndex: 2, labelVisibility: 'visible' }
      return this.#near.has(id)
        ? { zIndex: 1, labelVisibility: 'visible' }
        : { color: this.#palette.dim, labelVisibility: 'hidden' }
    }
    if (this.#filter.finds(id)) return { zIndex: 1, labelVisibility: 'visible' }
    if (this.#filter.isFinding) return { color: this.#palette.dim, labelVisibility: 'hidden' }
    return this.#named.has(id) ? { labelVisibility: 'visible' } : {}
  }

  #edgeLook(edge: string): Record<string, unknown> {
    const [from, to] = this.#graph.extremities(edge)
    if (!this.#filter.shows(from) || !this.#filter.shows(to)) return { visibility: 'hidden' }
    const lit = this.#lit
    if (lit === undefined) return { color: this.#palette.edge, size: 0.6 }
    const own = from === lit || to === lit
    return own ? { color: this.#palette.lit, size: 1.4, zIndex: 1 } : { visibility: 'hidden' }
  }

  #listen(): void {
    const sigma = this.#sigma
    sigma.on('enterNode', ({ node }) => this.#pointAt(node))
    sigma.on('leaveNode', () => this.#pointAt(undefined))
    sigma.on('clickNode', ({ node }) => {
      // A finger cannot point: the first tap lights the neighbours, the second opens.
      if (matchMedia('(hover: none)').matches && node !== this.#filter.chosen) return this.#choose(node)
      const address = this.#data.nodes.find(({ id }) => id === node)?.address ?? ''
      if (address !== '') location.href = address
    })
    sigma.on('clickStage', () => this.#choose(undefined))
    let timer: ReturnType<typeof setTimeout> | undefined
    sigma.getCamera().on('updated', () => {
      this.#movedAt = performance.now()
      clearTimeout(timer)
      timer = setTimeout(() => this.#list(), LIST_MS)
    })
    for (const button of this.#box.querySelectorAll<HTMLElement>('[data-zoom]'))
      button.addEventListener('click', () => this.#zoom(button.dataset['zoom'] ?? ''))
    this.#filter.onChange((recolour) => {
      this.#hulls = undefined
      if (recolour) this.#paint()
      this.#near = new Set(this.#lit === undefined ? [] : this.#graph.neighbors(this.#lit))
      showLegend(this.#box, this.#data, this.#palette, this.#colourBy())
      sigma.refresh({ skipIndexation: true })
      this.#list()
    })
    this.#filter.onEnter(() => this.#goToFound())
    const repaint = (): void => {
      this.#palette = palette()
      this.#paint()
      showLegend(this.#box, this.#data, this.#palette, this.#colourBy())
      sigma.refresh({ skipIndexation: true })
    }
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint)
    new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ['data-theme'] })
  }

  /** Lighting looks at every node and edge: it waits until the pointer rests and the graph stands still. */
  #pointAt(node: string | undefined): void {
    clearTimeout(this.#pointing)
    const rest = (): void => {
      const since = performance.now() - this.#movedAt
      if (since < STILL_MS) this.#pointing = setTimeout(rest, STILL_MS - since)
      else this.light(node)
    }
    this.#pointing = setTimeout(rest, POINTING_MS)
  }

  light(node: string | undefined): void {
    if (node === this.#hovered) return
    this.#hovered = node
    this.#relight()
  }

  #relight(): void {
    const lit = this.#lit
    this.#near = new Set(lit === undefined ? [] : this.#graph.neighbors(lit))
    this.#sigma.refresh({ skipIndexation: true })
  }

  /** Lit until another one is chosen, and in the address. */
  #choose(node: string | undefined): void {
    this.#filter.choose(node)
    this.#relight()
  }

  #zoom(to: string): void {
    const camera = this.#sigma.getCamera()
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    const options = { duration: still ? 0 : ZOOM_MS }
    if (to === 'in') void camera.zoomIn(options)
    else if (to === 'out') void camera.zoomOut(options)
    else void camera.reset(options)
  }

  #goToFound(): void {
    const found = this.#data.nodes.find(({ id }) => this.#filter.finds(id))
    if (found === undefined) return
    this.#choose(found.id)
    this.#goTo(found.id)
  }

  #goTo(node: string): void {
    const shown = this.#sigma.getNodeDisplayData(node)
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    if (shown !== undefined)
      void this.#sigma.getCamera().animate({ x: shown.x, y: shown.y, ratio: 0.3 }, { duration: still ? 0 : ZOOM_MS })
  }

  #list(): void {
    showInView(this.#sigma, this.#data, this.#filter, (node) => this.light(node))
  }
}
