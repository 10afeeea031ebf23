// Pictures as documents: the text on them is their text.
import { describe, expect, test } from 'vitest'
import { png } from '../../../support/documents.ts'
import { drawText, pngWith, tiffWith } from '../../../support/pictures.ts'
import { StagingFolder } from '../../../support/staging.ts'

const folder = await StagingFolder.make()
const drawn = await drawText('The harbour office closes at five.', 'Boats pay their fees in advance.')

describe('a picture', () => {
  test('is a document with the picture and the text on it, which a note calls recognised', async () => {
    const { prepared, text } = await folder.prepare('notice.png', pngWith(drawn))
    expect(prepared).toMatchObject({ format: 'png', kind: 'short', images: [{ file: '1.png' }] })
    expect(text).toMatch(/^!\[notice\]\(kbgit-image:1\.png\)\n\n/)
    expect(text).toContain('The harbour office closes at five.')
    expect(text).toContain('Boats pay their fees in advance.')
    expect(prepared.notes).toEqual(['The text of the picture was read by text recognition and may contain mistakes.'])
  })

  test('is recognised by its content, and the pages of a TIFF that are not read are counted', async () => {
    const { prepared, text } = await folder.prepare('scan.bin', tiffWith(drawn, 3))
    expect(prepared.format).toBe('tiff')
    expect(text).toContain('The harbour office closes at five.')
    expect(prepared.notes).toContain('Only the first of its 3 pages is read.')
    expect(prepared.images).toEqual([])
  })

  test('without text is a document with a note', async () => {
    const { prepared, text } = await folder.prepare('noise.png', png(120))
    expect(text).toContain('![noise](kbgit-image:1.png)')
    expect(prepared.notes).toEqual(['No text was found in the picture.'])
  })

  test('that is damaged is refused', async () => {
    expect(await folder.refuse('broken.png', pngWith(drawn).subarray(0, 300))).toMatchObject({ code: 'corrupt' })
  })
})
