/** How a browser says that there is no room: by its own quota, or (Chromium on a disk with no byte left) not at all. */
const NO_ROOM = ['QuotaExceededError', 'UnknownError']

interface Wrapped { name: string; inner?: Wrapped; failures?: Wrapped[] }

/** Whether the browser could not write for want of room. Dexie wraps the reason in an AbortError or a BulkError. */
export function isFull(error: unknown): boolean {
  let cause = error as Wrapped | undefined
  for (let depth = 0; cause && depth < 5; depth++) {
    if (NO_ROOM.includes(cause.name)) return true
    cause = cause.inner ?? cause.failures?.[0]
  }
  return false
}
