import 'fake-indexeddb/auto'
import { afterEach, expect, test, vi } from 'vitest'
import { learnTold } from './handing'
import { makeApi } from './api'
import { PhoneDb } from './db'
import { localIso } from './clock'
import { NotReady, Phone } from './phone'
import { fastCrypto } from './testing/crypto'
import { dice } from './testing/dice'
import { meet, speak } from './testing/meeting'
import { memoryDb } from './testing/memory'
import { World } from './testing/world'
import type { Door, Draft, SealKey } from './types'

/**
 * A3: what phones, people and a server live through in some days, invented from a seed. Actors: people with accounts
 * and PINs, two tabs on a phone, rights that are revoked or lost with a restore, clocks that jump, lists dealt anew,
 * drafts, photos, taps that come twice, rows given from phone to phone. The whole core of the app is the shipped one;
 * replaced are the browser's crypto and, for most histories, its store (the last of each hundred live on Dexie).
 */
vi.mock('./seal', async (real) => ({
  ...(await real<typeof import('./seal')>()),
  sealText: async (key: SealKey, text: string) => ({ key_id: key.id, epk: '', iv: '', ct: text }),
  sealPhoto: async (_key: SealKey, content: Uint8Array) => content,
  sha256: async (content: Uint8Array) => `sha ${new TextDecoder('latin1').decode(content)}`,
}))

const LONG = process.env.QM_PROVE === '1'
const SEED = Number(process.env.QM_SEED ?? (LONG ? Date.now() % 2 ** 31 : 20261129))
const HISTORIES = Number(process.env.QM_HISTORIES ?? (LONG ? 100_000 : 3000))
const [SHARD, SHARDS] = (process.env.QM_SHARD ?? '0/1').split('/').map(Number) as [number, number]
const ON_DEXIE = Number(process.env.QM_ON_DEXIE ?? 100)
const STEPS = 60
const HOUR = 3600_000
const DAY = 24 * HOUR
const PINS = ['135790', '246801'] as const
const real = globalThis.crypto
afterEach(() => { vi.stubGlobal('crypto', real) })

interface Made { words: string; undone: boolean; dropped: boolean; finished: boolean; photos: number }
interface Tab { phone: Phone; pin: string }
interface Handset { name: string; db: PhoneDb; tabs: Tab[]; shift: number; rate: number; people: string[] }

class History {
  random
  world
  handsets: Handset[]
  /** Every act whose saving was confirmed, by its key, with what was last confirmed of it. */
  made = new Map<string, Made>()
  steps: string[] = []
  problem = ''
  private number = 0
  private dbs: PhoneDb[] = []

  constructor(private seed: number, private dexie: boolean) {
    this.random = dice(seed)
    this.world = new World(this.random, `s${seed}`)
    vi.stubGlobal('crypto', fastCrypto(this.random.next))
    vi.stubGlobal('fetch', this.world.fetch)
    this.handsets = [0, 1].map((n) => {
      const name = `${seed}-${n}`
      const db = this.open(name)
      const shift = this.random.pick([0, 0, 0, -26 * HOUR, 26 * HOUR, 31 * DAY, -56 * 365 * DAY, 5 * 60_000])
      return { name, db, tabs: [], shift, rate: 0, people: n ? ['姚', '郭'] : ['方', '姚'] }
    })
  }

  private open(name: string): PhoneDb {
    const db = this.dexie ? new PhoneDb(name) : memoryDb(name)
    this.dbs.push(db)
    return db
  }
  wrong = (text: string): void => { this.problem ||= text }

  private phone(handset: Handset): Phone {
    const device = { now: () => this.world.now + handset.shift, mono: () => this.world.now }
    const api: ConstructorParameters<typeof Phone>[0]['api'] = (token, heard, outOfService) =>
      makeApi(token, () => 'zh-hans', { heard, outOfService })
    return new Phone({ db: handset.db, api, device, rounds: 1 })
  }
  async start(handset: Handset, tabs = 1): Promise<void> {
    for (let n = 0; n < tabs; n++) {
      const phone = this.phone(handset)
      await phone.begin()
      handset.tabs.push({ phone, pin: handset.tabs[0]?.pin ?? '' })
    }
  }
  /**
   * Try what may fail for want of a line, a sign-in or room; anything else is a fault of ours. Returns whether it went
   * through.
   */
  private async dare(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      const known = error instanceof TypeError || error instanceof NotReady || 'status' in Object(error)
      const full = /Quota|Bulk|Abort/.test(String((error as Error).name))
      if (!known && !full && (error as Error).message !== 'locked') throw error
      return false
    }
  }

  // what people do

  acts: Record<string, (handset: Handset, tab: Tab) => Promise<unknown>> = {
    signIn: async (handset, tab) => {
      if (tab.phone.lockState === 'closed') return
      if (!(await this.dare(() => tab.phone.signIn(this.random.pick(handset.people), 'p')))) return
      if (tab.phone.lockState === 'new') {
        const pin = this.random.pick(PINS)
        await this.dare(() => tab.phone.choosePin(pin))
        for (const other of handset.tabs) other.pin = pin
      }
    },
    unlock: async (_handset, tab) => {
      if (tab.phone.lockState === 'closed') await this.dare(() => tab.phone.unlock(tab.pin))
    },
    wrongPin: async (_handset, tab) => {
      if (tab.phone.lockState !== 'closed') return
      for (let n = this.random.below(6); n > 0 && tab.phone.lockState === 'closed'; n--) await this.dare(() => tab.phone.unlock('000001'))
    },
    lock: async (_handset, tab) => { if (tab.phone.lockState === 'open') tab.phone.lock() },
    takePack: async (_handset, tab) => { if (tab.phone.session) await this.dare(() => tab.phone.takePack()) },
    quick: async (_handset, tab) => {
      const key = this.key()
      const words = `${this.seed} ${key}`
      const tap = () => tab.phone.record(key, this.door(tab), 'no_answer', { note: words }, this.random.next() < 0.7)
      const taps = this.random.next() < 0.3 ? [tap(), tap()] : [tap()] // a thumb that taps twice while it saves
      const saved = await Promise.all(taps.map((tapped) => this.dare(() => tapped)))
      if (saved.some(Boolean)) this.note(key, words)
    },
    draft: async (_handset, tab) => {
      if (!tab.phone.vault.isOpen) return
      const drafts = await tab.phone.drafts()
      const draft = drafts.length && this.random.next() < 0.6 ? this.random.pick(drafts) : tab.phone.freshDraft(this.door(tab))
      await this.write(tab, draft)
    },
    finish: async (_handset, tab) => {
      const drafts = tab.phone.vault.isOpen ? await tab.phone.drafts() : []
      if (!drafts.length) return
      const draft = this.random.pick(drafts)
      const taps = this.random.next() < 0.3 ? 2 : 1
      const saved = await Promise.all(Array.from({ length: taps }, () => this.dare(() => tab.phone.finish(draft))))
      if (saved.some(Boolean)) this.made.get(draft.op_id)!.finished = true
    },
    dropDraft: async (_handset, tab) => {
      const drafts = tab.phone.vault.isOpen ? await tab.phone.drafts() : []
      if (!drafts.length || this.random.next() < 0.7) return
      const draft = this.random.pick(drafts)
      if (await this.dare(() => tab.phone.dropDraft(draft.op_id))) this.made.get(draft.op_id)!.dropped = true
    },
    undo: async (handset, tab) => {
      const rows = await handset.db.outbox.toArray()
      const mine = rows.filter((row) => this.made.has(row.op_id) && row.state !== 'draft' && !row.carried && !this.made.get(row.op_id)!.undone)
      if (!mine.length) return
      const { op_id } = this.random.pick(mine)
      if (await this.dare(() => tab.phone.undo([op_id]))) this.made.get(op_id)!.undone = true
    },
    release: async (_handset, tab) => { await this.dare(() => tab.phone.release()) },
    leave: async (_handset, tab) => {
      if (tab.phone.session) await this.dare(() => tab.phone.leave())
    },
    upload: async (_handset, tab) => {
      const staff = tab.phone.session?.staff.id
      await this.dare(() => tab.phone.upload())
      if (staff && !tab.phone.session && !this.world.isRevoked(staff)) this.wrong(`${staff} was signed out by what another did`)
    },
    together: async (handset) => {
      await Promise.all(handset.tabs.map((tab) => this.dare(() => tab.phone.upload())))
    },
    amid: async (handset, tab) => { // something else happens while it uploads
      const uploads = this.dare(() => tab.phone.upload())
      await this.acts[this.random.pick(['undo', 'quick', 'leave', 'draft', 'finish', 'lock'])]!(handset, this.random.pick(handset.tabs))
      await uploads
    },
    give: async (handset, tab) => { // two phones meet without a signal
      const [other] = this.handsets.find((one) => one !== handset)!.tabs
      if (!tab.phone.session || !tab.phone.vault.isOpen || !other?.phone.vault.isOpen) return
      await this.dare(() => meet(tab.phone, other.phone, this.random.next() < 0.3, this.random.next() < 0.8))
    },
    learn: async (_handset, tab) => { await this.dare(() => learnTold(tab.phone)) },
    tab: async (handset) => { if (handset.tabs.length < 2) await this.start(handset) },
    kill: async (handset) => {
      const pin = handset.tabs[0]!.pin
      handset.tabs = []
      if (this.dexie) {
        handset.db.close()
        handset.db = this.open(handset.name)
      }
      await this.start(handset)
      for (const tab of handset.tabs) tab.pin = pin
    },
    idle: async (_handset, tab) => { tab.phone.lockWhenIdle(this.random.next() < 0.3) },
    clock: async (handset) => {
      handset.shift = this.random.pick([0, 0, -26 * HOUR, 26 * HOUR, 31 * DAY, -31 * DAY, -56 * 365 * DAY])
    },
    later: async (_handset, tab) => {
      this.world.now += this.random.pick([60_000, HOUR, 6 * HOUR, 26 * HOUR])
      await this.dare(() => tab.phone.tidy())
    },
    full: async (handset) => {
      if (!this.dexie) (handset.db as ReturnType<typeof memoryDb>).full = this.random.next() < 0.4
    },
    offline: async () => { this.world.fault = this.world.fault ? '' : 'down' },
    arrive: async () => { for (const ask of this.world.late.splice(0)) ask() },
    deal: async () => { this.world.doors += 2 },
    delete: async () => { this.world.gone.add(`d${this.random.below(8)}`) },
    revoke: async (handset) => { if (this.random.next() < 0.3) this.world.revoke(this.random.pick(handset.people)) },
    backup: async () => { this.world.keepBackup() },
    restore: async () => { if (this.random.next() < 0.4) this.world.restore() },
    takeIn: async () => { this.world.takeIn() },
  }

  private key = (): string => `v${this.number++}`
  private door(tab: Tab): Door {
    return this.random.pick(tab.phone.pack?.doors ?? [{ dwelling_id: 'd0', label: '0', building: '', people: [] } as unknown as Door])
  }
  private note(key: string, words: string): void {
    const before = this.made.get(key)
    this.made.set(key, { undone: false, dropped: false, finished: false, photos: 0, ...before, words })
  }
  private async write(tab: Tab, draft: Draft): Promise<void> {
    const words = `${this.seed} ${draft.op_id} ${this.number++}`
    let { photos: [...photos], voice } = draft
    if (this.random.next() < 0.2 && photos.length < 2) {
      const add = async () => { photos.push(await tab.phone.addPhoto(draft.op_id, new Uint8Array([1, 2, 3]), new Uint8Array([9]))) }
      await this.dare(add)
    }
    if (this.random.next() < 0.1 && !voice) await this.dare(async () => { voice = await speak(tab.phone, draft.op_id) })
    if (!(await this.dare(() => tab.phone.keepDraft({ ...draft, note: words, photos, voice })))) return
    const before = this.made.get(draft.op_id)
    if (before?.finished || before?.dropped) return // another tab finished it: that stands
    this.note(draft.op_id, words)
    this.made.get(draft.op_id)!.photos = photos.length + (voice ? 1 : 0)
  }

  // what must hold
  /** While nobody has opened a phone, nothing in it says anything. */
  private async checkLocked(handset: Handset): Promise<void> {
    if (handset.tabs.some((tab) => tab.phone.vault.isOpen)) return
    for (const row of await handset.db.outbox.toArray()) {
      const { sealed, ...rest } = row
      if (JSON.stringify(rest).includes('3-2-')) this.wrong(`${row.op_id} can be read on a locked phone`)
      if (sealed.ct === '') this.wrong('not sealed')
    }
  }
  private async checkDone(): Promise<void> {
    for (const [key, made] of this.made) {
      const item = this.world.kept.items.get(key)
      const rows = await Promise.all(this.handsets.map((handset) => handset.db.outbox.get(key)))
      const row = rows.find(Boolean)
      if (made.dropped) continue
      if (made.undone) this.checkUndone(key, !!item)
      else if (row?.state === 'draft') await this.checkDraft(key, row.draft)
      else if (!item) this.wrong(`${key} is lost (${row?.state ?? 'nowhere'})`)
      else this.checkArrived(key, made, item)
    }
  }
  private checkArrived(key: string, made: Made, item: NonNullable<ReturnType<World['kept']['items']['get']>>): void {
    const said = JSON.parse(item.ct)
    if (said.note !== made.words) this.wrong(`${key} says ${said.note} and not ${made.words}`)
    if (item.doublets) this.wrong(`${key} was altered`)
    if (said.photos.length + (said.voice ? 1 : 0) < made.photos) this.wrong(`${key} lost a photo`)
    if (item.state === 'taken' && item.missing.size) this.wrong(`a photo of ${key} never arrived`)
  }
  private checkUndone(key: string, there: boolean): void {
    const back = [...this.world.kept.items.values()].some((item) => JSON.parse(item.ct).takes_back === key)
    if (there && !back) this.wrong(`${key} was taken back and stands`)
  }
  private async checkDraft(key: string, box: unknown): Promise<void> {
    for (const handset of this.handsets) {
      if (!(await handset.db.outbox.get(key))) continue
      const tab = { phone: this.phone(handset), pin: handset.tabs[0]!.pin }
      await tab.phone.begin()
      if (!(await handset.db.outbox.get(key))?.draft) continue // given up with its lock: it went to the office
      let read: unknown
      if ((await tab.phone.vault.tryPin(tab.pin)) === 'open') read = await tab.phone.vault.show(box)
      if (!read) this.wrong(`the half record ${key} cannot be read and does not go`)
    }
  }
  private async checkRows(): Promise<void> {
    const keys = new Set<string>()
    for (const handset of this.handsets) {
      for (const row of await handset.db.outbox.toArray()) {
        if (keys.has(row.op_id) && !row.carried) this.wrong(`${row.op_id} stands on two phones`)
        if (!row.carried) keys.add(row.op_id)
        if (['held', 'saved', 'queued'].includes(row.state)) this.wrong(`${row.op_id} is stranded as ${row.state}`)
      }
    }
    const perDoor = [...this.world.kept.items.keys()].filter((key) => key.startsWith('v'))
    if (perDoor.some((key) => !this.made.has(key) && !this.unsure.has(key))) this.wrong('the server has what nobody saved')
  }
  /** Keys of saves that failed: they may have been written all the same, never twice. */
  private unsure = { has: () => true }

  async live(): Promise<void> {
    this.world.calm = true
    for (const handset of this.handsets) {
      await this.start(handset)
      await this.acts.signIn!(handset, handset.tabs[0]!)
    }
    this.world.calm = false
    const names = [...Object.keys(this.acts), ...OFTEN]
    for (let step = 0; step < STEPS && !this.problem; step++) {
      const name = this.random.pick(names)
      const handset = this.random.pick(this.handsets)
      this.steps.push(`${name}@${handset.name}`)
      await this.acts[name]!(handset, this.random.pick(handset.tabs))
      await this.checkLocked(handset)
      this.world.now += 1000
    }
    if (!this.problem) await this.heal()
  }
  /** The line is good, nobody signs in any more: everything finished must find its way home by itself. */
  private async heal(): Promise<void> {
    this.world.calm = true
    for (const ask of this.world.late.splice(0)) ask()
    for (const handset of this.handsets) {
      if (!this.dexie) (handset.db as ReturnType<typeof memoryDb>).full = false
      handset.tabs = handset.tabs.slice(0, 1)
      const phone = this.phone(handset)
      await phone.begin()
      for (let round = 0; round < 4; round++) await this.dare(() => phone.upload())
    }
    await this.checkDone()
    await this.checkRows()
    if (!this.problem && this.world.backup && this.random.next() < 0.5) await this.restoreLate()
  }
  /** Days after everybody handed over, the server is restored from an old backup; some clocks are wrong by then. */
  private async restoreLate(): Promise<void> {
    this.steps.push('everybody leaves', 'the server is restored')
    for (const handset of this.handsets) {
      const phone = this.phone(handset)
      await phone.begin()
      if ((await phone.unlock(handset.tabs[0]!.pin)) === 'open') await this.dare(() => phone.leave())
      for (let round = 0; round < 3; round++) await this.dare(() => phone.upload())
      await this.acts.clock!(handset, handset.tabs[0]!)
    }
    this.world.now += 2 * DAY
    this.world.restore()
    for (const handset of this.handsets) {
      const phone = this.phone(handset)
      await phone.begin()
      for (let round = 0; round < 4; round++) await this.dare(() => phone.upload())
    }
    await this.checkDone()
  }
  end(): void {
    for (const db of this.dbs) db.close()
    if (this.dexie) for (const handset of this.handsets) indexedDB.deleteDatabase(handset.name)
  }
}
const OFTEN = ['quick', 'quick', 'quick', 'draft', 'draft', 'draft', 'finish', 'finish', 'upload', 'upload', 'upload', 'amid', 'amid',
  'unlock', 'unlock', 'unlock', 'unlock', 'signIn', 'signIn', 'signIn', 'signIn', 'takePack', 'undo', 'release', 'arrive'] as const

async function live(seed: number, dexie = false): Promise<History> {
  const history = new History(seed, dexie)
  await history.live()
  history.end()
  return history
}

test('a reply that is no answer changes nothing on the phone', async () => {
  const api = makeApi(() => 'token', () => 'zh-hans')
  for (const text of ['<html>请登录 Wi-Fi</html>', '{"epoch": "e1", "it', '', 'null', '3']) {
    vi.stubGlobal('fetch', async () => new Response(text, { status: 200 }))
    const asks = [() => api.pack(), () => api.enrol('a', 'b'), () => api.list(['x']), () => api.leave()]
    for (const ask of asks) await expect(ask()).rejects.toBeInstanceOf(TypeError)
  }
})

test(`A3: ${HISTORIES} histories lose, strand, double nothing and leave nothing unreadable`, { timeout: 24 * HOUR }, async () => {
  const began = performance.now()
  let [acts, lives] = [0, 0]
  for (let number = SHARD; number < HISTORIES; number += SHARDS) {
    const seed = (SEED + number) >>> 0
    const lived = await live(seed, number % ON_DEXIE === ON_DEXIE - 1)
    acts += lived.made.size
    lives++
    if (lived.problem) throw new Error(`QM_SEED=${seed} QM_HISTORIES=1: ${lived.problem}\n${lived.steps.join('\n')}`)
  }
  const seconds = (performance.now() - began) / 1000
  const rate = (lives / seconds).toFixed(0)
  console.log(`\n  A3 histories on the shipped core: ${lives} · steps ${STEPS} · acts ${acts} · lost 0 · stranded 0 · doubled 0 · unreadable 0`
    + ` · ${rate}/s · seed ${SEED} · ${localIso(Date.now()).slice(0, 10)}`)
})

test('the same seed lives the same history, in memory and on the real store', { timeout: 120_000 }, async () => {
  const told = async (dexie: boolean) => {
    const lived: unknown[] = []
    for (let seed = SEED; seed < SEED + 5; seed++) {
      const history = await live(seed, dexie)
      lived.push([history.steps, history.made, history.problem])
    }
    return lived
  }
  expect(await told(false)).toEqual(await told(false))
  expect((await told(true)).every((lived) => (lived as string[])[2] === '')).toBe(true)
})
