// Originals: each file in `raw/` is what was hashed when the document was added, or points to it.
import { isPointerPath } from '../core/layout.ts'
import type { FsckRun, KnownDocument } from './fsck-run.ts'
import { originalStates, type OriginalOptions, type OriginalState } from './originals.ts'

export async function checkOriginals(
  run: FsckRun,
  documents: KnownDocument[],
  options: OriginalOptions,
): Promise<void> {
  const files = documents.flatMap((document) => {
    const oid = run.files.get(document.raw)
    return oid === undefined ? [] : [{ raw: document.raw, sha256: document.sha256, oid, document }]
  })
  for await (const { file, state } of originalStates(run.base, files, options)) {
    run.goOn()
    run.count('originals')
    reportState(run, file.document, state)
  }
}

function reportState(run: FsckRun, document: KnownDocument, state: OriginalState): void {
  if ('pointer' in state) run.count('blobs')
  switch (state.kind) {
    case 'sound':
    case 'unread':
      return
    case 'altered':
      return run.report({
        code: isPointerPath(document.raw) ? 'pointerBroken' : 'originalAltered',
        path: document.raw,
        message: isPointerPath(document.raw)
          ? `${document.raw} does not point to the original of ${document.name}.`
          : `${document.raw} is not what was added: its digest differs from the one in ${document.path}.`,
        fix: 'Add the original again to put it back, or restore an earlier version with git.',
      })
    case 'damaged':
      return run.report({
        code: 'blobAltered',
        path: state.path,
        message: `The original of ${document.name} is damaged: the content of ${state.path} does not match its name.`,
        fix: 'Add the document again, or copy the file from the machine that added it.',
      })
    case 'absent':
      return run.miss({ name: document.name, path: document.raw })
  }
}
