"""Which communities are still being made, for the page that a visitor has open meanwhile (qiaomen/desk/making.py)."""

import json
import os
from collections.abc import Mapping

from django.conf import settings

NAME = "demo-making.json"


def tell(waiting: Mapping[str, tuple[int, int]]) -> None:
    """Write per community by name its acts (done, all); nothing waits: the file goes. Whole or not at all."""
    path = settings.DATA / NAME
    if not waiting:
        path.unlink(missing_ok=True)
        return
    half = path.with_suffix(f".{os.getpid()}")
    half.write_text(json.dumps(waiting, ensure_ascii=False), encoding="utf-8")
    half.replace(path)
