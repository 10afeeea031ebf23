// Text recognition offline: Tesseract's English data is installed with kbgit and unpacked next to the document.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** Unpacked language data, in a folder that is removed on disposal. */
export type LanguageData = { folder: string; [Symbol.asyncDispose]: () => Promise<void> }

/** Bytes; the packed English data is 3 MB and unpacks to 5 MB. */
const DATA_BYTES_MAX = 64 * 1024 * 1024

/**
 * English language data in a folder of its own next to `path`, or undefined if it is not installed. liteparse would
 * download missing data, so without it nothing is recognised.
 */
export async function unpackLanguageData(path: string): Promise<LanguageData | undefined> {
  let packed: Buffer
  try {
    packed = await readFile(
      createRequire(import.meta.url).resolve('@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz'),
    )
  } catch {
    return undefined
  }
  const folder = await mkdtemp(join(dirname(path), 'tessdata-'))
  await writeFile(join(folder, 'eng.traineddata'), gunzipSync(packed, { maxOutputLength: DATA_BYTES_MAX }))
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
