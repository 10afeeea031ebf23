// Loaded before kbgit in crash tests: random ids become counted ones, so that two runs name the same files. Each
// command of a test says with KBGIT_IDS where its ids begin, because two commands on one base never share an id.
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
