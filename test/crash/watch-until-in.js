// kbgit watch for the crash tests: takes in what is in the inbox and ends by itself. The command line ends at Ctrl-C alone.
//
// $1 the index.js of the built library
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Milliseconds that a file must stand still: nothing writes to it. */
const SETTLE_MS = 50

const { openKb } = await import(process.argv[2])
await using kb = await openKb({ dir: process.cwd(), env: process.env })
const end = new AbortController()
const isEmpty = () => readdirSync(join(process.cwd(), 'raw/inbox')).length === 0
await kb.watch({
  settleMs: SETTLE_MS,
  signal: end.signal,
  onEvent: (event) => {
    if (event.kind === 'error') {
      process.stderr.write(`${event.error.code}: ${event.error.message}\n`)
      process.exitCode = event.error.exitCode
      end.abort()
    } else if (event.kind === 'added' || isEmpty()) end.abort()
  },
})
