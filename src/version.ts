// This kbgit's version, from its package: cache entries are valid only for the version that wrote them.
import { readFileSync } from 'node:fs'
import { packageFile } from './core/package-files.ts'

export const VERSION = (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }).version
