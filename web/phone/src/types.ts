/** What travels between phone and server (contract/phone-api.yaml) and what the phone keeps. */
export interface Door {
  dwelling_id: string; household_id: string | null; position: number; building: string; entrance: string
  floor: number; room: string; label: string; reason: string; greet: string; phone_masked: string
  last_visit: { day: string; outcome: string; outcome_title: string } | null
  last_promise: { text: string; kept: boolean | null } | null
  etiquette: string; base_version: number
  /** How the surname is read, for the box on 今日; an older pack has none. */
  sounds?: string[]
}
export interface Tile { dwelling_id: string; floor: number; room: string; label: string; mark: string }
export interface Building { id: string; name: string; entrances: { name: string; doors: Tile[] }[] }
export interface SealKey { id: string; public: string }
export interface Pack {
  pack_id: string; made_at: string; expires_at: string; epoch: string; seal_key: SealKey
  community: { id: string; name: string }; staff: { id: string; name: string }
  round: { id: string; day: string; team: string } | null
  doors: Door[]; buildings: Building[]
  outcomes: { code: string; title: string }[]; need_kinds: { code: string; title: string; icon: string }[]
}
export interface Session { token: string; staff: { id: string; name: string }; community: { id: string; name: string }; expired?: boolean }
export interface SaidNeed { id: string; kind: string; words: string; handling: string }
export interface VisitSaid {
  v: 1; op_id: string; kind: 'visit'; dwelling_id: string; household_id: string | null; round_id: string | null
  outcome: string; happened_at: string; note: string; needs: SaidNeed[]; base_version: number; corrects: null; photos: string[]
}
export interface Sealed { key_id: string; epk: string; iv: string; ct: string }
/** saved: only here; queued: offered, not confirmed; received: the server listed it; problem: the server keeps it aside. */
export type State = 'saved' | 'queued' | 'received' | 'problem'
export interface OutboxRow {
  op_id: string; staff_id: string; dwelling_id: string; label: string; outcome: string; made_at: string; sealed: Sealed
  photos: { id: string; sha256: string; size: number }[]; state: State; received_at: string; message: string
}
export interface PhotoRow { id: string; op_id: string; body: Uint8Array; refused?: boolean }
export interface Draft { dwelling_id: string; step: string; kind: string; words: string; photos: Uint8Array<ArrayBuffer>[] }
export interface ItemState { op_id: string; state: string; code: string; message: string; received_at: string; photos_missing: string[] }
