import { ref } from 'vue'

/**
 * One window writes. A lock held for as long as a window lives says which; another window says so and can take over,
 * and the first then steps aside. A killed one gives its lock up by itself.
 */
export const elsewhere = ref(false)
const NAME = 'qiaomen-window'

/** Ask to be the window that writes. `give`: called when another window took over. Returns once it is known. */
export function hold(give: () => void, steal = false): Promise<void> {
  const locks = globalThis.navigator?.locks
  if (!locks) return Promise.resolve() // Safari before 15.4: the store's own transactions still keep two windows apart
  return new Promise((known) => {
    const options = steal ? { steal: true } : { ifAvailable: true }
    locks.request(NAME, options, (lock) => {
      elsewhere.value = !lock
      known()
      return lock ? new Promise<never>(() => {}) : undefined
    }).catch(() => { // taken over by another window
      elsewhere.value = true
      give()
      known()
    })
  })
}

let giveUp: () => void = () => {}
let take: () => Promise<void> | void = () => {}
/** Begin as the one window, or say that there is another; `begin` is called once this one may write. */
export async function beginAlone(begin: () => Promise<void>, give: () => void): Promise<void> {
  giveUp = give
  take = begin
  await hold(give)
  if (!elsewhere.value) await begin()
}

export async function takeOver(): Promise<void> {
  await hold(giveUp, true)
  await take()
}
