// Loaded before kbgit in crash tests: counted ids replace random ones, so that two runs use the same file names. Each
// command of a test sets KBGIT_IDS, where its ids begin, because two commands on one base never share an id.
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

let drawn = 0
crypto.randomBytes = (size) =>
  crypto
    .createHash('sha512')
    .update(`${process.env.KBGIT_IDS ?? ''} ${++drawn}`)
    .digest()
    .subarray(0, size)
syncBuiltinESMExports()
