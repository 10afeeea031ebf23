// Why a question was not answered, for callers that can ask it in another way.
import { DocumentError } from '../../core/errors.ts'

/** What to do about a request that a provider rejects for a reason that kbgit does not know. */
export const REJECTED =
  "The message is the provider's: change what it names in kbgit.yaml, or name another model, and run the command again."

/** Ask with less text. */
export class PromptTooLong extends DocumentError {
  constructor(message: string) {
    super(
      'modelUnavailable',
      message,
      'Set context_tokens in kbgit.yaml to what the model takes, or name another model.',
    )
  }
}

/** Ask for less. */
export class AnswerCut extends DocumentError {
  constructor(label: string, outputTokens: number) {
    super(
      'modelAnswerRejected',
      `${label}: the model's answer was rejected: it was cut off at ${outputTokens} tokens.`,
      'The model may spend its tokens on reasoning. Set output_tokens in kbgit.yaml to what it can write, or name another model.',
    )
  }
}

/** The server read only the end or the beginning of a prompt, without an error: its answers are about something else. */
export class PromptCut extends DocumentError {
  constructor(label: string, readTokens: number, promptTokens: number) {
    super(
      'modelUnavailable',
      `${label}: the model's server read only ${readTokens} of about ${promptTokens} tokens of the prompt, so its answer was not used.`,
      `Let the server read more (OLLAMA_CONTEXT_LENGTH, --ctx-size, --max-model-len, or "Context Length" in its settings), or set context_tokens: ${readTokens} in kbgit.yaml.`,
    )
  }
}

/** Ask without pictures. */
export class PicturesNotSupported extends DocumentError {
  constructor(label: string, message: string) {
    super(
      'modelUnavailable',
      `${label}: the model takes no pictures. ${message}`,
      'Set vision_images_max: 0 in kbgit.yaml, or name a model that sees.',
    )
  }
}

/** Ask for another form of answer. */
export class FormNotSupported extends Error {
  override readonly name = 'FormNotSupported'
}

/** Ask without temperature and seed. */
export class SamplingNotSupported extends Error {
  override readonly name = 'SamplingNotSupported'
}
