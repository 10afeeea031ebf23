// What differs between operating systems, in one place: separators of paths, names that no file may have, what can be
// flushed to the disk. Linux and macOS are supported; the rules of Windows are kept so that a base made here can be
// checked out there.
import path from 'node:path'

/** What is used of `node:path`, or of its `win32`. */
type PathRules = Pick<typeof path, 'relative' | 'sep'>

/** A path relative to a base, as git, JSON and pages have it: with `/`. */
export function withSlashes(file: string, { sep }: PathRules = path): string {
  return file.split(sep).join('/')
}

/** The names of folders and file from `folder` down to a path below it. `['..', …]` if it is not below. */
export function namesBelow(folder: string, file: string, { relative, sep }: PathRules = path): string[] {
  return relative(folder, file).split(sep)
}

/** Whether a path is a folder or below it. Both are absolute and normalized. */
export function isWithin(folder: string, file: string, paths: PathRules = path): boolean {
  return file === folder || file.startsWith(asFolder(folder, paths))
}

/** With a separator at the end: the beginning of all paths below. */
export function asFolder(folder: string, { sep }: PathRules = path): string {
  return folder.endsWith(sep) ? folder : folder + sep
}

/**
 * Whether Windows gives the name to a device, whatever follows its first dot
 * (learn.microsoft.com/windows/win32/fileio/naming-a-file).
 */
export function isDeviceName(name: string): boolean {
  return /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(name)
}

/** Windows cannot flush a folder: it writes names with their files. */
export function canFlushFolders(platform: NodeJS.Platform = process.platform): boolean {
  return platform !== 'win32'
}

/** syncfs(2), which flushes a whole file system, is Linux's. */
export function canFlushFileSystem(platform: NodeJS.Platform = process.platform): boolean {
  return platform === 'linux'
}
