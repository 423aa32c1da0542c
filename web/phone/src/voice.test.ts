import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import limits from './limits'
import { listen, NoVoice } from './voice'

/** A browser that records: what `stop` gives out, and what it says when it may not. */
class Recorder {
  static isTypeSupported = (media: string) => media === 'audio/mp4'
  static made: Recorder[] = []
  static gives = new Uint8Array(500)
  state = 'inactive'
  ondataavailable: (event: { data: Blob }) => void = () => {}
  onstop: () => void = () => {}
  onerror: () => void = () => {}
  constructor(public stream: unknown, public how: { mimeType: string }) { Recorder.made.push(this) }
  start() { this.state = 'recording' }
  stop() {
    this.state = 'inactive'
    this.ondataavailable({ data: new Blob([Recorder.gives]) })
    this.onstop()
  }
}
const track = { stop: vi.fn() }
const microphone = vi.fn()
let hide = () => {}
beforeEach(() => {
  vi.useFakeTimers()
  Recorder.made = []
  Recorder.gives = new Uint8Array(500)
  microphone.mockResolvedValue({ getTracks: () => [track] })
  track.stop.mockClear()
  vi.stubGlobal('MediaRecorder', Recorder)
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: microphone } })
  vi.stubGlobal('document', {
    addEventListener: (_name: string, work: () => void) => { hide = work },
    removeEventListener: () => { hide = () => {} },
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})
const why = (reason: NoVoice['why']) => new NoVoice(reason)

test('a line is as long as it was, in what this browser records, and the microphone is let go', async () => {
  const heard: number[] = []
  const { stop, done } = await listen((seconds) => heard.push(seconds))
  await vi.advanceTimersByTimeAsync(3000)
  stop()
  stop() // twice is once
  expect(await done).toEqual({ bytes: Recorder.gives, seconds: 3 })
  expect([heard, Recorder.made[0]!.how.mimeType, track.stop.mock.calls.length]).toEqual([[1, 2, 3], 'audio/mp4', 1])
})

test('after a minute, and when the app is put away, it ends by itself', async () => {
  const long = await listen(() => {})
  await vi.advanceTimersByTimeAsync(90_000)
  expect((await long.done).seconds).toBe(limits.longest_voice_seconds)
  const short = await listen(() => {})
  await vi.advanceTimersByTimeAsync(2000)
  hide()
  expect((await short.done).seconds).toBe(2)
})

test('a browser without a recorder, a microphone that is refused or is not there: each says why', async () => {
  microphone.mockRejectedValueOnce(new DOMException('', 'NotAllowedError'))
  await expect(listen(() => {})).rejects.toEqual(why('not-allowed'))
  microphone.mockRejectedValueOnce(new DOMException('', 'NotFoundError'))
  await expect(listen(() => {})).rejects.toEqual(why('no-microphone'))
  vi.stubGlobal('MediaRecorder', undefined)
  await expect(listen(() => {})).rejects.toEqual(why('no-recorder'))
  expect(microphone).toHaveBeenCalledTimes(2) // nobody is asked for a microphone that nothing could use
})

test('what came to nothing, broke off or is too large is not kept; the microphone is let go', async () => {
  for (const [size, reason] of [[0, 'failed'], [limits.largest_voice_bytes + 1, 'too-large']] as const) {
    Recorder.gives = new Uint8Array(size)
    const { stop, done } = await listen(() => {})
    stop()
    await expect(done).rejects.toEqual(why(reason))
  }
  const { done } = await listen(() => {})
  Recorder.made[2]!.onerror()
  await expect(done).rejects.toEqual(why('failed'))
  expect(track.stop).toHaveBeenCalledTimes(3)
})
