type Bytes = Uint8Array<ArrayBuffer>
const MOST_PX = 1600

/** Draw a picture anew, at most 1600 px: place and other data stay behind. */
export async function redraw(file: Blob): Promise<Bytes> {
  const picture = await createImageBitmap(file)
  const scale = Math.min(1, MOST_PX / Math.max(picture.width, picture.height))
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
  const [width, height] = [Math.min(canvas.width, Math.ceil(x + w)) - left, Math.min(canvas.height, Math.ceil(y + h)) - top]
  if (width < 1 || height < 1) return
  const draw = canvas.getContext('2d')!
  const picture = draw.getImageData(left, top, width, height)
  coarse(picture.data, width, height, Math.max(12, Math.ceil(Math.max(width, height) / 6)))
  draw.putImageData(picture, left, top)
}

/** Replace every square of `side` px in RGBA data by its mean. */
export function coarse(rgba: Uint8ClampedArray, width: number, height: number, side: number): void {
  for (let top = 0; top < height; top += side) for (let left = 0; left < width; left += side) {
    const [right, bottom] = [Math.min(width, left + side), Math.min(height, top + side)]
    const sum = [0, 0, 0]
    const at = (row: number, column: number) => (row * width + column) * 4
    for (let row = top; row < bottom; row++) for (let column = left; column < right; column++) for (let c = 0; c < 3; c++) sum[c]! += rgba[at(row, column) + c]!
    const count = (right - left) * (bottom - top)
    for (let row = top; row < bottom; row++) for (let column = left; column < right; column++) for (let c = 0; c < 3; c++) rgba[at(row, column) + c] = sum[c]! / count
  }
}
