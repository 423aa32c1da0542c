import { liveQuery } from 'dexie'
import { ref } from 'vue'
import { settleUndo, upload } from './actions'
import { askFinger, makeFinger } from './finger'
import { localIso } from './clock'
import {
  abouts, applyLook, clockOff, db, drafts, go, lockState, look, now, online, phone, place, rows, tolds, undoable,
  walkBack,
} from './state'
import { notKept, unkept } from './storage'
import type { About, OutboxRow, ToldBack } from './types'

/** While a record is open the lock waits; until then the screen is covered from whoever passes by. */
export const covered = ref(false)
/** The browser did not promise to keep what is stored here. */
export const notPersistent = ref(false)
const SHOWN_DAYS = 2
let recordAtLock = ''

export async function begin(): Promise<void> {
  Object.assign(look, await db.read('look'))
  applyLook()
  await phone.begin()
  online.value = navigator.onLine
  liveQuery(recentRows).subscribe((found) => {
    rows.value = found
    void readRows(found)
  })
  walkBack()
  watchTheWorld()
  setInterval(everyQuarterMinute, 15_000)
  setInterval(everyMinute, 60_000)
  void navigator.storage?.persist?.().then((kept) => { notPersistent.value = !kept })
  void upload()
}

/** All that is not received, and what was in the last days: a season of sealed copies is not read at each keystroke. */
async function recentRows(): Promise<OutboxRow[]> {
  const open = await db.outbox.where('state').notEqual('received').toArray()
  const since = localIso(phone.clock.now() - SHOWN_DAYS * 86400_000)
  const received = await db.outbox.where('made_at').above(since).and((row) => row.state === 'received').toArray()
  return [...open, ...received].sort((a, b) => (a.made_at < b.made_at ? -1 : 1))
}

function watchTheWorld(): void {
  addEventListener('online', () => { online.value = true; void upload() })
  addEventListener('offline', () => { online.value = false })
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, touch, { passive: true })
  document.addEventListener('visibilitychange', () => {
    now.value = phone.clock.now()
    lockWhenIdle()
    if (!document.hidden) void upload()
  })
}

function touch(): void {
  lockWhenIdle() // a tap after five minutes opens nothing
  phone.touch()
}

function everyQuarterMinute(): void {
  lockWhenIdle()
  if (rows.value.some((row) => ['saved', 'queued', 'problem'].includes(row.state))) void upload()
}

async function everyMinute(): Promise<void> {
  now.value = phone.clock.now()
  await phone.tidy()
}

function lockWhenIdle(): void {
  const recording = place.value.screen === 'record'
  if (recording) recordAtLock = place.value.draft?.op_id ?? ''
  if (recording && phone.idleFor() >= 5 * 60_000) covered.value = true
  phone.lockWhenIdle(recording)
  if (lockState.value === 'closed') afterLock(recording)
}

function afterLock(recording: boolean): void {
  if (!recording) recordAtLock = ''
  covered.value = false
  undoable.value = null
  atHome()
}

/** What the rows say to the eye, while it can be read. */
const toldBoxes = new Map<string, string>()
async function readRows(found: OutboxRow[]): Promise<void> {
  if (!phone.vault.isOpen) return
  const [seen, told] = [new Map<string, About>(), new Map<string, ToldBack>()]
  for (const row of found) {
    const known = row.state === 'draft' ? undefined : abouts.value.get(row.op_id) // a half record's changes
    const about = known ?? (await phone.vault.show<About>(row.label))
    if (about) seen.set(row.op_id, about)
    const box = row.told && row.told.slice(-8).join()
    const same = toldBoxes.get(row.op_id) === box
    const said = same ? tolds.value.get(row.op_id) : await phone.vault.show<ToldBack>(row.told)
    if (box && said) {
      told.set(row.op_id, said)
      toldBoxes.set(row.op_id, box)
    }
  }
  const half = await phone.drafts()
  if (!phone.vault.isOpen) return
  abouts.value = seen
  tolds.value = told
  drafts.value = half
}

export function lock(): void {
  phone.lock()
  afterLock(false)
}

/**
 * Open with a PIN and go on with the record that was open when it locked. Returns what is left of the tries, or open.
 */
export async function open(pin: string): Promise<'open' | number> {
  const answer = await phone.unlock(pin)
  if (answer === 'open') await afterOpening()
  return answer
}

async function afterOpening(): Promise<void> {
  await readRows(rows.value)
  const draft = drafts.value.find((half) => half.op_id === recordAtLock)
  if (draft) go('record', { door: draft.door, draft })
  void upload()
}

/** Open with the finger or the face that was let in before. Raises NoFinger; false: it opens nothing here. */
export async function openByFinger(): Promise<boolean> {
  const finger = await phone.vault.finger()
  if (!finger || (await phone.unlockBy(await askFinger(finger))) !== 'open') return false
  await afterOpening()
  return true
}

/** Let a finger or a face open it beside the PIN, which is asked once more and counts as any try. Raises NoFinger. */
export async function letFinger(pin: string): Promise<'open' | number> {
  const answer = await phone.vault.letFinger(pin, makeFinger)
  if (answer === 0) await phone.clear()
  return answer
}

export async function signIn(name: string, password: string): Promise<void> {
  atHome()
  await phone.signIn(name, password)
  if (lockState.value === 'open') await settled()
}

export async function choosePin(pin: string): Promise<void> {
  atHome() // before: the list may come slowly, and whoever went on meanwhile is not called back
  await phone.choosePin(pin)
  await settled()
}

function atHome(): void {
  place.value = { screen: 'today', door: null, draft: null, stairs: null, row: '' }
}

async function settled(): Promise<void> {
  await readRows(rows.value)
  void upload()
}

export async function takePack(): Promise<void> {
  await phone.takePack()
  clockOff.value = phone.clock.off
}

/** 交班: what waits is handed in first where there is a line; the list goes, rows stay sealed. */
export async function leave(): Promise<void> {
  await settleUndo()
  unkept.clear()
  notKept.value = null
  await phone.leave()
  recordAtLock = ''
  void upload()
}
