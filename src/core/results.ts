// What every command returns and prints with `--json`: the shapes of the contract. Paths are relative to the base.
export type * from './results/command.ts'
export type * from './results/context.ts'
export type * from './results/explore.ts'
export type * from './results/history.ts'
export type * from './results/ingest.ts'
export type * from './results/read.ts'
export type * from './results/state.ts'
export type * from './results/verify.ts'
