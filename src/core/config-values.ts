// How values of `kbgit.yaml` are read.

export const KIB = 1024
const UNITS: Record<string, number> = {
  '': 1,
  b: 1,
  k: KIB,
  kb: 1000,
  kib: KIB,
  m: KIB ** 2,
  mb: 1000 ** 2,
  mib: KIB ** 2,
  g: KIB ** 3,
  gb: 1000 ** 3,
  gib: KIB ** 3,
}

/** `isSecret`: a value that is wrong is not shown. */
export type Reader<T> = { expects: string; read: (value: unknown) => T | undefined; isSecret?: boolean }

export const text: Reader<string> = {
  expects: 'a text',
  read: (v) => (typeof v === 'string' && v !== '' ? v : undefined),
}
/** The list of providers belongs to the code that opens the model. */
export const modelId: Reader<string> = {
  expects: '"builtin", "agent", "sampling" or provider/model, such as openai/gpt-5',
  read: (v) => (typeof v === 'string' && /^(?:builtin|agent|sampling|[a-z-]+\/\S+)$/.test(v) ? v : undefined),
}
export const embeddingModel: Reader<string> = {
  expects: 'provider/model, such as openai/text-embedding-3-small, or local:<folder or name>',
  read: (v) => (typeof v === 'string' && /^(?:local:\S.*|(?!local\/)[a-z-]+\/\S+)$/.test(v) ? v : undefined),
}
export const languageTag: Reader<string> = {
  expects: 'a language tag such as en, de or pt-BR',
  read: (v) => (typeof v === 'string' && /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.test(v) ? v : undefined),
}
export const count = (min: number, max: number): Reader<number> => ({
  expects: min === max ? String(min) : `a whole number from ${min} to ${max}`,
  read: (v) => (typeof v === 'number' && Number.isInteger(v) && v >= min && v <= max ? v : undefined),
})
export const bytes: Reader<number> = {
  expects: 'a size such as 10MiB',
  read: (v) => {
    const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(String(v))
    const unit = UNITS[match?.[2]?.toLowerCase() ?? '?']
    return match === null || unit === undefined ? undefined : Math.floor(Number(match[1]) * unit)
  },
}
export const duration: Reader<number> = {
  expects: 'a time such as 60s, 500ms or 2m',
  read: (v) => {
    const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m)?$/i.exec(String(v))
    if (match === null) return undefined
    const unit = match[2]?.toLowerCase()
    return Math.floor(Number(match[1]) * (unit === 'ms' ? 1 : unit === 'm' ? 60_000 : 1000))
  },
}
/** It may have a password. */
export const queueAddress: Reader<string> = {
  expects: 'an address such as redis://host:6379, or rediss://host:6379 with TLS',
  read: (v) => (typeof v === 'string' && isQueueAddress(v) ? v : undefined),
  isSecret: true,
}
export const choice = <T extends string>(...values: T[]): Reader<T> => ({
  expects: values.join(' or '),
  read: (v) => values.find((value) => value === v),
})
export const texts: Reader<string[]> = {
  expects: 'a list of strings',
  read: (v) => (Array.isArray(v) && v.every((item) => typeof item === 'string' && item !== '') ? v : undefined),
}

export function isQueueAddress(text: string): boolean {
  return /^rediss?:\/\/./.test(text) && URL.canParse(text) && new URL(text).hostname !== ''
}
