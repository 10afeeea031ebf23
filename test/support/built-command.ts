// Set-up of the end-to-end tests: builds the command as a package has it, which starts faster than from the sources.
// The result is in node_modules/.cache/, in a folder named after its content, so that runs can share it.
import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown, type OutputOptions } from 'rolldown'
import config from '../../rolldown.config.ts'
import { buildViewAssets } from '../../tools/view-assets.ts'
import { BUILT_KBGIT } from './command.ts'

const PROJECT = fileURLToPath(new URL('../../', import.meta.url))
const BUILDS = join(PROJECT, 'node_modules', '.cache', 'kbgit-test')
const UNUSED_FOR_MS = 24 * 60 * 60 * 1000

export default async function buildCommand(): Promise<void> {
  const { output, ...input } = config as { output: OutputOptions }
  const bundle = await rolldown({ ...input, cwd: PROJECT })
  const { output: files } = await bundle.generate(output)
  await bundle.close()
  const contents = files.map((file): [string, string | Uint8Array] => [
    file.fileName,
    file.type === 'chunk' ? file.code : file.source,
  ])
  const hash = createHash('sha256')
  await removeOld()
  const assets = join(BUILDS, `assets.${process.pid}`)
  await buildViewAssets(assets)
  hash.update(await readFile(join(assets, 'manifest.json')))
  for (const [name, content] of contents.sort()) hash.update(`${name}\0`).update(content)
  const folder = join(BUILDS, hash.digest('hex').slice(0, 16))
  const unfinished = `${folder}.${process.pid}`
  await mkdir(join(unfinished, 'dist'), { recursive: true })
  await rename(assets, join(unfinished, 'dist', 'view'))
  for (const [name, content] of contents) await writeFile(join(unfinished, 'dist', name), content)
  for (const name of ['bin', 'hooks', 'package.json'])
    await cp(join(PROJECT, name), join(unfinished, name), { recursive: true })
  // Another run may be using the same build: it stays as it is, and counts as used.
  await rename(unfinished, folder).catch(async () => {
    await rm(unfinished, { recursive: true })
    await utimes(folder, new Date(), new Date())
  })
  process.env[BUILT_KBGIT] = join(folder, 'bin', 'kbgit.js')
}

async function removeOld(): Promise<void> {
  await mkdir(BUILDS, { recursive: true })
  for (const name of await readdir(BUILDS)) {
    const build = join(BUILDS, name)
    if ((await stat(build)).mtimeMs < Date.now() - UNUSED_FOR_MS) await rm(build, { recursive: true, force: true })
  }
}
