"""The redacted copy beside a sealed original: a person covers what would tell who or where somebody is."""

from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.office import disclosure, ledger, occasions
from qiaomen.office.models import Photo, Staff
from qiaomen.office.problems import NothingCovered
from qiaomen.office.shared import photo_files

COLUMNS, ROWS = 12, 9
"""Cells laid over a picture: a face in a room takes two or three of them."""


@transaction.atomic
def redact(*, photo: Photo, cells: list[tuple[int, int]], nothing_to_cover: bool, actor: Staff) -> None:
    """Make the copy in which cells (column, row) are black; made anew it replaces the one before.

    `nothing_to_cover`: a person has looked and found no face, paper or door number. Raises NothingCovered,
    FileNotFoundError, ValueError for a cell outside the grid.
    """
    if not cells and not nothing_to_cover:
        raise NothingCovered()
    copy = photo_files.covered(photo_files.load(photo.pk), cells, COLUMNS, ROWS)
    photo_files.store(photo.pk, copy, photo_files.REDACTED)
    photo.redacted_at, photo.redacted_by = clock.now(), actor
    Photo.objects.filter(pk=photo.pk).update(redacted_at=photo.redacted_at, redacted_by=actor)
    ledger.record(
        community=photo.community,
        actor=actor,
        code="office.photo-redacted",
        subject=photo,
        detail={"cells": len(set(cells))},
    )


@transaction.atomic
def drop_copy(*, photo: Photo, actor: Staff) -> None:
    """Take the redacted copy away, so that nothing of this picture can be published; twice is once."""
    found = Photo.objects.select_for_update().get(pk=photo.pk)
    if found.redacted_at is None:
        return
    Photo.objects.filter(pk=photo.pk).update(redacted_at=None, redacted_by=None)
    ledger.record(community=found.community, actor=actor, code="office.photo-uncovered", subject=found)
    transaction.on_commit(lambda: photo_files.drop(found.pk, photo_files.REDACTED))


Shown = Callable[[Photo], Iterable[UUID]]
_shown: list[Shown] = []


def shows(people_of: Shown) -> Shown:
    """Make known whom the pictures of a house may show: the keys of people, none for a picture of another house."""
    _shown.append(people_of)
    return people_of


def open_original(*, photo: Photo, actor: Staff) -> bytes:
    """Return an original as JPEG; whoever lives where it was taken was looked at.

    Raises FileNotFoundError, CannotUnseal, TooManyLooks.
    """
    content = photo_files.load(photo.pk)
    disclosure.look(
        community=photo.community,
        actor=actor,
        code="office.photo-looked",
        people={key for people_of in _shown for key in people_of(photo)},
        subject=photo,
        fields=["photo"],
        once=True,
    )
    return content


def open_copy(photo: Photo) -> bytes:
    """Return the redacted copy as JPEG: the only bytes of a picture that may be published. Raises FileNotFoundError."""
    if photo.redacted_at is None:
        raise FileNotFoundError(photo.pk)
    return photo_files.load(photo.pk, photo_files.REDACTED)


@occasions.keeps_files
def files_of_photos() -> Iterator[str]:
    """Yield the files of every picture: the original, and the copy where there is one."""
    for key, redacted in Photo.objects.values_list("pk", "redacted_at").iterator():
        yield photo_files.file_name(key)
        if redacted is not None:
            yield photo_files.file_name(key, photo_files.REDACTED)
