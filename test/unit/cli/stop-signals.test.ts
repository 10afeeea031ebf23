import { describe, expect, it } from 'vitest'
import { countedOnce, takeLauncherFd, type StopSignal } from '../../../src/cli/stop-signals.ts'

describe('signals to a launched process', () => {
  const heard = (...ways: ('direct' | 'passedOn')[]): number => {
    const signals: StopSignal[] = []
    const listeners = countedOnce((signal) => signals.push(signal))
    for (const way of ways) listeners[way]('SIGINT')
    return signals.length
  }

  it('count once if they arrive both ways, in either order', () => {
    expect(heard('direct', 'passedOn')).toBe(1)
    expect(heard('passedOn', 'direct')).toBe(1)
  })

  it('count each time if they arrive only one way', () => {
    expect(heard('direct', 'direct')).toBe(2)
    expect(heard('passedOn', 'passedOn')).toBe(2)
    expect(heard('direct', 'passedOn', 'passedOn', 'direct')).toBe(2)
  })

  it('are counted by name', () => {
    const signals: StopSignal[] = []
    const { direct, passedOn } = countedOnce((signal) => signals.push(signal))
    direct('SIGINT')
    passedOn('SIGTERM')
    expect(signals).toEqual(['SIGINT', 'SIGTERM'])
  })

  it('have a pipe that programs started by kbgit do not take for their own', () => {
    const env = { KBGIT_LAUNCHER_FD: '3', HOME: '/home' }
    expect(takeLauncherFd(env)).toBe(3)
    expect(env).toEqual({ HOME: '/home' })
    expect(takeLauncherFd(env)).toBeUndefined()
    expect(takeLauncherFd({ KBGIT_LAUNCHER_FD: '0' })).toBeUndefined()
  })
})
