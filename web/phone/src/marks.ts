import { done, mine } from './state'
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
  return !hours ? '' : hours.from && hours.to ? t('{from}–{to} 之间来', hours) : hours.from ? t('{from} 以后来', hours) : t('{to} 以前来', hours)
}

export function markOf(tile: Pick<Tile, 'dwelling_id' | 'mark'>): Mark {
  if (done.value.has(tile.dwelling_id)) return { sign: '✓', word: t('已走'), style: 'done' }
  const door = mine.value.get(tile.dwelling_id)
  if (door) {
    if (door.mark === 'urgent') return { sign: '!', word: t('急'), style: 'urgent' }
    if (door.mark === 'declined') return { sign: '⊘', word: t('勿扰'), style: 'due' }
    if (door.mark === 'agreed') return { sign: '◷', word: shortHours(door.hours) || t('约好'), style: 'due agreed' }
    if (door.mark === 'twice') return { sign: '▢', word: t('两次空'), style: 'due' }
    return { sign: '●', word: t('今天'), style: 'due' }
  }
  if (tile.mark === 'seen') return { sign: '✓', word: t('见过'), style: 'plain' }
  if (tile.mark === 'no-answer') return { sign: '▢', word: t('没人'), style: 'plain' }
  if (tile.mark === 'refused') return { sign: '⊘', word: t('勿扰'), style: 'plain' }
  return { sign: '', word: '', style: 'plain' }
}
