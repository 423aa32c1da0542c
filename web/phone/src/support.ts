/** Whether this browser can keep visits safely; if not, why. */

export type Hindrance = '' | 'wechat-ios' | 'insecure' | 'old'

export function hindrance(ua: string, has: { secure: boolean; subtle: boolean; worker: boolean }): Hindrance {
  if (/MicroMessenger/i.test(ua) && /iPhone|iPad|iPod/i.test(ua)) return 'wechat-ios'
  if (!has.secure) return 'insecure'
  return has.subtle && has.worker ? '' : 'old'
}

export function here(): Hindrance {
  return hindrance(navigator.userAgent, {
    secure: window.isSecureContext,
    subtle: Boolean(globalThis.crypto?.subtle),
    worker: 'serviceWorker' in navigator,
  })
}
