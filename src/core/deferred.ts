/** Accepts work left over when a run ends, so that it can be awaited later: it may take seconds. */
export type Defer = (work: Promise<void>) => void

/** Hands `work` to `defer`, or awaits it if there is no `defer`. */
export async function deferred(work: Promise<void>, defer: Defer | undefined): Promise<void> {
  if (defer === undefined) await work
  else defer(work)
}
