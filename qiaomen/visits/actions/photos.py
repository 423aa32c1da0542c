"""Pictures: decoded and drawn anew, so that nothing but pixels is kept; sealed in files beside the database."""

import base64
import io
import os
import uuid
import warnings
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from qiaomen.kernel import sealing
from qiaomen.visits.problems import NotAPhoto

LONGEST = 1600
MOST_PIXELS = 50_000_000
MOST_BYTES = 12 * 1024 * 1024


def redraw(content: bytes) -> bytes:
    """Return a JPEG of at most 1600 px with no metadata. Raises NotAPhoto."""
    if len(content) > MOST_BYTES:
        raise NotAPhoto()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise NotAPhoto()
                upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombWarning) as error:
        raise NotAPhoto() from error
    except Image.DecompressionBombError as error:
        raise NotAPhoto() from error
    upright.thumbnail((LONGEST, LONGEST))
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def file_name(photo_id: uuid.UUID) -> str:
    """Return where a picture lies below MEDIA_ROOT."""
    return f"photos/{photo_id.hex[:2]}/{photo_id.hex}.sealed"


def _path(photo_id: uuid.UUID) -> Path:
    return Path(settings.MEDIA_ROOT) / file_name(photo_id)


def store(photo_id: uuid.UUID, picture: bytes) -> None:
    """Seal a picture into its file, whole or not at all, and on the disk before anybody is told. Raises OSError."""
    path = _path(photo_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}-{uuid.uuid4().hex[:8]}")
    try:
        with draft.open("w") as file:
            file.write(sealing.seal(base64.b64encode(picture).decode(), f"visits.photo.{photo_id.hex}"))
            file.flush()
            os.fsync(file.fileno())  # a power cut must not take what the phone was told is received
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    if os.name != "nt":  # the name is durable when its folder is
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def seal_anew() -> int:
    """Seal every stored picture that stands under another key under the newest; return how many."""
    moved = 0
    for path in sorted((Path(settings.MEDIA_ROOT) / "photos").glob("*/*.sealed")):
        with path.open() as file:
            head = file.read(64)
        if sealing.key_of(head) != sealing.newest_key():
            photo_id = uuid.UUID(path.stem)
            store(photo_id, load(photo_id))
            moved += 1
    return moved


def load(photo_id: uuid.UUID) -> bytes:
    """Open a stored picture. Raises FileNotFoundError, CannotUnseal."""
    return base64.b64decode(sealing.unseal(_path(photo_id).read_text(), f"visits.photo.{photo_id.hex}"))
