// Converts the files that standard input names, all of the format in the first argument, and prints how many failed.
import { readFileSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import { DEFAULT_LIMITS } from '../../../src/core/config.ts'
import type { Format } from '../../../src/core/document/document.ts'
import { piecesOf } from '../../../src/prepare/conserve.ts'
import { FORMAT_TABLE } from '../../../src/prepare/convert/formats.ts'

const format = process.argv[2] as Format
const { convert } = await FORMAT_TABLE[format].load()
let failed = 0
for (const path of readFileSync(0, 'utf8').split('\n')) {
  try {
    const converted = await convert({
      label: path,
      path,
      size: statSync(path).size,
      format,
      extension: extname(path).toLowerCase(),
      limits: DEFAULT_LIMITS,
      images: { add: () => 'kbgit-image:1.png' },
    })
    const pieces = piecesOf(converted.body)
    while ((await pieces.next()).done !== true);
  } catch {
    failed++
  }
}
process.stdout.write(String(failed))
