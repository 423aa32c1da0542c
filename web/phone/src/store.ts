import { liveQuery } from 'dexie'
import { computed, reactive, ref, shallowRef } from 'vue'
import { makeApi, Refused } from './api'
import { PhoneDb } from './db'
import { drain, meetEpoch, saveVisit, tidy } from './outbox'
import { uuid } from './seal'
import type { Door, Draft, OutboxRow, Pack, SaidNeed, Session } from './types'
import { language } from './words'

export const db = new PhoneDb()
// shallow: what goes into IndexedDB must be plain, not Vue's proxies
export const session = shallowRef<Session | null>(null)
export const pack = shallowRef<Pack | null>(null)
export const rows = shallowRef<OutboxRow[]>([])
export const online = ref(navigator.onLine)
export const look = reactive({ large: false, left: false, language: 'zh' as 'zh' | 'en' })
/** Where the app is: one screen at a time, Back always at the top left. */
export const place = reactive<{ screen: string; door: Door | null }>({ screen: 'today', door: null })
export const api = makeApi(() => session.value?.token, () => (language.value === 'en' ? 'en' : 'zh-hans'))

export const unsent = computed(() => rows.value.filter((row) => row.state !== 'received'))
/** The latest record of each door since the pack was made. */
export const done = computed(() => new Map(rows.value.filter((row) => row.made_at.slice(0, 10) === today()).map((row) => [row.dwelling_id, row])))

function today(): string {
  return localIso(new Date()).slice(0, 10)
}

/** Local time with its offset, as the server reads it. */
export function localIso(moment: Date): string {
  const shift = -moment.getTimezoneOffset()
  const local = new Date(moment.getTime() + shift * 60000).toISOString().slice(0, 19)
  const pad = (n: number) => String(Math.floor(Math.abs(n))).padStart(2, '0')
  return `${local}${shift < 0 ? '-' : '+'}${pad(shift / 60)}:${pad(shift % 60)}`
}

export async function begin(): Promise<void> {
  session.value = (await db.read<Session>('session')) ?? null
  Object.assign(look, await db.read('look'))
  applyLook()
  await tidy(db, Date.now())
  pack.value = (await db.read<Pack>('pack')) ?? null
  liveQuery(() => db.outbox.orderBy('made_at').toArray()).subscribe((found) => { rows.value = found })
  history.replaceState({ screen: 'today', door: '' }, '')
  window.addEventListener('popstate', (event) => {
    const door = pack.value?.doors.find((one) => one.dwelling_id === event.state?.door) ?? null
    const screen = String(event.state?.screen ?? 'today')
    // a finished record is not opened again by going back
    place.screen = ['door', 'record'].includes(screen) && (!door || done.value.has(door.dwelling_id)) ? 'today' : screen
    place.door = door
  })
  addEventListener('online', () => { online.value = true; void upload() })
  addEventListener('offline', () => { online.value = false })
  document.addEventListener('visibilitychange', () => { if (!document.hidden) void upload() })
  setInterval(() => { if (rows.value.some((row) => row.state !== 'received')) void upload() }, 15000)
  setInterval(async () => { await tidy(db, Date.now()); pack.value = (await db.read<Pack>('pack')) ?? null }, 60000)
  const draft = (await db.drafts.toArray())[0]
  const door = pack.value?.doors.find((one) => one.dwelling_id === draft?.dwelling_id)
  if (draft && door) go('record', door) // killed in the middle of an answer: go on there
  void navigator.storage?.persist?.()
  void upload()
}

export function go(screen: string, door: Door | null = place.door): void {
  // the phone's own Back key walks the same way as the one on the screen
  if (screen !== place.screen) history.pushState({ screen, door: door?.dwelling_id ?? '' }, '')
  place.screen = screen
  place.door = door
  scrollTo(0, 0)
}

export async function keepLook(): Promise<void> {
  applyLook()
  await db.write('look', { ...look })
}

function applyLook(): void {
  language.value = look.language
  document.documentElement.lang = look.language === 'en' ? 'en' : 'zh-Hans'
  document.documentElement.toggleAttribute('data-large', look.large)
  document.documentElement.toggleAttribute('data-left', look.left)
}

export async function signIn(name: string, password: string): Promise<void> {
  const { epoch, ...made } = await api.enrol(name, password)
  session.value = { token: made.token, staff: made.staff, community: made.community }
  await db.write('session', { ...session.value })
  await meetEpoch(db, epoch)
  await takePack()
  void upload()
}

export async function takePack(): Promise<void> {
  try {
    const taken = await api.pack()
    await db.write('pack', taken)
    pack.value = taken
    await meetEpoch(db, taken.epoch)
  } catch (error) {
    await expire(error)
    throw error
  }
}

async function expire(error: unknown): Promise<void> {
  if (error instanceof Refused && error.status === 401 && session.value) session.value = { ...session.value, expired: true }
}

/** Hand in for whoever is signed in, and finish for those who handed the phone over while it had no signal. */
export async function upload(): Promise<void> {
  try {
    for (const gone of (await db.read<Session[]>('leaving')) ?? []) await finish(gone)
    if (!session.value) return
    const mine = session.value.staff.id
    if ((await drain(db, api, mine)) > 0) await drain(db, api, mine) // the photos just sent may have been the last ones
    online.value = true
  } catch (error) {
    await expire(error)
    if (!(error instanceof Refused)) online.value = false
  }
}

export async function record(door: Door, outcome: string, needs: SaidNeed[] = [], pictures: Uint8Array<ArrayBuffer>[] = []): Promise<void> {
  if (!pack.value || !session.value) throw new Error('no pack')
  await saveVisit(db, pack.value.seal_key, {
    v: 1, op_id: uuid(), kind: 'visit', dwelling_id: door.dwelling_id, household_id: door.household_id,
    round_id: pack.value.round?.id ?? null, outcome, happened_at: localIso(new Date()), note: '', needs,
    base_version: door.base_version, corrects: null, photos: [],
  }, door.label, pictures, session.value.staff.id)
  go('today', null)
  void upload()
}

export async function keepDraft(draft: Draft): Promise<void> {
  await db.drafts.put({ ...draft })
}

/** Hand in what somebody left behind under their own token, then end that token on the server. */
async function finish(gone: Session): Promise<void> {
  const theirs = makeApi(() => gone.token, () => 'zh-hans')
  try {
    if ((await drain(db, theirs, gone.staff.id)) > 0 && (await drain(db, theirs, gone.staff.id)) > 0) return
    await theirs.leave()
  } catch (error) {
    if (!(error instanceof Refused && error.status === 401)) throw error // no signal: the next upload goes on
  }
  const left = ((await db.read<Session[]>('leaving')) ?? []).filter((one) => one.token !== gone.token)
  await db.write('leaving', left)
}

export async function leave(): Promise<void> {
  if (session.value) await db.write('leaving', [...((await db.read<Session[]>('leaving')) ?? []), session.value])
  await db.meta.bulkDelete(['pack', 'session'])
  await db.drafts.clear()
  session.value = null
  pack.value = null
  void upload()
}

/** 今天 10:32, or the day and the time. */
export function when(iso: string): string {
  const local = localIso(new Date(iso))
  const time = local.slice(11, 16)
  return local.slice(0, 10) === today() ? (language.value === 'en' ? `today ${time}` : `今天 ${time}`) : `${local.slice(5, 10)} ${time}`
}
