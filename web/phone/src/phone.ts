import type { Api } from './api'
import { Refused } from './api'
import { Clock, DEVICE, type Device } from './clock'
import type { PhoneDb } from './db'
import { isFull } from './full'
import { handIn, noteLeaving, rightsOf } from './handing'
import { dropStrayPhotos, forgetOld, forgetUnsent, meetEpoch, putRow, release, type Making } from './outbox'
import { aboutDoor, broughtBy, freshDraft, needOf, sealedOf, visitOf, type Brought } from './records'
import { troubleOf } from './refusals'
import { sealPhoto, sha256, uuid } from './seal'
import type {
  About, Bytes, Declared, Door, Draft, OutboxRow, Pack, Said, SaidNeed, SealKey, Session, State, Trouble,
  Unstamped, VisitSaid,
} from './types'
import { BEHIND_THE_LOCK, ROUNDS, Vault } from './vault'

/** What the app stands in: a store, the clocks, the line, and what a PIN costs to try. */
export interface Around {
  db: PhoneDb
  api: (token: () => string | undefined, heard: (server_ms: number) => void, outOfService?: () => void) => Api
  device?: Device
  rounds?: number
}
export type LockState = 'none' | 'new' | 'closed' | 'open'
export const LOCK_AFTER_MS = 5 * 60_000
/** How long the lock waits at most while a record is open. */
export const LOCK_IN_RECORD_MS = 20 * 60_000

/** No right to save under or no key to seal with: only before the first sign-in, or in a tab another one signed out. */
export class NotReady extends Error {}

/**
 * A phone in one tab: who works on it, what may be read, what waits to be handed in. It knows no screen.
 *
 * Rows belong to their own right and not to whoever works here: handing over, a lock, five wrong PINs or another person
 * change what is readable, never what arrives.
 */
export class Phone {
  readonly db: PhoneDb
  readonly vault: Vault
  readonly clock: Clock
  session: Session | null = null
  pack: Pack | null = null
  lockState: LockState = 'none'
  trouble: Trouble | null = null
  /** null: not tried yet */
  online: boolean | null = null
  private heard: number | undefined
  private owed: State[] = []
  private touched = { wall: 0, mono: 0 }
  private readonly device: Device

  constructor(private around: Around, private changed: () => void = () => {}) {
    this.db = around.db
    this.device = around.device ?? DEVICE
    this.vault = new Vault(around.db, around.rounds ?? ROUNDS)
    this.clock = new Clock(around.db, this.device)
  }

  /** Open the app: what could still be taken back when it died goes out. */
  async begin(): Promise<void> {
    await this.clock.begin()
    if (await this.vault.isSpent()) await this.clear() // the app died between the last wrong PIN and its end
    const locked = await this.vault.hasLock()
    await this.letGo(locked ? ['held'] : ['draft', 'held'])
    await dropStrayPhotos(this.db)
    await this.tidy()
    this.lockState = locked ? 'closed' : 'none'
    this.touch()
    this.changed()
  }

  /** Let rows go out; on a full phone that cannot be written, and is tried again at each handing in. */
  private async letGo(states: State[], keys?: string[]): Promise<void> {
    try {
      await release(this.db, states, keys)
      this.owed = []
    } catch (error) {
      if (!isFull(error)) throw error
      this.owed = states
    }
  }

  /** The server, by a token; each answer tells its time. */
  api(token: string | undefined, outOfService?: () => void): Api {
    const heard = (server: number) => {
      this.heard = server
      void Promise.resolve(this.clock.learn(server)).catch(() => undefined) // a full phone learns it anew next time
    }
    return this.around.api(() => token, heard, outOfService)
  }

  // Signing in, the list, the lock

  /** Sign in on the server; a phone without a PIN asks for one next. */
  async signIn(name: string, password: string): Promise<void> {
    const made = await this.api(undefined).enrol(name, password)
    const lesser = await sha256(new TextEncoder().encode(`hand-in:${made.token}`))
    if (made.seal_key) await this.db.write('seal-key', made.seal_key)
    await meetEpoch(this.db, made.epoch)
    const { token, staff, community } = made
    // another person: nothing of the last one shows
    if (this.session && this.session.staff.id !== staff.id) await this.clear()
    this.session = { token, staff, community, right: made.grant ?? lesser }
    this.touch()
    if (this.vault.isOpen) await this.settleIn()
    else this.lockState = 'new'
    this.changed()
  }

  async choosePin(pin: string): Promise<void> {
    // of another window, or of before on a phone that was full: what nobody can read any more goes to the office
    await this.giveUpTheLock()
    this.owed = []
    await this.vault.makeLock(pin)
    await this.settleIn()
  }

  private async settleIn(): Promise<void> {
    const { session } = this
    if (!session) throw new NotReady()
    const box = await this.vault.hide(session)
    await this.db.transaction('rw', this.db.meta, async () => {
      await this.db.write('session', box)
      await this.db.write('owner', session.right)
    })
    this.lockState = 'open'
    this.changed()
    await this.takePack().catch(() => undefined) // without signal the list comes later
  }

  /** Take today's list. Raises what the line or the server says; the old list stays. */
  async takePack(): Promise<void> {
    const session = this.session
    try {
      const pack = await this.api(session?.token).pack()
      if (this.session !== session || !this.vault.isOpen) return // locked or handed over meanwhile
      const box = await this.vault.hide(pack)
      await this.db.transaction('rw', this.db.meta, async () => {
        if (!(await this.vault.holds())) throw new NotReady() // another tab handed the phone over
        await this.db.write('pack', box)
        await this.db.write('pack-until', pack.expires_at)
        await this.db.write('seal-key', pack.seal_key)
      })
      this.pack = pack
      await meetEpoch(this.db, pack.epoch)
    } catch (error) {
      if (this.session === session) await this.meetRefusal(error)
      throw error
    } finally {
      this.changed()
    }
  }

  private async meetRefusal(error: unknown): Promise<void> {
    if (!(error instanceof Refused)) return
    if (error.code === 'phone.out-of-service') await this.clear()
    else if (error.status === 401 && this.session) this.session = { ...this.session, expired: true }
  }

  /** Open with a PIN. Returns what is left of the tries, or open; after the last one the list is gone. */
  async unlock(pin: string): Promise<'open' | number> {
    return this.opened(await this.vault.tryPin(pin))
  }

  /** Open with what a fingerprint or a face unwrapped; the PIN's count stays as it is. */
  async unlockBy(secret: Bytes): Promise<'open' | number> {
    return this.opened((await this.vault.openBy(secret)) ? 'open' : -1)
  }

  private async opened(answer: 'open' | number): Promise<'open' | number> {
    if (answer === 0) await this.clear()
    if (answer === 'open') {
      this.session = (await this.vault.show<Session>(await this.db.read('session'))) ?? null
      this.pack = (await this.vault.show<Pack>(await this.db.read('pack'))) ?? null
      this.lockState = 'open'
      this.touch()
    }
    this.changed()
    return answer
  }

  lock(): void {
    this.vault.close()
    this.session = null
    this.pack = null
    this.lockState = 'closed'
    this.changed()
  }

  /** Somebody holds the phone. */
  touch(): void {
    this.touched = { wall: this.device.now(), mono: this.device.mono() }
  }

  /** How long nobody has touched it, by either clock; a clock set back counts as long. */
  idleFor(): number {
    const [wall, mono] = [this.device.now() - this.touched.wall, this.device.mono() - this.touched.mono]
    return wall < -60_000 ? Infinity : Math.max(wall, mono)
  }

  /** Lock when nobody has touched it for long enough. */
  lockWhenIdle(recording: boolean): void {
    if (this.lockState !== 'open') return
    const after = recording ? LOCK_IN_RECORD_MS : LOCK_AFTER_MS
    if (this.idleFor() >= after) this.lock()
  }

  /**
   * The list, the sign-in and what is readable go. Rows stay and go on to the office; half records become rows of their
   * own kind and go with them. One transaction: a kill leaves all or nothing of it.
   */
  async clear(): Promise<void> {
    this.vault.close()
    this.session = null
    this.pack = null
    try {
      await this.giveUpTheLock()
    } catch (error) {
      if (!isFull(error)) throw error
      // taking away needs no room; the half records go as soon as there is some
      await this.db.meta.bulkDelete(BEHIND_THE_LOCK)
      this.owed = ['draft', 'held']
    }
    this.lockState = 'none'
    this.changed()
  }

  /** What stands behind the lock goes, whoever works in this window; half records go to the office. */
  async giveUpTheLock(): Promise<void> {
    await this.db.transaction('rw', this.db.meta, this.db.outbox, this.db.photos, async () => {
      await release(this.db, ['draft', 'held'])
      await this.db.outbox.toCollection().modify((row) => { delete row.told })
      await this.db.photos.toCollection().modify((photo) => { delete photo.view })
      await this.db.meta.bulkDelete(BEHIND_THE_LOCK)
    })
  }

  /** 交班: this sign-in ends on the server when it can be reached; what was made under it can still be handed in. */
  async leave(): Promise<void> {
    if (this.session) await noteLeaving(this, this.session.right)
    await this.clear()
  }

  /** A list that has run out goes; sealed copies the server has had for thirty days go by the server's own time. */
  async tidy(): Promise<void> {
    await forgetOld(this.db, this.heard)
    const until = await this.db.read<string>('pack-until')
    if (!until || Date.parse(until) > this.clock.now()) return
    await this.db.meta.bulkDelete(['pack', 'pack-until'])
    if (this.pack) this.pack = null
    this.changed()
  }

  // Saving

  private async making(state: State, about: About): Promise<Making> {
    const key = this.pack?.seal_key ?? (await this.db.read<SealKey>('seal-key'))
    if (!this.session || !key || !this.vault.isOpen) throw new NotReady()
    const { right, staff } = this.session
    const label = await this.vault.hide(about)
    return { key, right, staff_id: staff.id, label, state, holds: () => this.vault.holds() }
  }

  private get roundId(): string | null {
    return this.pack?.round?.id ?? null
  }

  today(): string {
    return new Date(this.clock.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
  }

  /** What a row is about, for the eye. */
  about(what: About['what'], label: string, more: Partial<About> = {}): About {
    return {
      label, compound: '', dwelling_id: '', day: this.today(), what, outcome: '', needs: [], people: [], photos: 0,
      ...more,
    }
  }

  private aboutDoor(door: Door, outcome: string, needs: SaidNeed[], photos: number): About {
    return aboutDoor(this.about('visit', door.label), door, outcome, needs, photos)
  }

  /** Save one outcome of one door under the key of the tap. `held`: it can be taken back before it goes. */
  async record(op_id: string, door: Door, outcome: string, brought: Brought = {}, held = false): Promise<OutboxRow> {
    const about = this.aboutDoor(door, outcome, brought.needs ?? [], 0)
    const making = await this.making(held ? 'held' : 'saved', about)
    return putRow(this.db, this.clock, visitOf(op_id, door, outcome, brought, this.roundId), making)
  }

  /** Save anything that is no visit. */
  async say(said: Unstamped<Said>, about: About): Promise<OutboxRow> {
    return putRow(this.db, this.clock, said, await this.making('saved', about))
  }

  // Half records

  /** A fresh half record of a door, under the key its visit will have. */
  freshDraft(door: Door): Draft {
    return freshDraft(door, new Date(this.clock.now()).toISOString())
  }

  /**
   * Write a half record down: readable here, and sealed as it is for the office, should this phone be given up.
   * Photos were written when they were taken and are not written again. A record finished meanwhile stays finished.
   */
  async keepDraft(draft: Draft): Promise<OutboxRow> {
    const needs = [...draft.needs]
    const half = draft.kind || draft.words.trim()
    if (half) needs.push(needOf(draft, 'office'))
    const about = this.aboutDoor(draft.door, '', needs, draft.photos.length)
    const making = await this.making('draft', about)
    const visit = visitOf(draft.op_id, draft.door, 'met', broughtBy(draft, needs), this.roundId)
    const said = { ...visit, unfinished: true as const }
    const [photos, hidden] = [sealedOf(draft), await this.vault.hide(draft)]
    return putRow(this.db, this.clock, said, { ...making, photos, draft: hidden })
  }

  /** Seal what is finished: the half record becomes the visit, under the same key. */
  async finish(draft: Draft, outcome = 'met', agreed?: VisitSaid['agreed']): Promise<OutboxRow> {
    const about = this.aboutDoor(draft.door, outcome, draft.needs, draft.photos.length)
    const making = await this.making('held', about)
    const said = visitOf(draft.op_id, draft.door, outcome, { ...broughtBy(draft, draft.needs), agreed }, this.roundId)
    return putRow(this.db, this.clock, said, { ...making, photos: sealedOf(draft) })
  }

  async dropDraft(op_id: string): Promise<void> {
    await this.db.transaction('rw', this.db.outbox, this.db.photos, async () => {
      if ((await this.db.outbox.get(op_id))?.state !== 'draft') return
      await this.db.outbox.delete(op_id)
      await this.db.photos.where('op_id').equals(op_id).delete()
    })
  }

  /** The half records that can be read here, oldest first. */
  async drafts(): Promise<Draft[]> {
    const rows = await this.db.outbox.where('state').equals('draft').sortBy('made_at')
    const read = await Promise.all(rows.map((row) => this.vault.show<Draft>(row.draft)))
    return read.filter((draft): draft is Draft => !!draft)
  }

  /** Seal a photo or a voice line when it is taken, once; `view` is what the screen shows or plays of it. */
  async addPhoto(op_id: string, picture: Bytes, view: Bytes): Promise<Declared> {
    const { key } = await this.making('draft', this.about('visit', ''))
    const id = uuid()
    const body = await sealPhoto(key, picture, id)
    await this.db.photos.add({ id, op_id, body, view: await this.vault.hideBytes(view) })
    return { id, sha256: await sha256(body), size: body.length }
  }

  async viewPhoto(id: string): Promise<Bytes | undefined> {
    return this.vault.showBytes((await this.db.photos.get(id))?.view)
  }

  // Taking back

  /**
   * Take rows back. What never went out is gone; of what may have, the taking back travels as an act of its own.
   * Returns how many of each.
   */
  async undo(keys: string[]): Promise<{ gone: number; travels: number }> {
    const there = await this.db.outbox.where('op_id').anyOf(keys).count()
    const out = await forgetUnsent(this.db, keys)
    for (const row of out) {
      const seen = (await this.vault.show<About>(row.label)) ?? this.about('visit', '')
      const said = { op_id: uuid(), kind: 'taken_back', dwelling_id: '', takes_back: row.op_id } as const
      await this.say(said, { ...seen, what: 'taken_back' })
      await this.db.outbox.update(row.op_id, { taken_back: true })
    }
    return { gone: there - out.length, travels: out.length }
  }

  /** The time for taking back is over. */
  async release(keys?: string[]): Promise<void> {
    await this.letGo(['held'], keys)
  }

  // Handing in

  /** Hand in what anybody made on this phone, each under its own right; a locked phone does so, too. */
  async upload(): Promise<void> {
    let refused: Refused | undefined
    if (this.owed.length) await this.letGo(this.owed)
    try {
      for (const right of await rightsOf(this)) refused = (await handIn(this, right)) ?? refused
      this.online = true
      this.trouble = refused ? troubleOf(refused) : null
    } catch (error) {
      if (error instanceof Refused) this.trouble = troubleOf(error)
      else if (error instanceof TypeError) this.online = false
      else throw error
    } finally {
      this.changed()
    }
  }
}
