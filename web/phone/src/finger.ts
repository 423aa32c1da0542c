import type { Bytes } from './types'
import type { MadeFinger } from './vault'

/** A finger or a face opens the list only where the browser gives a key with it (WebAuthn PRF). */
export class NoFinger extends Error {
  constructor(public why: 'no-browser' | 'no-prf' | 'not-now') {
    super(why)
  }
}

const PATIENCE_MS = 60_000
const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length))
const prfOf = (made: Credential | null) => (made as PublicKeyCredential | null)?.getClientExtensionResults().prf
const withPrf = (salt: Bytes): AuthenticationExtensionsClientInputs => ({ prf: { eval: { first: salt } } })
const bytesOf = (given: BufferSource): Bytes => new Uint8Array(given as ArrayBuffer)

/** Whether this browser knows fingers and faces of this phone at all. */
export async function isOffered(): Promise<boolean> {
  const known = globalThis.PublicKeyCredential?.isUserVerifyingPlatformAuthenticatorAvailable?.()
  return !!(await known?.catch(() => false))
}

async function asking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof NoFinger) throw error
    // an address of numbers has no name that a credential could belong to
    const never = error instanceof DOMException && ['SecurityError', 'NotSupportedError'].includes(error.name)
    throw new NoFinger(never ? 'no-browser' : 'not-now')
  }
}

/** Make a credential of this phone and the key it gives. Raises NoFinger. */
export async function makeFinger(): Promise<MadeFinger> {
  if (!(await isOffered())) throw new NoFinger('no-browser')
  const salt = random(32)
  return asking(async () => {
    const made = await navigator.credentials.create({ publicKey: {
      rp: { name: '敲门' }, user: { id: random(16), name: '敲门', displayName: '敲门' }, challenge: random(32),
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }, { type: 'public-key', alg: -257 }],
      authenticatorSelection: {
        authenticatorAttachment: 'platform', userVerification: 'required', residentKey: 'required',
      },
      timeout: PATIENCE_MS, extensions: withPrf(salt),
    } })
    const prf = prfOf(made)
    if (!made || !(prf?.enabled || prf?.results?.first)) throw new NoFinger('no-prf')
    const credential = new Uint8Array((made as PublicKeyCredential).rawId)
    const secret = prf?.results?.first ? bytesOf(prf.results.first) : await askFinger({ credential, salt })
    return { credential, salt, secret }
  })
}

/** Ask for the finger or the face; returns the key it gives. Raises NoFinger. */
export async function askFinger({ credential, salt }: Pick<MadeFinger, 'credential' | 'salt'>): Promise<Bytes> {
  return asking(async () => {
    const shown = await navigator.credentials.get({ publicKey: {
      challenge: random(32), allowCredentials: [{ type: 'public-key', id: credential }], userVerification: 'required',
      timeout: PATIENCE_MS, extensions: withPrf(salt),
    } })
    const first = prfOf(shown)?.results?.first
    if (!first) throw new NoFinger('no-prf')
    return bytesOf(first)
  })
}
