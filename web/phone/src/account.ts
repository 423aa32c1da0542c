import { liveQuery } from 'dexie'
import { Refused } from './api'
import { meetEpoch, tidy } from './outbox'
import { decode, sha256 } from './seal'
import { abouts, api, applyLook, clear, db, go, lockState, look, mine, now, online, pack, place, rows, session, walkBack } from './state'
import type { About, HandingIn, OutboxRow, Pack, Session } from './types'
import * as vault from './vault'
import { anyDraft, upload } from './actions'

const LOCK_AFTER_MS = 5 * 60_000
let touched = Date.now()

export async function begin(): Promise<void> {
  Object.assign(look, await db.read('look'))
  applyLook()
  await tidy(db, Date.now())
  lockState.value = (await vault.hasLock(db)) ? 'closed' : 'none'
  liveQuery(() => db.outbox.orderBy('made_at').toArray()).subscribe((found) => { rows.value = found; void readLabels(found) })
  walkBack()
  addEventListener('online', () => { online.value = true; void upload() })
  addEventListener('offline', () => { online.value = false })
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, () => { touched = Date.now() }, { passive: true })
  document.addEventListener('visibilitychange', () => { now.value = Date.now(); lockWhenIdle(); if (!document.hidden) void upload() })
  setInterval(() => { lockWhenIdle(); if (rows.value.some((row) => row.state !== 'received')) void upload() }, 15000)
  setInterval(async () => { now.value = Date.now(); await tidy(db, Date.now()); if (pack.value && !(await db.read('pack'))) pack.value = null }, 60000)
  void navigator.storage?.persist?.()
  void upload()
}

function lockWhenIdle(): void {
  if (lockState.value === 'open' && Date.now() - touched >= LOCK_AFTER_MS) lock()
}

/** What the outbox says to the eye, while it can be read. */
async function readLabels(found: OutboxRow[]): Promise<void> {
  if (!vault.isOpen()) return
  const known = new Map(abouts.value)
  for (const row of found) {
    if (known.has(row.op_id)) continue
    const about = await vault.show<About>(decode(row.label))
    if (about) known.set(row.op_id, about)
  }
  abouts.value = known
}

export function lock(): void {
  vault.close()
  session.value = null
  pack.value = null
  abouts.value = new Map()
  Object.assign(place, { screen: 'today', door: null, what: null })
  lockState.value = 'closed'
}

/** Open with a PIN and go on where an answer was broken off. Returns what is left of the tries, or open. */
export async function open(pin: string): Promise<'open' | number> {
  const answer = await vault.tryPin(db, pin)
  if (answer === 0) await clear()
  if (answer !== 'open') return answer
  touched = Date.now()
  session.value = (await vault.show<Session>(await db.read('session'))) ?? null
  pack.value = (await vault.show<Pack>(await db.read('pack'))) ?? null
  lockState.value = 'open'
  await readLabels(rows.value)
  const door = mine.value.get((await anyDraft()) ?? '')
  if (door) go('record', door)
  void upload()
  return answer
}

/** Sign in on the server; a phone without a PIN asks for one next. */
export async function signIn(name: string, password: string): Promise<void> {
  const { epoch, ...made } = await api.enrol(name, password)
  session.value = { token: made.token, staff: made.staff, community: made.community }
  touched = Date.now()
  await meetEpoch(db, epoch)
  const lesser = await sha256(new TextEncoder().encode(`hand-in:${made.token}`))
  const others = ((await db.read<HandingIn[]>('handing')) ?? []).filter((one) => one.leaving || one.staff_id !== made.staff.id)
  await db.write('handing', [...others, { staff_id: made.staff.id, token: lesser, leaving: false }])
  if (vault.isOpen()) await settleIn()
  else lockState.value = 'new'
}

export async function choosePin(pin: string): Promise<void> {
  await vault.makeLock(db, pin)
  await settleIn()
}

async function settleIn(): Promise<void> {
  await db.write('session', await vault.hide(session.value))
  lockState.value = 'open'
  Object.assign(place, { screen: 'today', door: null, what: null })
  await takePack().catch(() => undefined) // without signal the list comes later
  void upload()
}

export async function takePack(): Promise<void> {
  try {
    const taken = await api.pack()
    taken.clock_ms = Date.parse(taken.made_at) - Date.now()
    const box = await vault.hide(taken)
    await db.transaction('rw', db.meta, async () => {
      await db.write('pack', box)
      await db.write('pack-until', taken.expires_at)
    })
    pack.value = taken
    await meetEpoch(db, taken.epoch)
  } catch (error) {
    if (error instanceof Refused && error.code === 'phone.out-of-service') await clear()
    else if (error instanceof Refused && error.status === 401 && session.value) session.value = { ...session.value, expired: true }
    throw error
  }
}

/** 交班: the same, and this sign-in ends on the server when everything is in. */
export async function leave(): Promise<void> {
  const who = session.value?.staff.id
  const all = (await db.read<HandingIn[]>('handing')) ?? []
  await db.write('handing', all.map((one) => (one.staff_id === who ? { ...one, leaving: true } : one)))
  await clear()
  void upload()
}
