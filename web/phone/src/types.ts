/** What travels between phone and server (contract/phone-api.yaml) and what the phone keeps. */
export interface Ask { person_id: string; code: string; words: string; choices: { value: string; title: string }[] }
export interface Door {
  dwelling_id: string; household_id: string | null; position: number; building: string; entrance: string
  floor: number; room: string; label: string; reason: string; greet: string; phone_masked: string
  last_visit: { day: string; outcome: string; outcome_title: string } | null
  last_promise: { text: string; kept: boolean | null } | null
  etiquette: string; base_version: number
  /** How the surname is read, for the box on 今日. */
  sounds: string[]
  people: { id: string; name: string; relation: string }[]
  mark: 'due' | 'urgent' | 'declined' | 'agreed' | 'twice'
  /** When they want to be called on; a list taken before this app was updated has none. */
  hours?: { from: string; to: string } | null
  care: boolean; notes: string[]; wishes: string[]; say: string[]; ask: Ask[]
}
export interface Tile { dwelling_id: string; floor: number; room: string; label: string; mark: string }
export interface Entrance { id: string; name: string; doors: Tile[] }
export interface Building { id: string; name: string; entrances: Entrance[] }
export interface SealKey { id: string; public: string }
export interface Pack {
  pack_id: string; made_at: string; expires_at: string; epoch: string; seal_key: SealKey
  community: { id: string; name: string; code: string; telephone: string }; staff: { id: string; name: string }
  round: { id: string; day: string; team: string } | null
  badge: { number: string; secret: string }
  doors: Door[]; buildings: Building[]
  outcomes: { code: string; title: string }[]; need_kinds: { code: string; title: string; icon: string }[]
  /** How far this phone's clock is from the server's, in ms; noted when the list was taken. */
  clock_ms?: number
}
export interface Session { token: string; staff: { id: string; name: string }; community: { id: string; name: string }; expired?: boolean }
/** With this a locked phone still hands in, and gets nothing. `leaving`: the phone was handed over, the token ends when all is in. */
export interface HandingIn { staff_id: string; token: string; leaving: boolean }
export interface SaidNeed { id: string; kind: string; words: string; handling: string; person_id?: string | null; mandated?: boolean | null }
export interface Answer { person_id: string; code: string; value: string }
export interface Detail { check: Record<string, string[]>; talks: string[]; seen: string[] }
export interface VisitSaid {
  v: 1; op_id: string; kind: 'visit'; dwelling_id: string; household_id: string | null; round_id: string | null
  outcome: string; happened_at: string; note: string; needs: SaidNeed[]; base_version: number; corrects: null; photos: string[]
  detail?: Detail; answers?: Answer[]
}
export interface FindingSaid {
  v: 1; op_id: string; kind: 'finding'; dwelling_id: ''; entrance_id: string; floor: number | null; round_id: string | null
  found: string; words: string; handling: string; happened_at: string; photos: string[]
}
export interface CorrectionSaid {
  v: 1; op_id: string; kind: 'correction'; dwelling_id: string; corrects: string; reason: string; outcome?: string; note?: string
  persons: Record<string, string>; happened_at: string; photos: string[]
}
export type Said = VisitSaid | FindingSaid | CorrectionSaid
export interface Sealed { key_id: string; epk: string; iv: string; ct: string }
/** saved: only here; queued: offered, not confirmed; received: the server listed it; problem: the server keeps it aside. */
export type State = 'saved' | 'queued' | 'received' | 'problem'
export interface NeedState { id: string; kind: string; handling: string; holder: string; due_on: string }
/** One sealed thing. `label` is opaque here: what it says is hidden by the vault (About). */
export interface OutboxRow {
  op_id: string; staff_id: string; dwelling_id: string; label: string; made_at: string; sealed: Sealed
  photos: { id: string; sha256: string; size: number }[]; state: State; received_at: string; message: string; needs?: NeedState[]
}
/** What the phone still knows of a row while it is unlocked. */
export interface About { label: string; what: Said['kind']; outcome: string; needs: { id: string; kind: string; person_id: string }[]; people: Door['people'] }
export interface PhotoRow { id: string; op_id: string; body: Uint8Array; refused?: boolean; differed?: number }
/** An unfinished record: only hidden by the vault. */
export interface DraftRow { dwelling_id: string; body: Uint8Array<ArrayBuffer>; photos: Uint8Array<ArrayBuffer>[] }
export interface Draft {
  dwelling_id: string; step: string; kind: string; words: string; person_id: string; mandated: boolean
  needs: SaidNeed[]; check: Record<string, string[]>; talks: string[]; seen: string[]; answers: Answer[]
  photos: Uint8Array<ArrayBuffer>[]
}
export interface ItemState {
  op_id: string; state: string; code: string; message: string; received_at: string; photos_missing: string[]; needs?: NeedState[]
}
