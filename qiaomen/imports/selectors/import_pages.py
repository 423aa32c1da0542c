"""What the page of an import shows: columns, changes cell by cell, doubts, progress in words, what an undo has kept."""

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.imports.models import ImportBatch
from qiaomen.imports.rules.list_kinds import Kind
from qiaomen.imports.rules.reading.roster import SPOT
from qiaomen.imports.selectors import read_tables
from qiaomen.imports.selectors.preview.pages import PAGE, side_seen
from qiaomen.imports.selectors.preview.veils import Reader
from qiaomen.imports.selectors.visit_records import FIELDS as VISIT_FIELDS
from qiaomen.imports.selectors.visit_records import kept_visits
from qiaomen.office.jobs import progress
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Change, Compound, Person
from qiaomen.register.selectors import packs
from qiaomen.register.selectors.minors import shown_name


def import_progress(batch: ImportBatch) -> dict[str, Any]:
    """Return {done, total, percent, left} of a running commit or undo; `left` says in words how long it will take."""
    found = progress.read(batch.pk) or {"done": 0, "total": batch.rows_read, "seconds_left": None}
    return {**found, "percent": 100 * found["done"] // max(1, found["total"]), "left": _left(found["seconds_left"])}


def _left(seconds: float | None) -> str:
    if seconds is None:
        return _("正在核对，马上知道还要多久")
    if seconds < 5:
        return _("马上就好")
    if seconds < 60:
        count = -int(-seconds // 10) * 10
        return _("大约还要 {count} 秒").format(count=count)
    count = -int(-seconds // 60)
    return _("大约还要 {count} 分钟").format(count=count)


def field_title(code: str) -> str:
    """Return the word for a field a column may be read as: of the register, a fact, or another house's."""
    own = {
        "household_no": _("户号"),
        "head_name": _("户主姓名"),
        "name": _("姓名"),
        "relation": _("与户主关系"),
        "sex": _("性别"),
        "id_no": _("身份证号"),
        "birth_date": _("出生日期"),
        "phone": _("电话"),
        "address": _("住址"),
        "compound": _("小区"),
        "building": _("楼栋"),
        "entrance": _("单元"),
        "room": _("室"),
        "origin_town": _("原乡镇"),
        "origin_village": _("原村"),
        "lifted_out": _("是否脱贫户"),
        "is_head": _("是不是户主"),
        "origin": _("原住址"),
        "ends": _("结束的日期"),
        "only_if": _("审批状态"),
        "former_name": _("曾用名"),
        "nickname": _("小名"),
        "status": _("状态"),
        "age": _("年龄"),
        "household": _("哪一户"),
    }
    if code.startswith("head:"):
        return _("户主的{field}").format(field=field_title(code.removeprefix("head:")))
    if code in own:
        return own[code]
    if code in packs.facts():
        return _(packs.facts()[code].title)
    return str(VISIT_FIELDS.get(code) or _column_name(code))


def _column_name(code: str) -> str:
    """Return the first name of a column whose words tell facts: 类别, 证件状态."""
    return next((kind.columns[code].names[0] for kind in read_tables.kinds().values() if code in kind.columns), code)


def changed_rows(batch: ImportBatch, staff: Staff, page: int = 1, kind: str = "changed") -> list[dict[str, Any]]:
    """Return a page of the rows that change something, cell by cell: whose, which field, from what to what.

    What stands is kept masked. What the list says is shown whole to who brought it, and masked like anything stored
    once it is committed, or to anybody else. `kind` held: what was set by hand since the last list, and stays.
    """
    reader, found, start = Reader.of(batch, staff), [], PAGE * (page - 1)
    taken: dict[tuple[str, int], set[str]] = defaultdict(set)
    for sheet, row_no, code in batch.answers.get("take", []):
        taken[sheet, row_no].add(code)
    for row in batch.rows.filter(kind=kind).order_by("sheet", "row_no")[start : start + PAGE]:
        (name, person), *cells = json.loads(row.differences)
        lines = [(code, field_title(code), now, reader.text(code, new)) for code, now, new in cells]
        codes = [code for code, *_cells in lines]
        shown = row.row_no % SPOT
        told = {"name": name, "lines": lines, "person": person, "codes": codes, "taken": taken[row.sheet, row.row_no]}
        found.append({"row": row, "shown": shown, **told})
    return found


def doubtful_rows(batch: ImportBatch, staff: Staff, page: int = 1) -> list[dict[str, Any]]:
    """Return a page of the rows that look like somebody and come in unless left out: both sides, and why."""
    left_out = {(sheet, row) for sheet, row in batch.answers.get("left_out", [])}
    reader, found, start = Reader.of(batch, staff), [], PAGE * (page - 1)
    for row in batch.rows.filter(kind="ask").order_by("sheet", "row_no")[start : start + PAGE]:
        told = json.loads(row.differences)
        home = told["other"].get("household")
        told |= {side: side_seen(told[side], reader) for side in (("new",) if home else ("new", "other"))}
        url = reverse("register:household", args=[home]) if home else ""
        found.append({"row": row, **told, "url": url, "left_out": (row.sheet, row.row_no) in left_out})
    return found


def kept_after_undo(batch: ImportBatch, staff: Staff) -> list[dict[str, Any]]:
    """Return the people, households and other records an undo left as they stand, since somebody had worked on them."""
    rows = list(Change.objects.filter(act=batch.act, kept=True).values_list("of_type", "row"))
    people = Person.objects.filter(pk__in=[row for _of_type, row in rows]).select_related("household").order_by("name")
    found = [_titled(one, staff) for one in people]
    facts = people_of_facts([row for of_type, row in rows if of_type == "register.toldfact"], staff)
    found += [one for one in facts if one not in found]
    return found + kept_visits([row for of_type, row in rows if of_type == "visits.visit"])


def _titled(person: Person, staff: Staff) -> dict[str, Any]:
    return {"title": shown_name(person, staff), "url": reverse("register:household", args=[person.household_id])}


def people_of_facts(rows: list[Any], staff: Staff) -> list[dict[str, Any]]:
    """Return whose facts these are."""
    people = Person.objects.filter(told_facts__in=rows).select_related("household").distinct().order_by("name")
    return [_titled(one, staff) for one in people]


def mapping_of(batch: ImportBatch, samples: Mapping[str, list[str]] | None = None) -> list[dict[str, Any]]:
    """Return sheet by sheet which list it is and which column was read as what, with the choices a person has."""
    kinds = [(kind.code, kind.title) for kind in read_tables.kinds().values() if kind.people != "none"]
    found = []
    for number, (name, decided) in enumerate(sorted(batch.mapping.items())):
        kind = read_tables.kind_of(decided.get("kind", "roster"))
        choices = [("", _("不读这一列")), *((code, field_title(code)) for code in read_tables.fields_of(kind))]
        pairs = list(zip(decided["titles"], decided["fields"], strict=True))
        below = [*(samples or {}).get(name, []), *[""] * len(pairs)][: len(pairs)]
        choices += [(code, field_title(code)) for code in decided["fields"] if code.startswith("head:")]
        found.append(
            {
                "name": name,
                "header_row": decided["header_row"],
                "choices": choices,
                "kind": kind,
                "kinds": kinds,
                "kind_field": f"kind-{number}",
                "unread": read_tables.unread_titles(decided),
                "question": decided.get("question", ""),
                "columns": [
                    {
                        "title": title,
                        "code": code,
                        "field_name": f"column-{number}-{place}",
                        "sample": sample,
                        "like": "" if code else _like(title, kind),
                    }
                    for place, ((title, code), sample) in enumerate(zip(pairs, below, strict=True))
                ],
            }
        )
    return found


def _like(title: str, kind: Kind) -> str:
    """Return what an unread column may have meant, "" when nothing is near."""
    code = read_tables.nearest_field(title, kind) if title not in read_tables.SERIAL else ""
    return field_title(code) if code else ""


def compounds_of(community: Organisation) -> list[str]:
    """Return the names of the compounds on record."""
    return list(Compound.objects.filter(community=community).order_by("name").values_list("name", flat=True))
