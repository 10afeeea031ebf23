// Runs the layout where it disturbs least: in a worker, or between frames where a page may have none (files on disk).
import { ForceLayout, stepsFor, type LayoutInput } from './force-layout.ts'

export type OnPositions = (positions: Float32Array, done: boolean) => void

const FRAME_MS = 12

/** Returns a function that stops it. */
export function runLayout(script: string, input: LayoutInput, onPositions: OnPositions): () => void {
  let stop = (): void => {}
  const withoutWorker = (): void => {
    stop = betweenFrames(input, onPositions)
  }
  try {
    if (location.protocol === 'file:') throw new Error('A file may not start a worker.')
    const worker = new Worker(script, { type: 'module' })
    // Drawing may take longer than a step: only the newest positions are drawn, once a frame.
    let newest: { positions: Float32Array; done: boolean } | undefined
    const draw = (): void => {
      const drawn = newest
      newest = undefined
      if (drawn !== undefined) onPositions(drawn.positions, drawn.done)
    }
    worker.addEventListener('message', (event: MessageEvent<{ positions: Float32Array; done: boolean }>) => {
      if (newest === undefined) requestAnimationFrame(draw)
      newest = event.data
      if (event.data.done) worker.terminate()
    })
    worker.addEventListener('error', () => {
      worker.terminate()
      withoutWorker()
    })
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
    worker.postMessage(input)
    stop = () => worker.terminate()
  } catch {
    withoutWorker()
  }
  return () => stop()
}

function betweenFrames(input: LayoutInput, onPositions: OnPositions): () => void {
  const layout = new ForceLayout(input)
  const steps = stepsFor(layout.count)
  let step = 0
  let frame = 0
  const next = (): void => {
    const start = performance.now()
    while (step < steps && performance.now() - start < FRAME_MS) {
      layout.step()
      step++
    }
    onPositions(layout.positions(), step === steps)
    if (step < steps) frame = requestAnimationFrame(next)
  }
  frame = requestAnimationFrame(next)
  return () => cancelAnimationFrame(frame)
}
