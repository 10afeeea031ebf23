/** Takes the work that is left when a run is over, so that it can be awaited beside other work: it may take seconds. */
export type Beside = (work: Promise<void>) => void

/** Hands `work` to `beside`; awaits it if there is none. */
export async function besides(work: Promise<void>, beside: Beside | undefined): Promise<void> {
  if (beside === undefined) await work
  else beside(work)
}
