// The files that come with the viewer: scripts, styles, fonts, built by tools/view-assets.ts into dist/view/. Their names
// have a hash of their content, so a browser may keep them for good.
import { existsSync, statSync } from 'node:fs'
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KbError } from '../../core/errors.ts'
import { packageFile } from '../../core/package-files.ts'

const FOLDER = 'dist/view'
const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
}

export type Asset = { body: Buffer<ArrayBuffer>; type: string }

export class Assets {
  /** From the name that pages use (`view.js`) to that of the file. */
  readonly #names: Readonly<Record<string, string>>
  /** All files that there are. */
  readonly files: ReadonlySet<string>
  readonly #kept = new Map<string, Asset>()

  private constructor(names: Record<string, string>, files: string[]) {
    this.#names = names
    this.files = new Set(files)
  }

  /** Throws `KbError` (`usage`) if they are not built and cannot be, as in a checkout without development packages. */
  static async load(): Promise<Assets> {
    let text: string
    try {
      await buildInCheckout()
      text = await readFile(packageFile(`${FOLDER}/manifest.json`), 'utf8')
    } catch (cause) {
      throw new KbError('usage', 'The scripts and styles of the viewer are not built.', {
        hint: 'Run "npm ci && npm run view:assets" in the checkout of kbgit.',
        cause,
      })
    }
    const { names, files } = JSON.parse(text) as { names: Record<string, string>; files: string[] }
    return new Assets(names, files)
  }

  /** The file's name for an asset that pages name. */
  fileName(name: string): string {
    return this.#names[name] ?? name
  }

  /** Undefined if there is no such file. */
  async read(file: string): Promise<Asset | undefined> {
    if (!this.files.has(file)) return undefined
    const known = this.#kept.get(file)
    if (known !== undefined) return known
    const body = await readFile(packageFile(`${FOLDER}/${file}`))
    const asset = { body, type: TYPES[extname(file)] ?? 'application/octet-stream' }
    this.#kept.set(file, asset)
    return asset
  }
}

const SOURCES = ['src/view/client', 'src/view/style']

/** A checkout builds them when they are missing or older than their sources; an installed package has no tools. */
async function buildInCheckout(): Promise<void> {
  const tool = packageFile('tools/view-assets.ts')
  if (!existsSync(tool) || !(await isOutdated())) return
  const { buildViewAssets } = (await import(tool.href)) as { buildViewAssets: (folder: string) => Promise<void> }
  const folder = fileURLToPath(packageFile(FOLDER))
  const made = `${folder}-${process.pid}`
  await buildViewAssets(made)
  await rm(folder, { recursive: true, force: true })
  await rename(made, folder)
}

async function isOutdated(): Promise<boolean> {
  const built = statSync(packageFile(`${FOLDER}/manifest.json`), { throwIfNoEntry: false })
  if (built === undefined) return true
  for (const folder of SOURCES)
    for (const name of await readdir(packageFile(folder)))
      if (statSync(packageFile(`${folder}/${name}`)).mtimeMs > built.mtimeMs) return true
  return false
}
