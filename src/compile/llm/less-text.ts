// For models that take less text than a prompt has.
import { PromptTooLong } from '../../io/model/refused.ts'

const CHARACTERS_MIN = 1_000

/** Asks with at most `charactersMax` characters of material, and with half as many as long as they are too many. */
export async function withLess<T>(charactersMax: number, ask: (charactersMax: number) => Promise<T>): Promise<T> {
  for (let max = charactersMax; ; max = Math.floor(max / 2)) {
    try {
      return await ask(max)
    } catch (error) {
      if (!(error instanceof PromptTooLong) || max < 2 * CHARACTERS_MIN) throw error
    }
  }
}
