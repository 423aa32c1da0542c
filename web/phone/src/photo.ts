import type { Bytes } from './types'

const MOST_PX = 1600

/** Draw a picture anew, at most 1600 px: place and other data stay behind. */
export function redraw(file: Blob): Promise<Bytes> {
  return draw(file, MOST_PX)
}

async function draw(file: Blob, most_px: number): Promise<Bytes> {
  const picture = await createImageBitmap(file)
  const scale = Math.min(1, most_px / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.width * scale)
  canvas.height = Math.round(picture.height * scale)
  canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return toJpeg(canvas)
}

export async function toJpeg(canvas: HTMLCanvasElement): Promise<Bytes> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.8))
  if (!blob) throw new Error('no picture')
  return new Uint8Array(await blob.arrayBuffer())
}

/** Make a box unreadable: a face is left as at most 6 squares across, each of the mean of what it covers. */
export function pixelate(canvas: HTMLCanvasElement, x: number, y: number, w: number, h: number): void {
  const [left, top] = [Math.max(0, Math.floor(x)), Math.max(0, Math.floor(y))]
  const width = Math.min(canvas.width, Math.ceil(x + w)) - left
  const height = Math.min(canvas.height, Math.ceil(y + h)) - top
  if (width < 1 || height < 1) return
  const draw = canvas.getContext('2d')!
  const picture = draw.getImageData(left, top, width, height)
  coarse(picture.data, width, height, Math.max(12, Math.ceil(Math.max(width, height) / 6)))
  draw.putImageData(picture, left, top)
}

/** Replace every square of `side` px in RGBA data by its mean. */
export function coarse(rgba: Uint8ClampedArray, width: number, height: number, side: number): void {
  for (let top = 0; top < height; top += side) {
    for (let left = 0; left < width; left += side) {
      const square = { left, top, right: Math.min(width, left + side), bottom: Math.min(height, top + side) }
      for (let channel = 0; channel < 3; channel++) fillWithMean(rgba, width, square, channel)
    }
  }
}

interface Square { left: number; top: number; right: number; bottom: number }

function fillWithMean(rgba: Uint8ClampedArray, width: number, square: Square, channel: number): void {
  const places: number[] = []
  for (let row = square.top; row < square.bottom; row++) {
    for (let column = square.left; column < square.right; column++) places.push((row * width + column) * 4 + channel)
  }
  const mean = places.reduce((sum, at) => sum + rgba[at]!, 0) / places.length
  for (const at of places) rgba[at] = mean
}

const VIEW_PX = 240
/** Draw a small view of a picture, for the screen. */
export async function shrink(picture: Bytes): Promise<Bytes> {
  return draw(new Blob([picture], { type: 'image/jpeg' }), VIEW_PX)
}
