// The signals that ask to stop: from the system, and from the launcher, which runs on an older Node (bin/kbgit.js). It
// started this process under Node 24 and passes its signals on through a pipe, which closes when the launcher ends.
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

const VARIABLE = 'KBGIT_LAUNCHER_FD'

export type SignalListener = (signal: StopSignal) => void

/**
 * Number of the pipe from the launcher; undefined without one. Removes it from `env`: programs that we start have no
 * launcher.
 */
export function takeLauncherFd(env: NodeJS.ProcessEnv): number | undefined {
  const fd = Number(env[VARIABLE])
  delete env[VARIABLE]
  return Number.isInteger(fd) && fd > 2 ? fd : undefined
}

/**
 * Reports the signals that the launcher passes on, and SIGTERM if the launcher is gone. Does not keep the process
 * alive. The returned function stops listening.
 */
export function listenToLauncher(fd: number, listener: SignalListener): () => void {
  const { Socket } = process.getBuiltinModule('node:net')
  const pipe = new Socket({ fd, readable: true, writable: false }).setEncoding('latin1').unref()
  pipe.on('data', (names: unknown) => {
    for (const name of String(names).split('\n')) if (name !== '') listener(name as StopSignal)
  })
  pipe.on('error', () => {})
  pipe.on('end', () => process.kill(process.pid, 'SIGTERM'))
  return () => pipe.destroy()
}

/** Two listeners that share one: a signal that arrives both ways, as Ctrl-C in a terminal does, counts once. */
export function countedOnce(listener: SignalListener): { direct: SignalListener; passedOn: SignalListener } {
  const direct = new Map<StopSignal, number>()
  const passedOn = new Map<StopSignal, number>()
  const count =
    (own: Map<StopSignal, number>, other: Map<StopSignal, number>): SignalListener =>
    (signal) => {
      const times = (own.get(signal) ?? 0) + 1
      own.set(signal, times)
      if (times > (other.get(signal) ?? 0)) listener(signal)
    }
  return { direct: count(direct, passedOn), passedOn: count(passedOn, direct) }
}
