import { expect, it } from 'vitest'
import { looseStem } from '../../../../src/core/search/loose-stem.ts'

it.each([
  ['order', 'orders', 'ordered', 'ordering'],
  ['computer', 'computers', 'computing', 'computed', 'computation'],
  ['nation', 'nations'],
  ['water', 'waters', 'watered'],
  ['stop', 'stopped', 'stopping'],
  ['bridge', 'bridges', 'bridged'],
  ['study', 'studies', 'studied'],
])('the forms of %j are one', (...forms: string[]) => expect(new Set(forms.map(looseStem)).size).toBe(1))
