"""What a ledger line is about, in words: each house says in its `ledger.py` how its records and fields are called.

The ledger keeps keys, never names; a name is looked up as it is today and as the reader may see it. A record that is
gone, or that the reader may not see, stays a short key.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qiaomen.office.disclosure.gate import READERS
from qiaomen.office.models import Device, LedgerEntry, Organisation, Staff


@dataclass(frozen=True)
class Named:
    """How a record is called to a reader, and the page that shows it; "" for none."""

    title: str
    url: str = ""


@dataclass(frozen=True)
class Found:
    """Somebody or a door that a search of the ledger may mean: the keys of people, and of what else lines name."""

    kind: str
    key: UUID
    title: str
    people: tuple[UUID, ...]
    subjects: tuple[UUID, ...] = field(default=())


Namer = Callable[[Collection[UUID], Staff], dict[UUID, Named]]
Finder = Callable[[str, Organisation, Staff], list[Found]]
TitleOf = Callable[[str], str]
_namers: dict[str, Namer] = {}
_finders: list[Finder] = []
_titles: list[TitleOf] = []
FIELDS = {
    "name": gettext_lazy("姓名"),
    "head_name": gettext_lazy("户主姓名"),
    "id_no": gettext_lazy("身份证号"),
    "phone": gettext_lazy("电话"),
    "birth_date": gettext_lazy("出生日期"),
    "told_facts": gettext_lazy("问到的情况"),
    "words": gettext_lazy("原话"),
    "note": gettext_lazy("走访记下的话"),
    "photo": gettext_lazy("照片"),
    "voice": gettext_lazy("录音"),
    "door": gettext_lazy("门牌"),
    "age": gettext_lazy("年龄"),
    "sex": gettext_lazy("性别"),
    "relation": gettext_lazy("与户主关系"),
    "former_name": gettext_lazy("曾用名"),
    "nickname": gettext_lazy("小名或别名"),
    "work_place": gettext_lazy("工作的地方"),
    "household_no": gettext_lazy("户号"),
    "people": gettext_lazy("家里的人"),
    "address": gettext_lazy("住址"),
}


def names(record_type: str) -> Callable[[Namer], Namer]:
    """Declare how records of a type are called: `(keys, reader)` in a fixed number of queries."""

    def declare(namer: Namer) -> Namer:
        if record_type in _namers:
            raise ValueError(record_type)
        _namers[record_type] = namer
        return namer

    return declare


def finds(finder: Finder) -> Finder:
    """Declare how somebody or a door is found by what was typed: `(text, community, reader)`."""
    _finders.append(finder)
    return finder


def titles(title_of: TitleOf) -> TitleOf:
    """Declare how fields of a house are called; "" for a field it does not know."""
    _titles.append(title_of)
    return title_of


def field_title(code: str) -> str:
    """Return a field's title, its code where no house knows it."""
    code = code.removeprefix("told:")
    if code in FIELDS:
        return str(FIELDS[code])
    return next((title for title_of in _titles if (title := title_of(code))), code)


def find(text: str, community: Organisation, viewer: Staff) -> list[Found]:
    """Return whom or which door a text may mean; nobody to roles that see no residents."""
    if viewer.role not in READERS or not text.strip():
        return []
    return [found for finder in _finders for found in finder(text.strip(), community, viewer)]


def name_all(entries: Iterable[LedgerEntry], viewer: Staff) -> dict[tuple[str, str], Named]:
    """Return what the lines of a page are about, by (record type, key): one call a type, however many lines."""
    wanted: dict[str, dict[UUID, str]] = defaultdict(dict)
    for entry in entries:
        try:
            wanted[entry.subject_type][UUID(entry.subject_id)] = entry.subject_id
        except ValueError:
            continue  # "" or a key of another shape names no record
    found = {}
    for record_type, keys in wanted.items():
        known = _namers[record_type](keys, viewer) if record_type in _namers else {}
        for key, text in keys.items():
            found[record_type, text] = known.get(key) or Named(_("编号 {key}").format(key=str(key)[:8]))
    return found


def of_residents(namer: Namer) -> Namer:
    """Keep the names of residents from roles that see none: they read that it was somebody, by a short key."""

    def guarded(keys: Collection[UUID], viewer: Staff) -> dict[UUID, Named]:
        return namer(keys, viewer) if viewer.role in READERS else {}

    return guarded


@names(Staff.record_type)
def _staff(keys: Collection[UUID], _viewer: Staff) -> dict[UUID, Named]:
    return {staff.pk: Named(staff.name) for staff in Staff.objects.filter(pk__in=keys)}


@names(Organisation.record_type)
def _organisations(keys: Collection[UUID], _viewer: Staff) -> dict[UUID, Named]:
    return {home.pk: Named(home.name) for home in Organisation.objects.filter(pk__in=keys)}


@names(Device.record_type)
def _devices(keys: Collection[UUID], _viewer: Staff) -> dict[UUID, Named]:
    found: Any = Device.objects.select_related("staff").filter(pk__in=keys)
    return {device.pk: Named(_("{name}的手机").format(name=device.staff.name)) for device in found}
