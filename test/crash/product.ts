// kbgit as users have it: built once, in a folder of its own.
import { buildPackage } from '../support/package.ts'
import type { Scratch } from './scratch.ts'

/** The words that start kbgit. */
export type Command = [node: string, script: string]

/** Builds the working copy. */
export function buildProduct(scratch: Scratch): Command {
  return [process.execPath, buildPackage(scratch.path('product'))]
}
