import { ref } from 'vue'
import { makeApi, Refused } from './api'
import { drain, saveVisit, takeBack } from './outbox'
import { isFull, reconnect, unkept } from './storage'
import { encode, uuid } from './seal'
import { clear, db, localIso, lockState, online, pack, say, session } from './state'
import type { About, Answer, CorrectionSaid, Detail, Door, Draft, FindingSaid, HandingIn, Said, SaidNeed } from './types'
import * as vault from './vault'

export const UNDO_MS = 6000
/** What was just saved with one tap and can be taken back for some seconds. */
export const undoable = ref<{ keys: string[]; label: string; door: Door | null } | null>(null)
let undoTimer: ReturnType<typeof setTimeout> | undefined
type Pictures = Uint8Array<ArrayBuffer>[]

/** Hand in for whoever works on this phone or did; a locked phone does so, too. */
export async function upload(): Promise<void> {
  if (undoable.value) return // what can be taken back is not yet on its way
  try {
    for (const one of (await db.read<HandingIn[]>('handing')) ?? []) await handIn(one)
    online.value = true
  } catch (error) {
    if (isFull(error)) reconnect()
    else if (!(error instanceof Refused)) online.value = false
  }
}

async function handIn(one: HandingIn): Promise<void> {
  let out = false
  const api = makeApi(() => one.token, say, () => { out = true })
  const current = session.value?.staff.id === one.staff_id
  try {
    let left = await drain(db, api, one.staff_id)
    if (left > 0) left = await drain(db, api, one.staff_id) // the photos just sent may have been the last ones
    if (one.leaving && left === 0) {
      await api.leave()
      await forget(one)
    }
  } catch (error) {
    if (!(error instanceof Refused && error.status === 401)) throw error // no signal: the next upload goes on
    if (one.leaving) await forget(one)
    else if (current && session.value) session.value = { ...session.value, expired: true }
  }
  if (out && !one.leaving && lockState.value !== 'none') await clear()
}

async function forget(gone: HandingIn): Promise<void> {
  const all = (await db.read<HandingIn[]>('handing')) ?? []
  await db.write('handing', all.filter((one) => one.token !== gone.token))
}

async function save(said: Said, about: About, pictures: Pictures = []): Promise<string> {
  if (!pack.value || !session.value) throw new Error('no list')
  await saveVisit(db, pack.value.seal_key, said, encode(await vault.hide(about)), pictures, session.value.staff.id)
  return said.op_id
}

export interface Brought { needs?: SaidNeed[]; detail?: Detail; answers?: Answer[]; pictures?: Pictures; note?: string }

async function seal(door: Door, outcome: string, brought: Brought): Promise<string> {
  const needs = brought.needs ?? []
  const about: About = {
    label: door.label, what: 'visit', outcome, people: door.people,
    needs: needs.map((need) => ({ id: need.id, kind: need.kind, person_id: need.person_id ?? '' })),
  }
  const key = await save({
    v: 1, op_id: uuid(), kind: 'visit', dwelling_id: door.dwelling_id, household_id: door.household_id,
    round_id: pack.value?.round?.id ?? null, outcome, happened_at: localIso(new Date()), note: brought.note ?? '', needs,
    base_version: door.base_version, corrects: null, photos: [], detail: brought.detail, answers: brought.answers,
  }, about, brought.pictures)
  unkept.delete(door.dwelling_id)
  return key
}

export async function record(door: Door, outcome: string, brought: Brought = {}): Promise<void> {
  await seal(door, outcome, brought)
  void upload()
}

/** Save one outcome for some doors with one tap; for some seconds it can be taken back. */
export async function recordQuick(doors: Door[], outcome: string): Promise<void> {
  const keys: string[] = []
  settleUndo()
  try {
    for (const door of doors) keys.push(await seal(door, outcome, {}))
  } finally { // on a phone that is full in the middle, those that were saved are said and can be taken back
    if (keys.length) {
      undoable.value = { keys, label: doors.slice(0, keys.length).map((door) => door.label).join('、'), door: doors.length === 1 ? doors[0]! : null }
      undoTimer = setTimeout(() => { settleUndo(); void upload() }, UNDO_MS)
    }
  }
}

export function settleUndo(): void {
  clearTimeout(undoTimer)
  undoable.value = null
}

export async function undo(): Promise<boolean> {
  const keys = undoable.value?.keys ?? []
  const back = await takeBack(db, keys)
  settleUndo()
  return back
}

export async function recordFinding(where: { entrance_id: string; floor: number | null; label: string }, found: string, words: string, handling: string): Promise<void> {
  const said: FindingSaid = {
    v: 1, op_id: uuid(), kind: 'finding', dwelling_id: '', entrance_id: where.entrance_id, floor: where.floor,
    round_id: pack.value?.round?.id ?? null, found, words, handling, happened_at: localIso(new Date()), photos: [],
  }
  await save(said, { label: where.label, what: 'finding', outcome: found, needs: [], people: [] })
  void upload()
}

export async function correct(op_id: string, about: About, change: { reason: string; outcome?: string; persons: Record<string, string> }): Promise<void> {
  const said: CorrectionSaid = {
    v: 1, op_id: uuid(), kind: 'correction', dwelling_id: '', corrects: op_id, happened_at: localIso(new Date()),
    photos: [], ...change,
  }
  await save(said, { ...about, what: 'correction', outcome: change.outcome ?? about.outcome })
  void upload()
}

export function freshDraft(dwelling_id: string): Draft {
  return {
    dwelling_id, step: 'met', kind: '', words: '', person_id: '', mandated: false, needs: [], check: {}, talks: [], seen: [],
    answers: [], photos: [],
  }
}

export async function keepDraft(draft: Draft): Promise<void> {
  unkept.set(draft.dwelling_id, draft)
  const { photos, ...rest } = draft
  const body = await vault.hide(rest)
  await db.drafts.put({ dwelling_id: draft.dwelling_id, body, photos: await Promise.all(photos.map(vault.hideBytes)) })
  if (unkept.get(draft.dwelling_id) === draft) unkept.delete(draft.dwelling_id)
}

export async function dropDraft(dwelling_id: string): Promise<void> {
  unkept.delete(dwelling_id)
  await db.drafts.delete(dwelling_id)
}

export async function readDraft(dwelling_id: string): Promise<Draft | undefined> {
  const here = unkept.get(dwelling_id)
  if (here) return here
  const row = await db.drafts.get(dwelling_id)
  const rest = row && (await vault.show<Draft>(row.body))
  return rest && { ...freshDraft(dwelling_id), ...rest, photos: await Promise.all(row.photos.map(vault.showBytes)) }
}

export async function anyDraft(): Promise<string | undefined> {
  return unkept.keys().next().value ?? (await db.drafts.toCollection().first())?.dwelling_id
}
