// Reports files that appear or change below a folder once they are complete. The only importer of chokidar.
import { systemCode } from '../core/errors.ts'

export type FolderWatch = {
  /** A path below the folder that is not watched. */
  ignored: (path: string) => boolean
  /** Milliseconds that a file's size and time must be unchanged before it counts as complete. */
  settleMs: number
  /** A file is complete: absolute path. Also called for each file that exists at the start. */
  onFile: (path: string) => void
  /** A file was deleted or renamed. */
  onGone: (path: string) => void
  /** Watching continues, unless the folder itself is gone. */
  onError: (error: unknown) => void
  /** The folder itself is gone: no more events follow. */
  onEnd: () => void
}

/** Resolves once all existing files are known. Disposing stops the watch. */
export async function watchFolder(folder: string, options: FolderWatch): Promise<AsyncDisposable> {
  return open(folder, options, false)
}

/** `polling`: check the files periodically if the system has no more watches to give (inotify's limits). */
async function open(folder: string, options: FolderWatch, polling: boolean): Promise<AsyncDisposable> {
  const { watch } = await import('chokidar')
  const { settleMs, ignored, onFile, onGone, onError, onEnd } = options
  const watcher = watch(folder, {
    ignored: (path) => path !== folder && ignored(path),
    awaitWriteFinish: { stabilityThreshold: settleMs, pollInterval: Math.max(20, Math.min(200, settleMs / 5)) },
    atomic: true,
    followSymlinks: false,
    ignorePermissionErrors: true,
    ...(polling ? { usePolling: true, interval: 1_000 } : {}),
  })
  const begun = new Promise<'ready' | 'exhausted'>((resolve) => {
    watcher.on('ready', () => resolve('ready'))
    watcher.on('error', (error) => {
      if (!polling && ['ENOSPC', 'EMFILE'].includes(systemCode(error) ?? '')) resolve('exhausted')
      onError(error)
    })
  })
  watcher.on('add', onFile)
  watcher.on('change', onFile)
  watcher.on('unlink', onGone)
  watcher.on('unlinkDir', (path) => void (path === folder && onEnd()))
  if ((await begun) === 'exhausted') {
    await watcher.close()
    return open(folder, options, true)
  }
  return { [Symbol.asyncDispose]: () => watcher.close() }
}
