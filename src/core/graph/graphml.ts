// A graph as GraphML (http://graphml.graphdrawing.org), which Gephi, yEd, NetworkX and igraph read.
import type { Graph } from '../results/explore.ts'

/** Characters that XML 1.0 does not allow, not even escaped. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const NOT_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g

const KEYS: [id: string, of: 'node' | 'edge', name: string, type: string][] = [
  ['title', 'node', 'label', 'string'],
  ['kind', 'node', 'kind', 'string'],
  ['size', 'node', 'size', 'int'],
  ['theme', 'node', 'theme', 'string'],
  ['joins', 'edge', 'kind', 'string'],
  ['weight', 'edge', 'weight', 'double'],
]

export function* graphMl({ at, nodes, edges }: Graph): Generator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n`
  yield `  <desc>kbgit ${text(at)}</desc>\n`
  for (const [id, of, name, type] of KEYS)
    yield `  <key id="${id}" for="${of}" attr.name="${name}" attr.type="${type}"/>\n`
  yield `  <graph id="kbgit" edgedefault="directed">\n`
  for (const { id, title, kind, size, theme } of nodes)
    yield `    <node id="${text(id)}">${data({ title, kind, size, theme })}</node>\n`
  for (const { from, to, kind, weight } of edges) {
    // Topics that come together have no direction.
    const directed = kind === 'together' ? ' directed="false"' : ''
    yield `    <edge source="${text(from)}" target="${text(to)}"${directed}>${data({ joins: kind, weight })}</edge>\n`
  }
  yield '  </graph>\n</graphml>\n'
}

function data(values: Record<string, string | number | undefined>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `<data key="${key}">${text(String(value))}</data>`)
    .join('')
}

function text(value: string): string {
  return value
    .toWellFormed()
    .replace(NOT_XML, '\uFFFD')
    .replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
