// RTF.
import { readFile } from 'node:fs/promises'
import { DocumentError } from '../../core/errors.ts'
import type { ConvertTask, Converted } from './converter.ts'
import { facts } from './office/package.ts'
import { plainOfRtf } from './rtf/plain.ts'
import { DEPTH_MAX, readRtf } from './rtf/reader.ts'

/**
 * RTF is read as a whole, which takes several times its size in memory; pictures in it are hexadecimal digits.
 */
const RTF_BYTES_MAX = 128 * 1024 * 1024

export async function convert(task: ConvertTask): Promise<Converted> {
  if (task.size > RTF_BYTES_MAX)
    throw new DocumentError(
      'tooLarge',
      `${task.label} is larger than ${RTF_BYTES_MAX} bytes, the maximum for an RTF file.`,
      'Save it as docx and add that.',
    )
  const source = (await readFile(task.path)).toString('latin1')
  const text = readRtf(source, task.images)
  if (text === 'deep')
    throw new DocumentError(
      'bomb',
      `${task.label} nests its groups more than ${DEPTH_MAX} levels deep.`,
      'Open it in the program that made it, and save it again.',
    )
  if (text === 'cut')
    throw new DocumentError(
      'corrupt',
      `${task.label} is damaged: it ends too early.`,
      'Open it in the program that made it, and save it again.',
    )
  const { blocks, information } = text
  return {
    ...facts({ ...information, date: '', language: '' }),
    ...(information.date === '' ? {} : { date: information.date }),
    body: { kind: 'flow', markdown: blocks.join('\n\n') },
    plain: plainOfRtf(source),
  }
}
