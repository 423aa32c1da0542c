import { keepGiven, rowsToGive } from '../handoff'
import type { Phone } from '../phone'

/** Two phones meet: what one may give comes to the other, or is shown and never read. */
export async function meet(from: Phone, to: Phone, halves: boolean, read: boolean): Promise<void> {
  const drafts = halves ? (await from.drafts()).map((draft) => draft.op_id) : []
  const rows = await rowsToGive(from, drafts)
  if (read) await keepGiven(to, { v: 1, from: '', rows }, '转来的')
}
