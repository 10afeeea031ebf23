import { describe, expect, test } from 'vitest'
import { flow, OrderedQueue } from '../../../../src/operations/ingest/pipeline.ts'

type Item = { at: number; work: boolean }

const isWork = ({ work }: Item): boolean => work
const numbers = (items: Item[]): number[] => items.map(({ at }) => at)

async function taken(
  items: Item[],
  options: { itemsMax: number; weightMax?: number },
  max: number,
): Promise<number[][]> {
  const queue = new OrderedQueue<Item>({ weightMax: 100, isWork, ...options })
  const groups: number[][] = []
  const produce = async (): Promise<void> => {
    for (const item of items) await queue.put(() => Promise.resolve(item), 10)
  }
  const consume = async (group: Item[]): Promise<boolean> => {
    groups.push(numbers(group))
    // Items that arrive in the meantime are taken together, as while a group is being committed.
    await new Promise((resolve) => setTimeout(resolve, 5))
    return true
  }
  await flow(queue, produce, consume, max)
  return groups
}

describe('the queue between scan and commit', () => {
  const items = (count: number, isWorkAt: (index: number) => boolean): Item[] =>
    Array.from({ length: count }, (_, index) => ({ at: index, work: isWorkAt(index) }))

  test('returns ready items together, in order, and no more than requested', async () => {
    const groups = await taken(
      items(9, () => true),
      { itemsMax: 100 },
      4,
    )
    expect(groups.flat()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(Math.max(...groups.map((group) => group.length))).toBe(4)
  })

  test('items without work fill neither a group nor the queue', async () => {
    const groups = await taken(
      items(1_000, (index) => index % 300 === 0),
      { itemsMax: 2, weightMax: 20 },
      2,
    )
    expect(groups.flat()).toHaveLength(1_000)
    expect(groups.length).toBeLessThanOrEqual(4)
  })

  test('holds a limited amount of work, by number and by weight', async () => {
    for (const [limits, most] of [
      [{ itemsMax: 3, weightMax: 1_000 }, 3],
      [{ itemsMax: 1_000, weightMax: 20 }, 2],
    ] as const) {
      const queue = new OrderedQueue<Item>({ ...limits, isWork })
      let put = 0
      const putting = (async () => {
        for (const item of items(10, () => true)) {
          await queue.put(() => Promise.resolve(item), 10)
          put++
        }
        queue.end()
      })()
      await new Promise((resolve) => setTimeout(resolve, 5))
      expect(put).toBe(most)
      while (!queue.exhausted) await queue.take(1)
      await putting
      expect(put).toBe(10)
    }
  })

  test('is exhausted when its producer finishes, but not when it fails', async () => {
    for (const fails of [false, true]) {
      const queue = new OrderedQueue<Item>({ itemsMax: 9, weightMax: 99, isWork })
      const produce = async (): Promise<void> => {
        await queue.put(() => Promise.resolve({ at: 0, work: true }), 1)
        if (fails) throw new Error('the disk is full')
      }
      const last: boolean[] = []
      const consume = (): Promise<boolean> => {
        last.push(queue.exhausted)
        return Promise.resolve(true)
      }
      const flowed = flow(queue, produce, consume, 9)
      if (fails) await expect(flowed).rejects.toThrow('the disk is full')
      else await flowed
      expect(last).toEqual([!fails])
    }
  })

  test('waits for the first item even if others are ready, and fails when it fails', async () => {
    const queue = new OrderedQueue<Item>({ itemsMax: 9, weightMax: 9, isWork })
    const first = Promise.withResolvers<Item>()
    await queue.put(() => first.promise, 1)
    await queue.put(() => Promise.resolve({ at: 1, work: true }), 1)
    const group = queue.take(9)
    first.resolve({ at: 0, work: false })
    expect(numbers(await group)).toEqual([0, 1])
    await queue.put(() => Promise.reject(new Error('lost')), 1)
    await expect(queue.take(9)).rejects.toThrow('lost')
  })
})
