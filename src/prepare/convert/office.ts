// docx, odt, pptx, odp by officeparser's tree; xlsx and ods go on to the sheets.
import { OfficeParser, type OfficeParserAST, type OfficeContentNode } from 'officeparser'
import { DocumentError, messageOf } from '../../core/errors.ts'
import { openArchive, type Archive } from './archive.ts'
import { AstWriter, textOf } from './ast-markdown.ts'
import type { ConvertTask, Converted, ConvertedPage } from './converter.ts'
import { convertWord } from './office/docx.ts'
import { convertPresentation } from './office/pptx.ts'
import { odfStyles, withListStyles } from './odf-styles.ts'
import { convertSheets } from './sheets.ts'
import { wordStyles } from './word-styles.ts'
import { mendedWordText } from './word-text.ts'

/** XML elements over all parts: a tree of so many takes about a gigabyte. */
const ELEMENTS_MAX = 2_000_000

export async function convert(task: ConvertTask): Promise<Converted> {
  const archive = await openArchive(task)
  if (/<manifest:encryption-data/.test(archive.readText('META-INF/manifest.xml') ?? '')) throw encrypted(task.label)
  switch (task.format) {
    case 'docx':
      return convertWord(task, archive)
    case 'xlsx':
    case 'ods':
      return convertSheets(task, archive)
    case 'pptx':
      return convertPresentation(task, archive)
    case 'odp':
      return convertSlides(task, await parse(task, archive.packed()))
    default:
      return convertText(task, archive, await parse(task, archive.packed(textsOf(task, archive))))
  }
}

/** Parts that officeparser reads otherwise than they are meant, mended. */
function textsOf(task: ConvertTask, archive: Archive): Map<string, string> {
  const [part, mend] =
    task.format === 'docx'
      ? (['word/document.xml', mendedWordText] as const)
      : (['content.xml', withListStyles] as const)
  const mended = mend(archive.readText(part) ?? '')
  return new Map(mended === undefined ? [] : [[part, mended]])
}

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
    const said = `${(error as { code?: unknown } | null)?.code ?? ''} ${messageOf(error)}`
    if (/PASSWORD|encrypt/i.test(said)) throw encrypted(task.label)
    if (/LIMIT|exceed|call stack/i.test(said))
      throw new DocumentError(
        'bomb',
        `${task.label} is built to be too much: ${messageOf(error)}`,
        'Split it and add the parts.',
      )
    throw new DocumentError(
      'corrupt',
      `${task.label} is damaged: ${messageOf(error)}`,
      'Open it in the program that made it, and save it again.',
    )
  }
}

function encrypted(label: string): DocumentError {
  return new DocumentError('encrypted', `${label} is encrypted.`, 'Save it without a password and add that.')
}

/** What programs write where nobody gave a title. */
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

function convertText(task: ConvertTask, archive: Archive, ast: OfficeParserAST): Converted {
  const roles = task.format === 'docx' ? wordStyles(archive) : odfStyles(archive)
  const titled = ast.content.find(
    (node) =>
      (node.type === 'paragraph' || node.type === 'heading') && roles.get(node.metadata?.style ?? '') === 'title',
  )
  const writer = new AstWriter({
    images: task.images,
    attachments: ast.attachments,
    roles,
    deeper: titled === undefined ? 0 : 1,
  })
  const blocks = writer.blocks(ast.content)
  return {
    ...titleOf(titled),
    ...metadataOf(ast),
    body: { kind: 'flow', markdown: [...blocks, ...writer.footnotes()].join('\n\n') },
  }
}

/** What stands as the title, for documents whose properties have none. */
function titleOf(node: OfficeContentNode | undefined): { title?: string } {
  const title = node === undefined ? '' : textOf(node).replace(/\s+/g, ' ').trim()
  return title === '' ? {} : { title }
}

function convertSlides(task: ConvertTask, ast: OfficeParserAST): Converted {
  const writer = new AstWriter({ images: task.images, attachments: ast.attachments, deeper: 1 })
  const slides = ast.content.filter((node) => node.type === 'slide')
  const pages = slides.map((slide, at): ConvertedPage => {
    const children = [...(slide.children ?? [])]
    const titleAt = children.findIndex((node) => node.type === 'heading')
    const [title] = titleAt < 0 ? [] : children.splice(titleAt, 1)
    const head = title === undefined ? '' : writer.blocks([title]).join(' ')
    const notes = speakerNotes(slide, ast).flatMap((note) => writer.blocks(note.children ?? [note]))
    const blocks = [head === '' ? `## Slide ${at + 1}` : head, ...writer.blocks(children)]
    if (notes.length > 0) blocks.push('**Speaker notes**', ...notes)
    return { content: blocks.join('\n\n') }
  })
  return {
    ...titleOf(slides[0]?.children?.find((node) => node.type === 'heading')),
    ...metadataOf(ast),
    body: { kind: 'pages', physical: true, pages },
  }
}

function speakerNotes(slide: OfficeContentNode, ast: OfficeParserAST): OfficeContentNode[] {
  const number = slide.type === 'slide' ? slide.metadata?.slideNumber : undefined
  const loose = ast.content.filter(
    (node) => node.type === 'note' && node.metadata?.slideNumber !== undefined && node.metadata.slideNumber === number,
  )
  return [...new Set([...(slide.notes ?? []), ...loose])]
}
