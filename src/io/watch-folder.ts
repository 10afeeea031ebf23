// Files that appear or change below a folder, told of when nothing writes to them any more. The only importer of
// chokidar.
import { systemCode } from '../core/errors.ts'

export type FolderWatch = {
  /** A path below the folder that is not watched. */
  ignored: (path: string) => boolean
  /** Milliseconds that a file's size and time must stand still before it counts as complete. */
  settleMs: number
  /** A file is complete: absolute path. Also told of each that is there at the beginning. */
  onFile: (path: string) => void
  /** A file is gone, or took another name. */
  onGone: (path: string) => void
  /** The watch goes on, unless the folder itself is gone. */
  onError: (error: unknown) => void
  /** The folder itself is gone: nothing more is told. */
  onEnd: () => void
}

/** Resolves once everything that is there is known. Disposing ends the watch. */
export async function watchFolder(folder: string, options: FolderWatch): Promise<AsyncDisposable> {
  return open(folder, options, false)
}

/** `polling`: look at the files now and then, where the system has no more watches to give (inotify's limits). */
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
