import { KbError } from '../../core/errors.ts'
import type { NextTaskOptions } from '../../core/options.ts'
import type { CompileNextResult } from '../../core/results.ts'
import type { Base } from '../../io/base.ts'

export async function nextTask(_base: Base, _how: NextTaskOptions): Promise<CompileNextResult> {
  throw new KbError('unexpected', 'This is not built yet.')
}
