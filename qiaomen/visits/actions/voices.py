"""A voice line of a visit: at most a minute, of whoever agreed to it before; sealed in a file, heard through the gate."""

import re
import uuid
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.office import disclosure, ledger
from qiaomen.office.models import Staff
from qiaomen.office.shared import photo_files
from qiaomen.register.models import Person
from qiaomen.visits.models import Visit, VisitVoice
from qiaomen.visits.problems import NotAVoice
from qiaomen.visits.rules.vocabulary import LARGEST_VOICE, LONGEST_VOICE

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


@transaction.atomic
def add_voice(
    *,
    visit: Visit,
    voice_id: uuid.UUID,
    sha256: str,
    content: bytes,
    seconds: int,
    consented_at: datetime,
    actor: Staff,
) -> VisitVoice:
    """Keep a voice line of a visit under its maker's key; sent twice it is one. Raises NotAVoice."""
    media = media_of(content)
    if not 1 <= seconds <= LONGEST_VOICE:
        raise NotAVoice()
    voice, made = VisitVoice.objects.get_or_create(
        id=voice_id,
        visit=visit,
        defaults={
            "community": visit.community,
            "sha256": sha256,
            "media": media,
            "seconds": seconds,
            "size": len(content),
            "consented_at": consented_at,
            "received_at": clock.now(),
        },
    )
    if made:
        photo_files.store(voice_id, content, photo_files.VOICE)
        ledger.record(community=visit.community, actor=actor, code="visits.voice-added", subject=visit)
    return voice


def open_voice(*, voice: VisitVoice, actor: Staff) -> bytes:
    """Return what was said, to be played; whoever lives behind that door was looked at.

    Raises FileNotFoundError, CannotUnseal, TooManyLooks.
    """
    content = photo_files.load(voice.pk, photo_files.VOICE)
    people = Person.objects.recorded().filter(household=voice.visit.household_id)
    disclosure.look(
        community=voice.community,
        actor=actor,
        code="visits.voice-heard",
        people=people.values_list("pk", flat=True) if voice.visit.household_id else (),
        subject=voice,
        fields=["voice"],
        once=True,
    )
    return content


def files_of_voices() -> Iterator[str]:
    """Yield the file of every voice line."""
    for key in VisitVoice.objects.values_list("pk", flat=True).iterator():
        yield photo_files.file_name(key, photo_files.VOICE)
