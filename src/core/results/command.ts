// What `init`, `use`, `completion` and `help` return, and what a failed command prints.
import type { ErrorCode } from '../errors.ts'
import type { HookStates } from './state.ts'

export type InitResult = { root: string; commit: string | null; created: string[]; hooks: HookStates }

export type UseResult = { dir: string }

export type CompletionResult = { shell: string; script: string }

export type HelpResult = { topic: string | null; text: string }

/** What any command prints, on stdout too, if it fails as a whole. */
export type ErrorResult = { error: { code: ErrorCode; message: string; hint?: string | undefined } }
