"""Photos on their way: of each, the sealed bytes that are here stand in one file, and its length is all there is to know.

A file and no rows: what kill -9 leaves of it is the beginning of what the phone holds, so that the phone goes on from
its length; two copies of a piece at once write the same bytes to the same place. Nothing here is opened or trusted:
the whole must have the SHA-256 that its visit declared. Terms: draft-ietf-httpbis-resumable-upload.
"""

import time
import uuid
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from qiaomen.phone.problems import OtherOffset

KEPT = timedelta(days=7)
"""A photo nobody has gone on with for so long is begun anew when its phone comes back."""


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "arriving"


def _path(photo_id: uuid.UUID) -> Path:
    return _folder() / photo_id.hex


def offset_of(photo_id: uuid.UUID) -> int:
    """Return how many bytes of a photo are here."""
    try:
        return _path(photo_id).stat().st_size
    except FileNotFoundError:
        return 0


def append(photo_id: uuid.UUID, offset: int, piece: bytes) -> int:
    """Add a piece where the last one ended; returns the new offset. Raises OtherOffset with the right one."""
    here, path = offset_of(photo_id), _path(photo_id)
    if offset != here:
        raise OtherOffset(offset=here)
    if not here:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    try:
        with path.open("r+b") as file:
            file.seek(offset)
            file.write(piece)
    except FileNotFoundError:  # dropped by another request at this moment
        raise OtherOffset(offset=0) from None
    return offset + len(piece)


def whole(photo_id: uuid.UUID) -> bytes:
    """Return what is here of a photo."""
    try:
        return _path(photo_id).read_bytes()
    except FileNotFoundError:
        return b""


def drop(photo_id: uuid.UUID) -> None:
    """Forget what is here of a photo: it is stored, or must begin anew."""
    _path(photo_id).unlink(missing_ok=True)


def drop_left_over(settled: Callable[[Collection[uuid.UUID]], Collection[uuid.UUID]]) -> int:
    """Forget photos nobody goes on with, and those `settled` says are stored; return how many."""
    there = {uuid.UUID(path.name): path for path in _folder().glob("*")} if _folder().is_dir() else {}
    gone, old = set(settled(there.keys())), time.time() - KEPT.total_seconds()
    for key, path in there.items():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < old:
                gone.add(key)
    for key in gone:
        drop(key)
    return len(gone)
