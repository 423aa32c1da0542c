import { done, halves, mine } from './state'
import type { Door, Tile } from './types'
import { t } from './words'

/** What a door shows: a sign, a word and a style, so that it reads in grey and aloud. */
export interface Mark { sign: string; word: string; style: string }

type Hours = Door['hours']
/** The agreed hours as they fit on a tile: from when, or until when. */
export function shortHours(hours: Hours): string {
  return !hours ? '' : hours.from ? t('{from}起', hours) : t('{to}前', hours)
}
/** The agreed hours in full. */
export function hoursInWords(hours: Hours): string {
  if (!hours) return ''
  if (hours.from && hours.to) return t('{from}–{to} 之间来', hours)
  return hours.from ? t('{from} 以后来', hours) : t('{to} 以前来', hours)
}

function markOfDoor(door: Door): Mark {
  if (door.walked) return { sign: '✓', word: t('已走'), style: 'done' }
  if (door.mark === 'urgent') return { sign: '!', word: t('急'), style: 'urgent' }
  if (door.mark === 'declined') return { sign: '⊘', word: t('勿扰'), style: 'due' }
  if (door.mark === 'agreed') return { sign: '◷', word: shortHours(door.hours) || t('约好'), style: 'due agreed' }
  if (door.mark === 'twice') return { sign: '▢', word: t('两次空'), style: 'due' }
  return { sign: '●', word: t('今天'), style: 'due' }
}

const PLAIN: Record<string, () => Mark> = {
  'seen': () => ({ sign: '✓', word: t('见过'), style: 'plain' }),
  'no-answer': () => ({ sign: '▢', word: t('没人'), style: 'plain' }),
  'refused': () => ({ sign: '⊘', word: t('勿扰'), style: 'plain' }),
}

/** A half record first: it is the one thing here that waits for a hand. */
export function markOf(tile: Pick<Tile, 'dwelling_id' | 'mark'>): Mark {
  if (halves.value.has(tile.dwelling_id)) return { sign: '✎', word: t('没写完'), style: 'due half' }
  if (done.value.has(tile.dwelling_id)) return { sign: '✓', word: t('已走'), style: 'done' }
  const door = mine.value.get(tile.dwelling_id)
  if (door) return markOfDoor(door)
  return PLAIN[tile.mark]?.() ?? { sign: '', word: '', style: 'plain' }
}
