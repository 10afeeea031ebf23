// A disk in a file, whose power can be cut: an image mounted through a loop device.
import { mkdirSync, rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { execute } from './execute.ts'

export type FileSystem = 'ext4' | 'xfs'
/**
 * `lost`: everything that was not flushed is gone. `logged`: the file system's log is flushed first, file contents are
 * not.
 */
export type Cut = 'lost' | 'logged'

/** xfs has no smaller ones. The file is sparse. */
const SIZE = '320M'
const UNMOUNT_TRIES = 100
const UNMOUNT_PAUSE_MS = 50

async function run(...words: string[]): Promise<void> {
  const ended = await execute(words, {
    cwd: '/',
    env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' },
  })
  if (ended.code !== 0) throw new Error(`${words.join(' ')}: ${ended.stderr}${ended.stdout}`)
}

export async function format(kind: FileSystem, image: string): Promise<void> {
  rmSync(image, { force: true })
  await run('truncate', '-s', SIZE, image)
  await run(`mkfs.${kind}`, '-q', image)
}

export async function mount(kind: FileSystem, image: string, dir: string): Promise<void> {
  mkdirSync(dir, { recursive: true })
  // Copies of an image have the same UUID, which xfs would refuse.
  await run('mount', '-o', kind === 'xfs' ? 'loop,nouuid' : 'loop', image, dir)
}

/** Waits for the children of a killed command to notice and exit. */
export async function unmount(dir: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await run('umount', dir)
    } catch (error) {
      if (tries === UNMOUNT_TRIES) throw error
      await delay(UNMOUNT_PAUSE_MS)
    }
  }
}

export async function copyImage(from: string, to: string): Promise<void> {
  await run('cp', '--sparse=always', from, to)
}

/** Cuts the power and mounts what is left, as the machine would on restart. */
export async function cutPower(kind: FileSystem, dir: string, image: string, cut: Cut): Promise<void> {
  await run('xfs_io', '-x', '-c', cut === 'lost' ? 'shutdown' : 'shutdown -f', dir)
  await unmount(dir)
  await mount(kind, image, dir)
}

/** Why disks cannot be cut here, as a sentence; undefined if they can. */
export async function cannotCut(scratch: string): Promise<string | undefined> {
  const image = `${scratch}/probe.img`
  const dir = `${scratch}/probe`
  let mounted = false
  try {
    for (const kind of ['ext4', 'xfs'] as const) {
      await format(kind, image)
      await mount(kind, image, dir)
      mounted = true
      await cutPower(kind, dir, image, 'lost')
      await unmount(dir)
      mounted = false
    }
    return undefined
  } catch (error) {
    if (mounted) await unmount(dir)
    return error instanceof Error ? error.message.trim() : String(error)
  }
}
