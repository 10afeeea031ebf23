import { KbError } from '../../core/errors.ts'
import type { SubmitOptions } from '../../core/options.ts'
import type { CompileSubmitResult } from '../../core/results.ts'
import type { Base } from '../../io/base.ts'

export async function submitTask(
  _base: Base,
  _id: string,
  _answer: unknown,
  _how: SubmitOptions,
): Promise<CompileSubmitResult> {
  throw new KbError('unexpected', 'This is not built yet.')
}
