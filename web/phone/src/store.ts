/** What the screens show, and the few things they can do. Everything durable lives in the database. */

import { liveQuery } from 'dexie'
import { computed, reactive, watch } from 'vue'
import * as api from './api'
import { PhoneDb } from './db'
import { lang, t, type Lang } from './i18n'
import { oneAtATime } from './lock'
import { drain, isPending, noteEpoch, saveVisit, SignedOut, takeBack, Unreachable } from './outbox'
import { keepPack, wipeExpired, wipePlain } from './pack'
import { hasPin } from './pin'
import { go } from './route'
import { clock, dayOf } from './times'
import type { Draft, Named, OutboxRow, Pack, SealKey, Staff } from './types'

export interface Me { staff: Staff; community: Named }
export interface Settings { big: boolean; left: boolean; lang: Lang }

export const db = new PhoneDb()

export const state = reactive({
  me: null as Me | null,
  pack: null as Pack | null,
  packWiped: false,
  rows: [] as OutboxRow[],
  drafts: [] as Draft[],
  online: true,
  reached: true,
  signedOut: false,
  sending: false,
  pin: false,
  locked: false,
  settings: { big: false, left: false, lang: 'zh' } as Settings,
  bar: null as { text: string; undo: string } | null,
  now: Date.now(),
})

export const offline = computed(() => !state.online || !state.reached)
export const unsent = computed(() => state.rows.filter(isPending))
export const problems = computed(() => state.rows.filter((row) => row.state === 'quarantined' || row.state === 'rejected'))

/** The latest record of each door since the pack's day, made on this phone. */
export const doneToday = computed(() => {
  const since = state.pack?.round?.day ?? dayOf(new Date(state.now))
  const latest = new Map<string, OutboxRow>()
  for (const row of [...state.rows].sort((a, b) => a.made_at.localeCompare(b.made_at))) {
    if (dayOf(new Date(row.made_at)) >= since) latest.set(row.dwelling_id, row)
  }
  return latest
})

export function stateWord(row: OutboxRow): string {
  if (row.state === 'saved') return t('已存手机')
  if (row.state === 'queued') return t('待上传')
  if (row.state === 'received') return row.received_at ? t('社区已收到({time})', { time: clock(row.received_at) }) : t('社区已收到')
  return row.state === 'quarantined' ? t('社区已隔离,待核') : t('没有收下')
}

export function outcomeTitle(code: string): string {
  const known: Record<string, string> = {
    met: t('见面了'), no_answer: t('没人在'), refused: t('拒访'), by_phone: t('电话完成'), moved: t('已迁出'), died: t('已故'),
    wrong_address: t('地址错误'), shortened: t('见面,提前结束'),
  }
  return known[code] ?? state.pack?.outcomes.find((one) => one.code === code)?.title ?? code
}

export function kindTitle(code: string): string {
  const known: Record<string, string> = {
    repair: t('维修'), benefit: t('救助补贴'), care: t('照护'), work: t('就业'), health: t('看病就医'), schooling: t('上学辅导'),
    errand: t('帮办代办'), neighbours: t('邻里'), safety: t('安全隐患'), cleaning: t('环境卫生'), company: t('陪伴'), other: t('其他'),
  }
  return known[code] ?? state.pack?.need_kinds.find((one) => one.code === code)?.title ?? code
}

export function dayWord(day: string): string {
  const today = dayOf(new Date(state.now))
  if (day === today) return t('今天')
  if (day === dayOf(new Date(state.now - 86_400_000))) return t('昨天')
  const [, month = '', date = ''] = day.split('-')
  return t('{month}月{date}日', { month: Number(month), date: Number(date) })
}

export function whenWord(iso: string): string {
  return `${dayWord(dayOf(new Date(iso)))} ${clock(iso)}`
}

// --- sending -----------------------------------------------------------------------------------------------------

export const send = oneAtATime('qm-outbox', async (all) => {
  if (!state.me && !state.rows.length) return
  state.sending = true
  try {
    const result = await drain(db, api.inbox, { all })
    state.reached = result.reached
    if (state.me && result.signedOut.includes(state.me.staff.id)) await markSignedOut(true)
  } finally {
    state.sending = false
  }
})

async function markSignedOut(value: boolean): Promise<void> {
  state.signedOut = value
  await db.write('signed_out', value)
}

async function myToken(): Promise<string> {
  const tokens = (await db.read<Record<string, string>>('tokens')) ?? {}
  return (state.me && tokens[state.me.staff.id]) || ''
}

// --- what a person does ------------------------------------------------------------------------------------------

export async function signIn(name: string, password: string): Promise<void> {
  const kind = /iPhone|iPad/.test(navigator.userAgent) ? 'iPhone' : /Android/.test(navigator.userAgent) ? 'Android' : 'Web'
  const said = await api.enrol(name.trim(), password, kind)
  const before = state.me?.staff.id
  if (before && before !== said.staff.id) await wipePlain(db)
  await db.transaction('rw', db.meta, async () => {
    const tokens = (await db.read<Record<string, string>>('tokens')) ?? {}
    await db.write('tokens', { ...tokens, [said.staff.id]: said.token })
    const leaving = { ...((await db.read<Record<string, string>>('leaving')) ?? {}) }
    delete leaving[said.staff.id]
    await db.write('leaving', leaving)
    await db.write('me', { staff: said.staff, community: said.community } satisfies Me)
    await db.write('seal_key', said.seal_key)
    await db.write('signed_out', false)
  })
  await noteEpoch(db, said.epoch, new Date())
  state.me = { staff: said.staff, community: said.community }
  state.signedOut = false
  state.reached = true
  void navigator.storage?.persist?.()
  go('today', '', true)
  void send(true)
  await takePack().catch(() => undefined)
}

/** Returns a sentence to show when it did not work. */
export async function takePack(): Promise<string> {
  try {
    const pack = await api.fetchPack(await myToken())
    await keepPack(db, pack)
    state.packWiped = false
    state.reached = true
    if (await noteEpoch(db, pack.epoch, new Date())) void send()
    return ''
  } catch (error) {
    if (error instanceof SignedOut) {
      await markSignedOut(true)
      return t('登录已失效,请重新登录。')
    }
    if (error instanceof Unreachable) {
      state.reached = false
      return t('现在连不上社区,名单没有更新。手机里的都还在。')
    }
    return error instanceof Error ? error.message : String(error)
  }
}

export async function finish(draft: Draft, undoable: boolean): Promise<void> {
  const key = await db.read<SealKey>('seal_key')
  if (!key || !state.me) throw new Error('no seal key')
  await saveVisit(db, draft, key, state.me.staff.id, new Date())
  void navigator.storage?.persist?.()
  showBar(t('已存手机 {time}', { time: clock(new Date().toISOString()) }), undoable ? draft.op_id : '')
  setTimeout(() => void send(), undoable ? 4000 : 300)
}

let barTimer: ReturnType<typeof setTimeout> | undefined
export function showBar(text: string, undo = ''): void {
  clearTimeout(barTimer)
  state.bar = { text, undo }
  barTimer = setTimeout(() => (state.bar = null), undo ? 4000 : 2600)
}

export async function undo(opId: string): Promise<void> {
  showBar((await takeBack(db, opId)) ? t('已撤销') : t('已经在上传,撤不回了'))
}

export async function handOver(): Promise<void> {
  const me = state.me
  if (!me) return
  await Promise.race([send().catch(() => undefined), new Promise((done) => setTimeout(done, 15_000))])
  await wipePlain(db)
  await db.transaction('rw', db.meta, async () => {
    const leaving = (await db.read<Record<string, string>>('leaving')) ?? {}
    await db.write('leaving', { ...leaving, [me.staff.id]: 'asked' })
    await db.meta.bulkDelete(['me', 'pin', 'signed_out'])
  })
  state.me = null
  state.pin = false
  state.signedOut = false
  go('today', '', true)
  await send().catch(() => undefined)
}

export async function keepSettings(): Promise<void> {
  await db.write('settings', JSON.parse(JSON.stringify(state.settings)))
}

// --- start ---------------------------------------------------------------------------------------------------------

function applySettings(): void {
  lang.value = state.settings.lang
  api.speak(state.settings.lang)
  document.documentElement.classList.toggle('big', state.settings.big)
  document.documentElement.classList.toggle('left', state.settings.left)
  document.documentElement.lang = state.settings.lang === 'en' ? 'en' : 'zh-CN'
}

async function tidy(): Promise<void> {
  state.now = Date.now()
  if (await wipeExpired(db, new Date())) state.packWiped = true
}

const IDLE_LOCK = 5 * 60_000
function watchIdle(): void {
  let seen = Date.now()
  for (const name of ['pointerdown', 'keydown']) addEventListener(name, () => (seen = Date.now()), { passive: true })
  setInterval(() => {
    if (state.pin && Date.now() - seen > IDLE_LOCK) state.locked = true
  }, 10_000)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && state.pin && Date.now() - seen > IDLE_LOCK) state.locked = true
  })
}

export async function begin(): Promise<void> {
  await tidy()
  state.me = (await db.read<Me>('me')) ?? null
  state.signedOut = (await db.read<boolean>('signed_out')) ?? false
  Object.assign(state.settings, (await db.read<Settings>('settings')) ?? {})
  state.pin = state.locked = await hasPin(db)
  applySettings()
  watch(() => ({ ...state.settings }), applySettings)
  state.pack = (await db.pack.get('pack'))?.value ?? null
  state.rows = await db.outbox.toArray()
  state.drafts = await db.drafts.toArray()
  liveQuery(() => db.pack.get('pack')).subscribe((kept) => (state.pack = kept?.value ?? null))
  liveQuery(() => db.outbox.toArray()).subscribe((rows) => (state.rows = rows))
  liveQuery(() => db.drafts.toArray()).subscribe((drafts) => (state.drafts = drafts))
  state.online = navigator.onLine
  addEventListener('online', () => {
    state.online = true
    void send()
  })
  addEventListener('offline', () => (state.online = false))
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible') return
    void tidy()
    void send()
  })
  setInterval(() => {
    void tidy()
    if (unsent.value.length && state.online) void send()
  }, 30_000)
  watchIdle()
  void send()
}
