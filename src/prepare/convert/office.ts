// Office files that are zips: each format has its own reader.
import { DocumentError } from '../../core/errors.ts'
import { openArchive } from './archive.ts'
import type { ConvertTask, Converted } from './converter.ts'
import { convertWord } from './office/docx.ts'
import { withEmbeddedNote, withOdfEmbeddedNote } from './office/embedded.ts'
import { convertOdfSlides, convertOdfText } from './office/odf.ts'
import { convertOds } from './office/ods.ts'
import { convertPresentation } from './office/pptx.ts'
import { convertBook } from './sheets.ts'

export async function convert(task: ConvertTask): Promise<Converted> {
  const archive = await openArchive(task)
  if (/<manifest:encryption-data/.test(archive.readText('META-INF/manifest.xml') ?? ''))
    throw new DocumentError('encrypted', `${task.label} is encrypted.`, 'Save it without a password and add that.')
  switch (task.format) {
    case 'docx':
      return withEmbeddedNote(archive, convertWord(task, archive))
    case 'pptx':
      return withEmbeddedNote(archive, convertPresentation(task, archive))
    case 'odt':
      return withOdfEmbeddedNote(archive, convertOdfText(task, archive))
    case 'odp':
      return withOdfEmbeddedNote(archive, convertOdfSlides(task, archive))
    case 'ods':
      return withOdfEmbeddedNote(archive, convertOds(task, archive))
    default:
      return withEmbeddedNote(archive, convertBook(task, archive))
  }
}
