import 'fake-indexeddb/auto'
import { readFileSync, readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createSSRApp, type Component } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { actKey } from './actions'
import Elevation from './parts/Elevation.vue'
import Halves from './parts/Halves.vue'
import NotKeptPart from './parts/NotKept.vue'
import Questions from './parts/Questions.vue'
import Trouble from './parts/Trouble.vue'
import Undo from './parts/Undo.vue'
import { freshDoor, freshPack, row } from './testing/things'
import Buildings from './screens/Buildings.vue'
import Correct from './screens/Correct.vue'
import DoorCard from './screens/DoorCard.vue'
import Finding from './screens/Finding.vue'
import Login from './screens/Login.vue'
import Me from './screens/Me.vue'
import Outbox from './screens/Outbox.vue'
import Pin from './screens/Pin.vue'
import Record from './screens/Record.vue'
import Slip from './screens/Slip.vue'
import Today from './screens/Today.vue'
import {
  abouts, clockOff, drafts, lockState, now, pack, phone, place, rows, session, tolds, trouble, undoable, type Place,
} from './state'
import { notKept } from './storage'
import type { About, Draft } from './types'
import { language } from './words'

/** What the main screens say, without a browser; how they feel under a thumb is in tests/browser. */
const nothing: Place = { screen: 'today', door: null, draft: null, stairs: null, row: '' }
const door = freshDoor()
const about = (more: Partial<About> = {}): About => ({ ...phone.about('visit', door.label), compound: '锦瑟小区', ...more })
const half = (more: Partial<Draft> = {}): Draft => ({ ...phone.freshDraft(door), words: '有燃气味', ...more })

async function shown(screen: Component, props: Record<string, unknown> = {}): Promise<string> {
  const html = await renderToString(createSSRApp(screen, props))
  return html.replace(/<!--.*?-->/g, '')
}

beforeEach(() => {
  vi.stubGlobal('location', { origin: 'https://example.test' })
  now.value = Date.parse('2026-11-25T09:00:00+08:00')
  lockState.value = 'open'
  pack.value = freshPack([door, freshDoor({ dwelling_id: 'd2', label: '3-2-502', position: 2 })])
  session.value = { token: 't', right: 'r', staff: { id: 'me', name: '姚静' }, community: { id: 'c', name: '锦瑟社区' } }
  place.value = { ...nothing }
})
afterEach(() => {
  for (const list of [rows, drafts]) list.value = []
  abouts.value = new Map()
  tolds.value = new Map()
  trouble.value = null
  undoable.value = null
  notKept.value = null
  clockOff.value = 0
  language.value = 'zh'
})

describe('a door is never a number alone (9)', () => {
  const at = { ...nothing, door }
  test('on the card, in the record, in its next door, in 今日', async () => {
    place.value = at
    expect(await shown(DoorCard)).toContain('锦瑟小区')
    place.value = { ...at, screen: 'record', draft: half() }
    const record = await shown(Record)
    expect(record).toContain('锦瑟小区 3-2-502') // the next one
    expect(record.indexOf('锦瑟小区')).toBeLessThan(record.indexOf('3-2-502'))
    expect(await shown(Today)).toContain('锦瑟小区')
  })
  test('in the outbox, in a correction, in what can be taken back, in a half record', async () => {
    rows.value = [row('a', 'saved')]
    abouts.value = new Map([['a', about()]])
    expect(await shown(Outbox)).toContain('锦瑟小区')
    place.value = { ...nothing, screen: 'correct', row: 'a' }
    expect(await shown(Correct)).toContain('锦瑟小区')
    undoable.value = { keys: ['a'], label: '锦瑟小区 3-2-501', door }
    expect((await shown(Undo)).replace(/\u2060/g, '')).toContain('锦瑟小区 3-2-501')
    expect(await shown(Halves, { drafts: [half()] })).toContain('锦瑟小区')
  })
})

describe('half records are listed and counted (3)', () => {
  test('on 今日 with a number, on the door, in the outbox and before 交班', async () => {
    drafts.value = [half({ needs: [{ id: 'n', kind: 'safety', words: '燃气', handling: 'urgent' }], photos: [{ id: 'p', sha256: '', size: 1 }] })]
    const today = await shown(Today)
    expect(today).toContain('没写完 1')
    expect(today).toContain('诉求 2 件 · 照片 1 张')
    expect(await shown(Outbox)).toContain('不要了')
    const building = pack.value!.buildings[0]!
    expect(await shown(Elevation, { building })).toContain('没写完')
    place.value = { ...nothing, door }
    expect(await shown(DoorCard)).toContain('接着写')
  })
})

describe('doors for the time that is left', () => {
  test('stand beside the number of today and say so in their row, until they are walked', async () => {
    const spare = freshDoor({ dwelling_id: 'd2', label: '3-2-502', position: 2, spare: true })
    pack.value = freshPack([door, spare])
    const today = await shown(Today)
    expect(today).toContain('今天 1 户')
    expect(today).toContain('另有 1 户还有时间再去。')
    expect(today.match(/data-testid="spare"/g)).toHaveLength(1)
    const walked = { by: '姚静', at: '2026-11-25T09:00:00+08:00', outcome: 'met', outcome_title: '见到了' }
    pack.value = freshPack([door, { ...spare, walked }])
    const later = await shown(Today)
    expect(later).toContain('今天 2 户')
    expect(later).not.toContain('还有时间再去')
  })
})

describe('what the office or the phone has to say is said', () => {
  test('a refusal, a wrong clock, nothing kept', async () => {
    trouble.value = { status: 429, code: '', message: '', after_s: 300 }
    clockOff.value = 26 * 3600_000
    const today = await shown(Today)
    expect(today).toContain('5 分钟')
    expect(today).toContain('慢了 1560 分钟')
    expect(await shown(Trouble)).toContain('data-status="429"')
    for (const [why, words] of [['full', '空间满了'], ['signed-out', '记在纸上'], ['other', '写不进去']] as const) {
      notKept.value = { why, what: '3-2-501' }
      expect(await shown(NotKeptPart)).toContain(words)
    }
  })
  test('a door a colleague was at today is walked, and says by whom (10)', async () => {
    const walked = { by: '韩露', at: '2026-11-25T08:30:00+08:00', outcome: 'met', outcome_title: '见面' }
    pack.value = freshPack([freshDoor({ walked })])
    const today = await shown(Today)
    expect(today).toContain('今天韩露走过：见面')
    expect(today).toContain('已走 1')
  })
  test('what the server keeps aside, and who has a need', async () => {
    rows.value = [row('a', 'problem'), row('b', 'received')]
    abouts.value = new Map([['a', about()], ['b', about({ day: '2026-11-25' })]])
    const needs = [{ id: 'n', kind: 'repair', handling: 'office', holder: '孟主任', due_on: '2026-11-28' }]
    tolds.value = new Map([['a', { message: '找不到这扇门', needs: [] }], ['b', { message: '', needs }]])
    const html = await shown(Outbox)
    expect(html).toContain('找不到这扇门')
    expect(html).toContain('孟主任 在办，2026-11-28 前')
    expect(html).toContain('今天听到 1 件')
  })
  test('of whom a question speaks stands before it', async () => {
    const ask = { person_id: 'p1', code: 'destitute', words: '特困供养的补助领到了吗？', choices: [{ value: 'true', title: '是' }] }
    expect(await shown(Questions, { door: freshDoor({ ask: [ask] }), answers: [] })).toContain('问郭**（户主）')
  })
  test('a door beside the list says that nothing is known of it', async () => {
    place.value = { ...nothing, door: freshDoor({ beside: true, greet: '', people: [] }) }
    expect(await shown(DoorCard)).toContain('只记，不看')
  })
})

test('every screen is drawn in both languages, with a list and without one', async () => {
  const screens = [Today, Buildings, DoorCard, Record, Outbox, Me, Slip, Finding, Correct, Login]
  for (const tongue of ['zh', 'en'] as const) {
    for (const list of [pack.value, null]) {
      language.value = tongue
      pack.value = list
      place.value = { ...nothing, door, draft: half(), stairs: { entrance_id: 'e', floor: 3, label: '3 楼' }, row: actKey() }
      for (const screen of screens) expect(await shown(screen)).not.toContain('undefined')
      for (const choosing of [true, false]) expect(await shown(Pin, { choosing })).toContain('pin-0')
    }
  }
})

test('no line of a template or of the code is longer than 120', () => {
  const folder = new URL('.', import.meta.url)
  const files = (readdirSync(folder, { recursive: true }) as string[]).filter((name) => /\.(vue|ts)$/.test(name))
  const wide = files.filter((name) => !/words|icons|test|testing/.test(name)).flatMap((name) =>
    readFileSync(new URL(name, folder), 'utf8').split('\n').flatMap((line, n) => ([...line].length > 120 ? `${name}:${n + 1}` : [])))
  expect(wide).toEqual([])
})
