import { ref } from 'vue'
import { settleUndo } from './actions'
import { readMeeting, rowsToGive, showRows } from './handoff'
import { drafts, phone, session } from './state'
import { keeping } from './storage'
import { t } from './words'

/** 转给同事: what the screen shows once a colleague's code was read; where that fails the next code is read again. */
export function makeGiving() {
  const halves = ref(false)
  const scanning = ref(false)
  const to = ref('')
  const codes = ref<string[]>([])
  const count = ref(0)
  const photos = ref(0)
  let busy = false

  /** Read a code; says whether it was a colleague's and the codes for it stand. */
  async function read(text: string): Promise<boolean> {
    const meeting = readMeeting(text)
    if (!meeting || busy || codes.value.length) return false
    busy = true
    to.value = meeting.name
    scanning.value = false
    try {
      return await keeping(t('转给同事'), async () => {
        await settleUndo()
        const rows = await rowsToGive(phone, halves.value ? drafts.value.map((draft) => draft.op_id) : [])
        count.value = rows.length
        photos.value = rows.reduce((sum, row) => sum + row.photos.length, 0)
        codes.value = await showRows({ v: 1, from: session.value!.staff.name, rows }, meeting.public)
      })
    } finally {
      busy = false
    }
  }
  return { halves, scanning, to, codes, count, photos, read }
}
