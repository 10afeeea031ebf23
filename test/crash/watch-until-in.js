// kbgit watch for the crash tests: adds what is in the inbox and then ends. On the command line only Ctrl-C ends it.
//
// $1 the index.js of the built library
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Milliseconds that a file must stand still: nothing writes to it. */
const SETTLE_MS = 50
/** Where the folder cannot even be made. */
const SYSTEM_REFUSED = 14
const STOPPED = 14
const SOME_FAILED = 3

const { openKb } = await import(process.argv[2])
const fail = (error) => {
  process.stderr.write(`${error.code}: ${error.message}\n`)
  process.exitCode = error.exitCode ?? SYSTEM_REFUSED
}
await using kb = await openKb({ dir: process.cwd(), env: process.env })
const end = new AbortController()
const isEmpty = () => readdirSync(join(process.cwd(), 'raw/inbox')).length === 0
await kb
  .watch({
    settleMs: SETTLE_MS,
    signal: end.signal,
    onEvent: (event) => {
      if (event.kind === 'error') {
        fail(event.error)
        end.abort()
      } else if (event.kind === 'added' || isEmpty()) {
        const { stopped, failed = [] } = event.result ?? {}
        if (stopped !== undefined) fail({ ...stopped, exitCode: STOPPED })
        else if (failed.length > 0) fail({ ...failed[0], exitCode: SOME_FAILED })
        end.abort()
      }
    },
  })
  .catch(fail)
