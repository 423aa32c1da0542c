import { ref } from 'vue'

/**
 * One window writes. A lock held for as long as a window lives says which; another window says so and can take over,
 * and the first then steps aside. A killed one gives its lock up by itself.
 */
export const elsewhere = ref(false)
const NAME = 'qiaomen-window'
/** Whether this window holds the lock. */
let mine = false

/** Ask to be the window that writes. `give`: called when another window took over. Returns once it is known. */
export function hold(give: () => void, steal = false): Promise<void> {
  const locks = globalThis.navigator?.locks
  mine = !locks // Safari before 15.4: the store's own transactions still keep two windows apart
  if (!locks) return Promise.resolve()
  return new Promise((known) => {
    const options = steal ? { steal: true } : { ifAvailable: true }
    locks.request(NAME, options, (lock) => {
      mine = !!lock
      known()
      return lock ? new Promise<never>(() => {}) : undefined
    }).catch(() => { // taken over by another window
      mine = false
      elsewhere.value = true
      give()
      known()
    })
  })
}

let giveUp: () => void = () => {}
let take: () => Promise<void> | void = () => {}
let taking = false
/** Begin as the one window, or say that there is another; `begin` is called once this one may write. */
export async function beginAlone(begin: () => Promise<void>, give: () => void): Promise<void> {
  giveUp = give
  take = begin
  await hold(give)
  elsewhere.value = !mine
  if (mine) await begin()
}

/**
 * Take over, once however often it is tapped. The screens come when this window has begun: before, it does not know
 * yet whether it is locked and would ask for the sign-in, and then for the PIN.
 */
export async function takeOver(): Promise<void> {
  if (taking) return
  taking = true
  try {
    await hold(giveUp, true)
    await take()
  } finally {
    elsewhere.value = !mine
    taking = false
  }
}
