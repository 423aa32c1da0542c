import { ref } from 'vue'
import type { Draft } from './types'

/** What could not be written on this phone, and how to try again; null: all that was ticked is on the disk. */
export const notKept = ref<{ full: boolean; what: string; again?: () => unknown } | null>(null)

/** Drafts the disk refused: they live as long as the app does, so that turning a page loses nothing. */
export const unkept = new Map<string, Draft>()

/** Whether the browser refused for want of room. Dexie wraps the reason in an AbortError or a BulkError. */
export function isFull(error: unknown): boolean {
  for (let one: any = error, depth = 0; one && depth < 5; one = one.inner ?? one.failures?.[0], depth++) {
    if (one.name === 'QuotaExceededError') return true
  }
  return false
}

/** Write something down; true when it is on the disk. When it is not, the app says so and no ✓ is shown (parts/NotKept.vue). */
export async function keeping(what: string | (() => string), work: () => Promise<unknown>, again?: () => unknown): Promise<boolean> {
  try {
    await work()
  } catch (error) {
    notKept.value = { full: isFull(error), what: typeof what === 'string' ? what : what(), again }
    return false
  }
  notKept.value = null
  return true
}
