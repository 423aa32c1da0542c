"""A voice line: what it may be, and its sealed file among the pictures. A house that takes them has its own table."""

import re
from uuid import UUID

from qiaomen.office.models import LARGEST_VOICE
from qiaomen.office.problems import NotAVoice
from qiaomen.office.shared import photo_files

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


def store(key: UUID, content: bytes) -> None:
    """Seal a recording into its file. Raises OSError."""
    photo_files.store(key, content, photo_files.VOICE)


def load(key: UUID) -> bytes:
    """Open a recording. Raises FileNotFoundError, CannotUnseal."""
    return photo_files.load(key, photo_files.VOICE)


def file_name(key: UUID) -> str:
    """Return where a recording lies below MEDIA_ROOT."""
    return photo_files.file_name(key, photo_files.VOICE)
