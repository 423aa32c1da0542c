import { keepGiven, rowsToGive } from '../handoff'
import type { Phone } from '../phone'
import type { Draft } from '../types'

/** Two phones meet: what one may give comes to the other, or is shown and never read. */
export async function meet(from: Phone, to: Phone, halves: boolean, read: boolean): Promise<void> {
  const drafts = halves ? (await from.drafts()).map((draft) => draft.op_id) : []
  const rows = await rowsToGive(from, drafts)
  if (read) await keepGiven(to, { v: 1, from: '', rows }, '转来的')
}

/** Record a line of somebody who agreed, for a half record of this phone. */
export async function speak(phone: Phone, op_id: string): Promise<NonNullable<Draft['voice']>> {
  const line = new Uint8Array([4, 5])
  return { ...(await phone.addPhoto(op_id, line, line)), seconds: 3, consent: 'yes' }
}
