// Help as text: the front page, and a page per command.
import { GLOBAL_OPTIONS, type Command, type OptionSpec, type OptionSpecs } from './command.ts'
import { COMMAND_GROUPS, type CommandEntry } from './commands.ts'
import type { Style } from './style.ts'
import { columns } from './text.ts'
import { TOPIC_SUMMARIES } from './topics.ts'

export function frontPage(style: Style): string {
  const name = (text: string) => `  ${style('cyan', text)}`
  const rows = COMMAND_GROUPS.map((group) => group.commands.map((entry) => [name(entry.name), entry.summary]))
  const topics = Object.entries(TOPIC_SUMMARIES).map(([topic, summary]) => [name(topic), summary])
  // One table, so that all columns are aligned.
  const lines = columns([...rows.flat(), ...topics]).split('\n')
  const parts = [
    'kbgit: turns documents into a cross-linked wiki in your own git repository.',
    'Usage: kbgit <command> [options]',
  ]
  for (const group of COMMAND_GROUPS)
    parts.push([style('bold', group.title), ...lines.splice(0, group.commands.length)].join('\n'))
  parts.push([style('bold', 'Topics (kbgit help <topic>)'), ...lines].join('\n'))
  parts.push(`${style('bold', 'Options of every command')}\n${optionTable(GLOBAL_OPTIONS, style)}`)
  parts.push('"kbgit <command> --help" shows the options of a command, with examples.')
  return `${parts.join('\n\n')}\n`
}

export function commandPage(entry: CommandEntry, command: Command, style: Style): string {
  const usage = ['kbgit', command.name, command.usage, '[options]'].filter((part) => part !== undefined).join(' ')
  const parts = [`${entry.summary}.`, `Usage: ${usage}`]
  if (command.details !== undefined) parts.push(command.details)
  const own = optionTable(command.options, style)
  if (own !== '') parts.push(`${style('bold', 'Options')}\n${own}`)
  parts.push(
    `${style('bold', 'Examples')}\n${columns(command.examples.map(([line, does]) => [`  ${style('cyan', line)}`, does]))}`,
  )
  parts.push(`${style('bold', 'Options of every command')}\n${optionTable(GLOBAL_OPTIONS, style)}`)
  return `${parts.join('\n\n')}\n`
}

function optionTable(options: OptionSpecs, style: Style): string {
  const shown = Object.entries(options).filter(([, spec]) => spec.hidden !== true)
  return columns(shown.map(([name, spec]) => [`  ${style('cyan', optionName(name, spec))}`, describe(spec)]))
}

function optionName(name: string, spec: OptionSpec): string {
  const short = spec.alias === undefined ? '    ' : `-${spec.alias}, `
  switch (spec.type) {
    case 'flag':
      return `${short}--${name}`
    case 'text':
      return `${short}--${name} ${spec.optional === true ? `[${spec.value}]` : `<${spec.value}>`}`
    case 'number':
    case 'list':
      return `${short}--${name} <${spec.value}>`
  }
}

function describe(spec: OptionSpec): string {
  return spec.type === 'list' && spec.choices !== undefined
    ? `${spec.describe}: ${spec.choices.join(', ')}`
    : spec.describe
}
