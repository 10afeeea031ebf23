// What `init`, `use`, `completion` and `help` return, and what a failed command prints.
import type { ErrorCode } from '../errors.ts'
import type { HookStates } from './state.ts'

/** `headless`: the base is a bare repository. */
export type InitResult = {
  root: string
  commit: string | null
  created: string[]
  hooks: HookStates
  headless?: true | undefined
}

export type UseResult = { dir: string }

export type CompletionResult = { shell: string; script: string }

export type HelpResult = { topic: string | null; text: string }

/** What any command prints, on stdout too, if it fails as a whole. */
export type ErrorResult = { error: { code: ErrorCode; message: string; hint?: string | undefined } }
