// Running heads and feet of a PDF.
import type { Line } from './pdf-lines.ts'

/** Text at the same place near the edge of many pages, regardless of page numbers: running heads and feet. */
export function runningText(pages: { lines: Line[]; height: number }[]): Set<string> {
  const seen = new Map<string, Set<number>>()
  for (const [index, { lines, height }] of pages.entries()) {
    for (const line of lines) {
      if (line.baseline > height * 0.12 && line.baseline < height * 0.9) continue
      const key = runningKey(line.text)
      seen.set(key, (seen.get(key) ?? new Set()).add(index))
    }
  }
  const least = Math.max(3, Math.ceil(pages.length * 0.15))
  return new Set([...seen].filter(([key, on]) => on.size >= (key === '#' ? 2 : least)).map(([key]) => key))
}

function runningKey(text: string): string {
  return text
    .replace(/\b[ivxlc]+\b|\d+/gi, '#')
    .replace(/\s+/g, ' ')
    .trim()
}

/**
 * Whether `line` is a running head or foot according to `runningText`. Given the page's `lines`, a number with others
 * next to it is not a page number.
 */
export function isRunning(line: Line, height: number, running: Set<string>, lines: Line[]): boolean {
  const edge = line.baseline <= height * 0.12 || line.baseline >= height * 0.9
  if (!edge) return false
  const key = runningKey(line.text)
  if (!running.has(key)) return false
  return key !== '#' || !lines.some((other) => other !== line && Math.abs(other.baseline - line.baseline) < 2)
}
