// The colours of the graph, from the style sheet, in the scheme that is on.
import type { GraphPageData } from '../graph/types.ts'
import { element } from './dom.ts'

const KINDS = ['document', 'concept', 'entity', 'theme'] as const
const HUES = 10

export type Palette = {
  kinds: Record<string, string>
  /** Of themes, by index. */
  hues: string[]
  none: string
  edge: string
  lit: string
  dim: string
  ink: string
  raised: string
}

export function palette(): Palette {
  const probe = element('span', { hidden: '' })
  document.body.append(probe)
  const colour = (value: string): string => {
    probe.style.color = value
    return toHex(getComputedStyle(probe).color)
  }
  const found: Palette = {
    kinds: Object.fromEntries(KINDS.map((kind) => [kind, colour(`var(--${kind})`)])),
    hues: Array.from({ length: HUES }, (_, index) => colour(`var(--theme-${index})`)),
    none: colour('var(--strong-line)'),
    edge: colour('var(--graph-edge)'),
    lit: colour('var(--accent)'),
    dim: colour('var(--line)'),
    ink: colour('var(--ink)'),
    raised: colour('var(--raised)'),
  }
  probe.remove()
  return found
}

/** One for each node. */
export function nodeColours({ nodes }: GraphPageData, { kinds, hues, none }: Palette, by: 'theme' | 'kind'): string[] {
  return nodes.map(({ kind, theme }) => {
    if (by === 'kind') return kinds[kind] ?? none
    return theme === undefined ? none : (hues[theme % HUES] ?? none)
  })
}

export function hueOf(theme: number, { hues, none }: Palette): string {
  return hues[theme % HUES] ?? none
}

/** The GPU wants numbers, whatever form the browser gives a colour. */
function toHex(css: string): string {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 1
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  if (pen === null) return css
  pen.fillStyle = css
  pen.fillRect(0, 0, 1, 1)
  const [r = 0, g = 0, b = 0] = pen.getImageData(0, 0, 1, 1).data
  return `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`
}
