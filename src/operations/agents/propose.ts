import { KbError } from '../../core/errors.ts'
import type { Proposal, ProposeOptions } from '../../core/options.ts'
import type { ProposeResult } from '../../core/results.ts'
import type { Base } from '../../io/base.ts'

export async function propose(_base: Base, _proposal: Proposal, _how: ProposeOptions): Promise<ProposeResult> {
  throw new KbError('unexpected', 'This is not built yet.')
}
