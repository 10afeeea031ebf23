// `kbgit export graph`: the graph as GraphML and JSON.
import { open, readFile, rename, rm } from 'node:fs/promises'
import { extname } from 'node:path'
import { KbError, systemCode } from '../../core/errors.ts'
import { graphMl } from '../../core/graph/graphml.ts'
import type { Graph } from '../../core/results/explore.ts'
import { writeExport } from '../../io/export-folder.ts'

const JSON_START = '{"kbgitGraph":1,'
const GRAPHML_MARK = '<desc>kbgit '
/** An earlier export names itself within these bytes. */
const MARK_BYTES_MAX = 300

/** One JSON document, a line per node and edge. */
export function* graphJson({ at, nodes, edges }: Graph): Generator<string> {
  yield `${JSON_START}"at":${JSON.stringify(at)},"nodes":[\n`
  yield* listed(nodes)
  yield '],"edges":[\n'
  yield* listed(edges)
  yield ']}\n'
}

function* listed(items: object[]): Generator<string> {
  for (const [index, item] of items.entries()) yield `${JSON.stringify(item)}${index === items.length - 1 ? '' : ','}\n`
}

/** Into a file, if the name ends in `.graphml` or `.json`, else both into a folder. */
export async function exportGraph(graph: Graph, target: string): Promise<{ files: number; bytes: number }> {
  const extension = extname(target).toLowerCase()
  if (extension === '.json') return oneFile(target, [...graphJson(graph)].join(''))
  if (extension === '.graphml') return oneFile(target, [...graphMl(graph)].join(''))
  return writeExport(target, { kind: 'graph', at: graph.at }, files(graph))
}

async function* files(graph: Graph): AsyncGenerator<{ path: string; content: string }> {
  yield { path: 'graph.graphml', content: [...graphMl(graph)].join('') }
  yield { path: 'graph.json', content: [...graphJson(graph)].join('') }
}

/** A file that is there is replaced if it is an earlier export. */
async function oneFile(target: string, content: string): Promise<{ files: number; bytes: number }> {
  const there = await readFile(target, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined
    throw new KbError('usage', `${target} is not a file that can be read; nothing was written.`, { cause: error })
  })
  const start = there?.slice(0, MARK_BYTES_MAX) ?? JSON_START
  if (!start.startsWith(JSON_START) && !start.includes(GRAPHML_MARK))
    throw new KbError('usage', `${target} exists and is not an earlier export of a graph; nothing was written.`, {
      hint: 'Name another file.',
    })
  const temporary = `${target}.part`
  try {
    await using file = await open(temporary, 'wx')
    await file.writeFile(content)
    await rename(temporary, target)
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') await rm(temporary, { force: true })
    throw new KbError('storage', `${target} cannot be written.`, { cause: error })
  }
  return { files: 1, bytes: Buffer.byteLength(content) }
}
