"""Opens a picture without trusting it: its size before its pixels, its first and only frame, what is written beside it."""

import io
from typing import Any

from PIL import Image, UnidentifiedImageError
from PIL.ExifTags import GPSTAGS, TAGS

from qiaomen.kernel.texts import later as _
from qiaomen.kernel.texts import say
from qiaomen.redaction.parts import PICTURE, Extract, Passage
from qiaomen.redaction.problems import Unreadable

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
