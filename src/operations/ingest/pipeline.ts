// Work that starts early, runs in parallel and is consumed in order; items that are ready are consumed together.

/** A semaphore: at most `size` tasks at once, first come, first served. Each task gets its slot number, from 0. */
export class Semaphore {
  readonly #free: number[]
  readonly #waiting: ((place: number) => void)[] = []

  constructor(size: number) {
    this.#free = Array.from({ length: size }, (_, place) => place)
  }

  async run<T>(work: (place: number) => Promise<T>): Promise<T> {
    const place = this.#free.shift() ?? (await new Promise<number>((resolve) => this.#waiting.push(resolve)))
    try {
      return await work(place)
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free.push(place)
      else next(place)
    }
  }
}

type Slot<T> = { promise: Promise<T>; weight: number; done: boolean; isWork: boolean }

/** `cutOff`: the producer was stopped before it was done. */
type QueueEnd = 'complete' | 'cutOff'

export type QueueOptions<T> = {
  /** Maximum number of items waiting in the queue. */
  itemsMax: number
  /** Maximum total size of those items, in bytes or whatever unit `put` is given. */
  weightMax: number
  /** Whether a finished item is work for the consumer. Other items do not count towards any limit. */
  isWork?: (item: T) => boolean
}

/**
 * A queue of promises between one producer and one consumer. `put` waits while the queue is over its limits; `take`
 * waits for the first item and returns it with the finished items directly behind it, in order.
 */
export class OrderedQueue<T> {
  readonly #slots: Slot<T>[] = []
  readonly #options: QueueOptions<T>
  #items = 0
  #weight = 0
  #end: QueueEnd | undefined
  #wake: (() => void) | undefined
  #room: (() => void) | undefined

  constructor(options: QueueOptions<T>) {
    this.#options = options
  }

  async put(start: () => Promise<T>, weight: number): Promise<void> {
    const { itemsMax, weightMax, isWork = () => true } = this.#options
    while (this.#items >= itemsMax || (this.#items > 0 && this.#weight + weight > weightMax)) {
      await new Promise<void>((resolve) => (this.#room = resolve))
    }
    const slot: Slot<T> = { promise: start(), weight, done: false, isWork: true }
    this.#slots.push(slot)
    this.#items++
    this.#weight += weight
    void this.#finish(slot, isWork)
    this.#wake?.()
  }

  /** Marks the end of the input. */
  end(how: QueueEnd = 'complete'): void {
    this.#end = how
    this.#wake?.()
  }

  /** Whether the producer finished and every item was taken. */
  get exhausted(): boolean {
    return this.#end === 'complete' && this.#slots.length === 0
  }

  /** Returns at least one item and at most `max` work items; empty at the end. Rejects if the first item rejects. */
  async take(max: number): Promise<T[]> {
    while (this.#slots.length === 0) {
      if (this.#end !== undefined) return []
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    const taken: T[] = []
    for (
      let workItems = 0, slot = this.#slots[0];
      slot !== undefined && workItems < max && (taken.length === 0 || slot.done);
      slot = this.#slots[0]
    ) {
      taken.push(await slot.promise)
      if (slot.isWork) workItems++
      this.#slots.shift()
      this.#uncount(slot)
    }
    return taken
  }

  async #finish(slot: Slot<T>, isWork: (item: T) => boolean): Promise<void> {
    try {
      if (!isWork(await slot.promise)) this.#uncount(slot)
    } catch {
      // take() sees the rejection.
    }
    slot.done = true
  }

  #uncount(slot: Slot<T>): void {
    if (!slot.isWork) return
    slot.isWork = false
    this.#items--
    this.#weight -= slot.weight
    this.#room?.()
  }
}

/**
 * Runs producer and consumer concurrently: ready items are consumed together, at most `max` at once, until the input
 * ends or `consume` returns false. The first failure ends both; a producer's failure is reported after the items that
 * were ready before it have been consumed.
 */
export async function flow<T>(
  queue: OrderedQueue<T>,
  produce: () => Promise<void>,
  consume: (items: T[]) => Promise<boolean>,
  max: number,
): Promise<void> {
  const produced = produce().then(
    () => queue.end(),
    (error: unknown) => {
      queue.end('cutOff')
      throw error
    },
  )
  produced.catch(() => {})
  for (let items = await queue.take(max); items.length > 0; items = await queue.take(max)) {
    if (!(await consume(items))) return
  }
  await produced
}
