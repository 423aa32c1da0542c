"""The photo on a 敲门证: of somebody of the office, put there because they want it, seen by whoever opens the door.

Nobody has to have one: a badge without it proves as much.
"""

import base64
import io
from collections.abc import Iterator
from uuid import uuid4

from django.db import transaction
from PIL import Image

from qiaomen.kernel import clock
from qiaomen.office import ledger, occasions
from qiaomen.office.models import BadgePhoto, Staff
from qiaomen.office.shared import photo_files

LONGEST = 480
"""Pixels: a face the size of a hand on a phone, about 30 KB in the list."""


def portrait(content: bytes) -> bytes:
    """Return a picture drawn anew, small, with nothing but pixels. Raises NotAPicture."""
    with Image.open(io.BytesIO(photo_files.redraw(content)), formats=["JPEG"]) as picture:
        picture.thumbnail((LONGEST, LONGEST))
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=80, optimize=True)
    return out.getvalue()


@transaction.atomic
def put(*, staff: Staff, content: bytes, actor: Staff) -> BadgePhoto:
    """Put somebody's photo on their badge; it takes the place of one that is there.

    Raises NotAPicture, ValueError for somebody of no community, who has no badge.
    """
    picture, community = portrait(content), staff.community
    if community is None:
        raise ValueError("no badge")
    _drop(staff)
    made = BadgePhoto.objects.create(id=uuid4(), staff=staff, put_at=clock.now(), put_by=actor)
    photo_files.store(made.pk, picture, photo_files.BADGE)
    ledger.record(community=community, actor=actor, code="office.badge-photo-put", subject=staff)
    return made


@transaction.atomic
def drop(*, staff: Staff, actor: Staff | None) -> None:
    """Take the photo off somebody's badge, for good. Twice is once."""
    if _drop(staff) and staff.community is not None:
        ledger.record(community=staff.community, actor=actor, code="office.badge-photo-dropped", subject=staff)


def _drop(staff: Staff) -> bool:
    found = BadgePhoto.objects.select_for_update().filter(staff=staff).first()
    if found is None:
        return False
    key = found.pk
    found.delete()
    transaction.on_commit(lambda: photo_files.drop(key, photo_files.BADGE))
    return True


def photo_of(staff: Staff) -> bytes | None:
    """Return somebody's photo as JPEG; None where there is none."""
    found = BadgePhoto.objects.filter(staff=staff).first()
    try:
        return photo_files.load(found.pk, photo_files.BADGE) if found is not None else None
    except FileNotFoundError:
        return None


def address_of(staff: Staff) -> str:
    """Return somebody's photo as a data address that stands in a page or a list by itself; "" where there is none."""
    picture = photo_of(staff)
    return f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}" if picture else ""


@occasions.keeps_files
def files_of_badges() -> Iterator[str]:
    """Yield the file of every photo on a badge."""
    for key in BadgePhoto.objects.values_list("pk", flat=True).iterator():
        yield photo_files.file_name(key, photo_files.BADGE)
