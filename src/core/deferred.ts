/** Takes the work that is left when a run is over, so that it can be awaited defer other work: it may take seconds. */
export type Defer = (work: Promise<void>) => void

/** Hands `work` to `defer`; awaits it if there is none. */
export async function deferred(work: Promise<void>, defer: Defer | undefined): Promise<void> {
  if (defer === undefined) await work
  else defer(work)
}
