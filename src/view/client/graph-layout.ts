// The worker of the graph page: lays a graph out and sends the positions now and then, the last ones as `done`.
import { ForceLayout, stepsFor, type LayoutInput } from './force-layout.ts'

const SEND_MS = 90

type Scope = { postMessage: (message: unknown, transfer: Transferable[]) => void }
const scope = self as unknown as Scope

self.addEventListener('message', (event: MessageEvent<LayoutInput>) => {
  const layout = new ForceLayout(event.data)
  const steps = stepsFor(layout.count)
  let sent = performance.now()
  for (let step = 1; step <= steps; step++) {
    layout.step()
    const now = performance.now()
    if (step < steps && now - sent < SEND_MS) continue
    sent = now
    const positions = layout.positions()
    scope.postMessage({ positions, done: step === steps }, [positions.buffer])
  }
})
