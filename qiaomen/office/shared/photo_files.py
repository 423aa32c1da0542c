"""Pictures: decoded and drawn anew, so that nothing but pixels is kept; sealed in files beside the database.

A voice line (`VOICE`) lies beside them, sealed, sealed anew and counted in backups as they are.
"""

import base64
import io
import os
import re
import uuid
import warnings
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

from qiaomen.kernel import sealing
from qiaomen.office import rekey
from qiaomen.office.models import LARGEST_VOICE
from qiaomen.office.problems import NotAPicture, NotAVoice

LONGEST = 1600
MOST_PIXELS = 50_000_000
MOST_BYTES = 12 * 1024 * 1024
ORIGINAL, REDACTED, VOICE, BADGE = "", ".redacted", ".voice", ".badge"


def redraw(content: bytes) -> bytes:
    """Return a JPEG of at most 1600 px with no metadata. Raises NotAPicture."""
    if len(content) > MOST_BYTES:
        raise NotAPicture()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise NotAPicture()
                upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombWarning) as error:
        raise NotAPicture() from error
    except Image.DecompressionBombError as error:
        raise NotAPicture() from error
    upright.thumbnail((LONGEST, LONGEST))
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def file_name(photo_id: uuid.UUID, kind: str = ORIGINAL) -> str:
    """Return where a picture lies below MEDIA_ROOT; `kind`: ORIGINAL, REDACTED for the copy beside it, VOICE for
    what was said, BADGE for the photo somebody of the office shows at doors."""
    return f"photos/{photo_id.hex[:2]}/{photo_id.hex}{kind}.sealed"


def _path(photo_id: uuid.UUID, kind: str) -> Path:
    return Path(settings.MEDIA_ROOT) / file_name(photo_id, kind)


def _label(photo_id: uuid.UUID, kind: str) -> str:
    """Return what is written into the sealed file; it began in visits and never changes."""
    return f"visits.photo{kind}.{photo_id.hex}"


def store(photo_id: uuid.UUID, picture: bytes, kind: str = ORIGINAL) -> None:
    """Seal a picture into its file, whole or not at all, and on the disk before anybody is told. Raises OSError."""
    path = _path(photo_id, kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}-{uuid.uuid4().hex[:8]}")
    try:
        with draft.open("w") as file:
            file.write(sealing.seal(base64.b64encode(picture).decode(), _label(photo_id, kind)))
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


def load(photo_id: uuid.UUID, kind: str = ORIGINAL) -> bytes:
    """Open a stored picture. Raises FileNotFoundError, CannotUnseal."""
    return base64.b64decode(sealing.unseal(_path(photo_id, kind).read_text(), _label(photo_id, kind)))


def seal_anew() -> int:
    """Seal every stored picture and copy that stands under another key under the newest; return how many."""
    moved = 0
    for path in sorted((Path(settings.MEDIA_ROOT) / "photos").glob("*/*.sealed")):
        with path.open() as file:
            head = file.read(64)
        if sealing.key_of(head) != sealing.newest_key():
            name, dot, kind = path.stem.partition(".")
            photo_id = uuid.UUID(name)
            store(photo_id, load(photo_id, dot + kind), dot + kind)
            moved += 1
    return moved


rekey.also("office.photos", seal_anew)


def drop(photo_id: uuid.UUID, kind: str) -> None:
    """Take one file away. Twice is once."""
    _path(photo_id, kind).unlink(missing_ok=True)


def covered(picture: bytes, cells: Iterable[tuple[int, int]], columns: int, rows: int) -> bytes:
    """Return a JPEG in which cells (column, row) of a grid laid over the picture are black; under them nothing is left.

    Raises NotAPicture; ValueError for a cell outside the grid.
    """
    with Image.open(io.BytesIO(redraw(picture)), formats=["JPEG"]) as opened:
        copy = opened.convert("RGB")
    draw = ImageDraw.Draw(copy)
    for column, row in cells:
        if not (0 <= column < columns and 0 <= row < rows):
            raise ValueError((column, row))
        left, right = column * copy.width // columns, (column + 1) * copy.width // columns
        top, bottom = row * copy.height // rows, (row + 1) * copy.height // rows
        draw.rectangle((left, top, right - 1, bottom - 1), fill=(0, 0, 0))
    out = io.BytesIO()
    copy.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


MEDIA = (
    ("audio/webm", re.compile(rb"\x1a\x45\xdf\xa3")),
    ("audio/mp4", re.compile(rb"....ftyp", re.DOTALL)),
    ("audio/ogg", re.compile(rb"OggS")),
)
"""What a browser's recorder writes, by its first bytes: nothing else is ever handed to a player."""
PICTURES = re.compile(rb"V_(?:VP[89]|AV1|MPEG)|hdlr.{8}vide", re.DOTALL)
"""A track of pictures in either container: a line that is heard shows nobody."""


def media_of(content: bytes) -> str:
    """Return what a recording is. Raises NotAVoice for anything else, also for one with pictures."""
    found = next((media for media, begins in MEDIA if begins.match(content)), "")
    if not found or len(content) > LARGEST_VOICE or PICTURES.search(content):
        raise NotAVoice()
    return found
