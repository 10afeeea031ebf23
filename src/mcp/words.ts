// Words of answers.

/** `1 page`, `3 pages`. */
export function counted(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`
}
