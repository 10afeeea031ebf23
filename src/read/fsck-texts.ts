// Long documents: their page text and their tree are in the form that kbgit writes.
import { parsePages, parseTree } from '../core/document/stored-text.ts'
import type { FsckRun, KnownDocument } from './fsck-run.ts'

/** A larger file is not read. */
const TEXT_BYTES_MAX = 64 * 1024 ** 2

export async function checkTexts({ base, files, report, count, goOn }: FsckRun, known: KnownDocument[]): Promise<void> {
  const texts = known.flatMap(({ tree, source }) => [
    ...(tree === undefined ? [] : [{ path: tree, fits: (text: string) => parseTree(text) !== undefined }]),
    ...(source.endsWith('.json') ? [{ path: source, fits: (text: string) => parsePages(text) !== undefined }] : []),
  ])
  const present = texts.filter(({ path }) => files.has(path))
  for await (const { item, body } of base.history.contents(present, ({ path }) => files.get(path) ?? '', {
    bytesMax: TEXT_BYTES_MAX,
    skipLarger: true,
  })) {
    goOn()
    count('texts')
    if (item.fits(body.toString())) continue
    report({
      code: 'textBroken',
      path: item.path,
      message: `${item.path} is not a text or a tree as kbgit writes it.`,
      fix: 'Restore an earlier version with git, or add the document again.',
    })
  }
}
