// The moment that a request asks for: that of its `at`, or else the one that the viewer was started with, or now.
import type { Context } from 'hono'
import { KbError } from '../../core/errors.ts'
import type { Moment, ViewSource } from '../source.ts'

/** `pinned`: a revision was named, so that the page does not change when a commit comes. */
export type AskedMoment = Moment & { pinned: boolean }

/**
 * Of a viewer that was started at `at`, if it was. Throws `KbError`: `notFound`, also for a commit after the one that the viewer was started with; `noBase`.
 */
export async function askedMoment(
  c: Context,
  { source, at: latest }: { source: ViewSource; at?: string | undefined },
): Promise<AskedMoment> {
  const asked = c.req.query('at')
  const moment = await source.moment(asked ?? latest)
  if (asked !== undefined && latest !== undefined) {
    const last = await source.moment(latest)
    if (!(await source.leadsTo(moment.commit, last.commit)))
      throw new KbError('notFound', `${asked} is not part of the base as it was at ${latest}.`, {
        hint: `The viewer was started with "--at ${latest}": it shows nothing else.`,
      })
  }
  return { ...moment, pinned: (asked ?? latest) !== undefined }
}
