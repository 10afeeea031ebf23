// The logger passed to the library. pino's loggers fit; the command line makes one.

export type Logger = {
  debug: (fields: Record<string, unknown>, message: string) => void
  warn: (fields: Record<string, unknown>, message: string) => void
}

/** Logs nothing, at no cost. */
export const SILENT: Logger = { debug: () => {}, warn: () => {} }

/** Milliseconds per step of the work, summed. Steps may overlap: prepare and compile run during commit. */
export class StepTimes {
  readonly #ms = new Map<string, number>()

  add(step: string, ms: number): void {
    this.#ms.set(step, (this.#ms.get(step) ?? 0) + ms)
  }

  async time<T>(step: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now()
    try {
      return await work()
    } finally {
      this.add(step, performance.now() - start)
    }
  }

  /** Milliseconds by step, rounded to a hundredth. */
  toJSON(): Record<string, number> {
    return Object.fromEntries([...this.#ms].map(([step, ms]) => [step, Math.round(ms * 100) / 100]))
  }
}
