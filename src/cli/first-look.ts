// What the words of a command line say before the command is known that can parse them.

/** The form of the output; read early, so that an invalid command line is reported in the right form. */
export type Manner = { json: boolean; quiet: boolean; verbose: boolean; noColor: boolean }

export function mannerOf(argv: readonly string[]): Manner {
  const end = argv.indexOf('--')
  const words = end === -1 ? argv : argv.slice(0, end)
  const has = (long: string, short?: string) =>
    words.includes(`--${long}`) || (short !== undefined && words.includes(`-${short}`))
  return { json: has('json'), quiet: has('quiet', 'q'), verbose: has('verbose', 'v'), noColor: has('no-color') }
}

/**
 * The index of the command's name: the first word that is neither an option nor an option's value. -1 if there is none.
 */
export function commandAt(argv: readonly string[]): number {
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? ''
    if (word === '--') return -1
    if (word === '--kb' || word === '--branch') index++
    else if (!word.startsWith('-') || word === '-') return index
  }
  return -1
}
