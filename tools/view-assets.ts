// Builds dist/view/: what the viewer sends to browsers. Scripts are bundled from src/view/client/, style sheets joined,
// KaTeX's style and fonts copied. File names have a hash of the content; manifest.json lists them.
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { OutputOptions } from 'rolldown'

const PROJECT = fileURLToPath(new URL('..', import.meta.url))
const CLIENT = join(PROJECT, 'src/view/client')
const STYLES = join(PROJECT, 'src/view/style')
const KATEX = join(PROJECT, 'node_modules/katex/dist')

/** Scripts that pages name. */
const SCRIPTS = { view: 'main.ts', early: 'early.ts', 'graph-layout': 'graph-layout.ts' }
/** Scripts of the exported site, each in one file: a page on a disk may load no modules. */
const SITE_SCRIPTS = { site: 'site.ts', 'site-graph': 'site-graph.ts' }

/** Writes everything into `folder`, which is emptied before. */
export async function buildViewAssets(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const names: Record<string, string> = {}
  const files: string[] = []
  const put = async (name: string, content: string | Uint8Array): Promise<string> => {
    const hash = createHash('sha256').update(content).digest('hex').slice(0, 10)
    const file = name.replace(/(?=\.\w+$)/, `-${hash}`)
    await writeFile(join(folder, file), content)
    names[name] = file
    files.push(file)
    return file
  }
  for (const chunk of await scripts()) {
    await writeFile(join(folder, chunk.file), chunk.code)
    files.push(chunk.file)
    if (chunk.name !== undefined) names[chunk.name] = chunk.file
  }
  await put('view.css', await styleSheet(put))
  await put('icon.svg', await readFile(join(STYLES, 'icon.svg')))
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify({ names, files: files.sort() }, null, 1)}\n`)
}

type Script = { file: string; code: string; name: string | undefined }

async function scripts(): Promise<Script[]> {
  const site = await Promise.all(
    Object.entries(SITE_SCRIPTS).map(([name, file]) =>
      bundled({ [name]: file }, { format: 'iife', codeSplitting: false }),
    ),
  )
  return [...(await bundled(SCRIPTS, { format: 'esm' })), ...site.flat()]
}

async function bundled(input: Record<string, string>, options: OutputOptions): Promise<Script[]> {
  const { rolldown } = await import('rolldown')
  const bundle = await rolldown({
    input: Object.fromEntries(Object.entries(input).map(([name, file]) => [name, join(CLIENT, file)])),
    platform: 'browser',
    cwd: PROJECT,
  })
  const { output } = await bundle.generate({
    ...options,
    minify: true,
    entryFileNames: '[name]-[hash].js',
    chunkFileNames: '[name]-[hash].js',
  })
  await bundle.close()
  return output.flatMap((chunk) =>
    chunk.type === 'chunk'
      ? [{ file: chunk.fileName, code: chunk.code, name: chunk.isEntry ? `${chunk.name}.js` : undefined }]
      : [],
  )
}

/** KaTeX's rules, with its fonts beside them in the one format that today's browsers read, then the viewer's own by name. */
async function styleSheet(put: (name: string, content: Uint8Array) => Promise<string>): Promise<string> {
  let katex = await readFile(join(KATEX, 'katex.min.css'), 'utf8')
  katex = katex.replace(/,url\([^)]*\.(?:woff|ttf)\) format\("[^"]*"\)/g, '')
  for (const [, font = ''] of katex.matchAll(/url\(fonts\/([\w-]+\.woff2)\)/g))
    katex = katex.replaceAll(
      `url(fonts/${font})`,
      `url(${await put(font, await readFile(join(KATEX, 'fonts', font)))})`,
    )
  const own = (await readdir(STYLES)).filter((file) => file.endsWith('.css')).sort()
  return [katex, ...(await Promise.all(own.map((file) => readFile(join(STYLES, file), 'utf8'))))].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await buildViewAssets(process.argv[2] ?? join(PROJECT, 'dist', 'view'))
