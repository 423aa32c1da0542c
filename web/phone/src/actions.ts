import { learnTold } from './handing'
import { compoundOf } from './records'
import { isFull, reconnect, unkept } from './storage'
import { go, phone, undoable, type Stairs, type Undoable } from './state'
import { uuid } from './seal'
import type { About, Agreed, CallRow, Door, Draft } from './types'

/** So long a thing saved can be taken back without a trace; later the taking back travels. */
export const UNDO_MS = 10_000
let undoTimer: ReturnType<typeof setTimeout> | undefined

/** Hand in for whoever worked on this phone; a locked phone does so, too. */
export async function upload(): Promise<void> {
  try {
    await phone.upload()
    await learnTold(phone)
  } catch (error) {
    if (isFull(error)) reconnect()
    else if (!(error instanceof Error)) throw error
  }
}

/** The name of a door wherever it is met: another compound has the same number. */
export function doorName(door: Door): string {
  return [compoundOf(door), door.label].filter(Boolean).join(' ')
}

function offerUndo(keys: string[], label: string, slip: Pick<Undoable, 'door' | 'agreed'> = { door: null }): void {
  clearTimeout(undoTimer)
  undoable.value = { keys, label, ...slip }
  undoTimer = setTimeout(() => void settleUndo(), UNDO_MS)
}

/** What was saved goes out; the bar stays until the next step, and its button still works. */
export async function settleUndo(): Promise<void> {
  clearTimeout(undoTimer)
  await phone.release()
  void upload()
}

/** What one tap saves: the key is made where the tap is, so that two taps are one act. */
export interface Act { key: string; door: Door }

/** Save one outcome for some doors and go where the work goes on; the saved ones can be taken back. */
export async function recordQuick(
  acts: Act[], outcome: string, after: () => void, note = '', agreed?: Agreed,
): Promise<void> {
  const saved: Act[] = []
  try {
    for (const act of acts) {
      await phone.record(act.key, act.door, outcome, { note, agreed }, true)
      saved.push(act)
    }
    after()
  } finally { // on a phone that is full in the middle, those that were saved are said and can be taken back
    if (saved.length) {
      const names = saved.map((act) => doorName(act.door)).join('、')
      // a slip is for whom one did not meet, and for the hour that was agreed
      const slip = saved.length === 1 && (outcome === 'no_answer' || agreed) ? saved[0]!.door : null
      offerUndo(saved.map((act) => act.key), names, { door: slip, agreed })
    }
  }
}

/** Finish a record and go on. */
export async function finishRecord(draft: Draft, after: () => void): Promise<void> {
  await phone.finish(draft)
  unkept.delete(draft.op_id)
  after()
  offerUndo([draft.op_id], doorName(draft.door))
}

/** Take back what was just saved. Says whether it is gone, or travels as an act of its own. */
export async function undo(): Promise<'gone' | 'travels'> {
  const keys = undoable.value?.keys ?? []
  clearTimeout(undoTimer)
  const back = await phone.undo(keys)
  undoable.value = null
  void upload()
  return back.travels ? 'travels' : 'gone'
}

export async function takeBackRow(op_id: string): Promise<void> {
  await phone.undo([op_id])
  void upload()
}

export async function recordFinding(key: string, where: Stairs, found: string, words: string, handling: string) {
  await phone.say({
    op_id: key, kind: 'finding', dwelling_id: '', entrance_id: where.entrance_id, floor: where.floor,
    round_id: phone.pack?.round?.id ?? null, found, words, handling,
  }, phone.about('finding', where.label, { outcome: found }))
  void upload()
}

/** Save what came of a call. */
export async function recordCall(key: string, row: CallRow, outcome: string, way: string, note: string): Promise<void> {
  const { household_id, dwelling_id } = row
  const about = phone.about('call', row.label, { outcome, compound: row.compound, dwelling_id: household_id })
  await phone.say({ op_id: key, kind: 'call', dwelling_id, household_id, outcome, way, note }, about)
  void upload()
}

export interface Change {
  reason: string; outcome?: string; note?: string; persons: Record<string, string>; to_dwelling?: string
}

export async function correct(key: string, op_id: string, about: About, change: Change): Promise<void> {
  const said = { op_id: key, kind: 'correction', dwelling_id: '', corrects: op_id, ...change } as const
  const outcome = change.outcome ?? about.outcome
  await phone.say(said, { ...about, what: 'correction', outcome, corrects: op_id, moved_to: change.to_dwelling })
  void upload()
}

/** Write a half record down; until it is, it lives with the app. */
export async function keepDraft(draft: Draft): Promise<void> {
  unkept.set(draft.op_id, draft)
  await phone.keepDraft(draft)
  if (unkept.get(draft.op_id) === draft) unkept.delete(draft.op_id)
}

export async function dropDraft(op_id: string): Promise<void> {
  unkept.delete(op_id)
  await phone.dropDraft(op_id)
}

/** Go on with a half record, as it was last written or as it stands in the app. */
export function resume(draft: Draft, step = draft.step): void {
  const latest = unkept.get(draft.op_id) ?? draft
  go('record', { door: latest.door, draft: { ...latest, step } })
}

/** Begin a record of a door. */
export function beginRecord(door: Door, step: string): void {
  go('record', { door, draft: { ...phone.freshDraft(door), step } })
}

export const actKey = uuid
