// Bundles the converters like the package: run from source, much of the time would go into removing types.
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import manifest from '../../../package.json' with { type: 'json' }
import { fileURLToPath } from 'node:url'

const installed = Object.keys(manifest.dependencies)

/** The path of a script like `convert-files.ts` in `folder`, next to which packages are found. */
export async function bundleConverters(folder: string): Promise<string> {
  const bundle = await rolldown({
    input: fileURLToPath(new URL('./convert-files.ts', import.meta.url)),
    platform: 'node',
    external: (id) => installed.some((name) => id === name || id.startsWith(`${name}/`)),
  })
  await bundle.write({ dir: folder, format: 'esm' })
  return join(folder, 'convert-files.js')
}
