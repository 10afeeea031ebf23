// Notes as people keep them: short, on overlapping subjects, the same for the same seed.

const SUBJECTS = [
  'harbour',
  'granary',
  'lighthouse',
  'aqueduct',
  'observatory',
  'foundry',
  'orchard',
  'archive',
  'railway',
  'cathedral',
  'windmill',
  'quarry',
  'shipyard',
  'brewery',
  'garrison',
  'mint',
]
const VERBS = [
  'restored',
  'surveyed',
  'measured',
  'rebuilt',
  'abandoned',
  'extended',
  'painted',
  'flooded',
  'mapped',
  'insured',
]
const ASPECTS = [
  'foundations',
  'accounts',
  'drainage',
  'masonry',
  'timbers',
  'machinery',
  'boundaries',
  'inventory',
  'ventilation',
  'staircases',
]
const FIRST = ['Northern', 'Royal', 'United', 'Eastern', 'Imperial', 'Civic', 'Coastal', 'Alpine', 'Ancient', 'Lower']
const SECOND = [
  'Dredging',
  'Survey',
  'Masonry',
  'Harvest',
  'Railway',
  'Lantern',
  'Drainage',
  'Mining',
  'Timber',
  'Printing',
]
const THIRD = ['Company', 'Society', 'Institute', 'Guild', 'Trust']

/** Numbers from 0 to 1, the same for the same seed (mulberry32, public domain, T. Ettinger). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Note number `index`: about 1,500 characters of Markdown. Subjects recur, a few of them often. */
export function note(index: number): { name: string; text: string } {
  const random = seeded(index + 1)
  const pick = (words: string[]): string => words[Math.floor(random() ** 2 * words.length)] ?? ''
  const body = `${FIRST[Math.floor(random() * 10)]} ${SECOND[Math.floor(random() * 10)]} ${THIRD[Math.floor(random() * 5)]}`
  const subject = pick(SUBJECTS)
  const sentences = Array.from({ length: 12 }, (_, line) => {
    const year = 1700 + Math.floor(random() * 300)
    return line % 3 === 0
      ? `In ${year} the ${pick(ASPECTS)} of the ${subject} were ${pick(VERBS)} by the ${body}, as entry ${index}.${line} of the ledger has it.`
      : `The ${pick(ASPECTS)} of the ${pick(SUBJECTS)} were ${pick(VERBS)} in ${year} at a cost of ${Math.floor(random() * 9000) + 100} crowns.`
  })
  return {
    name: `note-${String(index).padStart(5, '0')}.md`,
    text: `# The ${subject}, note ${index}\n\n${sentences.slice(0, 6).join(' ')}\n\n## What it cost\n\n${sentences.slice(6).join(' ')}\n`,
  }
}
