import { html, type Html } from '../html.ts'

/** A command to copy. */
export function commandLine(command: string): Html {
  return html`<div class="code">
    <pre tabindex="0"><code>${command}</code></pre>
  </div>`
}
