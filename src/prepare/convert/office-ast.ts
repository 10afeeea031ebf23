// officeparser's tree of an RTF file.
import { OfficeParser, type OfficeParserAST } from 'officeparser'
import { DocumentError, messageOf } from '../../core/errors.ts'
import type { ConvertTask, Converted } from './converter.ts'

/** Maximum number of XML elements over all parts: a tree of that size takes about a gigabyte. */
const ELEMENTS_MAX = 2_000_000

/** officeparser's tree. It fetches nothing and writes nothing. Throws `DocumentError` (`encrypted`, `corrupt`, `bomb`). */
export async function parse(task: ConvertTask, bytes: Buffer): Promise<OfficeParserAST> {
  try {
    return await OfficeParser.parseOffice(bytes, {
      extractAttachments: true,
      ignoreComments: true,
      ignoreHeadersAndFooters: true,
      ignoreSlideMasters: true,
      ignoreInternalLinks: true,
      decompressionLimits: {
        maxUncompressedBytes: task.limits.archiveBytesMax,
        maxZipEntries: task.limits.archiveEntriesMax,
        maxXmlElements: ELEMENTS_MAX,
      },
      fileType: task.format as 'docx',
    })
  } catch (error) {
    const message = `${(error as { code?: unknown } | null)?.code ?? ''} ${messageOf(error)}`
    if (/PASSWORD|encrypt/i.test(message))
      throw new DocumentError('encrypted', `${task.label} is encrypted.`, 'Save it without a password and add that.')
    if (/LIMIT|exceed|call stack/i.test(message))
      throw new DocumentError(
        'bomb',
        `${task.label} would take too much time or memory: ${messageOf(error)}`,
        'Split it and add the parts.',
      )
    throw new DocumentError(
      'corrupt',
      `${task.label} is damaged: ${messageOf(error)}`,
      'Open it in the program that made it, and save it again.',
    )
  }
}

/** Titles that programs write when nobody entered one. */
const NO_TITLE = /^$|^(?:untitled|powerpoint presentation|presentation|document\d*|word document|slide 1)$/i

export function metadataOf({ metadata }: OfficeParserAST): Pick<Converted, 'title' | 'author' | 'date' | 'language'> {
  const language = (metadata as { language?: unknown }).language
  const date = metadata.created ?? metadata.modified
  return {
    ...(metadata.title === undefined || NO_TITLE.test(metadata.title.trim()) ? {} : { title: metadata.title }),
    ...(metadata.author === undefined || metadata.author.trim() === '' ? {} : { author: metadata.author }),
    ...(date === undefined || Number.isNaN(date.getTime()) ? {} : { date: date.toISOString() }),
    ...(typeof language === 'string' && language !== '' ? { language } : {}),
  }
}
