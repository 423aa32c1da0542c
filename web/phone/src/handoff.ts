import { release, WAITING } from './outbox'
import type { Phone } from './phone'
import { makePair, openText, sealText, sha256 } from './seal'
import type { OutboxRow } from './types'

/**
 * From one phone to a colleague's without any network, by light: the colleague's phone shows a key made for this
 * meeting, the rows are sealed to it and shown as a row of QR codes. Whoever films the codes has nothing. What arrives
 * can be handed in there and not read: it stays sealed to the server. The giver keeps everything; handed in twice is
 * once.
 */
export type GivenRow = Pick<OutboxRow, 'op_id' | 'staff_id' | 'right' | 'made_at' | 'sealed' | 'photos'>
export interface Given { v: 1; from: string; rows: GivenRow[] }
export interface Meeting { mine: CryptoKey; public: string; shown: string }

/** So many characters a code: 89 modules a side, which a poor camera reads from a hand's breadth. */
const PIECE = 480
export const MOST_GIVEN = 200
const LONGEST_ROW = 200_000

/** The colleague's side: a key for this meeting, and the code that shows it. */
export async function beginMeeting(name: string): Promise<Meeting> {
  const { mine, public: point } = await makePair()
  return { mine, public: point, shown: `QMK|${point}|${name}` }
}

/** What a colleague's code says; undefined: it is another code. */
export function readMeeting(text: string): { public: string; name: string } | undefined {
  const found = /^QMK\|([\w-]{87})\|(.{0,60})$/u.exec(text)
  return found ? { public: found[1]!, name: found[2]! } : undefined
}

/** What can be given: finished rows the office has not, and half records (by key) as they stand, which end here. */
export async function rowsToGive(phone: Phone, halves: string[]): Promise<GivenRow[]> {
  await release(phone.db, ['held'])
  if (halves.length) await release(phone.db, ['draft'], halves)
  const rows = await phone.db.outbox.where('state').anyOf(WAITING).sortBy('made_at')
  return rows.slice(0, MOST_GIVEN).map(({ op_id, staff_id, right, made_at, sealed, photos }) =>
    ({ op_id, staff_id, right, made_at, sealed, photos }))
}

/** Seal rows to the key of a meeting and cut them into the texts of codes. */
export async function showRows(given: Given, point: string): Promise<string[]> {
  const { epk, iv, ct } = await sealText({ id: 'meeting', public: point }, JSON.stringify(given), `meeting:${point}`)
  const whole = `${epk}.${iv}.${ct}`
  const sum = await sumOf(whole)
  const of = Math.ceil(whole.length / PIECE)
  return Array.from({ length: of }, (_, n) => `QM1|${sum}|${n}|${of}|${whole.slice(n * PIECE, (n + 1) * PIECE)}`)
}

async function sumOf(whole: string): Promise<string> {
  return (await sha256(new TextEncoder().encode(whole))).slice(0, 16)
}

/** Collects codes in any order, each as often as it is seen; codes of another giving begin anew. */
export class Pieces {
  private sum = ''
  private pieces = new Map<number, string>()
  of = 0

  get have(): number {
    return this.pieces.size
  }

  /** Take what a code says; false: it is none of these. */
  add(text: string): boolean {
    const found = /^QM1\|([0-9a-f]{16})\|(\d{1,5})\|(\d{1,5})\|([\w.-]+)$/.exec(text)
    if (!found) return false
    const [sum, n, of, piece] = [found[1]!, Number(found[2]), Number(found[3]), found[4]!]
    if (n >= of) return false
    if (sum !== this.sum || of !== this.of) {
      this.pieces.clear()
      this.sum = sum
      this.of = of
    }
    this.pieces.set(n, piece)
    return true
  }

  /** The whole when every piece is there and it is what was shown; else undefined. */
  async whole(): Promise<string | undefined> {
    if (!this.of || this.have < this.of) return undefined
    const text = Array.from({ length: this.of }, (_, n) => this.pieces.get(n)).join('')
    if ((await sumOf(text)) === this.sum) return text
    this.pieces.clear() // a code was misread: collect anew
    return undefined
  }
}

/** Open what was shown for this meeting. Raises when it was for another, or is no handing over. */
export async function openRows(meeting: Meeting, whole: string): Promise<Given> {
  const [epk, iv, ct] = whole.split('.')
  if (!epk || !iv || !ct) throw new Error('no handing over')
  const given = JSON.parse(await openText(meeting.mine, { epk, iv, ct }, `meeting:${meeting.public}`)) as Given
  if (given.v !== 1 || !Array.isArray(given.rows) || given.rows.length > MOST_GIVEN) throw new Error('no handing over')
  if (!given.rows.every(isRow)) throw new Error('no handing over')
  return given
}

function isRow(row: GivenRow): boolean {
  const { key_id, epk, iv, ct } = row.sealed ?? {}
  const texts = [row.op_id, row.staff_id, row.right, row.made_at, key_id, epk, iv, ct]
  const said = texts.every((text) => typeof text === 'string') && !!row.op_id && !!row.right
  return said && !Number.isNaN(Date.parse(row.made_at)) && Array.isArray(row.photos)
    && JSON.stringify(row).length < LONGEST_ROW
}

/** Keep a colleague's rows, each under its own right; those that are here stay. Returns how many are new. */
export async function keepGiven(phone: Phone, given: Given, label: string): Promise<number> {
  const shown = await phone.vault.hide(phone.about('carried', label))
  const rows = given.rows.map(({ op_id, staff_id, right, made_at, sealed, photos }): OutboxRow => ({
    op_id, staff_id, right, made_at, sealed, photos, label: shown, state: 'saved', received_at: '', carried: true,
  }))
  return phone.db.transaction('rw', phone.db.outbox, async () => {
    const there = await phone.db.outbox.bulkGet(rows.map((row) => row.op_id))
    const fresh = rows.filter((_row, n) => !there[n])
    await phone.db.outbox.bulkAdd(fresh)
    return fresh.length
  })
}

