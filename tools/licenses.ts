// The license texts of the packages inside dist/, which their licenses ask to be passed on.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'rolldown'

const FILE = 'THIRD-PARTY-LICENSES.txt'
/** Licenses that ask for no more than their text. Others need a decision before their code is shipped. */
const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Zlib',
])
const PACKAGE = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/
const TEXT = /^(?:licen[cs]e|copying|notice)/i

/** Adds one file with the license texts. Fails the build on a package with an unknown license. */
export function licenses(): Plugin {
  return {
    name: 'licenses',
    generateBundle(_, output) {
      const modules = Object.values(output).flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []))
      const folders = new Set(modules.flatMap((id) => PACKAGE.exec(id)?.[1] ?? []))
      const sections = [...folders].map((folder) => licenseOf(folder, (message) => this.error(message)))
      this.emitFile({ type: 'asset', fileName: FILE, source: sections.sort().join(`\n${'-'.repeat(80)}\n\n`) })
    },
  }
}

function licenseOf(folder: string, refuse: (message: string) => never): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>
  const { name, version, license } = manifest
  if (typeof license !== 'string' || !permits(license))
    refuse(`${String(name)} has the license ${String(license)}: decide in tools/licenses.ts whether it may be shipped.`)
  const texts = readdirSync(folder)
    .filter((file) => TEXT.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim())
  return [`${String(name)} ${String(version)} (${license})`, ...texts].join('\n\n') + '\n'
}

/** Whether all licenses that apply are permissive; of `A OR B`, one is enough. */
function permits(expression: string): boolean {
  return expression
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((license) => PERMISSIVE.has(license.trim())))
}
