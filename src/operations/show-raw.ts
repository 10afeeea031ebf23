// `kbgit show --raw`: streams an original's bytes. Keeps the history open until the last chunk has been read.
import type { Original } from '../api.ts'
import { openHistory } from '../io/open-history.ts'
import type { Base } from '../io/base.ts'
import { showRaw } from '../read/show.ts'

export async function showRawOf(base: Base, document: string, at: { at?: string | undefined }): Promise<Original> {
  const history = await openHistory(base)
  try {
    const { chunks, ...original } = await showRaw({ ...base, history }, document, at)
    return {
      ...original,
      chunks: (async function* () {
        try {
          yield* chunks
        } finally {
          await history[Symbol.asyncDispose]()
        }
      })(),
    }
  } catch (error) {
    await history[Symbol.asyncDispose]()
    throw error
  }
}
