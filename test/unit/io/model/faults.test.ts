import { expect, test } from 'vitest'
import { classifyFault } from '../../../../src/io/model/faults.ts'

const NOW = Date.UTC(2026, 10, 22, 12)
const call = (statusCode: number | undefined, responseBody = '', responseHeaders: Record<string, string> = {}) =>
  Object.assign(new Error('said'), { name: 'AI_APICallError', statusCode, responseBody, responseHeaders })

test.each([
  ['429', call(429), { kind: 'busy' }],
  ['429 with seconds', call(429, '', { 'retry-after': '20' }), { kind: 'busy', waitMs: 20_000 }],
  [
    '429 with a date',
    call(429, '', { 'retry-after': new Date(NOW + 90_000).toUTCString() }),
    { kind: 'busy', waitMs: 90_000 },
  ],
  [
    '429 with milliseconds',
    call(429, '', { 'retry-after-ms': '250', 'retry-after': '1' }),
    { kind: 'busy', waitMs: 250 },
  ],
  [
    '429 of Google by the minute',
    call(429, '{"error":{"message":"You exceeded your current quota","details":[{"retryDelay":"34s"}]}}'),
    { kind: 'busy', waitMs: 34_000 },
  ],
  ['429 without quota', call(429, '{"error":{"code":"insufficient_quota"}}'), { kind: 'quota' }],
  [
    '400 without credit',
    call(400, '{"error":{"message":"Your credit balance is too low to access the API"}}'),
    { kind: 'quota' },
  ],
  ['402', call(402), { kind: 'quota' }],
  ['401', call(401), { kind: 'auth' }],
  ['403', call(403), { kind: 'auth' }],
  ['404', call(404), { kind: 'unknownModel' }],
  ['400', call(400, 'unknown parameter'), { kind: 'refused' }],
  ['400 for its length', call(400, 'context length exceeded'), { kind: 'tooLong' }],
  ['413', call(413), { kind: 'tooLong' }],
  ['400 for the form of the answer', call(400, 'response_format is unavailable now'), { kind: 'noSchema' }],
  ...[
    'Invalid content type. image_url is only supported by certain models.',
    'No endpoints found that support image input',
    'llava-text is not a multimodal model',
    'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj',
    'Model does not support images. Please use a model that does.',
    'this model is missing data required for image input',
    'At most 0 image(s) may be provided in one prompt.',
    'messages[1]: unknown variant `image_url`, expected `text`',
    "'messages.1': content must be a string",
  ].map((said): [string, Error, object] => [said, call(400, said), { kind: 'noPictures' }]),
  ['500 for pictures', call(500, 'image input is not supported'), { kind: 'noPictures' }],
  ['404 for pictures', call(404, 'No endpoints found that support image input'), { kind: 'noPictures' }],
  ['400 for one picture', call(400, 'image exceeds 5 MB maximum'), { kind: 'refused' }],
  [
    '400 for the format of a picture',
    call(400, 'You uploaded an unsupported image. Please make sure your image has of one the following formats'),
    { kind: 'refused' },
  ],
  ['408', call(408), { kind: 'transient' }],
  ['500', call(500), { kind: 'transient' }],
  ['529', call(529), { kind: 'transient' }],
  ['503 with seconds', call(503, '', { 'retry-after': '5' }), { kind: 'busy', waitMs: 5_000 }],
  ['half an answer', call(200, '{"id'), { kind: 'transient' }],
  ['no connection', call(undefined), { kind: 'transient' }],
  [
    'a reset',
    Object.assign(new Error('x'), { cause: Object.assign(new Error('y'), { code: 'ECONNRESET' }) }),
    { kind: 'transient' },
  ],
  ['a body that ends early', new TypeError('terminated'), { kind: 'transient' }],
  ['a deadline', Object.assign(new Error('late'), { name: 'TimeoutError' }), { kind: 'transient' }],
])('%s', (_, error, expected) => {
  expect(classifyFault(error, NOW)).toMatchObject(expected)
})

test('an error that does not come from a provider is not treated as one', () => {
  expect(classifyFault(new RangeError('a bug'), NOW)).toBeUndefined()
  expect(classifyFault('text', NOW)).toBeUndefined()
})
