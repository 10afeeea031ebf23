// RTF by officeparser's tree.
import { readFile } from 'node:fs/promises'
import { DocumentError } from '../../core/errors.ts'
import { AstWriter, type StyleRole } from './ast-markdown.ts'
import type { ConvertTask, Converted } from './converter.ts'
import { metadataOf, parse } from './office.ts'

/** RTF is read as a whole, at some twenty times its size in memory; pictures stand in it as hex digits. */
const RTF_BYTES_MAX = 128 * 1024 * 1024
/** Groups in groups: Word writes a few dozen. */
const DEPTH_MAX = 2_000

export async function convert(task: ConvertTask): Promise<Converted> {
  if (task.size > RTF_BYTES_MAX) throw new DocumentError('tooLarge', `${task.label} is larger than ${RTF_BYTES_MAX} bytes, the most of an RTF file.`, 'Save it as docx and add that.')
  const bytes = await readFile(task.path)
  const depth = measureDepth(bytes)
  if (depth.deepest > DEPTH_MAX) throw new DocumentError('bomb', `${task.label} nests its groups ${depth.deepest} deep.`)
  if (depth.open > 0) throw new DocumentError('corrupt', `${task.label} is damaged: it ends too early.`, 'Open it in the program that made it, and save it again.')
  const ast = await parse(task, bytes)
  const writer = new AstWriter({ images: task.images, attachments: ast.attachments, roles: styleRoles(bytes) })
  const blocks = writer.blocks(ast.content)
  return { ...metadataOf(ast), body: { kind: 'flow', markdown: [...blocks, ...writer.footnotes()].join('\n\n') } }
}

/** How deep groups nest, and how many are open at the end (RTF 1.9.1, "Groups"). `\{` and `\}` are text. */
function measureDepth(bytes: Buffer): { deepest: number; open: number } {
  let open = 0
  let deepest = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === 0x5c) at++
    else if (byte === 0x7b) deepest = Math.max(deepest, ++open)
    else if (byte === 0x7d) {
      open--
      // What follows the end of the outermost group is no part of the document.
      if (open === 0) return { deepest, open }
    }
  }
  return { deepest, open }
}

/** Roles of styles by the names in the style sheet, which Word writes in English. */
function styleRoles(bytes: Buffer): Map<string, StyleRole> {
  const start = bytes.indexOf('{\\stylesheet')
  const sheet = start < 0 ? '' : bytes.toString('latin1', start, start + 256 * 1024)
  const roles = new Map<string, StyleRole>()
  for (const match of sheet.matchAll(/\\s(\d+)[^{};]*?(?:\{[^{}]*\}[^{};]*?)*\s([A-Za-z][\w ]*);/g)) {
    const [, id = '', name = ''] = match
    const level = /^heading ([1-9])$/i.exec(name)?.[1]
    const role: StyleRole | undefined = level === undefined ? (/^title$/i.test(name) ? 'title' : undefined) : { heading: Number(level) }
    if (role === undefined) continue
    for (const key of [id, `s${id}`, name]) roles.set(key, role)
  }
  return roles
}
