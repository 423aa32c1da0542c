import limits from './limits'
import type { Bytes } from './types'

/** What a browser records a voice in; qiaomen/office/shared/photo_files.py knows the same by their first bytes. */
const MEDIA = ['audio/webm;codecs=opus', 'audio/webm', 'audio/mp4', 'audio/ogg;codecs=opus']
/** Enough for speech: a minute is 180 KB. */
const BITS_PER_SECOND = 24_000

export class NoVoice extends Error {
  constructor(public why: 'no-recorder' | 'not-allowed' | 'no-microphone' | 'failed' | 'too-large') {
    super(why)
  }
}
export interface Recording { bytes: Bytes; seconds: number }
/** A recording under way: it ends by itself after a minute, when the app is put away, or when it is stopped. */
export interface Listening { stop(): void; done: Promise<Recording> }

function mediaHere(): string {
  const Recorder = globalThis.MediaRecorder
  const found = MEDIA.find((media) => Recorder?.isTypeSupported?.(media))
  if (!found || !navigator.mediaDevices?.getUserMedia) throw new NoVoice('no-recorder')
  return found
}

async function microphone(): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: true })
  } catch (error) {
    throw new NoVoice((error as DOMException).name === 'NotAllowedError' ? 'not-allowed' : 'no-microphone')
  }
}

/** Begin to record; `heard` is told each second how long it is. Raises NoVoice. */
export async function listen(heard: (seconds: number) => void): Promise<Listening> {
  const mimeType = mediaHere()
  const stream = await microphone()
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND })
  const parts: Blob[] = []
  const begun = performance.now()
  const passed = () => Math.round((performance.now() - begun) / 1000)
  const seconds = () => Math.min(limits.longest_voice_seconds, Math.max(1, passed()))
  const stop = () => { if (recorder.state !== 'inactive') recorder.stop() }
  const tick = setInterval(() => {
    heard(seconds())
    if (seconds() >= limits.longest_voice_seconds) stop()
  }, 1000)
  document.addEventListener('visibilitychange', stop)
  const done = new Promise<Recording>((resolve, reject) => {
    recorder.ondataavailable = (event) => { parts.push(event.data) }
    recorder.onerror = () => reject(new NoVoice('failed'))
    recorder.onstop = () => {
      const length = seconds()
      void new Blob(parts).arrayBuffer().then((raw) => {
        if (!raw.byteLength) reject(new NoVoice('failed'))
        else if (raw.byteLength > limits.largest_voice_bytes) reject(new NoVoice('too-large'))
        else resolve({ bytes: new Uint8Array(raw), seconds: length })
      })
    }
  }).finally(() => {
    clearInterval(tick)
    document.removeEventListener('visibilitychange', stop)
    for (const track of stream.getTracks()) track.stop()
  })
  recorder.start()
  return { stop, done }
}
