"""The code of a 敲门证: it changes every minute, so that a photo of yesterday's badge proves nothing today.

HMAC-SHA256 over the window's number, cut to six digits as in RFC 4226 §5.3 / RFC 6238. The phone computes the same
(web/phone/src/badge.ts; contract/vectors/badge.json); it needs no signal.
"""

import base64
import hashlib
import hmac

WINDOW_SECONDS = 60
TOLERANCE = 2
"""Windows before and after the server's own that still pass: a phone's clock may be off, a resident reads slowly."""


def code_at(secret: str, moment: float) -> str:
    """Return the six digits of a secret (base64url) at a Unix time."""
    key = base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))
    digest = hmac.new(key, int(moment // WINDOW_SECONDS).to_bytes(8, "big"), hashlib.sha256).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def is_good(secret: str, code: str, moment: float) -> bool:
    """Say whether a code was shown within the tolerance of a moment."""
    steps = range(-TOLERANCE, TOLERANCE + 1)
    return any(hmac.compare_digest(code_at(secret, moment + n * WINDOW_SECONDS).encode(), code.encode()) for n in steps)
