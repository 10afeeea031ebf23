import { expect, test } from 'vitest'
import { searchOf, stateOf, type GraphState } from '../../../src/view/client/graph-address.ts'

const ALL: GraphState = { find: '', kinds: undefined, inTheme: '', colour: 'theme', node: '' }

test('a graph that shows everything has no parameters, and keeps those of others', () => {
  expect(stateOf('')).toEqual(ALL)
  expect(searchOf('', ALL)).toBe('')
  expect(searchOf('?at=v1&find=x&kinds=document&in=themes/A&colour=kind&node=concepts/B', ALL)).toBe('?at=v1')
})

test.each<[string, GraphState]>([
  ['?find=steam+engine', { ...ALL, find: 'steam engine' }],
  ['?kinds=document,theme', { ...ALL, kinds: ['document', 'theme'] }],
  ['?kinds=', { ...ALL, kinds: [] }],
  ['?in=themes/Engines&colour=kind', { ...ALL, inTheme: 'themes/Engines', colour: 'kind' }],
  ['?at=v1&node=concepts/v2/C%2B%2B', { ...ALL, node: 'concepts/v2/C++' }],
])('%s is read as it is written', (search, state) => {
  expect(stateOf(search)).toEqual(state)
  expect(searchOf(search, state)).toBe(search)
})
