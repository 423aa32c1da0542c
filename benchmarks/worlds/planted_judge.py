"""Reads every byte of what went out, on its own, and says whether a planted fact is still in it in any dress."""

import io
import re
import unicodedata
import zipfile
from functools import lru_cache

from pypdf import PdfReader

_AS_DIGITS = str.maketrans(
    {sign: str(value) for signs in ("〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖") for value, sign in enumerate(signs)}
)


def everything_in(name: str, content: bytes) -> str:
    """Return all text of a file: of every part of a package with its markup taken away, of every page."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            texts = [archive.read(part).decode("utf-8", "replace") for part in archive.namelist()]
        return "\n".join(re.sub(r"<[^>]*>", "", text) + " ".join(re.findall(r'"([^"]*)"', text)) for text in texts)
    if content[:4] == b"%PDF":
        reader = PdfReader(io.BytesIO(content))
        return "\n".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
    return content.decode("utf-8", "replace")


@lru_cache(maxsize=4)
def _bare(text: str) -> tuple[str, str]:
    """Return the digits of a text in any dress one after the other, and its Chinese characters likewise."""
    plain = unicodedata.normalize("NFKC", text)
    digits = re.sub(r"[^0-9XOl]", "", plain.translate(_AS_DIGITS)).replace("O", "0").replace("l", "1")
    return digits, re.sub(r"[^\u3400-\u9fff\U00020000-\U0003ffff]", "", plain)


def is_in(value: str, text: str) -> bool:
    """Say whether a number or a name stands in a text, whatever stands between its signs."""
    digits, han = _bare(text)
    return value in (digits if value[0].isdigit() else han)
