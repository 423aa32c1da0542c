"""A picture at the gate: what is found in it, what a person says of it, and the new picture with boxes of solid black.

The picture that goes out is made of pixels alone: turned as it was meant to be seen, at most 1600 pixels a side, no
EXIF, text chunks, colour profile or thumbnail. Source: promises.md F8.
"""

import io
from collections.abc import Iterator
from typing import Any

from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError
from PIL.ExifTags import GPSTAGS, TAGS

from qiaomen.kernel.texts import later as _
from qiaomen.kernel.texts import say
from qiaomen.redaction import sight, writers
from qiaomen.redaction.findings import KEEP, MASK, SEEN, Decisions, Examined, Finding
from qiaomen.redaction.known_names import Registered
from qiaomen.redaction.parts import PICTURE, Extract, NewFile, Passage
from qiaomen.redaction.passing import Passing
from qiaomen.redaction.problems import NothingChanged, PictureIsAList, PictureUnread, Unreadable
from qiaomen.redaction.scan import marks_in
from qiaomen.redaction.sight import Box

MOST_LINES = 12
"""A picture with more lines of words is a list or a paper, not a photo of something."""
SIDE = 1600
BLACK = (0, 0, 0)

OFF = _("这台机器没有装看图部件，图里的字和人脸没有查过")
FACE = _("图里像是有人脸；盖住，或登记本人同意")
CODE = _("二维码里的内容不给人看也读得出来")
WORDS = _("图里的字")
WHOLE = _("整张图片")
NO_BOX = _("要盖住的框没有大小，或落在图片外面")

DAMAGED = _("不是能打开的图片（请用 JPEG 或 PNG）")
TOO_LARGE = _("超过 4000 万像素")
MOVING = _("是动图或多页图片，藏着看不见的画面")
BESIDE = _("照片里带的拍摄信息")
MOST_PIXELS = 40_000_000
OPENED = ("JPEG", "PNG", "WEBP", "BMP")


def read(name: str, content: bytes) -> Extract:
    """Return the picture and what is written beside it. Raises Unreadable."""
    picture = opened(name, content)
    written = [f"{key}: {value}" for key, value in picture.info.items() if isinstance(value, str)]
    exif = picture.getexif()
    written += [f"{TAGS.get(tag, tag)}: {value}" for tag, value in exif.items()]
    written += [f"{TAGS.get(tag, tag)}: {value}" for tag, value in exif.get_ifd(0x8769).items()]
    place = exif.get_ifd(0x8825)
    if place:
        written.append(_degrees(place))
    hidden = (Passage(say(BESIDE), "\n".join(written)),) if written else ()
    return Extract(name, PICTURE, (), hidden, (), content)


def _degrees(place: Any) -> str:
    """Return latitude and longitude of EXIF as people write them."""
    named = {GPSTAGS.get(tag, tag): value for tag, value in place.items()}
    words = []
    for key in ("GPSLongitude", "GPSLatitude"):
        try:
            degrees, minutes, seconds = (float(part) for part in named[key])
            words.append(f"{degrees + minutes / 60 + seconds / 3600:.6f}")
        except (KeyError, TypeError, ValueError, ZeroDivisionError):
            continue
    return ", ".join(words)


def opened(name: str, content: bytes) -> Image.Image:
    """Return the decoded picture. Raises Unreadable."""
    try:
        picture = Image.open(io.BytesIO(content), formats=OPENED)
        if picture.width * picture.height > MOST_PIXELS:
            raise Unreadable(file_name=name, because=say(TOO_LARGE))
        if getattr(picture, "n_frames", 1) > 1:
            raise Unreadable(file_name=name, because=say(MOVING))
        picture.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable(file_name=name, because=say(DAMAGED)) from error
    return picture


def upright(name: str, content: bytes) -> Image.Image:
    """Return the picture as it is meant to be seen, in three colours."""
    turned = ImageOps.exif_transpose(opened(name, content))
    if turned.mode in ("RGBA", "LA", "P", "PA"):
        flat = Image.new("RGBA", turned.size, (255, 255, 255, 255))
        return Image.alpha_composite(flat, turned.convert("RGBA")).convert("RGB")
    return turned.convert("RGB")


def drawn(name: str, content: bytes) -> bytes:
    """Return the picture as somebody sees it who has to decide: upright, pixels alone. Raises Unreadable."""
    return _encoded(upright(name, content))


def findings_of(extract: Extract, names: Registered, passing: Passing) -> Iterator[Finding]:
    """Yield codes, faces and private words of a picture, or that nobody looked. Raises PictureIsAList."""
    picture = upright(extract.name, extract.picture)
    for code in sight.codes(picture):
        yield Finding("", "code_in_picture", say(WHOLE), code.text[:40], str(CODE), instead={MASK: ""}, box=code.box)
    eyes = sight.installed()
    if eyes is None:
        yield Finding("", "unread", say(WHOLE), "", str(OFF))
        return
    lines = eyes.lines(picture)
    if len(lines) > MOST_LINES:
        raise PictureIsAList(file_name=extract.name, lines=len(lines))
    for line in lines:
        for mark in marks_in(line.text, names, passing):
            yield Finding("", mark.kind, say(WORDS), mark.plain, str(mark.reason), instead={MASK: ""}, box=line.box)
    for face in eyes.faces(picture):
        yield Finding("", "face", say(WHOLE), "", str(FACE), instead={MASK: ""}, box=face.box)


def publish(part: Examined, decisions: Decisions) -> NewFile:
    """Return the picture made anew with every box covered. Raises PictureUnread, NothingChanged, Unreadable."""
    extract = part.extract
    choices = decisions.choices
    for finding in part.findings:
        if finding.kind == "unread" and choices[finding.key].way != SEEN:
            raise PictureUnread(file_name=extract.name, because=finding.reason)
    boxes = [f.box for f in part.findings if f.box is not None and not f.hidden and choices[f.key].way != KEEP]
    boxes += list(decisions.boxes.get(extract.name, ()))
    picture = upright(extract.name, extract.picture)
    covered = _covered(extract.name, picture, boxes)
    small = ImageOps.contain(covered, (SIDE, SIDE)) if max(covered.size) > SIDE else covered
    content = _encoded(small)
    _check_again(extract.name, content, boxes)
    return NewFile(writers.name_of(extract), PICTURE, content, len(boxes))


def _covered(name: str, picture: Image.Image, boxes: list[Box]) -> Image.Image:
    """Return the picture with solid boxes; one without size or outside is an error, never a box that was "done"."""
    new = picture.copy()
    pen = ImageDraw.Draw(new)
    for left, top, right, bottom in boxes:
        left, top = max(0, left), max(0, top)
        right, bottom = min(picture.width, right), min(picture.height, bottom)
        if right - left < 2 or bottom - top < 2:
            raise Unreadable(file_name=name, because=say(NO_BOX))
        pen.rectangle((left, top, right - 1, bottom - 1), fill=BLACK)
        if new.crop((left, top, right, bottom)).getextrema() != ((0, 0),) * 3:
            raise NothingChanged(file_name=name, count=len(boxes))
    if boxes and new.tobytes() == picture.tobytes():
        raise NothingChanged(file_name=name, count=len(boxes))
    return new


def _encoded(picture: Image.Image) -> bytes:
    """Return a JPEG of the pixels and nothing else."""
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=88)
    return out.getvalue()


def _check_again(name: str, content: bytes, boxes: list[Box]) -> None:
    """Open the new picture: nothing is written beside it, and no code under a box is read any more."""
    again = read(name, content)
    if again.hidden or (boxes and any(_is_under(code.box, boxes) for code in sight.codes(upright(name, content)))):
        raise NothingChanged(file_name=name, count=len(boxes))


def _is_under(box: Box, boxes: list[Box]) -> bool:
    return any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in boxes)
