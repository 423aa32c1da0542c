import 'fake-indexeddb/auto'
import decode from 'qr/decode.js'
import { encode as encodeQr } from 'uqr'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { makeApi } from './api'
import { PhoneDb } from './db'
import { beginMeeting, keepGiven, openRows, Pieces, readMeeting, rowsToGive, showRows, type Given } from './handoff'
import { Phone } from './phone'
import { dice } from './testing/dice'
import { World } from './testing/world'
import type { Door, SealKey } from './types'

vi.mock('./seal', async (real) => {
  const seal = await real<typeof import('./seal')>()
  return {
    ...seal, // to the server's key what is said stays readable for the test; a meeting is sealed as it is
    sealText: async (key: SealKey, text: string, aad: string) =>
      (key.id === 'meeting' ? seal.sealText(key, text, aad) : { key_id: key.id, epk: '', iv: '', ct: text }),
    sealPhoto: async (_key: SealKey, content: Uint8Array) => content,
  }
})

let world: World
let dbs: PhoneDb[] = []
const door = (n = 1) =>
  ({ dwelling_id: `d${n}`, household_id: null, label: `3-2-${n}01`, building: '', people: [] }) as unknown as Door

async function newPhone(name: string): Promise<Phone> {
  const db = new PhoneDb(`handoff-${name}-${Math.random()}`)
  dbs.push(db)
  const device = { now: () => world.now, mono: () => world.now }
  const phone = new Phone({
    db, device, rounds: 1,
    api: (token, heard, outOfService) => makeApi(token, () => 'zh-hans', { heard, outOfService }),
  })
  await phone.begin()
  await phone.signIn(name, 'p')
  await phone.choosePin('135790')
  return phone
}
/** Draw a code as a screen does and read it as a camera does. */
function seen(text: string): string {
  const { data, size } = encodeQr(text, { border: 4, ecc: 'L' })
  const [scale, side] = [3, size * 3]
  const rgba = new Uint8ClampedArray(side * side * 4).fill(255)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const at = (y * side + x) * 4
      if (data[Math.floor(y / scale)]![Math.floor(x / scale)]) rgba.fill(0, at, at + 3)
    }
  }
  return decode({ width: side, height: side, data: rgba })
}
async function meet(from: Phone, to: Phone, halves: string[] = []): Promise<number> {
  const meeting = await beginMeeting('郭')
  const { public: point } = readMeeting(seen(meeting.shown))!
  const pieces = new Pieces()
  const given = { v: 1 as const, from: '姚', rows: await rowsToGive(from, halves) }
  for (const code of await showRows(given, point)) pieces.add(seen(code))
  return keepGiven(to, await openRows(meeting, (await pieces.whole())!), '姚转来的')
}

beforeEach(() => {
  world = new World(dice(1), 'w')
  world.calm = true
  vi.stubGlobal('fetch', world.fetch)
})
afterEach(() => { for (const db of dbs.splice(0)) db.close() })

describe('from phone to phone by light (14)', () => {
  test('what has no signal is handed in by the colleague, once, and each stays its maker\'s', async () => {
    const [hers, his] = [await newPhone('姚'), await newPhone('郭')]
    world.fault = 'down'
    for (let n = 0; n < 9; n++) await hers.record(`v${n}`, door(n), 'no_answer', { note: `午睡 ${n}` })
    expect(await meet(hers, his)).toBe(9)
    expect(await meet(hers, his)).toBe(0) // shown twice, kept once
    world.fault = ''
    await his.upload()
    expect([...world.kept.items.values()].map((item) => item.by)).toEqual(Array(9).fill('姚'))
    expect((await his.db.outbox.toArray()).map((row) => row.state)).toEqual(Array(9).fill('received'))
    await hers.upload() // her phone hears of it itself; nothing is doubled
    expect((await hers.db.outbox.toArray()).map((row) => row.state)).toEqual(Array(9).fill('received'))
    expect([...world.kept.items.values()].some((item) => item.doublets)).toBe(false)
  })

  test('half records go as they stand when that is asked, and photos stay with their maker', async () => {
    const [hers, his] = [await newPhone('姚'), await newPhone('郭')]
    const draft = hers.freshDraft(door())
    const photo = await hers.addPhoto(draft.op_id, new Uint8Array([1, 2]), new Uint8Array([1]))
    await hers.keepDraft({ ...draft, note: '说到一半', photos: [photo] })
    expect(await meet(hers, his)).toBe(0)
    expect(await hers.drafts()).toHaveLength(1)
    expect(await meet(hers, his, [draft.op_id])).toBe(1)
    expect(await hers.drafts()).toHaveLength(0)
    await his.upload()
    expect(world.kept.items.get(draft.op_id)!.state).toBe('quarantined')
    world.kept.items.get(draft.op_id)!.state = 'taken'
    await his.upload()
    expect((await his.db.outbox.get(draft.op_id))!.state).toBe('received') // nothing more to do for him
    for (let n = 0; n < 3; n++) await hers.upload()
    expect(world.kept.items.get(draft.op_id)!.missing.size).toBe(0)
  })

  test('the colleague can tell what is whose and read none of it; locked, not even that', async () => {
    const [hers, his] = [await newPhone('姚'), await newPhone('郭')]
    await hers.record('v1', door(), 'met')
    await meet(hers, his)
    const [row] = await his.db.outbox.toArray()
    expect(await his.vault.show(row!.label)).toMatchObject({ label: '姚转来的', what: 'carried' })
    expect(JSON.stringify({ ...row, sealed: null })).not.toContain('3-2-101')
    expect(await his.drafts()).toEqual([])
  })
})

describe('the codes', () => {
  const given: Given = { v: 1, from: '姚', rows: Array.from({ length: 20 }, (_, n) => ({
    op_id: `v${n}`, staff_id: 's', right: 'v1.grant', made_at: '2026-11-25T09:00:00+08:00', photos: [],
    sealed: { key_id: 'k', epk: 'e', iv: 'i', ct: `${n}`.repeat(600) },
  })) }
  test('arrive in any order, twice and between others; a misread one is collected anew', async () => {
    const meeting = await beginMeeting('郭')
    const codes = await showRows(given, meeting.public)
    const pieces = new Pieces()
    for (const code of [...codes, ...codes].reverse()) {
      expect(pieces.add('https://example.test')).toBe(false)
      expect(pieces.add(code)).toBe(true)
    }
    expect(pieces.have).toBe(codes.length)
    expect(await openRows(meeting, (await pieces.whole())!)).toEqual(given)
    const misread = new Pieces()
    for (const code of codes) misread.add(code)
    misread.add(codes[3]!.slice(0, -1) + (codes[3]!.endsWith('A') ? 'B' : 'A'))
    expect(await misread.whole()).toBeUndefined()
    expect(misread.have).toBe(0)
  })
  test('open for the one phone they were made for; whoever filmed them has nothing', async () => {
    const [meeting, other] = [await beginMeeting('郭'), await beginMeeting('客')]
    const codes = await showRows(given, meeting.public)
    expect(codes.join('')).not.toContain('grant')
    const pieces = new Pieces()
    for (const code of codes) pieces.add(code)
    await expect(openRows(other, (await pieces.whole())!)).rejects.toThrow()
  })
  test('what is no handing over is refused whole', async () => {
    const meeting = await beginMeeting('郭')
    const good = given.rows[0]
    const bad = [[{ op_id: 'a' }], 'rows', [{ ...good, right: '' }], [{ ...good, made_at: 'soon' }]]
    for (const rows of bad) {
      const pieces = new Pieces()
      for (const code of await showRows({ v: 1, from: '', rows } as unknown as Given, meeting.public)) pieces.add(code)
      await expect(openRows(meeting, (await pieces.whole())!)).rejects.toThrow('no handing over')
    }
    expect(readMeeting('https://example.test')).toBeUndefined()
  })
})
