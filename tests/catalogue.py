"""Collect every text a person sees into the English catalogue: `python -m tests.catalogue` adds what is missing.

Django's own makemessages needs GNU gettext; this uses Babel, which `start.py` installs anyway.
"""

import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from qiaomen.criteria.words import WORDS

ROOT = Path(__file__).resolve().parents[1]
PO = ROOT / "qiaomen" / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def collect() -> Catalog:
    """Return every marked text of product code and templates."""
    catalog = Catalog(locale="en", project="qiaomen", header_comment="# English texts of Qiaomen.", fuzzy=False)
    for path in sorted([*ROOT.glob("qiaomen/**/*.py"), *ROOT.glob("qiaomen/**/templates/**/*.html")]):
        if "tests" in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        text = _as_python(source, path) if path.suffix == ".html" else source
        for _, message, _, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
            catalog.add(message, locations=[(path.relative_to(ROOT).as_posix(), 0)], context=context)
    for path in sorted(ROOT.glob("packs/*/*.yaml")):
        if not path.name.endswith(".stories.yaml"):
            for text in texts_of(yaml.safe_load(path.read_text(encoding="utf-8")) or []):
                catalog.add(text, locations=[(path.relative_to(ROOT).as_posix(), 0)])
    for path in sorted(ROOT.glob("packs/*/procedures/*.yaml")):
        for text in titles_of(yaml.safe_load(path.read_text(encoding="utf-8"))):
            catalog.add(text, locations=[(path.relative_to(ROOT).as_posix(), 0)])
    for text in WORDS:
        catalog.add(text, locations=[("qiaomen/criteria/words.py", 0)])
    return catalog


def _as_python(source: str, path: Path) -> str:
    """Return a template as Django writes it for gettext; indents mean nothing there, and Python's reader trips
    on them.
    """
    return re.sub(r"(?m)^[ \t]+", "", templatize(source, origin=str(path)))


SHOWN = ("title", "ask", "unit", "purpose")
"""What a pack says to people, besides the choices; sources and citations stay as they are."""


def texts_of(entries: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield every text of a pack that a person reads."""
    for entry in entries:
        yield from (entry[name] for name in SHOWN if entry.get(name))
        yield from (entry.get("choices") or {}).values()


def titles_of(procedure: Any) -> Iterator[str]:
    """Yield every title and stage of a procedure; what a resident is told stays as it was written for them."""
    for part in procedure if isinstance(procedure, list) else procedure.values():
        if isinstance(part, (dict, list)):
            yield from titles_of(part)
    if isinstance(procedure, dict):
        yield from (procedure[name] for name in ("title", "stage") if isinstance(procedure.get(name), str))


def unmarked_chinese() -> list[str]:
    """Return places in templates where Chinese stands outside a translate tag."""
    found = []
    for path in sorted(ROOT.glob("qiaomen/**/templates/**/*.html")):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", "", text, flags=re.S)
        text = re.sub(r"{%\s*blocktrans(late)?.*?endblocktrans(late)?\s*%}", "", text, flags=re.S)
        text = re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.S)
        for line in text.splitlines():
            if re.search(r"[\u4e00-\u9fff]", line.replace("中文", "")):
                found.append(f"{path.relative_to(ROOT)}: {line.strip()[:80]}")
    return found


def main() -> int:
    """Write the merged catalogue; print how many texts still wait for English."""
    old = read_po(PO.open("rb"), locale="en") if PO.exists() else Catalog(locale="en")
    new, kept = collect(), {(message.id, message.context): message.string for message in old if message.id}
    for message in new:
        if message.id and (message.id, message.context) in kept:
            message.string = kept[message.id, message.context]
    with PO.open("wb") as file:
        write_po(file, new, width=110, sort_by_file=True, omit_header=False, no_location=False, include_lineno=False)
    missing = [message.id for message in new if message.id and not message.string]
    print(f"{len(new)} texts, {len(missing)} without English")
    return 0


if __name__ == "__main__":
    sys.exit(main())
