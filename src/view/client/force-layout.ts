// Where the nodes of a graph go: ForceAtlas2, step by step, on plain arrays. Runs in a worker or, without one, between frames.
import iterate from 'graphology-layout-forceatlas2/iterate.js'

/** `sizes`: of the nodes. `positions`: x and y of each. `edges`: index, index, weight of each. */
export type LayoutInput = { sizes: Float32Array; positions: Float32Array; edges: Float32Array }

const PER_NODE = 10
const PER_EDGE = 3
/** Offsets in the matrix of ForceAtlas2. */
const MASS = 6
const CONVERGENCE = 7
const SIZE = 8
/** From this many nodes on, distant ones are taken together. */
const APPROXIMATE_FROM = 800

export class ForceLayout {
  readonly #nodes: Float32Array
  readonly #edges: Float32Array
  readonly #settings
  readonly count: number

  constructor({ sizes, positions, edges }: LayoutInput) {
    this.count = sizes.length
    this.#nodes = new Float32Array(this.count * PER_NODE)
    for (let node = 0; node < this.count; node++) {
      const at = node * PER_NODE
      this.#nodes[at] = positions[node * 2] ?? 0
      this.#nodes[at + 1] = positions[node * 2 + 1] ?? 0
      this.#nodes[at + MASS] = 1
      this.#nodes[at + CONVERGENCE] = 1
      this.#nodes[at + SIZE] = sizes[node] ?? 1
    }
    this.#edges = new Float32Array(edges.length)
    for (let at = 0; at < edges.length; at += PER_EDGE) {
      const [from, to, weight] = [edges[at] ?? 0, edges[at + 1] ?? 0, edges[at + 2] ?? 1]
      this.#edges[at] = from * PER_NODE
      this.#edges[at + 1] = to * PER_NODE
      this.#edges[at + 2] = weight
      this.#addMass(from, weight)
      this.#addMass(to, weight)
    }
    this.#settings = {
      linLogMode: false,
      outboundAttractionDistribution: false,
      adjustSizes: false,
      edgeWeightInfluence: 1,
      scalingRatio: 4,
      strongGravityMode: true,
      gravity: 0.06,
      slowDown: 1 + Math.log(Math.max(1, this.count)),
      barnesHutOptimize: this.count > APPROXIMATE_FROM,
      barnesHutTheta: 0.6,
    }
  }

  #addMass(node: number, weight: number): void {
    const at = node * PER_NODE + MASS
    this.#nodes[at] = (this.#nodes[at] ?? 0) + weight
  }

  step(): void {
    iterate(this.#settings, this.#nodes, this.#edges)
  }

  positions(): Float32Array {
    const found = new Float32Array(this.count * 2)
    for (let node = 0; node < this.count; node++) {
      found[node * 2] = this.#nodes[node * PER_NODE] ?? 0
      found[node * 2 + 1] = this.#nodes[node * PER_NODE + 1] ?? 0
    }
    return found
  }
}

/** Steps until a graph of this size has come to rest. */
export function stepsFor(nodes: number): number {
  return nodes < 300 ? 500 : nodes < 1_500 ? 350 : 220
}
