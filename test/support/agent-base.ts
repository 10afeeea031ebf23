// A base whose documents agents compile.
import type { Kb } from '../../src/index.ts'
import { LiveBase } from './live-base.ts'

const ENV = { SOURCE_DATE_EPOCH: '1750000000' }
export const AGENT = { config: 'pageindex_threshold: 3\n', env: ENV }

/** Commits another model, and more lines of configuration. */
export function configure(base: LiveBase, model: string, more = ''): void {
  base.write(
    'kbgit.yaml',
    `version: 1\nmodel: ${model}\ndurability: process\nfile_processing_jobs: 1\npageindex_threshold: 3\n${more}`,
  )
  base.git('commit', '-qm', `Compile by ${model}`, '--', 'kbgit.yaml')
}

export async function agentBase(more = ''): Promise<{ base: LiveBase; kb: Kb }> {
  const base = await LiveBase.make(AGENT)
  configure(base, 'agent', more)
  return { base, kb: await base.open() }
}
