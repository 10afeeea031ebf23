// The files that come with the viewer: scripts, styles, fonts, built by tools/view-assets.ts into dist/view/. Their names
// have a hash of their content, so a browser may keep them for good.
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
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

  /** Throws `KbError` (`usage`) if they were not built, as in a checkout without `npm ci`. */
  static async load(): Promise<Assets> {
    let text: string
    try {
      text = await readFile(packageFile(`${FOLDER}/manifest.json`), 'utf8')
    } catch (cause) {
      throw new KbError('usage', 'The scripts and styles of the viewer are not built.', {
        hint: 'Run "npm run view:assets" in the checkout of kbgit.',
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
