/** What travels between phone and server (contract/phone-api.yaml) and what the phone keeps. */
export type Bytes = Uint8Array<ArrayBuffer>
export interface Ask {
  person_id: string; code: string; words: string; choices: { value: string; title: string }[]
  /** Of whom the question speaks, where the words do not say it. */
  of?: string
}
export interface Door {
  dwelling_id: string; household_id: string | null; position: number; building: string; entrance: string
  /** The compound the building stands in; lists of a server from before this say it in `building` only. */
  compound?: string
  /** For the time that is left after the planned doors; a list taken before this app was updated has none. */
  spare?: boolean
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
  /** Somebody of the office was at this door today already, whoever and on whatever phone. */
  walked?: { by: string; at: string; outcome: string; outcome_title: string } | null
  care: boolean; notes: string[]; wishes: string[]; say: string[]; ask: Ask[]
  /** A door beside the list, of which nothing is known here: it can be recorded and not read. */
  beside?: boolean
}
export interface Tile { dwelling_id: string; floor: number; room: string; label: string; mark: string }
export interface Entrance { id: string; name: string; doors: Tile[] }
export interface Building { id: string; name: string; entrances: Entrance[]; compound?: string }
/** `alg` names the suite of the envelope; absent: the first one. */
export interface SealKey { id: string; public: string; alg?: string }
export interface Staff { id: string; name: string }
/** Somebody to be rung up today; the number is asked for one by one. `wait`: why not now. */
export interface CallRow {
  household_id: string; dwelling_id: string; label: string; compound: string; greet: string; phone_masked: string
  reason: string; late: boolean; wait: string; answers_when: string; tries: number; wish: string
  say: string[]; ask: string[]; go_between: string
}
export interface Pack {
  pack_id: string; made_at: string; expires_at: string; epoch: string; seal_key: SealKey
  community: { id: string; name: string; code: string; telephone: string }; staff: Staff
  round: { id: string; day: string; team: string } | null
  /** `photo`: one's own, as a data address; empty or absent where none was put there. */
  badge: { number: string; secret: string; photo?: string }
  doors: Door[]; buildings: Building[]
  /** Lists of a server from before this have none. */
  calls?: CallRow[]
  outcomes: { code: string; title: string }[]; need_kinds: { code: string; title: string; icon: string }[]
}
/** `right`: with this a locked phone still hands in what this person made, and gets nothing. */
export interface Session {
  token: string; right: string; staff: Staff; community: { id: string; name: string }; expired?: boolean
}
export interface Enrolled {
  token: string; staff: Staff; community: { id: string; name: string }; epoch: string
  /** A right to hand in that a restored server knows, too; absent: a server from before. */
  grant?: string; seal_key?: SealKey
}
/** When something happened, and how far the clock it was read from can be trusted. */
export interface Stamp {
  /** Local time with its offset, put right by what the server last said of the time. */
  at: string
  /**
   * What the phone's own clock said, how far off it was known to be (null: never learnt), and a count that only rises.
   */
  device: string; offset_ms: number | null; counter: number
}
export interface SaidNeed {
  id: string; kind: string; words: string; handling: string; person_id?: string | null; mandated?: boolean | null
  /** The day that was promised at the door; absent: the office's own. */
  due_on?: string
}
export interface Answer { person_id: string; code: string; value: string }
export interface Detail { check: Record<string, string[]>; talks: string[]; seen: string[] }
/** `may`: only when somebody passes by. */
export interface Agreed { day: string; from: string; to: string; may?: true }
/** What somebody said in their own voice, because they agreed to it before; `consent`: when they did. */
export interface VoiceSaid { id: string; seconds: number; consent: string }
interface SaidBase { v: 1; op_id: string; happened_at: string; stamp?: Omit<Stamp, 'at'>; photos: string[] }
export interface VisitSaid extends SaidBase {
  kind: 'visit'; dwelling_id: string; household_id: string | null; round_id: string | null
  outcome: string; note: string; needs: SaidNeed[]; base_version: number; corrects: null
  detail?: Detail; answers?: Answer[]
  /** Half a record, handed in because its phone was handed over or locked itself for good. */
  unfinished?: true
  /** 改天: the day and the hours that were agreed at the door. */
  agreed?: Agreed
  voice?: VoiceSaid
}
export interface FindingSaid extends SaidBase {
  kind: 'finding'; dwelling_id: ''; entrance_id: string; floor: number | null; round_id: string | null
  found: string; words: string; handling: string
}
export interface CorrectionSaid extends SaidBase {
  kind: 'correction'; dwelling_id: string; corrects: string; reason: string; outcome?: string; note?: string
  persons: Record<string, string>
  /** The door it really was. */
  to_dwelling?: string
}
/** 撤销 of something that may have been handed in: it travels as an act of its own. */
export interface TakenBackSaid extends SaidBase { kind: 'taken_back'; dwelling_id: ''; takes_back: string }
export interface CallSaid extends SaidBase {
  kind: 'call'; dwelling_id: string; household_id: string; outcome: string; way: string; note: string
}
export type Said = CallSaid | VisitSaid | FindingSaid | CorrectionSaid | TakenBackSaid
/** Something said before it has its time: the stamp is given where it is saved. */
export type Unstamped<T> = T extends Said ? Omit<T, 'v' | 'happened_at' | 'stamp' | 'photos'> : never
export interface Sealed { key_id: string; epk: string; iv: string; ct: string; alg?: string }
/**
 * draft: half a record, stays here · held: may still be taken back with nothing gone out · saved: only here ·
 * queued: offered, not confirmed · received: the server listed it · problem: the server keeps it aside.
 */
export type State = 'draft' | 'held' | 'saved' | 'queued' | 'received' | 'problem'
export interface NeedState { id: string; kind: string; handling: string; holder: string; due_on: string }
export interface Declared { id: string; sha256: string; size: number }
/**
 * One sealed thing with its own right to be handed in. `label`, `draft`, `told` are hidden by the vault:
 * while the phone is locked nothing here can be read but how many there are.
 */
export interface OutboxRow {
  op_id: string; staff_id: string; right: string; label: Bytes; made_at: string; sealed: Sealed
  photos: Declared[]; state: State; received_at: string
  draft?: Bytes; told?: Bytes; taken_back?: boolean
  /** A colleague's, taken over by QR: handed in here, its photos stay with the colleague. */
  carried?: true
}
/** What the phone still knows of a row while it is unlocked. */
export interface About {
  label: string; compound: string; dwelling_id: string; day: string; what: Said['kind'] | 'carried'; outcome: string
  needs: { id: string; kind: string; person_id: string }[]; people: Door['people']; photos: number
  /** Of a correction: the visit it puts right, and the door it really was where that was wrong. */
  corrects?: string; moved_to?: string
}
/** What the server answered of a row: its words where it keeps it aside, and who has the needs. */
export interface ToldBack { message: string; needs: NeedState[] }
/** A photo or a voice line, sealed. */
export interface PhotoRow {
  id: string; op_id: string; body: Bytes
  /** A small view of it, or the line itself, hidden by the vault, until its record is finished. */
  view?: Bytes
  refused?: boolean; differed?: number
}
export interface Draft {
  op_id: string; door: Door; step: string; kind: string; words: string; person_id: string; mandated: boolean
  due_on: string; note: string; needs: SaidNeed[]; check: Record<string, string[]>; talks: string[]; seen: string[]
  answers: Answer[]; photos: Declared[]; begun_at: string
  voice?: Declared & VoiceSaid
}
export interface ItemState {
  op_id: string; state: string; code: string; message: string; received_at: string; photos_missing: string[]
  needs?: NeedState[]
}
/** Why handing in did not go through, for the screen. */
export interface Trouble { status: number; code: string; message: string; after_s?: number }
