// The table of commands. A command's module is loaded only when the command runs, or its help is requested.
import type { Command } from './command.ts'

export type CommandEntry = {
  name: string
  /** One line, for lists of commands. */
  summary: string
  load: () => Promise<Command>
  /** Called by programs, not by people. */
  hidden?: boolean
  /** Its words are not options: they come from a program in a fixed order. */
  verbatim?: boolean
}

/** Groups as shown on the front page of the help. */
export const COMMAND_GROUPS: readonly { title: string; commands: readonly CommandEntry[] }[] = [
  {
    title: 'Get started and add documents',
    commands: [
      {
        name: 'quickstart',
        summary: 'Create a base, add documents and open it in a browser, all in one',
        load: async () => (await import('./commands/quickstart.ts')).quickstart,
      },
      {
        name: 'init',
        summary: 'Create a knowledge base, or turn a folder of a repository into one',
        load: async () => (await import('./commands/init.ts')).init,
      },
      {
        name: 'add',
        summary: 'Add files, folders and web pages',
        load: async () => (await import('./commands/add.ts')).add,
      },
      {
        name: 'watch',
        summary: 'Watch a folder and add new files',
        load: async () => (await import('./commands/watch.ts')).watch,
      },
      {
        name: 'worker',
        summary: 'Prepare documents for writers elsewhere',
        load: async () => (await import('./commands/worker.ts')).worker,
      },
      {
        name: 'sync',
        summary: 'Fetch, merge and push: share the base through a git remote',
        load: async () => (await import('./commands/sync.ts')).sync,
      },
      {
        name: 'remove',
        summary: 'Remove a document',
        load: async () => (await import('./commands/remove.ts')).remove,
      },
      {
        name: 'recompile',
        summary: 'Rewrite the pages of documents from the stored text',
        load: async () => (await import('./commands/recompile.ts')).recompile,
      },
    ],
  },
  {
    title: 'Browse and ask',
    commands: [
      {
        name: 'view',
        summary: 'Open the base in a browser, with its history',
        load: async () => (await import('./commands/view.ts')).view,
      },
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
        summary: 'Search pages',
        load: async () => (await import('./commands/search.ts')).search,
      },
      {
        name: 'query',
        summary: 'Ask a question, with citations',
        load: async () => (await import('./commands/query.ts')).query,
      },
      {
        name: 'context',
        summary: 'Collect what the base says about a task, for a prompt',
        load: async () => (await import('./commands/context.ts')).context,
      },
      {
        name: 'verify',
        summary: 'Check the quotes and citations of a text',
        load: async () => (await import('./commands/verify.ts')).verify,
      },
      {
        name: 'eval',
        summary: 'Measure the base: search, citations, topics',
        load: async () => (await import('./commands/eval.ts')).evaluate,
      },
      {
        name: 'chat',
        summary: 'Ask questions in a conversation',
        load: async () => (await import('./commands/chat.ts')).chat,
      },
    ],
  },
  {
    title: 'Agents',
    commands: [
      {
        name: 'mcp',
        summary: 'Serve the base to agents over the Model Context Protocol',
        load: async () => (await import('./commands/mcp.ts')).mcp,
      },
      {
        name: 'skill',
        summary: 'Teach the agents of a project to use the base',
        load: async () => (await import('./commands/skill.ts')).skill,
      },
    ],
  },
  {
    title: 'History',
    commands: [
      {
        name: 'log',
        summary: 'Show the history of documents and pages',
        load: async () => (await import('./commands/log.ts')).log,
      },
      {
        name: 'blame',
        summary: 'Show which document each line of a page came from',
        load: async () => (await import('./commands/blame.ts')).blame,
      },
      {
        name: 'changes',
        summary: 'List what changed since a commit or a day',
        load: async () => (await import('./commands/changes.ts')).changes,
      },
      {
        name: 'undo',
        summary: 'Take back the last run of kbgit',
        load: async () => (await import('./commands/undo.ts')).undo,
      },
      {
        name: 'compile',
        summary: 'Hand out work to agents that compile, and take their answers',
        load: async () => (await import('./commands/compile.ts')).compile,
      },
      {
        name: 'propose',
        summary: 'Check and commit page edits of an agent',
        load: async () => (await import('./commands/propose.ts')).propose,
      },
      {
        name: 'review',
        summary: 'Look at changes that wait, and accept or reject them',
        load: async () => (await import('./commands/review.ts')).review,
      },
      {
        name: 'purge',
        summary: 'Take a document out of the whole history, with proof',
        load: async () => (await import('./commands/purge.ts')).purge,
      },
    ],
  },
  {
    title: 'Take it elsewhere',
    commands: [
      {
        name: 'export',
        summary: 'Write the base as a site, a graph, for language models, or as a bundle',
        load: async () => (await import('./commands/export.ts')).exportCommand,
      },
    ],
  },
  {
    title: 'Care',
    commands: [
      {
        name: 'lint',
        summary: 'Find broken links, orphans and stale pages, and fix them',
        load: async () => (await import('./commands/lint.ts')).lint,
      },
      {
        name: 'recover',
        summary: 'Finish or undo what a killed run left behind',
        load: async () => (await import('./commands/recover.ts')).recover,
      },
      { name: 'fsck', summary: 'Check every invariant', load: async () => (await import('./commands/fsck.ts')).fsck },
      {
        name: 'gc',
        summary: 'Drop data that no commit refers to',
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
        summary: 'Set the default knowledge base',
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
  summary: 'Merge one file of a base (called by git)',
  load: async () => (await import('./commands/merge-driver.ts')).mergeDriver,
  hidden: true,
  verbatim: true,
}

export const COMMANDS: readonly CommandEntry[] = [...COMMAND_GROUPS.flatMap((group) => group.commands), MERGE_DRIVER]

/** Names that people type. */
export const COMMAND_NAMES: readonly string[] = COMMANDS.filter((entry) => entry.hidden !== true).map(
  (entry) => entry.name,
)
