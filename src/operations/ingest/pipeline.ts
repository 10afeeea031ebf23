// Work that is started early, in parallel, and taken in order: what is ready goes together.

/** A semaphore: at most `size` at once, first come, first served. Work is told its place, from 0. */
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

/** `cutOff`: the producer had more to give. */
type QueueEnd = 'complete' | 'cutOff'

export type QueueOptions<T> = {
  /** Items that are not taken yet, at most. */
  itemsMax: number
  /** Of those, in bytes or whatever `put` is told. */
  weightMax: number
  /** Whether a finished item is work for the consumer. Other items do not count towards any limit. */
  isWork?: (item: T) => boolean
}

/**
 * A queue of promises between one producer and one consumer. `put` waits while there is more in it than the options
 * allow; `take` waits for the first item and returns it with the finished items that directly follow it, in order.
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

  /** No more comes. */
  end(how: QueueEnd = 'complete'): void {
    this.#end = how
    this.#wake?.()
  }

  /** All that the producer had to give is taken. */
  get exhausted(): boolean {
    return this.#end === 'complete' && this.#slots.length === 0
  }

  /** At least one item, and at most `max` that are work; empty at the end. Rejects as the first item does. */
  async take(max: number): Promise<T[]> {
    while (this.#slots.length === 0) {
      if (this.#end !== undefined) return []
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    const taken: T[] = []
    for (
      let works = 0, slot = this.#slots[0];
      slot !== undefined && works < max && (taken.length === 0 || slot.done);
      slot = this.#slots[0]
    ) {
      taken.push(await slot.promise)
      if (slot.isWork) works++
      this.#slots.shift()
      this.#uncount(slot)
    }
    return taken
  }

  async #finish(slot: Slot<T>, isWork: (item: T) => boolean): Promise<void> {
    try {
      if (!isWork(await slot.promise)) this.#uncount(slot)
    } catch {
      // Whoever takes it is told.
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
 * Producer and consumer side by side: what is ready is consumed together, at most `max` at once, until the end or until
 * `consume` gives false. Of the two the first to fail ends both; a producer's failure is told after what was ready
 * before it is consumed.
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
