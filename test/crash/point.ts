/** A call to be hit. `nth` is the number that strace will count when the fault is injected. */
export type Point = {
  /** `kbgit`, or `git <subcommand>` with its number among the calls of that subcommand. */
  role: 'kbgit' | { git: string; call: number }
  syscall: string
  /** As the caller named it; for an open file, as the kernel does. */
  path: string
  /** Among the calls of this kind, on this path if `byPath`. */
  nth: number
  /** False for files to which git gives random names. */
  byPath: boolean
}
