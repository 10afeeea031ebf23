// The table of commands. A command's module loads only when the command runs, or when its help is asked for.
import type { Command } from './command.ts'

export type CommandEntry = {
  name: string
  /** One line, for lists of commands. */
  summary: string
  load: () => Promise<Command>
  /** Called by programs, not by people. */
  hidden?: boolean
  /** Its words are no options: they come from a program in a fixed order. */
  verbatim?: boolean
}

/** Groups as the front page shows them. */
export const COMMAND_GROUPS: readonly { title: string; commands: readonly CommandEntry[] }[] = [
  {
    title: 'Start, and take in documents',
    commands: [
      {
        name: 'init',
        summary: 'Make a knowledge base, or adopt a folder of a repository',
        load: async () => (await import('./commands/init.ts')).init,
      },
      {
        name: 'add',
        summary: 'Take in files, folders and web pages',
        load: async () => (await import('./commands/add.ts')).add,
      },
      {
        name: 'watch',
        summary: 'Take in what is dropped into a folder',
        load: async () => (await import('./commands/watch.ts')).watch,
      },
      {
        name: 'remove',
        summary: 'Take a document out again',
        load: async () => (await import('./commands/remove.ts')).remove,
      },
      {
        name: 'recompile',
        summary: 'Write the pages of documents again from what is stored',
        load: async () => (await import('./commands/recompile.ts')).recompile,
      },
    ],
  },
  {
    title: 'Look and ask',
    commands: [
      {
        name: 'list',
        summary: 'List documents, concepts and entities',
        load: async () => (await import('./commands/list.ts')).list,
      },
      {
        name: 'status',
        summary: 'Show counts, pending work and health',
        load: async () => (await import('./commands/status.ts')).status,
      },
      {
        name: 'show',
        summary: 'Show a page, or the original of a document',
        load: async () => (await import('./commands/show.ts')).show,
      },
      {
        name: 'search',
        summary: 'Find pages by words',
        load: async () => (await import('./commands/search.ts')).search,
      },
      {
        name: 'query',
        summary: 'Ask a question, with citations',
        load: async () => (await import('./commands/query.ts')).query,
      },
      { name: 'chat', summary: 'Ask in a conversation', load: async () => (await import('./commands/chat.ts')).chat },
    ],
  },
  {
    title: 'History',
    commands: [
      {
        name: 'log',
        summary: 'Show what happened to documents and pages',
        load: async () => (await import('./commands/log.ts')).log,
      },
      {
        name: 'blame',
        summary: 'Show which document each line of a page came from',
        load: async () => (await import('./commands/blame.ts')).blame,
      },
    ],
  },
  {
    title: 'Care',
    commands: [
      {
        name: 'lint',
        summary: 'Look for broken links, orphans and stale pages, and mend them',
        load: async () => (await import('./commands/lint.ts')).lint,
      },
      {
        name: 'recover',
        summary: 'Finish or undo what a run that died left behind',
        load: async () => (await import('./commands/recover.ts')).recover,
      },
      { name: 'fsck', summary: 'Check every invariant', load: async () => (await import('./commands/fsck.ts')).fsck },
      {
        name: 'gc',
        summary: 'Drop what no commit refers to any more',
        load: async () => (await import('./commands/gc.ts')).gc,
      },
      {
        name: 'hooks',
        summary: 'Install, uninstall or show the git hooks',
        load: async () => (await import('./commands/hooks.ts')).hooks,
      },
    ],
  },
  {
    title: 'Settings and help',
    commands: [
      {
        name: 'use',
        summary: 'Choose the base to use where none is around',
        load: async () => (await import('./commands/use.ts')).use,
      },
      {
        name: 'completion',
        summary: 'Print a completion script for your shell',
        load: async () => (await import('./commands/completion.ts')).completion,
      },
      {
        name: 'help',
        summary: 'Explain a command or a topic',
        load: async () => (await import('./commands/help.ts')).help,
      },
    ],
  },
]

const MERGE_DRIVER: CommandEntry = {
  name: 'merge-driver',
  summary: 'Merge one file of a base, as git asks',
  load: async () => (await import('./commands/merge-driver.ts')).mergeDriver,
  hidden: true,
  verbatim: true,
}

export const COMMANDS: readonly CommandEntry[] = [...COMMAND_GROUPS.flatMap((group) => group.commands), MERGE_DRIVER]

/** Names that people type. */
export const COMMAND_NAMES: readonly string[] = COMMANDS.filter((entry) => entry.hidden !== true).map(
  (entry) => entry.name,
)
