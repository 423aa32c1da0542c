"""A file of rows leaves the register: asked for with a purpose, let go by a second person, taken, and traceable."""

import hashlib
import json
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from qiaomen.groups.actions import memberships
from qiaomen.kernel import clock, sealing
from qiaomen.office import disclosure, ledger
from qiaomen.office.access import check_second, may_see_child
from qiaomen.office.models import Organisation, Staff
from qiaomen.sheets import problems
from qiaomen.sheets.actions.export_book import Sheet, lock_book, make_password, write_book
from qiaomen.sheets.models import Export
from qiaomen.sheets.rules.trace import Filed, Likely, extract_marks, marks_of, rank
from qiaomen.sheets.selectors import grid
from qiaomen.sheets.selectors.columns import Column, columns_of

FREE_ROWS = 50
"""So many persons a day may leave without a second person's word. Source: ASVS 2.3.5 and the leaks of 600 and 6,000."""
MOST_ROWS = 20_000
HOURS = 24
LINK_SECONDS = 60
"""So long the link to a file is good; the file and its password are made anew for the next one."""
PURGE_DAYS = 30
HEAVY = ("marks", "locked")
"""Columns no list of exports needs."""
CHUNK = 1000


@dataclass(frozen=True)
class Asked:
    """What somebody wants in a file: a question, and the sealed columns to be shown in clear."""

    question: grid.Question
    clear: tuple[str, ...] = ()

    def as_json(self) -> str:
        """Return it as it is kept."""
        return json.dumps({**self.question.as_dict(), "clear": list(self.clear)}, ensure_ascii=False)


def read_asked(told: dict[str, Any], staff: Staff) -> Asked:
    """Read a wish; only sealed columns that are shown can be in clear, and nobody is chosen by a number.

    Raises NotUnderstood.
    """
    question = grid.read_question(told, staff)
    known = columns_of(question.view.of)
    question = replace(question, filters={c: text for c, text in question.filters.items() if not known[c].sealed})
    wanted = told.get("clear") or []
    return Asked(question, tuple(column.code for column in question.columns if column.sealed and column.code in wanted))


def asked_in(export: Export) -> Asked:
    """Return what an export asks, as the person who asked may see it."""
    return read_asked(json.loads(export.asked_for), export.asked_by)


def count_rows(community: Organisation, asked: Asked, staff: Staff) -> int:
    """Return how many rows a file would have. Raises BadFilter, NothingToExport, ExportTooLarge."""
    if asked.question.view.group:
        memberships.keep_current(community)
    count = grid.rows_of(community, asked.question, staff).count()
    if not count:
        raise problems.NothingToExport()
    if count > MOST_ROWS:
        raise problems.ExportTooLarge(count=count, most=MOST_ROWS)
    return count


def let_count(*, community: Organisation, asked: Asked, staff: Staff) -> None:
    """Let it be said how many a question finds: of few people the number tells what the list would. Raises
    TooManyLooks.
    """
    question = asked.question
    asking = replace(question, columns=())
    keys = list(grid.rows_of(community, question, staff).values_list("pk", flat=True)[: FREE_ROWS + 1])
    if len(keys) <= FREE_ROWS:
        disclosure.show(
            viewer=staff,
            community=community,
            code="sheets.grid-looked",
            fields=asking.fields,
            people=grid.people_of(question.view.of, keys),
            detail={"view": question.view.code},
        )


def needs_another(community: Organisation, staff: Staff, rows: int) -> bool:
    """Say whether a second person must let it go: above 50 persons, counting what left without one in 24 hours."""
    since = clock.now() - timedelta(hours=HOURS)
    alone = Export.objects.filter(community=community, asked_by=staff, decided_by=None, asked_at__gt=since)
    before = alone.filter(state__in=("approved", "taken")).aggregate(total=Sum("rows"))["total"] or 0
    return bool(before + rows > FREE_ROWS)


@transaction.atomic
def ask_export(*, community: Organisation, staff: Staff, asked: Asked, purpose: str, clear_reason: str = "") -> Export:
    """Ask for a file; a small one is let go at once. Raises PurposeMissing, NothingToExport, ExportTooLarge,
    BadFilter.
    """
    purpose, clear_reason = purpose.strip()[:100], clear_reason.strip()[:100]
    if not purpose or (asked.clear and not clear_reason):
        raise problems.PurposeMissing()
    Organisation.objects.select_for_update().get(pk=community.pk)
    rows = count_rows(community, asked, staff)
    waits, now = needs_another(community, staff, rows), clock.now()
    keys = grid.ordered(grid.rows_of(community, asked.question, staff), asked.question).values_list("pk", flat=True)
    frozen = json.dumps([[str(key), mark] for key, mark in _row_marks(asked, staff, list(keys)).items()])
    last = Export.objects.filter(community=community).aggregate(last=Max("number"))["last"] or 0
    export = Export.objects.create(
        community=community,
        number=last + 1,
        view=asked.question.view.code,
        asked_for=asked.as_json(),
        rows=rows,
        frozen=frozen,
        purpose=purpose,
        clear_reason=clear_reason if asked.clear else "",
        asked_by=staff,
        asked_at=now,
        state="asked" if waits else "approved",
        expires_at=None if waits else now + timedelta(hours=HOURS),
    )
    _note(export, staff, "sheets.export-asked")
    return export


def _note(export: Export, actor: Staff, code: str, rows: int | None = None) -> None:
    asked = asked_in(export)
    ledger.record(
        community=export.community,
        actor=actor,
        code=code,
        subject=export,
        reason=export.purpose,
        fields=[column.code.removeprefix("told:") for column in asked.question.columns],
        detail={"rows": export.rows if rows is None else rows, "view": export.view, "clear": list(asked.clear)},
    )


@transaction.atomic
def decide_export(*, export: Export, staff: Staff, approve: bool, refusal: str = "") -> Export:
    """Let a file go, or not: by somebody else than who asked. Raises OwnRequest, AlreadyDecided, NotASecondPerson."""
    export = Export.objects.select_for_update().select_related("asked_by", "community").get(pk=export.pk)
    if export.asked_by_id == staff.pk:
        raise problems.OwnRequest()
    if export.state != "asked":
        raise problems.AlreadyDecided()
    if approve:
        check_second(staff, export.asked_by)
    export.decided_by, export.decided_at = staff, clock.now()
    export.state, export.refusal = ("approved", "") if approve else ("refused", refusal.strip()[:100])
    export.expires_at = clock.now() + timedelta(hours=HOURS) if approve else None
    export.save(update_fields=["decided_by", "decided_at", "state", "refusal", "expires_at"])
    _note(export, staff, "sheets.export-approved" if approve else "sheets.export-refused")
    return export


@transaction.atomic
def lapse(*, export: Export, actor: Staff) -> None:
    """End what somebody who leaves had asked for and not taken: nobody inherits a file. Raises AlreadyDecided."""
    found = Export.objects.select_for_update().select_related("asked_by", "community").get(pk=export.pk)
    if found.state not in ("asked", "approved"):
        raise problems.AlreadyDecided()
    if found.state == "asked" and actor.pk != found.asked_by_id:
        found.decided_by, found.decided_at = actor, clock.now()
    found.state, found.expires_at, found.refusal = "refused", None, _("申请的人离岗了")
    found.save(update_fields=["decided_by", "decided_at", "state", "refusal", "expires_at"])
    _note(found, actor, "sheets.export-refused")


def may_take(export: Export, staff: Staff) -> bool:
    """Say whether this person may take the file now."""
    good = export.state in ("approved", "taken") and export.expires_at is not None and clock.now() < export.expires_at
    return good and export.asked_by_id == staff.pk


@dataclass(frozen=True)
class ExportFile:
    """A file that was made: its password, shown once, the key of the link to it, and whose rows fell out of it."""

    export: Export
    password: str
    link: str
    dropped: list[str]


@transaction.atomic
def take_export(*, export: Export, staff: Staff) -> ExportFile:
    """Make the file under a new password, keep it for a minute, keep marks of its rows and write that it left.

    It holds the people it was asked for. Whose row has changed since, or who is no longer in the list, is not in it.
    Raises NotToTake, NothingToExport.
    """
    export = Export.objects.select_for_update().select_related("asked_by", "community").get(pk=export.pk)
    if not may_take(export, staff):
        raise problems.NotToTake(hours=HOURS)
    asked = asked_in(export)
    keys, dropped = _standing(export, asked)
    if not keys:
        raise problems.NothingToExport()
    rows = _cells(asked, staff, keys)
    password, link = make_password(), secrets.token_urlsafe(24)
    export.taken_at, export.state, export.marks = clock.now(), "taken", _marks(asked.question.columns, rows)
    export.locked = lock_book(_book(export, asked, rows), password)
    export.link_sha256, export.link_until = _digest(link), clock.now() + timedelta(seconds=LINK_SECONDS)
    export.save(update_fields=["taken_at", "state", "marks", "locked", "link_sha256", "link_until"])
    _note(export, staff, "sheets.export-taken", len(keys))
    return ExportFile(export, password, link, names_of(asked, dropped, staff))


def _row_marks(asked: Asked, staff: Staff, keys: list[Any]) -> dict[Any, str]:
    """Return for each row a keyed mark of everything the file would say of it, in clear."""
    columns, key, today = asked.question.columns, _key(), clock.today()
    marks: dict[Any, str] = {}
    for start in range(0, len(keys), CHUNK):
        found = grid.fetch(asked.question.view.of, keys[start : start + CHUNK], columns, staff)
        for row in found.rows:
            told = found.told.get(row.pk, {})
            cells = [
                str(found.counts.get(row.pk, 0))
                if column.kind == "count"
                else grid.door_of(row)
                if column.kind == "door"
                else grid.say(column, grid.raw(row, column, told), today)
                if column.kind == "band"
                else str(grid.raw(row, column, told))
                for column in columns
            ]
            text = "\x1f".join(cells).encode()
            marks[row.pk] = hashlib.blake2b(text, key=key[:64], digest_size=8).hexdigest()
    return marks


def _standing(export: Export, asked: Asked) -> tuple[list[Any], list[Any]]:
    """Return who of the people an export was asked for is still in the list and as they were, and who is not."""
    frozen: list[tuple[str, str]] = [(key, mark) for key, mark in json.loads(export.frozen or "[]")]
    wanted = [UUID(key) for key, _mark in frozen]
    here = set(grid.rows_of(export.community, asked.question, export.asked_by).values_list("pk", flat=True))
    now = _row_marks(asked, export.asked_by, [key for key in wanted if key in here])
    keys = [UUID(key) for key, mark in frozen if now.get(UUID(key)) == mark]
    stays = set(keys)
    return keys, [key for key in wanted if key not in stays]


def dropped_from(export: Export, staff: Staff) -> list[str]:
    """Return the names of those an export was asked for and will not hold, as this person may see them."""
    if not export.frozen or not export.asked_for:
        return []
    asked = asked_in(export)
    return names_of(asked, _standing(export, asked)[1], staff)


def names_of(asked: Asked, keys: list[Any], staff: Staff) -> list[str]:
    """Return whose rows these are, as this person may see them."""
    found = grid.fetch(asked.question.view.of, keys, [], staff)
    return sorted(grid.cell_name(row, staff) for row in found.rows)


def _digest(link: str) -> str:
    return hashlib.sha256(link.encode()).hexdigest()


def _book(export: Export, asked: Asked, rows: list[list[str]]) -> bytes:
    columns = asked.question.columns
    numbers = frozenset(x for x, column in enumerate(columns) if column.kind in ("age", "count", "int"))
    title = str(asked.question.view.title)
    headers, widths = [str(column.title) for column in columns], [column.width for column in columns]
    return write_book(Sheet(title, watermark(export, export.taken_at), headers, rows, widths, numbers))


def hand_over(*, export: Export, staff: Staff, link: str) -> bytes:
    """Return the locked file through its link, to who asked for it, within the minute. Raises LinkOver.

    More than once within it: download helpers of Chinese browsers ask a second time.
    """
    good = export.link_until is not None and clock.now() < export.link_until and export.asked_by_id == staff.pk
    if not good or not secrets.compare_digest(export.link_sha256, _digest(link)) or not export.locked:
        raise problems.LinkOver(seconds=LINK_SECONDS)
    return bytes(export.locked)


@transaction.atomic
def purge() -> int:
    """Drop files whose link is over; after thirty days what was asked for, too. Return how many rows it touched.

    Who took how many rows of which view, why, and the marks stay: a leak shows up after months.
    """
    now = clock.now()
    over = Export.objects.filter(link_until__lt=now).exclude(locked=b"").update(locked=b"", link_sha256="")
    old = Export.objects.filter(asked_at__lt=now - timedelta(days=PURGE_DAYS))
    old.filter(state="asked").update(state="refused", decided_at=now)
    kept = [export for export in old.defer(*HEAVY) if export.asked_for]
    for export in kept:
        export.asked_for = export.frozen = ""
        export.save(update_fields=["asked_for", "frozen"])
    return over + len(kept)


def _cells(asked: Asked, staff: Staff, keys: list[Any]) -> list[list[str]]:
    """Return the cells of the file: masked, but for the columns asked for in clear."""
    columns, rows = asked.question.columns, list[list[str]]()
    birthday = grid.shows_birthday(columns)
    for start in range(0, len(keys), CHUNK):
        found = grid.fetch(asked.question.view.of, keys[start : start + CHUNK], columns, staff)
        rows += [
            [
                grid.cell_text(found, row, column, staff, clear=column.code in asked.clear, beside_birthday=birthday)
                for column in columns
            ]
            for row in found.rows
        ]
    return rows


def watermark(export: Export, moment: Any) -> str:
    """Return the line that stands on every page: who, for what, when, which file."""
    when = moment.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M")
    return _("{name}（{login}）导出 · 用途：{purpose} · {when} · 编号 {number} · 不得转发").format(
        name=export.asked_by.name, login=export.asked_by.login_name, purpose=export.purpose, when=when, number=export
    )


def _key() -> bytes:
    return sealing.blind("marks of exported rows", "register.export").encode()


def _name_place(columns: tuple[Column, ...]) -> int:
    codes = [column.code for column in columns]
    return next((codes.index(code) for code in ("name", "head_name") if code in codes), 0)


def _marks(columns: tuple[Column, ...], rows: list[list[str]]) -> bytes:
    place = _name_place(columns)
    return marks_of(((row[place], [*row[:place], *row[place + 1 :]]) for row in rows), _key())


@dataclass(frozen=True)
class Found:
    """An export a leaked sheet may have come from."""

    export: Export
    likely: Likely


@transaction.atomic
def trace_rows(rows: list[list[str]], *, actor: Staff | None = None) -> tuple[int, list[Found]]:
    """Return how many rows were compared and the likeliest exports, likeliest first; what was traced is noted."""
    extract = extract_marks(rows, _key())
    taken = Export.objects.exclude(taken_at=None)
    filed = (Filed(str(pk), bytes(marks)) for pk, marks in taken.values_list("pk", "marks").iterator())
    likely = rank(extract, filed)
    by_key = {
        str(one.pk): one
        for one in taken.filter(pk__in=[one.key for one in likely]).select_related(
            "community", "asked_by", "decided_by"
        )
    }
    found = [Found(by_key[one.key], one) for one in likely]
    for one in found:
        ledger.record(
            community=one.export.community,
            actor=actor,
            code="sheets.export-traced",
            subject=one.export,
            detail={"rows": len(extract), "found": one.likely.rows_found},
        )
    return len(extract), found


def exports_of(staff: Staff, most: int = 100) -> list[Export]:
    """Return a person's exports, the newest first."""
    mine = Export.objects.filter(asked_by=staff).select_related("community", "decided_by", "asked_by")
    return list(mine.defer(*HEAVY).order_by("-asked_at")[:most])


def waiting_for(community: Organisation, staff: Staff) -> list[Export]:
    """Return what waits for this person's word: what others asked for."""
    waiting = Export.objects.filter(community=community, state="asked").exclude(asked_by=staff)
    return list(waiting.select_related("community", "asked_by").defer(*HEAVY).order_by("asked_at"))


def sealed_columns(question: grid.Question, staff: Staff) -> list[Column]:
    """Return the shown columns that may be asked for in clear."""
    known = columns_of(question.view.of)
    shown = [known[column.code] for column in question.columns]
    return [column for column in shown if column.sealed and (may_see_child(staff) or not column.of_child)]
