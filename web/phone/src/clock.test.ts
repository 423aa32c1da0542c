import 'fake-indexeddb/auto'
import { beforeEach, expect, test } from 'vitest'
import { Clock } from './clock'
import { PhoneDb } from './db'

const HOUR = 3600_000
const SERVER = Date.parse('2026-11-25T09:00:00+08:00')
const device = { wall: 0, run: 0, now: () => device.wall, mono: () => device.run }
let clock: Clock
let db: PhoneDb
let number = 0
beforeEach(async () => {
  db = new PhoneDb(`clock-${number++}`)
  Object.assign(device, { wall: SERVER, run: 0 })
  clock = new Clock(db, device)
  await clock.begin()
})
const at = async () => Date.parse((await clock.stamp()).at)

test('a clock that is days or decades off is put right by what the server says at a contact', async () => {
  for (const off of [-56 * 365 * 24 * HOUR, 31 * 24 * HOUR, 26 * HOUR, -26 * HOUR, 5 * 60_000]) {
    device.wall = SERVER + off
    await clock.learn(SERVER)
    expect(await at()).toBe(SERVER)
    const stamp = await clock.stamp()
    expect([stamp.offset_ms, Date.parse(stamp.device)]).toEqual([-off, SERVER + off])
    expect(clock.off).toBe(Math.abs(off) >= 600_000 ? -off : 0) // ten minutes are said
  }
})

test('a clock set back after the contact turns no day back, in the running app and after a kill', async () => {
  await clock.learn(SERVER)
  device.run = HOUR
  device.wall = SERVER + HOUR
  expect(await at()).toBe(SERVER + HOUR)
  device.wall = SERVER - 26 * HOUR
  device.run = 2 * HOUR
  expect(await at()).toBe(SERVER + 2 * HOUR) // the other clock ran on
  clock = new Clock(db, { ...device, mono: () => 0 })
  await clock.begin()
  expect(clock.now()).toBe(SERVER + 2 * HOUR)
})

test('a clock set far forward is put back at the next contact, not for good', async () => {
  await clock.learn(SERVER)
  device.wall = SERVER + 31 * 24 * HOUR
  expect(await at()).toBe(device.wall) // nobody can know yet; the stamp says what it was read from
  await clock.learn(SERVER + HOUR)
  expect(clock.now()).toBe(SERVER + HOUR)
})

test('counts only rise, over tabs and kills', async () => {
  const second = new Clock(db, device)
  await second.begin()
  const counts = []
  for (const one of [clock, second, clock, new Clock(db, device), second]) counts.push((await one.stamp()).counter)
  expect(counts).toEqual([1, 2, 3, 4, 5])
  await clock.learn(SERVER + HOUR)
  expect((await second.stamp()).counter).toBe(6)
})
