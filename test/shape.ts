// npm run shape [folder]: what a folder of sources looks like from outside: rooms, sizes, import cycles.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

const src = process.argv[2] ?? 'src'
const files = globSync('**/*.ts', { cwd: src }).sort()
const lines = new Map(files.map((file) => [file, readFileSync(join(src, file), 'utf8').split('\n').length - 1]))

/** Imports that are resolved when a module is loaded, those of types included. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8')
  const targets = [...text.matchAll(/^(?:import|export)\b[^'"()]*?['"](\.[^'"]+)['"]/gm)]
  return targets.map(([, target = '']) => relative(src, join(src, dirname(file), target))).filter((to) => lines.has(to))
}

/** Groups of files that reach each other (Tarjan 1972). */
function cycles(imports: ReadonlyMap<string, string[]>): string[][] {
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const stack: string[] = []
  const found: string[][] = []
  const visit = (file: string): void => {
    order.set(file, order.size)
    lowest.set(file, order.get(file) ?? 0)
    stack.push(file)
    for (const to of imports.get(file) ?? []) {
      if (!order.has(to)) visit(to)
      else if (!stack.includes(to)) continue
      lowest.set(file, Math.min(lowest.get(file) ?? 0, lowest.get(to) ?? 0))
    }
    if (lowest.get(file) !== order.get(file)) return
    const group = stack.splice(stack.indexOf(file))
    if (group.length > 1) found.push(group)
  }
  for (const file of imports.keys()) if (!order.has(file)) visit(file)
  return found
}

const rooms = Map.groupBy(files, (file) => (file.includes(sep) ? (file.split(sep)[0] ?? '') : '.'))
const loose = rooms.get('.') ?? []
const sizes = [...lines.values()].sort((a, b) => a - b)
const share = (part: number): number => sizes[Math.floor((sizes.length - 1) * part)] ?? 0
const circles = cycles(new Map(files.map((file) => [file, importsOf(file)])))

const rows = {
  rooms: rooms.size - (loose.length > 0 ? 1 : 0),
  'files loose in the root': loose.length,
  'most files side by side': Math.max(...[...Map.groupBy(files, dirname).values()].map((group) => group.length)),
  'import cycles': circles.length,
  files: files.length,
  lines: sizes.reduce((sum, size) => sum + size, 0),
  'lines of the median file': share(0.5),
  'lines of nine in ten, at most': share(0.9),
  'lines of the largest': sizes.at(-1) ?? 0,
  'files over 300 lines': sizes.filter((size) => size > 300).length,
}
for (const [what, value] of Object.entries(rows)) process.stdout.write(`${String(value).padStart(6)}  ${what}\n`)
for (const group of circles) process.stdout.write(`cycle: ${group.join(' ')}\n`)
