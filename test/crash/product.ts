// kbgit as users have it: built once, in a folder of its own.
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { execute } from './execute.ts'
import { HERE, type Scratch } from './scratch.ts'

/** The words that start kbgit. */
export type Command = [node: string, script: string]

/** Builds the working copy. Types are checked elsewhere; throws where nothing runnable comes out. */
export async function buildProduct(scratch: Scratch): Promise<Command> {
  const project = join(HERE, '../..')
  const product = scratch.path('product')
  mkdirSync(product)
  for (const part of ['bin', 'hooks', 'package.json'])
    cpSync(join(project, part), join(product, part), { recursive: true })
  symlinkSync(join(project, 'node_modules'), join(product, 'node_modules'))
  const tsc = join(project, 'node_modules/.bin/tsc')
  const built = await execute(
    [process.execPath, tsc, '-p', join(project, 'tsconfig.build.json'), '--outDir', join(product, 'dist')],
    {
      cwd: project,
      env: scratch.environment({ NODE_OPTIONS: '' }),
    },
  )
  if (!existsSync(join(product, 'dist/cli/main.js'))) throw new Error(`The product does not compile:\n${built.stdout}`)
  return [process.execPath, join(product, 'bin/kbgit.js')]
}
