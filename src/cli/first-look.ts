// What the words of a command line say before a command is known that could parse them.

/** How to tell things; read early, so that a wrong command line is told of in the right form. */
export type Manner = { json: boolean; quiet: boolean; verbose: boolean; noColor: boolean }

export function mannerOf(argv: readonly string[]): Manner {
  const end = argv.indexOf('--')
  const words = end === -1 ? argv : argv.slice(0, end)
  const has = (long: string, short?: string) =>
    words.includes(`--${long}`) || (short !== undefined && words.includes(`-${short}`))
  return { json: has('json'), quiet: has('quiet', 'q'), verbose: has('verbose', 'v'), noColor: has('no-color') }
}

/** Where the command's name stands: the first word that is no option and no option's value. -1 where there is none. */
export function commandAt(argv: readonly string[]): number {
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (word === '--') return -1
    if (word === '--kb') at++
    else if (!word.startsWith('-') || word === '-') return at
  }
  return -1
}
