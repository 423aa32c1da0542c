import { uuid } from './seal'
import type { Door, Draft, SaidNeed, VisitSaid } from './types'

/** What a visit says beside its door and outcome. */
export interface Brought {
  needs?: SaidNeed[]; detail?: VisitSaid['detail']; answers?: VisitSaid['answers']; note?: string
  agreed?: VisitSaid['agreed']
}

export function needOf(draft: Draft, handling: string): SaidNeed {
  const { kind, words, person_id, mandated, due_on } = draft
  return {
    id: uuid(), kind: kind || 'other', words: words.trim(), handling, person_id: person_id || null,
    mandated: kind === 'errand' ? mandated : null, ...(due_on && { due_on }),
  }
}

export function broughtBy(draft: Draft, needs: SaidNeed[]): Brought {
  const { check, talks, seen, answers, note } = draft
  return { needs, detail: { check, talks, seen }, answers, note }
}

/** The compound of a door; lists of a server from before this have it in front of the building's number. */
export function compoundOf(door: Pick<Door, 'compound' | 'building'>): string {
  return door.compound ?? door.building.replace(/[\d一二三四五六七八九十]+(号楼|栋|幢|号)$/, '')
}
