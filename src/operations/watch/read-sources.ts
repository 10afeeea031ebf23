// Reads `sources.yaml` at the root of a base: from the disk, or of a headless base from its branch.
import { lstat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KbError, systemCode } from '../../core/errors.ts'
import { SOURCES_FILE } from '../../core/layout.ts'
import type { ScheduledSource } from '../../core/sources-yaml.ts'
import { headRevision, isHeadless, repoPathOf, type Base } from '../../io/base.ts'
import { ObjectReader } from '../../io/git/objects.ts'

/** Bytes. */
const FILE_MAX = 4 * 1024 * 1024

/** Empty if there is no such file. Throws `KbError` (`config`). */
export async function readSources(base: Base): Promise<ScheduledSource[]> {
  const path = join(base.root, SOURCES_FILE)
  const parse = async (text: string) => (await import('../../core/sources-yaml.ts')).parseSources(text, path)
  if (isHeadless(base)) {
    // Without git nothing is visited.
    if (base.driver === 'in-process') return []
    await using objects = new ObjectReader(base.git)
    const bytes = await objects.read(`${headRevision(base)}:${repoPathOf(base, SOURCES_FILE)}`)
    return bytes === undefined ? [] : parse(bytes.toString())
  }
  try {
    const found = await lstat(path)
    // A base may come from someone else: a link may lead to a device that never ends.
    if (!found.isFile())
      throw new KbError('config', `${path} is not a regular file.`, { hint: 'Replace it with a file.' })
    const { size } = found
    if (size > FILE_MAX)
      throw new KbError('config', `${path} has ${size} bytes; it may have ${FILE_MAX}.`, { hint: 'Shorten it.' })
    const text = await readFile(path, 'utf8')
    return await parse(text)
  } catch (error) {
    if (error instanceof KbError) throw error
    if (systemCode(error) === 'ENOENT') return []
    throw new KbError('config', `${path} cannot be read.`, { hint: 'It must be a file.', cause: error })
  }
}
