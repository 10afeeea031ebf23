/** A call to be hit. `nth` counts as strace will count it when the fault is injected. */
export type Point = {
  /** `kbgit`, or `git <subcommand>` with its number among the calls of that subcommand. */
  role: 'kbgit' | { git: string; call: number }
  syscall: string
  /** As the caller named it; of an open file, as the kernel does. */
  path: string
  /** Among the calls of this kind, on this path where `byPath`. */
  nth: number
  /** False for the files that git names at random. */
  byPath: boolean
}
