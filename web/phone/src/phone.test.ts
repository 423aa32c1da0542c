import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { learnTold } from './handing'
import { makeApi } from './api'
import { PhoneDb } from './db'
import { Phone } from './phone'
import { dice } from './testing/dice'
import { memoryDb } from './testing/memory'
import { World } from './testing/world'
import type { Door, SealKey } from './types'

/** The histories in which visits were lost, stranded, doubled or not readable, one by one, on the shipped core. */
vi.mock('./seal', async (real) => ({
  ...(await real<typeof import('./seal')>()),
  sealText: async (key: SealKey, text: string) => ({ key_id: key.id, epk: '', iv: '', ct: text }),
  sealPhoto: async (_key: SealKey, content: Uint8Array) => content,
}))

const HOUR = 3600_000
let world: World
let db: PhoneDb
let shift = 0
let number = 0
const door = (n = 1) => ({ dwelling_id: `d${n}`, household_id: null, label: `3-2-${n}01`, building: '锦瑟小区3号楼', people: [] }) as unknown as Door

function newTab(): Phone {
  const device = { now: () => world.now + shift, mono: () => world.now }
  return new Phone({ db, device, rounds: 1, api: (token, heard, outOfService) => makeApi(token, () => 'zh-hans', { heard, outOfService }) })
}
async function signedIn(name = '姚'): Promise<Phone> {
  const phone = newTab()
  await phone.begin()
  await phone.signIn(name, 'p')
  await phone.choosePin('135790')
  return phone
}
const states = async () => (await db.outbox.orderBy('made_at').toArray()).map((row) => row.state)
const there = (op_id: string) => world.kept.items.get(op_id)

beforeEach(() => {
  world = new World(dice(1), 'w')
  world.calm = true
  shift = 0
  db = new PhoneDb(`phone-${number++}`)
  vi.stubGlobal('fetch', world.fetch)
})
afterEach(() => db.close())

describe('a full phone that is handed over (3)', () => {
  test('lets its half records go before the next person locks it, whatever dies in between', async () => {
    const full = memoryDb('full')
    db = full
    const phone = await signedIn()
    await phone.keepDraft({ ...phone.freshDraft(door()), op_id: 'half', note: '说到一半' })
    full.full = true
    await phone.leave()
    full.full = false
    await phone.signIn('郭', 'p')
    await phone.choosePin('135790')
    await phone.keepDraft({ ...phone.freshDraft(door(2)), op_id: 'his' })
    const later = newTab() // the app was killed: what it owed is known to nobody
    await later.begin()
    await later.upload()
    expect(there('half')?.state).toBe('quarantined')
    expect((await full.outbox.get('his'))?.state).toBe('draft')
  })
})

describe('a row carries its own right (1)', () => {
  test('after 交班 a restored server still gets the sealed copies, with nobody signed in', async () => {
    const phone = await signedIn()
    world.keepBackup()
    await phone.record('v1', door(), 'met')
    await phone.upload()
    await phone.leave()
    await phone.upload()
    world.restore()
    expect(there('v1')).toBeUndefined()
    const later = newTab()
    await later.begin()
    for (let n = 0; n < 2; n++) await later.upload()
    expect(there('v1')).toBeDefined()
  })

  test('a server restored to before the sign-in takes the rows as 待核', async () => {
    world.keepBackup()
    const phone = await signedIn()
    await phone.record('v1', door(), 'met')
    await phone.upload()
    world.restore()
    for (let n = 0; n < 2; n++) await phone.upload()
    expect(there('v1')!.state).toBe('quarantined')
    expect(await states()).toEqual(['problem'])
  })

  test('交班 in one window while another records: what was recorded goes to the office', async () => {
    const phone = await signedIn()
    const other = newTab()
    await other.begin()
    await other.unlock('135790')
    await phone.leave()
    const draft = { ...other.freshDraft(door()), words: '燃气味' }
    await other.keepDraft(draft)
    await other.record('v1', door(2), 'no_answer', {}, true)
    await other.upload()
    expect([there(draft.op_id)!.state, there('v1')!.state]).toEqual(['quarantined', 'taken'])
    expect((await states()).sort()).toEqual(['problem', 'received'])
  })

  test('the revocation of one person never signs the next one out', async () => {
    const first = await signedIn('方')
    world.fault = 'down'
    world.calm = false
    await first.record('v1', door(), 'met')
    await first.leave()
    world.calm = true
    world.revoke('方')
    const second = await signedIn('姚')
    for (let n = 0; n < 3; n++) await second.upload()
    expect([second.lockState, second.session!.staff.id, there('v1')!.state]).toEqual(['open', '姚', 'quarantined'])
  })

  test('the revocation of who signed in last in another window leaves this one to whom it is', async () => {
    const [one, other] = [await signedIn('郭'), newTab()]
    await other.begin()
    await other.unlock('135790')
    await other.signIn('姚', 'p')
    await other.leave()
    await other.signIn('姚', 'p')
    await other.choosePin('246801')
    world.revoke('姚')
    await one.upload()
    expect([one.session?.staff.id, await db.read('lock')]).toEqual(['郭', undefined])
    expect(await one.record('v1', door(), 'no_answer')).toBeTruthy()
    await one.upload()
    expect(there('v1')!.by).toBe('郭')
  })
  test('somebody else who signs in on an ended sign-in sees nothing of the last one', async () => {
    const phone = await signedIn('方')
    await phone.keepDraft({ ...phone.freshDraft(door()), words: '燃气味' })
    phone.session = { ...phone.session!, expired: true }
    await phone.signIn('姚', 'p')
    expect([phone.lockState, phone.vault.isOpen, await phone.drafts()]).toEqual(['new', false, []])
    await phone.choosePin('246801')
    await phone.upload()
    expect([...world.kept.items.values()].map((item) => item.by)).toEqual(['方'])
  })
})

describe('half records survive what rows survive (3)', () => {
  const urgent = async (phone: Phone) => {
    const draft = phone.freshDraft(door())
    const photo = await phone.addPhoto(draft.op_id, new Uint8Array([1, 2, 3]), new Uint8Array([9]))
    const needs = [{ id: 'n1', kind: 'safety', words: '燃气泄漏', handling: 'urgent' }]
    await phone.keepDraft({ ...draft, needs, photos: [photo] })
    return draft.op_id
  }
  const arrives = async (op_id: string) => {
    const later = newTab()
    await later.begin()
    for (let n = 0; n < 2; n++) await later.upload()
    const said = JSON.parse(there(op_id)!.ct)
    expect([said.unfinished, said.needs[0].words, said.photos.length]).toEqual([true, '燃气泄漏', 1])
    expect(await db.photos.count()).toBe(1)
  }

  test('a voice line goes as photos do, is heard until it is finished, and is said apart from them', async () => {
    const phone = await signedIn()
    const draft = phone.freshDraft(door())
    const [picture, line] = [new Uint8Array([1, 2, 3]), new Uint8Array([4, 5])]
    const photo = await phone.addPhoto(draft.op_id, picture, new Uint8Array([9]))
    const kept = await phone.addPhoto(draft.op_id, line, line)
    const voice = { ...kept, seconds: 12, consent: '2026-11-25T09:00:00+08:00' }
    await phone.keepDraft({ ...draft, photos: [photo], voice })
    expect((await phone.drafts())[0]!.voice).toEqual(voice)
    expect(await phone.viewPhoto(voice.id)).toEqual(line)
    await phone.finish({ ...draft, photos: [photo], voice })
    expect(await phone.viewPhoto(voice.id)).toBeUndefined()
    await phone.release()
    await phone.upload()
    const said = JSON.parse(there(draft.op_id)!.ct)
    expect(said.voice).toEqual({ id: voice.id, seconds: 12, consent: voice.consent })
    expect([said.photos, said.declared]).toEqual([[photo.id], [photo, kept]])
    expect([there(draft.op_id)!.missing.size, await states()]).toEqual([0, ['received']])
  })
  for (const outcome of ['no_answer', 'met']) {
    test(`another record of the same door (${outcome}) leaves it where it was`, async () => {
      const phone = await signedIn()
      const op_id = await urgent(phone)
      await phone.record('v1', door(), outcome)
      expect((await phone.drafts()).map((draft) => draft.op_id)).toEqual([op_id])
    })
  }
  test('交班', async () => {
    const phone = await signedIn()
    const op_id = await urgent(phone)
    await phone.leave()
    await arrives(op_id)
  })
  test('five wrong PINs', async () => {
    const phone = await signedIn()
    const op_id = await urgent(phone)
    phone.lock()
    for (let n = 0; n < 5; n++) await phone.unlock('000001')
    expect(phone.lockState).toBe('none')
    await arrives(op_id)
  })
  test('five wrong PINs, and the app dies before the last one is dealt with', async () => {
    const phone = await signedIn()
    const op_id = await urgent(phone)
    phone.lock()
    for (let n = 0; n < 5; n++) await phone.vault.tryPin('000001')
    await arrives(op_id)
  })
  test('a list dealt anew without the door, and a list run out', async () => {
    const phone = await signedIn()
    const op_id = await urgent(phone)
    world.doors = 4
    await phone.takePack()
    expect(phone.pack!.doors.some((other) => other.dwelling_id === 'd1')).toBe(false)
    world.now += 80 * HOUR
    await phone.tidy()
    expect(phone.pack).toBeNull()
    const [draft] = await phone.drafts()
    await phone.finish(draft!)
    await phone.release()
    for (let n = 0; n < 2; n++) await phone.upload()
    expect([there(op_id)!.state, await states()]).toEqual(['taken', ['received']])
  })
  test('out of service at the office', async () => {
    const phone = await signedIn()
    const op_id = await urgent(phone)
    world.revoke('姚')
    await phone.takePack().catch(() => undefined)
    expect(phone.lockState).toBe('none')
    await arrives(op_id)
  })
  test('finishing makes of it one visit under the same key, and a late keystroke changes nothing', async () => {
    const phone = await signedIn()
    const op_id = await urgent(phone)
    const [draft] = await phone.drafts()
    await Promise.all([phone.finish(draft!), phone.finish(draft!)])
    await phone.keepDraft({ ...draft!, words: 'zu spät' })
    expect([await db.outbox.count(), (await db.outbox.get(op_id))!.state]).toEqual([1, 'held'])
  })
  test('a keystroke writes no photo again', async () => {
    const phone = await signedIn()
    await urgent(phone)
    const writes: string[] = []
    db.photos.hook('creating', () => { writes.push('new') })
    db.photos.hook('updating', () => { writes.push('again') })
    const [draft] = await phone.drafts()
    for (const words of ['水', '水管', '水管漏']) await phone.keepDraft({ ...draft!, words })
    expect(writes).toEqual([])
  })
})

describe('taking back (5)', () => {
  test('in its seconds it leaves no trace, while an upload runs and with a second window open', async () => {
    const phone = await signedIn()
    const other = newTab()
    await other.begin()
    await other.unlock('135790')
    await phone.record('v1', door(), 'no_answer', {}, true)
    await Promise.all([phone.upload(), other.upload()])
    expect(await phone.undo(['v1'])).toEqual({ gone: 1, travels: 0 })
    await phone.upload()
    expect([there('v1'), await db.outbox.count()]).toEqual([undefined, 0])
  })
  test('later it travels as an act of its own', async () => {
    const phone = await signedIn()
    await phone.record('v1', door(), 'no_answer')
    const uploading = phone.upload()
    const back = await phone.undo(['v1'])
    await uploading
    await phone.upload()
    expect(back).toEqual({ gone: 0, travels: 1 })
    const acts = [...world.kept.items.values()].map((item) => JSON.parse(item.ct).takes_back).filter(Boolean)
    expect(acts).toEqual(['v1'])
  })
  test('an app that died within the seconds hands it in when it is opened', async () => {
    const phone = await signedIn()
    await phone.record('v1', door(), 'no_answer', {}, true)
    const again = newTab()
    await again.begin()
    await again.upload()
    expect(there('v1')!.state).toBe('taken')
  })
})

describe('clocks (8)', () => {
  test.each([31 * 24 * HOUR, -56 * 365 * 24 * HOUR, 26 * HOUR, -26 * HOUR])('set off by %i ms, sealed copies stay', async (off) => {
    const phone = await signedIn()
    await phone.record('v1', door(), 'met')
    await phone.upload()
    shift = off
    const again = newTab()
    await again.begin()
    await again.tidy()
    await again.upload()
    await again.tidy()
    expect(await db.outbox.count()).toBe(1)
  })
  test.each([-26 * HOUR, -56 * 365 * 24 * HOUR])('set back by %i ms the phone locks, and visits keep their day', async (off) => {
    const phone = await signedIn()
    await phone.record('v1', door(), 'met')
    shift = off
    world.now += 60_000
    const row = await phone.record('v2', door(2), 'met')
    expect(row.made_at.slice(0, 10)).toBe('2026-11-25')
    phone.lockWhenIdle(false)
    expect(phone.lockState).toBe('closed')
  })
  test('a phone that thinks it is 1970 says so, and stamps by the server', async () => {
    shift = -56 * 365 * 24 * HOUR
    const phone = await signedIn()
    await phone.record('v1', door(), 'met')
    await phone.upload()
    expect(phone.clock.off).toBeGreaterThan(HOUR)
    expect(JSON.parse(there('v1')!.ct).happened_at.slice(0, 10)).toBe('2026-11-25')
    expect(there('v1')!.state).toBe('taken')
  })
})

describe('the lock (13, 15)', () => {
  test('while it is locked, and after 交班, a row says nothing; what came back is asked for again', async () => {
    const phone = await signedIn()
    await phone.record('v1', door(), 'met', { needs: [{ id: 'n', kind: 'health', words: '胸口疼', handling: 'office' }] })
    phone.lock()
    await phone.upload()
    const [locked] = await db.outbox.toArray()
    expect([locked!.state, locked!.told, locked!.draft]).toEqual(['received', undefined, undefined])
    await phone.unlock('135790')
    await learnTold(phone)
    expect((await db.outbox.get('v1'))!.told).toBeDefined()
    await phone.leave()
    const { sealed, ...rest } = (await db.outbox.get('v1'))!
    const text = JSON.stringify(rest, (_name, value) => (value instanceof Uint8Array ? new TextDecoder().decode(value) : value))
    for (const word of ['health', '3-2-101', '锦瑟', 'd1', 'message', 'holder']) expect(text).not.toContain(word)
    expect(sealed.ct).toContain('胸口疼') // here only because this test seals nothing
  })
  test('while a record is open it waits, at most twenty minutes', async () => {
    const phone = await signedIn()
    world.now += 19 * 60_000
    phone.lockWhenIdle(true)
    expect(phone.lockState).toBe('open')
    world.now += 60_000
    phone.lockWhenIdle(true)
    expect(phone.lockState).toBe('closed')
    await phone.unlock('135790')
    world.now += 5 * 60_000
    phone.lockWhenIdle(false)
    expect(phone.lockState).toBe('closed')
  })
})

describe('refusals are said (11)', () => {
  test.each([500, 503, 413, 429, 400])('%i keeps the rows and is said until it goes through', async (status) => {
    const phone = await signedIn()
    await phone.record('v1', door(), 'met')
    const headers = { 'Retry-After': '120' }
    vi.stubGlobal('fetch', async () => new Response('<h1>no</h1>', { status, headers }))
    await phone.upload()
    expect([phone.trouble!.status, phone.trouble!.after_s, await states()]).toEqual([status, 120, ['queued']])
    vi.stubGlobal('fetch', world.fetch)
    await phone.upload()
    expect([phone.trouble, await states()]).toEqual([null, ['received']])
  })
})
