import type { Building, Door, OutboxRow, Pack } from '../types'

/** Doors, lists and rows of a place that does not exist. */
export function freshDoor(more: Partial<Door> = {}): Door {
  return {
    dwelling_id: 'd1', household_id: 'h1', position: 1, building: '锦瑟小区3号楼', entrance: '2', floor: 5, room: '501',
    label: '3-2-501', reason: '高风险老人', greet: '郭**，2 口人', phone_masked: '199****2075', last_visit: null,
    last_promise: null, etiquette: '先说姓名和社区。', base_version: 1, sounds: ['guo'],
    people: [{ id: 'p1', name: '郭**', relation: '户主' }, { id: 'p2', name: '韩**', relation: '配偶' }], mark: 'due',
    care: true, notes: [], wishes: [], say: [], ask: [], ...more,
  }
}

export function freshPack(doors: Door[]): Pack {
  const tiles = doors.map(({ dwelling_id, floor, room, label }) => ({ dwelling_id, floor, room, label, mark: '' }))
  const building: Building = { id: 'b', name: '锦瑟小区3号楼', entrances: [{ id: 'e', name: '2', doors: tiles }] }
  return {
    pack_id: 'p', made_at: '2026-11-25T08:00:00+08:00', expires_at: '2026-11-28T08:00:00+08:00', epoch: 'e',
    seal_key: { id: 'k', public: '' }, community: { id: 'c', name: '锦瑟社区', code: 'c', telephone: '0999-0000000' },
    staff: { id: 'me', name: '姚静' }, round: { id: 'r', day: '2026-11-25', team: '敲门一组' },
    badge: { number: '12345678', secret: '' }, doors, buildings: [building],
    outcomes: [{ code: 'met', title: '见面' }], need_kinds: [{ code: 'repair', title: '维修', icon: 'repair' }],
  }
}

export function row(op_id: string, state: OutboxRow['state']): OutboxRow {
  return {
    op_id, staff_id: 'me', right: 'r', label: new Uint8Array(), made_at: '2026-11-25T08:30:00+08:00', state,
    received_at: '2026-11-25T08:31:00+08:00', sealed: { key_id: 'k', epk: '', iv: '', ct: '' }, photos: [],
  }
}
