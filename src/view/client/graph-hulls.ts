// A soft hull around what belongs to each theme.
import type { Sigma } from 'sigma'
import type { GraphPageData } from '../graph/types.ts'
import { hueOf, type Palette } from './graph-colours.ts'

type Point = { x: number; y: number }

/** Of a theme's nodes, those nearest to its middle: a few that other themes pull away would stretch the hull. */
const INSIDE_SHARE = 0.75
const NODES_MIN = 4
const PADDING_PIXELS = 26

/** By theme, in the coordinates of the graph: found anew when nodes move or are filtered, not for each frame. */
export type Hulls = { theme: number; points: Point[] }[]

export function findHulls(
  graph: ReturnType<Sigma['getGraph']>,
  { themes, nodes }: GraphPageData,
  shows: (id: string) => boolean,
): Hulls {
  const byTheme = themes.map((): Point[] => [])
  for (const { id, theme } of nodes) {
    if (theme === undefined || !shows(id)) continue
    const { x, y } = graph.getNodeAttributes(id) as Point
    byTheme[theme]?.push({ x, y })
  }
  return byTheme
    .map((points, theme) => ({ theme, points: convexHull(nearest(points)) }))
    .filter(({ points }) => points.length > 2)
}

export function drawHulls(canvas: HTMLCanvasElement, sigma: Sigma, hulls: Hulls, palette: Palette): void {
  const { width, height } = sigma.getDimensions()
  const ratio = devicePixelRatio
  if (canvas.width !== width * ratio || canvas.height !== height * ratio) {
    canvas.width = width * ratio
    canvas.height = height * ratio
    canvas.style.width = `${width}px`
    canvas.style.height = `${height}px`
  }
  const pen = canvas.getContext('2d')
  if (pen === null) return
  pen.setTransform(ratio, 0, 0, ratio, 0, 0)
  pen.clearRect(0, 0, width, height)
  // Opaque here, so that the padding does not double what it covers.
  canvas.style.opacity = '0.12'
  for (const { theme, points } of hulls) {
    pen.beginPath()
    for (const [index, point] of points.entries()) {
      const { x, y } = sigma.graphToViewport(point)
      if (index === 0) pen.moveTo(x, y)
      else pen.lineTo(x, y)
    }
    pen.closePath()
    pen.fillStyle = pen.strokeStyle = hueOf(theme, palette)
    pen.lineWidth = PADDING_PIXELS * 2
    pen.lineJoin = 'round'
    pen.fill()
    pen.stroke()
  }
}

function nearest(points: Point[]): Point[] {
  if (points.length < NODES_MIN) return []
  const middle = { x: median(points.map(({ x }) => x)), y: median(points.map(({ y }) => y)) }
  const distance = ({ x, y }: Point): number => (x - middle.x) ** 2 + (y - middle.y) ** 2
  return points.toSorted((a, b) => distance(a) - distance(b)).slice(0, Math.ceil(points.length * INSIDE_SHARE))
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

/** Andrew's monotone chain. */
function convexHull(points: Point[]): Point[] {
  const sorted = points.toSorted((a, b) => a.x - b.x || a.y - b.y)
  const half = (list: Point[]): Point[] => {
    const kept: Point[] = []
    for (const point of list) {
      for (;;) {
        const [a, b] = kept.slice(-2)
        if (a === undefined || b === undefined) break
        if ((b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) > 0) break
        kept.pop()
      }
      kept.push(point)
    }
    return kept.slice(0, -1)
  }
  return [...half(sorted), ...half(sorted.toReversed())]
}
