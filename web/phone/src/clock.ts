import type { PhoneDb } from './db'
import type { Stamp } from './types'

/** How far a phone's clock may be off before its holder is asked to set it. */
export const WARN_MS = 10 * 60_000
const MINUTE = 60_000

/** Where time is read: the phone's own clock, and one that only runs forward while the app lives. */
export interface Device { now(): number; mono(): number }
export const DEVICE: Device = { now: () => Date.now(), mono: () => performance.now() }
/** offset: server minus device at the last contact; floor: the latest moment known to have passed. */
interface Kept { offset: number | null; floor: number; counter: number }

/**
 * The time as far as it can be known. The server's is learnt at each contact; a clock set back afterwards does not turn
 * the day back, as nothing happens before what has happened; a clock set forward is put right at the next contact.
 */
export class Clock {
  private kept: Kept = { offset: null, floor: 0, counter: 0 }
  private noted = { floor: 0, mono: 0 }

  constructor(private db: PhoneDb, private device: Device = DEVICE) {}

  async begin(): Promise<void> {
    this.kept = (await this.db.read<Kept>('clock')) ?? this.kept
    this.note(this.kept.floor)
  }

  private note(floor: number): void {
    this.noted = { floor, mono: this.device.mono() }
  }

  /** The server's time as best known, in ms. */
  now(): number {
    const read = this.device.now() + (this.kept.offset ?? 0)
    const least = this.noted.floor + Math.max(0, this.device.mono() - this.noted.mono)
    return read < least - MINUTE ? least : Math.max(read, this.noted.floor)
  }

  /** The latest moment of the server's own saying: only by this are sealed copies forgotten. */
  get offset(): number | null {
    return this.kept.offset
  }

  /** How far the phone's own clock is off, once the server has been heard; 0 within ten minutes. */
  get off(): number {
    const off = this.kept.offset ?? 0
    return Math.abs(off) >= WARN_MS ? off : 0
  }

  /** Take the server's time from an answer: `server` in ms. A second more or less is no reason to write. */
  learn(server: number): Promise<void> | void {
    if (!Number.isFinite(server)) return
    const offset = server - this.device.now()
    const known = this.kept.offset !== null && Math.abs(offset - this.kept.offset) < 5000
    this.kept = { ...this.kept, offset: known ? this.kept.offset : offset, floor: server }
    this.note(server)
    if (!known) return this.write()
  }

  /** Two tabs count together. */
  private async write(): Promise<void> {
    await this.db.transaction('rw', this.db.meta, async () => {
      const counter = Math.max(this.kept.counter, (await this.db.read<Kept>('clock'))?.counter ?? 0)
      await this.db.write('clock', { ...this.kept, counter })
    })
  }

  /** Give the next stamp; call it inside the transaction that saves what it stamps. */
  async stamp(): Promise<Stamp> {
    const counter = ((await this.db.read<Kept>('clock'))?.counter ?? this.kept.counter) + 1
    const now = this.now()
    this.kept = { ...this.kept, counter, floor: Math.max(this.kept.floor, now) }
    this.note(Math.max(this.noted.floor, now))
    await this.db.write('clock', this.kept)
    return { at: localIso(now), device: localIso(this.device.now()), offset_ms: this.kept.offset, counter }
  }
}

/** Local time with its offset, as the server reads it. */
export function localIso(ms: number): string {
  const moment = new Date(ms)
  const shift = -moment.getTimezoneOffset()
  const local = new Date(ms + shift * MINUTE).toISOString().slice(0, 19)
  const pad = (n: number) => String(Math.floor(Math.abs(n))).padStart(2, '0')
  return `${local}${shift < 0 ? '-' : '+'}${pad(shift / 60)}:${pad(shift % 60)}`
}
