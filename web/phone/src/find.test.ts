import { expect, test } from 'vitest'
import { findDoors } from './find'
import type { Door } from './types'

const door = (label: string, greet: string, sounds?: string[], building = '幸福苑3号楼') => ({ label, greet, sounds, building }) as Door
const doors = [
  door('3-2-501', '单**，3 口人', ['shan', 'dan']), door('3-2-502', '张**，2 口人', ['zhang']), door('13-1-1501', '张**，1 口人', ['zhang'], '学府里13号楼'),
  door('3-1-402', '', []), door('3-1-101A', '欧**，4 口人', ['ouyang']), door('4-1-201', '王**，1 口人'),
]
const found = (text: string) => findDoors(doors, text).map((one) => one.label)

test.each([
  ['', 6], ['  ', 6], ['3-2-501', 1], ['3号楼2单元501室', 1], ['２单元501', 1], ['501', 1], ['50', 2], ['3-2', 2], ['1', 4], ['402户', 1], ['101a', 1],
  ['单', 1], ['张', 2], ['张伟', 2], ['shan', 1], ['dan', 1], ['z', 2], ['ZH', 2], ['o', 1], ['wang', 0], ['学府里', 1], ['幸福苑 张', 1], ['幸福苑小区3-2-501', 1],
  ['张 1501', 1], ['贺', 0], ['9-9', 0], ['王', 1],
])('%s finds %i', (text, count) => { expect(found(text)).toHaveLength(count) })

test('the walking order stays', () => { expect(found('张')).toEqual(['3-2-502', '13-1-1501']) })
