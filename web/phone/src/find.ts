import { compoundOf } from './records'
import type { Door, Pack } from './types'

/** 3号楼2单元501室 is 3-2-501, in full width too. */
function folded(text: string): string {
  const hyphened = text.normalize('NFKC').toLowerCase().replace(/号楼|栋|幢|单元|门|#|[—–]/g, '-')
  return hyphened.replace(/(\d)[室号户]$/, '$1').replace(/-$/, '')
}

/** A door by its label or a later part of it: 3-2-501, 2-501, 501, and as far as it is typed. */
function atDoor(label: string, text: string): boolean {
  return label.startsWith(text) || label.includes(`-${text}`)
}

function fits(door: Door, word: string): boolean {
  const [, place = '', number = ''] = /^([^\d]*)(\d.*)?$/.exec(word) ?? [null, word]
  if (number && !atDoor(folded(door.label), number)) return false
  if (!place) return true
  if (/^[a-z]+$/.test(place)) return (door.sounds ?? []).some((sound) => sound.startsWith(place))
  // the phone knows surnames only: 张伟 leads to every 张
  return door.greet.startsWith(place[0]!) || door.building.includes(place.replace(/小区$/, ''))
}

/** A door of any building of the list, for saying which it was; of those beside the list only the place is known. */
export interface DoorPlace { dwelling_id: string; label: string; compound: string; surname: string }

/** The doors that a number fits, those of today's list first. */
export function findPlaces(pack: Pack | null, text: string): DoorPlace[] {
  if (!pack || !text.trim()) return []
  const mine = findDoors(pack.doors, text).map((door) => ({
    dwelling_id: door.dwelling_id, label: door.label, compound: compoundOf(door), surname: door.greet.slice(0, 1),
  }))
  const listed = new Set(pack.doors.map((door) => door.dwelling_id))
  const number = folded(text.trim())
  const beside = pack.buildings.flatMap((building) => building.entrances.flatMap((entrance) => entrance.doors)
    .filter((tile) => !listed.has(tile.dwelling_id) && /^\d/.test(number) && atDoor(folded(tile.label), number))
    .map(({ dwelling_id, label }) => {
      const compound = compoundOf({ compound: building.compound, building: building.name })
      return { dwelling_id, label, compound, surname: '' }
    }))
  return [...mine, ...beside]
}

/** The doors of today's list that every word fits, in walking order; all of them for an empty text. */
export function findDoors(doors: Door[], text: string): Door[] {
  const words = text.split(/\s+/).map(folded).filter(Boolean)
  return doors.filter((door) => words.every((word) => fits(door, word)))
}
