import { ref } from 'vue'
import { db } from './state'
import type { Draft } from './types'

/** What could not be written on this phone, and how to try again; null: all that was ticked is on the disk. */
export const notKept = ref<{ full: boolean; what: string; again?: () => unknown } | null>(null)

/** Drafts the disk refused: they live as long as the app does, so that turning a page loses nothing. */
export const unkept = new Map<string, Draft>()

/** How a browser says that there is no room: by its own quota, or (Chromium on a disk with no byte left) not at all. */
const NO_ROOM = ['QuotaExceededError', 'UnknownError']

/** Whether the browser could not write for want of room. Dexie wraps the reason in an AbortError or a BulkError. */
export function isFull(error: unknown): boolean {
  for (let one: any = error, depth = 0; one && depth < 5; one = one.inner ?? one.failures?.[0], depth++) {
    if (NO_ROOM.includes(one.name)) return true
  }
  return false
}

/** A disk without a byte ends the connection for good; whatever is asked next opens a fresh one. */
export function reconnect(): void {
  db.close({ disableAutoOpen: false })
}

/** Write something down; true when it is on the disk. When it is not, the app says so and no ✓ is shown (parts/NotKept.vue). */
export async function keeping(what: string | (() => string), work: () => Promise<unknown>, again?: () => unknown): Promise<boolean> {
  try {
    await work()
  } catch (error) {
    if (isFull(error)) reconnect()
    notKept.value = { full: isFull(error), what: typeof what === 'string' ? what : what(), again }
    return false
  }
  notKept.value = null
  return true
}
