import { computed, reactive, ref, shallowRef } from 'vue'
import { makeApi } from './api'
import { PhoneDb } from './db'
import { notKept, unkept } from './storage'
import type { About, Door, OutboxRow, Pack, Session } from './types'
import * as vault from './vault'
import { language } from './words'

export const db = new PhoneDb()
// shallow: what goes into IndexedDB must be plain, not Vue's proxies
export const session = shallowRef<Session | null>(null)
export const pack = shallowRef<Pack | null>(null)
export const rows = shallowRef<OutboxRow[]>([])
export const abouts = shallowRef(new Map<string, About>())
export const online = ref(navigator.onLine)
/** closed: a PIN is asked for; none: nobody has signed in; new: signed in, a PIN is still to be chosen. */
export const lockState = ref<'none' | 'new' | 'closed' | 'open'>('none')
export const look = reactive({ large: false, left: false, language: 'zh' as 'zh' | 'en' })
/** Where the app is: one screen at a time, Back always at the top left. `what`: the row, building or finding it is about. */
export const place = reactive<{ screen: string; door: Door | null; what: any }>({ screen: 'today', door: null, what: null })
export const say = () => (language.value === 'en' ? 'en' : 'zh-hans')
export const api = makeApi(() => session.value?.token, say)

export const unsent = computed(() => rows.value.filter((row) => row.state !== 'received'))
/** What is on this phone only, oldest first; what the office holds back to check is there already. */
export const waiting = computed(() => rows.value.filter((row) => row.state === 'saved' || row.state === 'queued'))
/** Moves each minute, so that what depends on the hour is drawn anew on a phone left lying. */
export const now = ref(Date.now())
export const waitedHours = computed(() => (waiting.value[0] ? Math.max(0, Math.floor((now.value - Date.parse(waiting.value[0].made_at)) / 3600_000)) : 0))
export const late = computed(() => (waitedHours.value >= 48 ? 48 : waitedHours.value >= 24 ? 24 : 0))
/** The latest record of each door today. */
export const done = computed(() => new Map(rows.value
  .filter((row) => row.dwelling_id && row.made_at.slice(0, 10) === today()).map((row) => [row.dwelling_id, row])))
export const mine = computed(() => new Map((pack.value?.doors ?? []).map((door) => [door.dwelling_id, door])))

export function today(): string {
  return localIso(new Date()).slice(0, 10)
}

/** Local time with its offset, as the server reads it. */
export function localIso(moment: Date): string {
  const shift = -moment.getTimezoneOffset()
  const local = new Date(moment.getTime() + shift * 60000).toISOString().slice(0, 19)
  const pad = (n: number) => String(Math.floor(Math.abs(n))).padStart(2, '0')
  return `${local}${shift < 0 ? '-' : '+'}${pad(shift / 60)}:${pad(shift % 60)}`
}

/** 今天 10:32, or the day and the time. */
export function when(iso: string): string {
  const local = localIso(new Date(iso))
  const time = local.slice(11, 16)
  return local.slice(0, 10) === today() ? (language.value === 'en' ? `today ${time}` : `今天 ${time}`) : `${local.slice(5, 10)} ${time}`
}

export function go(screen: string, door: Door | null = place.door, what: any = null): void {
  // the phone's own Back key walks the same way as the one on the screen
  if (screen !== place.screen) history.pushState({ screen, door: door?.dwelling_id ?? '' }, '')
  place.screen = screen
  place.door = door
  place.what = what
  scrollTo(0, 0)
}

const ALONE = ['today', 'buildings', 'add', 'me', 'outbox', 'badge', 'door', 'record']
/** Let the phone's Back key walk; a finished record is not opened again, and a screen about something else goes home. */
export function walkBack(): void {
  history.replaceState({ screen: 'today', door: '' }, '')
  window.addEventListener('popstate', (event) => {
    const door = mine.value.get(event.state?.door) ?? null
    const screen = String(event.state?.screen ?? 'today')
    const over = !ALONE.includes(screen) || (['door', 'record'].includes(screen) && (!door || done.value.has(door.dwelling_id)))
    place.screen = over ? 'today' : screen
    place.door = door
    place.what = null
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

/** The list and the sign-in go; sealed visits stay and go on to the office. */
export async function clear(): Promise<void> {
  unkept.clear()
  notKept.value = null
  await vault.wipe(db)
  session.value = null
  pack.value = null
  abouts.value = new Map()
  lockState.value = 'none'
}
