// This kbgit's version, as its package says it: what it leaves in caches is of that version alone.
import { readFileSync } from 'node:fs'
import { packageFile } from './core/package-files.ts'

export const VERSION = (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }).version
