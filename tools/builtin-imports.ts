// Node's own modules, for a command that has to start quickly. An `import` of one reads everything that it exports, and
// so loads what Node itself loads only on demand: streams for node:fs, threads for node:util.
import type { Plugin } from 'rolldown'

const NAMED_IMPORT = /^import \{ ([^}]*) \} from ("node:[a-z/_]+");$/gm

/** Makes named imports of Node's modules constants, which read no more than their names. */
export function builtinImports(): Plugin {
  return {
    name: 'builtin-imports',
    renderChunk: (code) =>
      code.replace(
        NAMED_IMPORT,
        (_, names: string, module: string) =>
          `const { ${names.replaceAll(' as ', ': ')} } = process.getBuiltinModule(${module});`,
      ),
  }
}
