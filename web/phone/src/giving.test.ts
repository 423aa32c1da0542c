import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeGiving } from './giving'
import { beginMeeting } from './handoff'
import { phone, session } from './state'
import { notKept } from './storage'

beforeEach(() => {
  session.value = { token: 't', right: 'r', staff: { id: 'me', name: '姚静' }, community: { id: 'c', name: '锦瑟社区' } }
})
afterEach(() => { vi.restoreAllMocks(); session.value = null; notKept.value = null })

test('after a phone that could not give, the next code is read', async () => {
  vi.spyOn(phone, 'upload').mockResolvedValue(undefined)
  const full = new DOMException('full', 'QuotaExceededError')
  const release = vi.spyOn(phone, 'release').mockRejectedValueOnce(full).mockResolvedValue(undefined)
  const giving = makeGiving()
  const { shown } = await beginMeeting('韩露')
  giving.scanning.value = true
  expect(await giving.read(shown)).toBe(false)
  expect([notKept.value?.why, giving.codes.value.length, giving.scanning.value]).toEqual(['full', 0, false])
  giving.scanning.value = true
  expect(await giving.read(shown)).toBe(true)
  expect([giving.to.value, giving.codes.value.length > 0, notKept.value]).toEqual(['韩露', true, null])
  expect(await giving.read(shown)).toBe(false) // what is shown stays shown
  expect(release).toHaveBeenCalledTimes(2)
})
