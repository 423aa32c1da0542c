import { ref } from 'vue'
import { isFull } from './full'
import { NotReady } from './phone'
import { db } from './state'
import type { Draft } from './types'

export { isFull }

export interface NotKept { why: 'full' | 'signed-out' | 'other'; what: string; again?: () => unknown }
/** What could not be written on this phone, and how to try again; null: all that was ticked is on the disk. */
export const notKept = ref<NotKept | null>(null)

/** Half records the disk refused, by key: they live as long as the app does, so that turning a page loses nothing. */
export const unkept = new Map<string, Draft>()

/** A disk without a byte ends the connection for good; whatever is asked next opens a fresh one. */
export function reconnect(): void {
  db.close({ disableAutoOpen: false })
}

/**
 * Write something down; true when it is on the disk. When it is not, the app says so and no ✓ is shown
 * (parts/NotKept.vue).
 */
export async function keeping(
  label: string | (() => string), work: () => Promise<unknown>, again?: () => unknown,
): Promise<boolean> {
  try {
    await work()
  } catch (error) {
    if (isFull(error)) reconnect()
    const why = isFull(error) ? 'full' : error instanceof NotReady ? 'signed-out' : 'other'
    notKept.value = { why, what: typeof label === 'string' ? label : label(), again }
    return false
  }
  notKept.value = null
  return true
}
