import { describe, expect, it } from 'vitest'
import { nearest, quantized, unitVectors } from '../../../../src/core/search/vectors.ts'
import { seeded } from '../../../support/notes.ts'

describe('vectors from a server', () => {
  it('get length 1', () => {
    expect(unitVectors([[3, 4]], 1)).toEqual([Float32Array.from([0.6, 0.8])])
    const [long] = unitVectors([Array.from({ length: 5_000 }, () => 2)], 1)
    expect(Math.hypot(...((long ?? []) as Float32Array))).toBeCloseTo(1)
  })

  it.each([
    ['too few', [[1]], 2],
    ['too many', [[1], [1]], 1],
    ['no list', { 0: [1] }, 1],
    ['no vector', ['x'], 1],
    ['nothing in one', [[]], 1],
    ['far too long', [Array.from({ length: 20_000 }, () => 1)], 1],
    ['of different lengths', [[1], [1, 2]], 2],
    ['a text in one', [['1']], 1],
    ['infinite', [[Infinity]], 1],
    ['no number', [[Number.NaN]], 1],
    ['null', [[null]], 1],
    ['without a direction', [[0, 0]], 1],
    ['so large that the length is not finite', [[1e308, 1e308]], 1],
  ])('are refused: %s', (_, value, count) => {
    expect(unitVectors(value, count)).toMatch(/^it returned /)
  })
})

it('finds the nearest by whole numbers as by the vectors themselves', () => {
  const random = seeded(7)
  const size = 64
  const vectors = Array.from({ length: 500 }, () => Array.from({ length: size }, () => random() - 0.5))
  const units = unitVectors(vectors, 500) as Float32Array[]
  const wanted = units[123] ?? new Float32Array()
  const numbers = new Int8Array(500 * size)
  const small = units.map(quantized)
  small.forEach((vector, row) => numbers.set(vector, row * size))
  const lengths = Float32Array.from(small, (vector) => Math.hypot(...vector))
  const found = nearest({ numbers, lengths, size }, wanted, 10)
  const exact = units
    .map((vector, row) => ({ row, cosine: vector.reduce((sum, number, at) => sum + number * (wanted[at] ?? 0), 0) }))
    .sort((a, b) => b.cosine - a.cosine)
  expect(found).toHaveLength(10)
  expect(found[0]).toMatchObject({ row: 123 })
  expect(found[0]?.cosine).toBeCloseTo(1, 2)
  const rows = found.map(({ row }) => row)
  expect(exact.slice(0, 8).every(({ row }) => rows.includes(row))).toBe(true)
  expect(found.map(({ cosine }) => cosine)).toEqual(found.map(({ cosine }) => cosine).toSorted((a, b) => b - a))
  expect(nearest({ numbers, lengths, size }, wanted, 1_000)).toHaveLength(500)
})
