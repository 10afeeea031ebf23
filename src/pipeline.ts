// Work that is started early, in parallel, and taken in order: what is ready goes together.

/** A semaphore: at most `size` at once, first come, first served. Work is told its place, from 0. */
export class Gate {
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

type Slot<T> = { promise: Promise<T>; weight: number; settled: boolean }

/**
 * A queue of promises between one producer and one consumer. `put` waits while more than `itemsMax` items or `weightMax`
 * of weight (bytes) are not taken yet; `take` waits for the first item and gives with it what else is settled right
 * behind it, in order.
 */
export class OrderedQueue<T> {
  readonly #slots: Slot<T>[] = []
  readonly #limits: { itemsMax: number; weightMax: number }
  #weight = 0
  #ended = false
  #wake: (() => void) | undefined
  #room: (() => void) | undefined

  constructor(limits: { itemsMax: number; weightMax: number }) {
    this.#limits = limits
  }

  async put(start: () => Promise<T>, weight: number): Promise<void> {
    while (this.#slots.length >= this.#limits.itemsMax || (this.#slots.length > 0 && this.#weight + weight > this.#limits.weightMax)) {
      await new Promise<void>((resolve) => (this.#room = resolve))
    }
    const slot: Slot<T> = { promise: start(), weight, settled: false }
    const settle = (): void => void (slot.settled = true)
    slot.promise.then(settle, settle)
    this.#slots.push(slot)
    this.#weight += weight
    this.#wake?.()
  }

  /** No more comes. */
  end(): void {
    this.#ended = true
    this.#wake?.()
  }

  /** Nothing is left, and nothing more comes. */
  get exhausted(): boolean {
    return this.#ended && this.#slots.length === 0
  }

  /** At least one item and at most `max`; empty at the end. Rejects as the first item does. */
  async take(max: number): Promise<T[]> {
    while (this.#slots.length === 0) {
      if (this.#ended) return []
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    const first = this.#slots[0]
    if (first === undefined) return []
    const taken = [await first.promise]
    this.#drop()
    while (taken.length < max && this.#slots[0]?.settled === true) {
      taken.push(await this.#slots[0].promise)
      this.#drop()
    }
    return taken
  }

  #drop(): void {
    this.#weight -= this.#slots.shift()?.weight ?? 0
    this.#room?.()
  }
}

/**
 * Producer and consumer side by side: what is ready is consumed together, at most `max` at once, until the end or until
 * `consume` gives false. Of the two the first to fail ends both; a producer's failure is told after what was ready
 * before it is consumed.
 */
export async function flow<T>(queue: OrderedQueue<T>, produce: () => Promise<void>, consume: (items: T[]) => Promise<boolean>, max: number): Promise<void> {
  const produced = produce().finally(() => queue.end())
  produced.catch(() => {})
  for (let items = await queue.take(max); items.length > 0; items = await queue.take(max)) {
    if (!(await consume(items))) return
  }
  await produced
}
