// Builds dist/ from src/: few files, with the packages of `devDependencies` that src/ imports inside. Those of
// `dependencies` are imported from where npm installs them (docs/decisions/0009-one-bundle.md).
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'rolldown'
import manifest from './package.json' with { type: 'json' }
import { builtName } from './src/core/package-files.ts'
import { builtinImports } from './tools/builtin-imports.ts'
import { licenses } from './tools/licenses.ts'

const WORKERS = ['compile/builtin/worker', 'io/search/indexer-worker', 'prepare/worker']
const installed = Object.keys(manifest.dependencies)
export default defineConfig({
  input: {
    index: 'src/index.ts',
    main: 'src/cli/main.ts',
    ...Object.fromEntries(WORKERS.map((name) => [builtName(name), `src/${name}.ts`])),
  },
  platform: 'node',
  // Its Node entry is CommonJS in 70 modules, which start one by one; this one has the same code as ES modules.
  resolve: { alias: { yaml: fileURLToPath(new URL('node_modules/yaml/browser/index.js', import.meta.url)) } },
  external: (id) => installed.some((name) => id === name || id.startsWith(`${name}/`)),
  output: { dir: 'dist', format: 'esm', chunkFileNames: '[name]-[hash].js' },
  plugins: [licenses(), builtinImports()],
  onLog(level, log, report) {
    // An import that is not found would fail on the user's machine.
    report(log.code === 'UNRESOLVED_IMPORT' ? 'error' : level, log)
  },
})
