import { resolve } from 'node:path'
import { KbError } from '../../core/errors.ts'
import { SKILL_CLIENTS, type SkillClient, type SkillResult } from '../../index.ts'
import { command } from '../command.ts'

const ACTIONS = ['install', 'uninstall', 'show'] as const

export const skill = command({
  name: 'skill',
  usage: '<install|uninstall|show>',
  arity: [1, 1],
  details:
    'Writes a short section into a file of the project in the current folder, by default AGENTS.md, which most clients\n' +
    'read. It teaches agents to use the base: search before answering, cite, propose, and never edit wiki/ by hand. The\n' +
    'section is between marks; the rest of the file is yours and stays as it is. "uninstall" takes the section out, and\n' +
    'deletes a file that has nothing else.',
  options: {
    for: {
      type: 'list',
      value: 'client',
      choices: SKILL_CLIENTS,
      describe: 'Whose file (default: agents)',
    },
    project: { type: 'text', value: 'dir', describe: "The project's folder (default: the current one)" },
  },
  examples: [
    ['kbgit skill install --for claude', 'write .claude/skills/kbgit/SKILL.md'],
    ['kbgit skill install', 'add a section to AGENTS.md'],
    ['kbgit skill show --for cursor', 'see what would be written'],
    ['kbgit skill uninstall --for claude', 'take it out again'],
  ],
  async run({ args, flags, kb, host }) {
    const action = ACTIONS.find((known) => known === args[0])
    if (action === undefined)
      throw new KbError('usage', `"${args[0]}" is not something that kbgit skill does.`, {
        hint: `It does: ${ACTIONS.join(', ')}.`,
      })
    if (flags.for.length > 1) throw new KbError('usage', '--for takes one client at a time.')
    const project = resolve(host.cwd, flags.project ?? '.')
    // Checked against SKILL_CLIENTS as the option's choices.
    const client = (flags.for[0] ?? 'agents') as SkillClient
    const result = await (await kb()).skill({ action, client, project })
    return action === 'show' ? { value: result, text: result.text } : { value: result, message: say(result) }
  },
})

function say({ file, change, version }: SkillResult): string {
  switch (change) {
    case 'installed':
      return `Wrote a section into ${file} (version ${version}).`
    case 'updated':
      return `Updated the section in ${file} to version ${version}.`
    case 'removed':
      return `Took the section out of ${file}.`
    case 'none':
      return `${file} is as it should be.`
  }
}
