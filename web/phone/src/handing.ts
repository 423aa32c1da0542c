import { Refused, type Api } from './api'
import { isFull } from './full'
import { drain, WAITING } from './outbox'
import type { Phone } from './phone'
import type { ToldBack } from './types'

/** Handing in what anybody made on a phone: each row under its own right, none of them the matter of another. */

/** The rights something stands under, the one in use first; one of a copy received is enough to hear of a restore. */
export async function rightsOf(phone: Phone): Promise<string[]> {
  const rows = await phone.db.outbox.toArray()
  const due = rows.filter((row) => [...WAITING, 'problem'].includes(row.state)).map((row) => row.right)
  const leaving = (await phone.db.read<string[]>('leaving')) ?? []
  const owner = await phone.db.read<string>('owner')
  const found = [...new Set([owner ?? '', ...due, ...leaving].filter(Boolean))]
  const spare = rows.filter((row) => row.state === 'received').map((row) => row.right).pop()
  return found.length || !spare ? found : [spare]
}

/** Hand in under one right. What is wrong with it touches nobody else's rows, and signs out only its own person. */
export async function handIn(phone: Phone, right: string): Promise<Refused | undefined> {
  let out = false
  const mine = async () => (await phone.db.read('owner')) === right
  const api = phone.api(right, () => { out = true })
  const keepTold = async (told: ToldBack) => (phone.vault.isOpen ? phone.vault.hide(told) : undefined)
  const handing = { db: phone.db, api, right, keepTold }
  try {
    let done = await drain(handing)
    if (done.left > 0) done = await drain(handing) // the photos just sent may have been the last ones
    if (out && (await mine())) await endHere(phone, right)
    else if (done.left === 0) await endSignIn(phone, right, api)
    return done.refused
  } catch (error) {
    if (!(error instanceof Refused)) throw error // no signal: the next upload goes on
    if (error.status === 401) await meetUnknownRight(phone, right)
    return error
  }
}

/** Out of service: the list goes; a window in which somebody else is signed in keeps them, as they are not meant. */
async function endHere(phone: Phone, right: string): Promise<void> {
  if (phone.session && phone.session.right !== right) await phone.giveUpTheLock()
  else await phone.clear()
}

/**
 * A sign-in is to end on the server. A full phone cannot note it and is handed over all the same: what hands in gets
 * nothing, and the office can take the phone out of service.
 */
export async function noteLeaving(phone: Phone, right: string): Promise<void> {
  try {
    await phone.db.transaction('rw', phone.db.meta, async () => {
      const leaving = (await phone.db.read<string[]>('leaving')) ?? []
      await phone.db.write('leaving', [...new Set([...leaving, right])])
    })
  } catch (error) {
    if (!isFull(error)) throw error
  }
}

async function endSignIn(phone: Phone, right: string, api: Api): Promise<void> {
  const leaving = (await phone.db.read<string[]>('leaving')) ?? []
  if (!leaving.includes(right)) return
  await api.leave()
  await phone.db.transaction('rw', phone.db.meta, async () => {
    const now = (await phone.db.read<string[]>('leaving')) ?? []
    await phone.db.write('leaving', now.filter((entry) => entry !== right))
  })
}

/** The server does not know a right: whoever made these rows and works here again hands them in under the new one. */
async function meetUnknownRight(phone: Phone, right: string): Promise<void> {
  const { session } = phone
  const leaving = (await phone.db.read<string[]>('leaving')) ?? []
  // ended there already
  if (leaving.includes(right)) await phone.db.write('leaving', leaving.filter((entry) => entry !== right))
  if (!session) return
  if (session.right === right) {
    phone.session = { ...session, expired: true }
    return
  }
  await phone.db.outbox.where('right').equals(right).and((row) => row.staff_id === session.staff.id)
    .modify({ right: session.right })
}

/** While the phone was locked the server's answers could not be hidden and were not kept: ask for today's again. */
export async function learnTold(phone: Phone): Promise<void> {
  const { session } = phone
  if (!session || !phone.vault.isOpen) return
  const day = phone.today()
  const rows = await phone.db.outbox.where('state').anyOf('received', 'problem').toArray()
  const mine = rows.filter((row) => row.staff_id === session.staff.id && row.made_at.slice(0, 10) === day)
  const blank = mine.filter((row) => !row.told)
  if (!blank.length) return
  const answer = await phone.api(session.token).list(blank.slice(-100).map((row) => row.op_id))
  for (const item of answer.items) {
    if (!phone.vault.isOpen) return
    const told = await phone.vault.hide({ message: item.message, needs: item.needs ?? [] } satisfies ToldBack)
    await phone.db.outbox.update(item.op_id, { told })
  }
}
