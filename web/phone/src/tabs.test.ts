import { afterEach, beforeEach, expect, test, vi } from 'vitest'

/** Web Locks as the standard says: one holder a name, a steal ends the holder's request with an error. */
function freshLocks() {
  let holder: ((error: Error) => void) | null = null
  return {
    request(_name: string, options: { steal?: boolean }, callback: (lock: object | null) => unknown): Promise<unknown> {
      if (holder && !options.steal) return Promise.resolve(callback(null))
      holder?.(new DOMException('stolen', 'AbortError'))
      return new Promise((_done, failed) => {
        holder = failed
        void callback({})
      })
    },
  }
}
type Window = typeof import('./tabs')
async function open(): Promise<Window> {
  vi.resetModules() // each window has its own
  return import('./tabs')
}

beforeEach(() => { vi.stubGlobal('navigator', { locks: freshLocks() }) })
afterEach(() => { vi.unstubAllGlobals() })

test('a second window says so; it shows nothing else before it has begun', async () => {
  const [first, second] = [await open(), await open()]
  const gave: string[] = []
  await first.beginAlone(async () => {}, () => gave.push('first'))
  let begin: () => void = () => {}
  const begun = new Promise<void>((done) => { begin = done })
  await second.beginAlone(() => begun, () => gave.push('second'))
  expect([first.elsewhere.value, second.elsewhere.value]).toEqual([false, true])
  const taken = second.takeOver()
  await Promise.resolve()
  await new Promise((done) => { setTimeout(done) })
  expect(gave).toEqual(['first'])
  expect(second.elsewhere.value).toBe(true) // it has the lock and does not know yet whether it is locked by a PIN
  begin()
  await taken
  expect([first.elsewhere.value, second.elsewhere.value]).toEqual([true, false])
})

test('two taps take over once, and nobody is locked out by the second', async () => {
  const [first, second] = [await open(), await open()]
  const gave: string[] = []
  let begun = 0
  await first.beginAlone(async () => {}, () => gave.push('first'))
  await second.beginAlone(async () => { begun++ }, () => gave.push('second'))
  await Promise.all([second.takeOver(), second.takeOver()])
  expect([gave, begun, second.elsewhere.value]).toEqual([['first'], 1, false])
  await first.takeOver() // and back
  expect([gave, first.elsewhere.value, second.elsewhere.value]).toEqual([['first', 'second'], false, true])
})
