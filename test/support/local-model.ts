// The smallest model of embeddings that `@huggingface/transformers` runs: a table of vectors, one for each word, in the folder
// that its users have. Words of one meaning have one vector.
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Numbers of a vector. */
export const LOCAL_SIZE = 32
const [FLOAT, INT64] = [1, 7]

/** Writes `config.json`, the tokenizer's files and `onnx/model.onnx`. Words that are not in `meanings` are unknown. */
export function writeLocalModel(folder: string, meanings: string[][]): void {
  const words = ['[PAD]', '[UNK]', ...meanings.flat()]
  const meaningOf = (word: string): string => meanings.find((group) => group.includes(word))?.[0] ?? word
  const json = (name: string, value: unknown): void => writeFileSync(join(folder, name), JSON.stringify(value))
  mkdirSync(join(folder, 'onnx'), { recursive: true })
  json('config.json', { model_type: 'bert', architectures: ['BertModel'], hidden_size: LOCAL_SIZE })
  json('tokenizer_config.json', {
    tokenizer_class: 'BertTokenizer',
    do_lower_case: true,
    pad_token: '[PAD]',
    unk_token: '[UNK]',
    model_max_length: 512,
  })
  json('tokenizer.json', {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: words.slice(0, 2).map((content, id) => ({ id, content, special: true, normalized: false })),
    normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, lowercase: true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: null,
    decoder: null,
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
    },
  })
  writeFileSync(join(folder, 'onnx/model.onnx'), tableModel(words.map((word) => vectorOf(meaningOf(word)))))
}

function vectorOf(word: string): number[] {
  const bytes = createHash('sha256').update(word).digest()
  return Array.from({ length: LOCAL_SIZE }, (_, at) => (bytes[at] ?? 0) / 255 - 0.5)
}

/** ONNX (onnx.proto, IR version 8): looks up a row of the table for each token. */
function tableModel(rows: number[][]): Buffer {
  const table = Buffer.from(Float32Array.from(rows.flat()).buffer)
  const tensor = [number(1, rows.length), number(1, LOCAL_SIZE), number(2, FLOAT), text(8, 'table'), field(9, table)]
  const node = [text(1, 'table'), text(1, 'input_ids'), text(2, 'last_hidden_state'), text(4, 'Gather')]
  const graph = [
    field(1, ...node),
    text(2, 'words'),
    field(5, ...tensor),
    field(11, ...value('input_ids', INT64, ['batch', 'tokens'])),
    field(11, ...value('attention_mask', INT64, ['batch', 'tokens'])),
    field(12, ...value('last_hidden_state', FLOAT, ['batch', 'tokens', LOCAL_SIZE])),
  ]
  return Buffer.concat([number(1, 8), field(7, ...graph), field(8, text(1, ''), number(2, 13))])
}

function value(name: string, type: number, dimensions: (string | number)[]): Buffer[] {
  const shape = dimensions.map((size) => field(1, typeof size === 'number' ? number(1, size) : text(2, size)))
  return [text(1, name), field(2, field(1, number(1, type), field(2, ...shape)))]
}

/** Fields of protocol buffers: a length and bytes, or a number. */
function field(id: number, ...parts: Buffer[]): Buffer {
  const bytes = Buffer.concat(parts)
  return Buffer.concat([varint(id * 8 + 2), varint(bytes.length), bytes])
}

function text(id: number, content: string): Buffer {
  return field(id, Buffer.from(content))
}

function number(id: number, content: number): Buffer {
  return Buffer.concat([varint(id * 8), varint(content)])
}

function varint(content: number): Buffer {
  const bytes: number[] = []
  let rest = content
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
  return Buffer.from([...bytes, rest])
}
