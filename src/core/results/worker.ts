// The result of `kbgit worker`.

export type WorkerResult = {
  prepared: number
  /** Documents that could not be prepared; their writers report why. */
  failed: number
  /** Documents that only their writers can prepare, such as notes with pictures beside them. */
  left: number
  /** Time spent on documents, summed over those under way at once. */
  busyMs: number
  elapsedMs: number
}
