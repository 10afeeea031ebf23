// What the graph shows, as parameters of the address: so it can be sent to others, and back and forward work.

/** `kinds`: undefined is all of them. `node`: the one that is chosen, with its neighbours. */
export type GraphState = {
  find: string
  kinds: string[] | undefined
  inTheme: string
  colour: string
  node: string
}

const NAMES = { find: 'find', kinds: 'kinds', inTheme: 'in', colour: 'colour', node: 'node' } as const

export function stateOf(search: string): GraphState {
  const given = new URLSearchParams(search)
  const kinds = given.get(NAMES.kinds)
  return {
    find: given.get(NAMES.find) ?? '',
    kinds: kinds === null ? undefined : kinds.split(',').filter((kind) => kind !== ''),
    inTheme: given.get(NAMES.inTheme) ?? '',
    colour: given.get(NAMES.colour) ?? 'theme',
    node: given.get(NAMES.node) ?? '',
  }
}

/** The other parameters stay, such as the moment. */
export function searchOf(search: string, { find, kinds, inTheme, colour, node }: GraphState): string {
  const given = new URLSearchParams(search)
  const set = (name: string, value: string | undefined): void => {
    if (value === undefined) given.delete(name)
    else given.set(name, value)
  }
  set(NAMES.find, find === '' ? undefined : find)
  set(NAMES.kinds, kinds?.join(','))
  set(NAMES.inTheme, inTheme === '' ? undefined : inTheme)
  set(NAMES.colour, colour === 'theme' ? undefined : colour)
  set(NAMES.node, node === '' ? undefined : node)
  const text = given.toString().replaceAll('%2C', ',').replaceAll('%2F', '/')
  return text === '' ? '' : `?${text}`
}
