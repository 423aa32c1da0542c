import type { Door } from './types'

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

/** The doors of today's list that every word fits, in walking order; all of them for an empty text. */
export function findDoors(doors: Door[], text: string): Door[] {
  const words = text.split(/\s+/).map(folded).filter(Boolean)
  return doors.filter((door) => words.every((word) => fits(door, word)))
}
