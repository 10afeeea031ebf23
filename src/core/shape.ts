// The shape of a value that came from a file: what kbgit itself could have written, and nothing else. A shape names the
// first field that does not fit; a value that passes has the shape's type.

/** The field that does not fit (`images[1]`, '' for the whole) and what is expected there. */
export type Misfit = { field: string; expected: string }

/** Undefined for a value that fits. `T` is the type of such a value. */
export type Shape<T> = ((value: unknown, field: string) => Misfit | undefined) & { readonly type?: T }

export type TypeOf<S> = S extends Shape<infer T> ? T : never

type Fields = Record<string, Shape<unknown>>
type Properties<R extends Fields, O extends Fields> = { [K in keyof R]: TypeOf<R[K]> } & {
  [K in keyof O]?: TypeOf<O[K]>
}

/** A string of at most `charsMax` UTF-16 units that matches `pattern`. */
export function text(expected: string, charsMax: number, pattern?: RegExp): Shape<string> {
  return (value, field) =>
    typeof value === 'string' && value.length <= charsMax && (pattern === undefined || pattern.test(value))
      ? undefined
      : { field, expected }
}

export function integer(min: number, max = Number.MAX_SAFE_INTEGER): Shape<number> {
  return (value, field) =>
    Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max
      ? undefined
      : { field, expected: `a whole number from ${min}` }
}

export const share: Shape<number> = (value, field) =>
  typeof value === 'number' && value >= 0 && value < 1 ? undefined : { field, expected: 'a fraction below 1' }

export function oneOf<const T extends string | number | boolean | null>(...values: readonly T[]): Shape<T> {
  const expected = values.map((value) => JSON.stringify(value)).join(' or ')
  return (value, field) => (values.some((one) => one === value) ? undefined : { field, expected })
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value, field) => (value === null ? undefined : shape(value, field))
}

export function list<T>(item: Shape<T>, itemsMax: number): Shape<T[]> {
  return (value, field) => {
    if (!Array.isArray(value) || value.length > itemsMax) return { field, expected: `a list of at most ${itemsMax}` }
    for (const [index, one] of value.entries()) {
      const misfit = item(one, `${field}[${index}]`)
      if (misfit !== undefined) return misfit
    }
    return undefined
  }
}

/** An object with these fields and no others. An optional field may be undefined. */
export function fields<R extends Fields, O extends Fields>(required: R, optional: O): Shape<Properties<R, O>> {
  return (value, field) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return { field, expected: 'an object' }
    const name = (key: string): string => (field === '' ? key : `${field}.${key}`)
    for (const key of Object.keys(value))
      if (!Object.hasOwn(required, key) && !Object.hasOwn(optional, key))
        return { field: name(key), expected: 'no such field' }
    const given = value as Record<string, unknown>
    for (const [key, shape] of Object.entries(required)) {
      const misfit = shape(Object.hasOwn(given, key) ? given[key] : undefined, name(key))
      if (misfit !== undefined) return misfit
    }
    for (const [key, shape] of Object.entries(optional)) {
      const own = Object.hasOwn(given, key) ? given[key] : undefined
      const misfit = own === undefined ? undefined : shape(own, name(key))
      if (misfit !== undefined) return misfit
    }
    return undefined
  }
}

/** A shape that has each field of `T`: a field added to the type cannot be forgotten here. */
export function shapeOf<T>() {
  return <S extends T>(shape: keyof T extends keyof S ? Shape<S> : never): Shape<T> => shape
}

/** Whether a value has a shape. */
export function fits<T>(shape: Shape<T>, value: unknown): value is T {
  return shape(value, '') === undefined
}

/** Text such as `images[1] is not a file of its images`, without a full stop. */
export function misfitText({ field, expected }: Misfit): string {
  const what = field === '' ? 'it' : field
  return expected === 'no such field'
    ? `it has a field "${field}" that kbgit does not write`
    : `${what} is not ${expected}`
}
