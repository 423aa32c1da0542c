import { computed, reactive, ref, shallowRef } from 'vue'
import { makeApi } from './api'
import { localIso } from './clock'
import { PhoneDb } from './db'
import { Phone, type LockState } from './phone'
import type { About, Agreed, Door, Draft, OutboxRow, Pack, Session, ToldBack, Trouble } from './types'
import { language } from './words'

export const db = new PhoneDb()
// shallow: what goes into IndexedDB must be plain, not Vue's proxies
export const session = shallowRef<Session | null>(null)
export const pack = shallowRef<Pack | null>(null)
export const rows = shallowRef<OutboxRow[]>([])
export const abouts = shallowRef(new Map<string, About>())
export const tolds = shallowRef(new Map<string, ToldBack>())
export const drafts = shallowRef<Draft[]>([])
export const online = ref(true)
export const trouble = shallowRef<Trouble | null>(null)
/** closed: a PIN is asked for; none: nobody has signed in; new: signed in, a PIN is still to be chosen. */
export const lockState = ref<LockState>('none')
/** How far the phone's own clock is off, in ms; 0 within ten minutes. */
export const clockOff = ref(0)
export const look = reactive({ large: false, left: false, language: 'zh' as 'zh' | 'en' })
export const say = () => (language.value === 'en' ? 'en' : 'zh-hans')

export const phone = new Phone({
  db,
  api: (token, heard, outOfService) => makeApi(token, say, { heard, outOfService }),
}, mirror)

/** Show on the screen what the phone is now. */
function mirror(): void {
  session.value = phone.session
  pack.value = phone.pack
  lockState.value = phone.lockState
  trouble.value = phone.trouble
  clockOff.value = phone.clock.off
  now.value = phone.clock.now()
  if (phone.online !== null) online.value = phone.online
  if (phone.vault.isOpen) return
  abouts.value = new Map()
  tolds.value = new Map()
  drafts.value = []
}

export type Screen =
  | 'today' | 'buildings' | 'add' | 'me' | 'outbox' | 'badge' | 'door' | 'record' | 'slip' | 'finding' | 'correct'
  | 'give' | 'take' | 'finger' | 'calls'
/** A place on the stairs. */
export interface Stairs { entrance_id: string; floor: number; label: string }
/** Where the app is: one screen at a time, Back always at the top left, and what the screen is about. */
export interface Place {
  screen: Screen; door: Door | null; draft: Draft | null; stairs: Stairs | null; row: string; agreed?: Agreed
}
const NOTHING = { door: null, draft: null, stairs: null, row: '' }
export const place = shallowRef<Place>({ screen: 'today', ...NOTHING })

/** What was just saved and can be taken back; it stands in the page, under its head, until the next step. */
export interface Undoable {
  keys: string[]; label: string
  /** The door a slip may be left at. */
  door: Door | null
  agreed?: Agreed
}
export const undoable = shallowRef<Undoable | null>(null)

export const finished = computed(() => rows.value.filter((row) => row.state !== 'draft'))
export const unsent = computed(() => finished.value.filter((row) => row.state !== 'received'))
const HERE = ['held', 'saved', 'queued']
/** What is on this phone only, oldest first; what the office holds back to check is there already. */
export const waiting = computed(() => rows.value.filter((row) => HERE.includes(row.state)))
/** Moves each minute, so that what depends on the hour is drawn anew on a phone left lying. */
export const now = ref(Date.now())
export const waitedHours = computed(() => {
  const oldest = waiting.value[0]
  return oldest ? Math.max(0, Math.floor((now.value - Date.parse(oldest.made_at)) / 3600_000)) : 0
})
export const late = computed(() => (waitedHours.value >= 48 ? 48 : waitedHours.value >= 24 ? 24 : 0))
/** The doors to which visits were put afterwards, by visit; the last correction holds. */
const movedTo = computed(() => {
  const found = new Map<string, string>()
  for (const row of finished.value) {
    const { corrects, moved_to } = abouts.value.get(row.op_id) ?? {}
    if (corrects && moved_to && !row.taken_back) found.set(corrects, moved_to)
  }
  return found
})
/** The latest visit of each door today; one at the wrong door counts at the door it was put to. */
export const done = computed(() => {
  const found = new Map<string, OutboxRow>()
  for (const row of finished.value) {
    const about = abouts.value.get(row.op_id)
    if (about?.what !== 'visit' || about.day !== today() || row.taken_back) continue
    found.set(movedTo.value.get(row.op_id) ?? about.dwelling_id, row)
  }
  return found
})
/** What came of the calls of today, by household. */
export const called = computed(() => {
  const found = new Map<string, string>()
  for (const row of finished.value) {
    const about = abouts.value.get(row.op_id)
    if (about?.what === 'call' && about.day === today()) found.set(about.dwelling_id, about.outcome)
  }
  return found
})
export const mine = computed(() => new Map((pack.value?.doors ?? []).map((door) => [door.dwelling_id, door])))
/** The half records of each door. */
export const halves = computed(() => {
  const found = new Map<string, Draft[]>()
  for (const draft of drafts.value) {
    const key = draft.door.dwelling_id
    found.set(key, [...(found.get(key) ?? []), draft])
  }
  return found
})

/** Whether somebody was at a door today: on this phone, or as the list says. */
export function isWalked(door: { dwelling_id: string }): boolean {
  return done.value.has(door.dwelling_id) || !!mine.value.get(door.dwelling_id)?.walked
}

export function today(): string {
  return localIso(now.value).slice(0, 10)
}

/** 今天 10:32, or the day and the time. */
export function when(iso: string): string {
  const local = localIso(Date.parse(iso))
  const time = local.slice(11, 16)
  if (local.slice(0, 10) !== today()) return `${local.slice(5, 10)} ${time}`
  return language.value === 'en' ? `today ${time}` : `今天 ${time}`
}

export function go(screen: Screen, about: Partial<Omit<Place, 'screen'>> = {}): void {
  // the phone's own Back key walks the same way as the one on the screen
  if (screen !== place.value.screen) history.pushState({ screen, door: about.door?.dwelling_id ?? '' }, '')
  undoable.value = null
  place.value = { screen, ...NOTHING, ...about }
  scrollTo(0, 0)
}

const ALONE: Screen[] = ['today', 'buildings', 'add', 'me', 'outbox', 'badge', 'door', 'calls']
/**
 * Let the phone's Back key walk; a finished record is not opened again, and a screen about something else goes home.
 */
export function walkBack(): void {
  history.replaceState({ screen: 'today', door: '' }, '')
  window.addEventListener('popstate', (event) => {
    const door = mine.value.get(event.state?.door) ?? null
    const wanted = ALONE.find((screen) => screen === event.state?.screen) ?? 'today'
    const over = wanted === 'door' && (!door || done.value.has(door.dwelling_id))
    undoable.value = null
    place.value = { screen: over ? 'today' : wanted, ...NOTHING, door }
  })
}

export async function keepLook(): Promise<void> {
  applyLook()
  await db.write('look', { ...look })
}

export function applyLook(): void {
  language.value = look.language
  document.documentElement.lang = look.language === 'en' ? 'en' : 'zh-Hans'
  document.documentElement.toggleAttribute('data-large', look.large)
  document.documentElement.toggleAttribute('data-left', look.left)
}
