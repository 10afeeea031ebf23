// Opens a knowledge base: wires the adapters to the stages.
import type { InitOptions, Kb, MergeVersions, OpenOptions } from './api.ts'
import { KbError } from './core/errors.ts'
import type { InitResult } from './core/results.ts'

export function openBase(root: string, _options: OpenOptions): Promise<Kb> {
  return Promise.reject(new KbError('unexpected', `${root} cannot be opened by this build.`))
}

export function initBase(_options: InitOptions): Promise<InitResult> {
  return Promise.reject(new KbError('unexpected', 'This build cannot make a knowledge base.'))
}

export function mergeVersions(_versions: MergeVersions): Promise<{ clean: boolean }> {
  return Promise.reject(new KbError('unexpected', 'This build cannot merge.'))
}
