/** Replaces the characters from `start` up to `end` of a text. */
export type Edit = { start: number; end: number; text: string }
