import { uuid } from './seal'
import { t } from './words'
import type { About, Ask, Declared, Door, Draft, SaidNeed, Unstamped, VisitSaid } from './types'

/** What a visit says beside its door and outcome. */
export interface Brought {
  needs?: SaidNeed[]; detail?: VisitSaid['detail']; answers?: VisitSaid['answers']; note?: string
  agreed?: VisitSaid['agreed']; voice?: VisitSaid['voice']
}

export function needOf(draft: Draft, handling: string): SaidNeed {
  const { kind, words, person_id, mandated, due_on } = draft
  return {
    id: uuid(), kind: kind || 'other', words: words.trim(), handling, person_id: person_id || null,
    mandated: kind === 'errand' ? mandated : null, ...(due_on && { due_on }),
  }
}

export function broughtBy(draft: Draft, needs: SaidNeed[]): Brought {
  const { check, talks, seen, answers, note, voice } = draft
  const said = voice && { id: voice.id, seconds: voice.seconds, consent: voice.consent }
  return { needs, detail: { check, talks, seen }, answers, note, voice: said }
}

/** All of a half record that travels sealed by itself: its photos, and its voice line. */
export function sealedOf({ photos, voice }: Draft): Declared[] {
  return [...photos, ...(voice ? [voice] : [])].map(({ id, sha256, size }) => ({ id, sha256, size }))
}

/** Of whom a question speaks. */
export function ofWhom(door: Door, ask: Ask): string {
  const person = door.people.find((other) => other.id === ask.person_id)
  const name = person && person.name + (person.relation ? `（${person.relation}）` : '')
  return ask.of ?? (name ? t('问{name}', { name }) : '')
}

/** The compound of a door; lists of a server from before this have it in front of the building's number. */
export function compoundOf(door: Pick<Door, 'compound' | 'building'>): string {
  return door.compound ?? door.building.replace(/[\d一二三四五六七八九十]+(号楼|栋|幢|号)$/, '')
}

/** What a visit is about, for the eye: a blank with its door, its needs and who lives there. */
export function aboutDoor(blank: About, door: Door, outcome: string, needs: SaidNeed[], photos: number): About {
  return {
    ...blank, compound: compoundOf(door), dwelling_id: door.dwelling_id, outcome, photos, people: door.people,
    needs: needs.map((need) => ({ id: need.id, kind: need.kind, person_id: need.person_id ?? '' })),
  }
}

/** A visit as it is sealed, but for its stamp. */
export function visitOf(
  op_id: string, door: Door, outcome: string, brought: Brought, round_id: string | null,
): Unstamped<VisitSaid> {
  return {
    op_id, kind: 'visit', dwelling_id: door.dwelling_id, household_id: door.household_id, round_id, outcome,
    note: brought.note ?? '', needs: brought.needs ?? [], base_version: door.base_version, corrects: null,
    detail: brought.detail, answers: brought.answers, ...(brought.agreed && { agreed: brought.agreed }),
    ...(brought.voice && { voice: brought.voice }),
  }
}

/** A fresh half record of a door, under the key its visit will have. */
export function freshDraft(door: Door, begun_at: string): Draft {
  return {
    op_id: uuid(), door, step: 'met', kind: '', words: '', person_id: '', mandated: false, due_on: '', note: '',
    needs: [], check: {}, talks: [], seen: [], answers: [], photos: [], begun_at,
  }
}
