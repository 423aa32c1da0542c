import { Refused, type Api } from './api'

/** What is sent at once of a photo: what a cut line loses at most. */
export const PIECE = 64 * 1024
const SPARE_TURNS = 20

/**
 * Send a sealed photo from where the server says it is: after a cut, a restart or a restored backup alike, as the phone
 * keeps no count of its own. Another place than the one offered (another tab was faster) is gone on from.
 */
export async function sendInPieces(api: Api, id: string, body: Uint8Array): Promise<void> {
  let at = await api.photoOffset(id)
  if (at === null) return api.sendPhoto(id, body)
  for (let turns = body.length / PIECE + SPARE_TURNS; !at.complete; turns--) {
    if (turns < 0) throw new TypeError('no end') // two tabs in each other's way, or an answer of something else
    const end = Math.min(at.offset + PIECE, body.length)
    try {
      at = await api.addToPhoto(id, at.offset, body.slice(at.offset, end), end === body.length)
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== 'phone.photo-other-offset') throw error
      at = { offset: Number(error.details.offset), complete: false }
    }
  }
}
