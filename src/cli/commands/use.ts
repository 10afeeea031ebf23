import { command } from '../command.ts'
import { inline } from '../text.ts'

export const use = command({
  name: 'use',
  usage: '<dir>',
  arity: [1, 1],
  details: 'Stored in your config folder. --kb, KBGIT_DIR and a base that contains the current folder take precedence.',
  options: {},
  examples: [['kbgit use ~/notes', 'from now on, "kbgit list" works everywhere']],
  async run({ args, library, surroundings }) {
    const { useKb } = await library()
    const result = await useKb(args[0] ?? '', await surroundings())
    return { value: result, message: `The default knowledge base is now ${inline(result.dir)}.` }
  },
})
