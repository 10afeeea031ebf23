import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../../../src/core/config.ts'
import { isJob, isJobResult, isReplyTo, queueName, type Job } from '../../../src/prepare/queue/messages.ts'

const SHA = 'a'.repeat(64)
const JOB: Job = {
  version: '1.0.0',
  writer: '01234567-89ab-cdef-0123-456789abcdef',
  original: { sha256: SHA, size: 5 },
  task: { label: '/a/b.md', extension: '.md', sha256: SHA, longPages: 20, limits: DEFAULT_LIMITS, named: true },
  analysis: { entityTypes: ['person'], fallbackTitle: 'b' },
}
const TEXT = { sha256: 'b'.repeat(64), size: 7 }
const PREPARED = {
  sha256: SHA,
  size: 5,
  format: 'md',
  kind: 'short',
  original: 'original',
  text: 'source.md',
  textSize: 7,
  images: [{ file: '1.png', sha256: SHA, size: 3 }],
  outline: [{ title: 'A', level: 1 }],
  notes: [],
  properties: { rating: 4, nested: { list: ['x', true] } },
}
const COMPILED = {
  compiler: 'builtin@2',
  title: 'A',
  description: '',
  language: 'en',
  keyPoints: [{ text: 'A point.', place: { heading: 'A' } }],
  outline: [],
  contributions: [
    { kind: 'concept', name: 'Tide', key: 'tide', aliases: [], weight: 0.5, says: 'It rises.', quotes: [] },
  ],
}
const whole = (prepared: object = {}, compiled: object = {}) => ({
  reply: {
    ok: true,
    prepared: { ...PREPARED, ...prepared },
    elapsedMs: 1.5,
    compiled: { reply: { ok: true, compiled: { ...COMPILED, ...compiled } }, elapsedMs: 0.5 },
  },
  text: TEXT,
})
const failing = (failure: object, more: object = {}) => ({ reply: { ok: false, failure, ...more } })

describe('a job', () => {
  it('is what a writer sends, also after its way through JSON', () => {
    expect(isJob(JSON.parse(JSON.stringify(JOB)))).toBe(true)
  })

  it.each([
    ['a path', { ...JOB, task: { ...JOB.task, path: '/etc/passwd' } }],
    ['a module to load', { ...JOB, compile: { module: 'file:///evil.js' } }],
    ['a digest that is none', { ...JOB, original: { sha256: '../../x', size: 1 } }],
    ['no limits', { ...JOB, task: { ...JOB.task, limits: {} } }],
    ['nothing', null],
  ])('is refused with %s', (_, job) => expect(isJob(job)).toBe(false))
})

describe('an answer', () => {
  it('fits its document', () => {
    expect(isReplyTo(JSON.parse(JSON.stringify(whole())), JOB)).toBe(true)
    expect(isReplyTo(failing({ code: 'corrupt', message: 'b.md is broken.', hint: 'Save it.' }), JOB)).toBe(true)
    expect(isReplyTo(failing({ code: 'internal', message: 'b.md' }, { needsFolder: true }), JOB)).toBe(true)
  })

  it.each<[string, object]>([
    ['of another document', whole({ sha256: 'c'.repeat(64) })],
    ['of another size', whole({ size: 6 })],
    ['whose text has another size', whole({ textSize: 8 })],
    ['whose tree is missing', whole({ tree: 'tree.json' })],
    ['of a kind with the text of the other', whole({ text: 'source.json' })],
    ['with a file elsewhere', whole({ images: [{ file: '../1.png', sha256: SHA, size: 3 }] })],
    ['with a field that kbgit does not write', whole({ extra: 1 })],
    ['with properties that are no plain values', whole({ properties: { a: null } })],
    ['of a model', whole({}, { model: 'openai/x' })],
    ['of another compiler', whole({}, { compiler: 'llm@1' })],
    ['with a weight that is no number', whole({}, { contributions: [{ ...COMPILED.contributions[0], weight: '1' }] })],
    ['about the machine of the worker', failing({ code: 'internal', message: 'No space left.' })],
    ['about the place of the file', failing({ code: 'notFound', message: 'Gone.' })],
    ['with an unknown code', failing({ code: 'bored', message: '' })],
  ])('%s is none', (_, answer) => expect(isReplyTo(answer, JOB)).toBe(false))

  it('has no analysis that was not asked for', () => {
    const { analysis: _, ...job } = JOB
    expect(isReplyTo(whole(), job)).toBe(false)
  })

  it('is named by its digest', () => {
    expect(isJobResult({ version: '1.0.0', worker: 'host:1', reply: TEXT })).toBe(true)
    expect(isJobResult({ version: '1.0.0', worker: 'host:1', reply: { ...TEXT, size: -1 } })).toBe(false)
    expect(isJobResult(undefined)).toBe(false)
  })
})

it('a queue is one of a version and of a way to exchange bytes', () => {
  expect(queueName('1.0.0', 'redis')).not.toBe(queueName('1.0.1', 'redis'))
  expect(queueName('1.0.0', 'redis')).not.toBe(queueName('1.0.0', 'folder'))
})
