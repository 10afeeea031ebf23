// The one step of ForceAtlas2, which the package has without types.
declare module 'graphology-layout-forceatlas2/iterate.js' {
  type Settings = {
    linLogMode: boolean
    outboundAttractionDistribution: boolean
    adjustSizes: boolean
    edgeWeightInfluence: number
    scalingRatio: number
    strongGravityMode: boolean
    gravity: number
    slowDown: number
    barnesHutOptimize: boolean
    barnesHutTheta: number
  }
  /** `nodes`: 10 numbers each, `edges`: 3 numbers each. Changes `nodes`. */
  export default function iterate(settings: Settings, nodes: Float32Array, edges: Float32Array): unknown
}
