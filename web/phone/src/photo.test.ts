import { expect, test } from 'vitest'
import { coarse } from './photo'

test('a blurred box keeps one colour a square and nothing of what was in it', () => {
  const [width, height, side] = [24, 24, 12]
  const rgba = new Uint8ClampedArray(width * height * 4).map((_, n) => (n % 4 === 3 ? 255 : (n * 31) % 256))
  coarse(rgba, width, height, side)
  const colours = new Set(Array.from({ length: width * height }, (_, n) => rgba.slice(n * 4, n * 4 + 3).join()))
  expect(colours.size).toBeLessThanOrEqual(4)
})
