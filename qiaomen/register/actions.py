"""A roster comes in: uploaded, previewed, committed whole or not at all; and one sealed field is shown."""

import base64
import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Organisation, Staff
from qiaomen.register import children, history, packs, problems, reader, settle, told
from qiaomen.register.models import Household, ImportBatch, ImportRow, KnownMapping, Person
from qiaomen.register.receipt import write_receipt
from qiaomen.register.rules.roster import ALIASES, Address, RosterRow, clean, find_header, read_rows

CHUNK = 500
STUCK_AFTER = timedelta(minutes=15)
GONE = {"died": "登记为已故", "left": "登记为已迁出", "away": "登记为已搬走"}


@transaction.atomic
def upload_roster(*, community: Organisation, actor: Staff, file_name: str, content: bytes) -> ImportBatch:
    """Keep a roster for preview. Raises NotAWorkbook, WorkbookTooLarge, AlreadyImported, ImportRunning, NoHeader."""
    sha256 = hashlib.sha256(content).hexdigest()
    _free_stuck(community)
    running = ImportBatch.objects.filter(community=community, state="committing").first()
    if running:
        raise problems.ImportRunning(file_name=running.file_name)
    same = ImportBatch.objects.filter(community=community, sha256=sha256, state="committed")
    before = same.filter(acts__undone_at=None).first()
    if before:
        raise problems.AlreadyImported(file_name=file_name, day=before.made_at.astimezone(clock.SHANGHAI).date())
    _, mapping, _ = _read(file_name, content)
    batch = ImportBatch.objects.create(
        community=community,
        file_name=file_name[:200],
        sha256=sha256,
        workbook=base64.b64encode(content).decode(),
        mapping=_remembered(community, mapping),
        made_at=clock.now(),
        made_by=actor,
    )
    ledger.record(community=community, actor=actor, code="register.roster-uploaded", subject=batch)
    return batch


def _fingerprint(titles: list[str]) -> str:
    return hashlib.sha256("\t".join(titles).encode()).hexdigest()


def _remembered(community: Organisation, mapping: dict[str, Any]) -> dict[str, Any]:
    """Read a header as a person read the same header before."""
    prints = {name: _fingerprint(found["titles"]) for name, found in mapping.items()}
    known = dict(
        KnownMapping.objects.filter(community=community, header_sha256__in=prints.values()).values_list(
            "header_sha256", "fields"
        )
    )
    return {name: {**found, "fields": known.get(prints[name], found["fields"])} for name, found in mapping.items()}


def _read(
    file_name: str, content: bytes, chosen: dict[str, Any] | None = None
) -> tuple[list[RosterRow], dict[str, Any], list[str]]:
    """Read the sheets with the columns a person chose, else as proposed; the mapping says which column is what."""
    sheets, notes = reader.open_sheets(file_name, content)
    rows: list[RosterRow] = []
    mapping: dict[str, Any] = {}
    for name, cells in sheets:
        header = find_header(cells)
        if header is None:
            notes.append(f"工作表“{name}”没有认得的表头，没有读")
            continue
        index, columns = header
        if chosen and name in chosen:
            columns = {place: code for place, code in enumerate(chosen[name]["fields"]) if code}
        titles = [clean(cell) for cell in cells[index]]
        fields = [columns.get(place, "") for place in range(len(titles))]
        mapping[name] = {"header_row": index + 1, "titles": titles, "fields": fields}
        rows += read_rows(name, cells, index, columns)
    if not mapping:
        raise problems.NoHeader()
    return rows, mapping, notes


def choose_columns(*, batch: ImportBatch, chosen: dict[str, list[str]]) -> ImportBatch:
    """Take a person's word for which column is what and preview anew. Raises NotPreviewed, ColumnsUnclear."""
    if batch.state != "previewed":
        raise problems.NotPreviewed()
    mapping = {**batch.mapping}
    for sheet, fields in chosen.items():
        used = [code for code in fields if code]
        if sheet not in mapping or len(used) != len(set(used)) or "name" not in used or set(used) - set(ALIASES):
            raise problems.ColumnsUnclear(sheet=sheet)
        mapping[sheet] = {**mapping[sheet], "fields": fields}
        KnownMapping.objects.update_or_create(
            community=batch.community,
            header_sha256=_fingerprint(mapping[sheet]["titles"]),
            defaults={"fields": fields},
        )
    batch.mapping = mapping
    return preview_roster(batch=batch)


@dataclass
class Plan:
    """What a commit would do, row by row."""

    create: list[RosterRow] = field(default_factory=list)
    change: list[tuple[RosterRow, Person, dict[str, Any]]] = field(default_factory=list)
    same: int = 0
    reject: list[tuple[RosterRow, list[str]]] = field(default_factory=list)


def _plan(community: Organisation, rows: list[RosterRow]) -> Plan:
    """Compare the rows with the register: by identity number, else by door, name and birth date."""
    plan, seen = Plan(), Counter[str]()
    standing = Person.objects.filter(community=community).exclude(state="merged")
    people = list(standing.select_related("household__dwelling__entrance__building__compound"))
    by_id = {person.id_no: person for person in people if person.id_no}
    by_door = {
        (p.household.dwelling.door_label if p.household.dwelling else "", p.name, p.birth_date): p for p in people
    }
    for row in rows:
        reasons = list(row.reasons)
        if row.values["id_no"]:
            seen[row.values["id_no"]] += 1
            if seen[row.values["id_no"]] > 1:
                reasons.append("同一个身份证号在这份名册里出现了不止一次")
        if reasons:
            plan.reject.append((row, reasons))
            continue
        label = row.address.label if row.address else ""
        person = by_id.get(row.values["id_no"]) or by_door.get((label, row.values["name"], row.values["birth_date"]))
        if person is None:
            plan.create.append(row)
            continue
        if person.state in GONE:
            plan.reject.append((row, [f"这个人{GONE[person.state]}，请先核对，再在户的页面上办迁入或更正"]))
            continue
        wanted = {name: row.values[name] for name in settle.FIELDS if row.values[name] not in ("", None)}
        changes = {name: value for name, value in wanted.items() if getattr(person, name) != value}
        if row.address and row.address != _address_of(person.household):
            changes["address"] = row.address
        if changes:
            plan.change.append((row, person, changes))
        else:
            plan.same += 1
    return plan


def _address_of(household: Household) -> Address | None:
    door = household.dwelling
    if door is None:
        return None
    building = door.entrance.building
    return Address(building.compound.name, building.name, door.entrance.name, door.room)


def _differences(person: Person, changes: dict[str, Any]) -> str:
    """Return what a row would change, cell by cell, as JSON."""
    now = {name: getattr(person, name) for name in changes if name != "address"}
    home = _address_of(person.household)
    found = [[name, _cell(now.get(name, home)), _cell(value)] for name, value in changes.items()]
    return json.dumps([[person.name, ""], *found], ensure_ascii=False)


def _cell(value: Any) -> str:
    if isinstance(value, Address):
        return f"{value.compound} {value.label}"
    return "" if value is None else str(value)


@transaction.atomic
def preview_roster(*, batch: ImportBatch) -> ImportBatch:
    """Read the roster and count what a commit would do; the register is not touched."""
    rows, batch.mapping, batch.notes = _read(batch.file_name, batch.content, batch.mapping)
    plan = _plan(batch.community, rows)
    batch.rows_read, batch.created = len(rows), len(plan.create)
    batch.changed, batch.same, batch.rejected = len(plan.change), plan.same, len(plan.reject)
    batch.state = "previewed"
    batch.save(update_fields=["mapping", "notes", "rows_read", "created", "changed", "same", "rejected", "state"])
    batch.rows.all().delete()
    shown = [
        ImportRow(batch=batch, sheet=row.sheet, row_no=row.row_no, reasons=reasons, cells="\t".join(row.cells))
        for row, reasons in plan.reject
    ]
    shown += [
        ImportRow(
            batch=batch, kind="changed", sheet=row.sheet, row_no=row.row_no, differences=_differences(person, changes)
        )
        for row, person, changes in plan.change
    ]
    ImportRow.objects.bulk_create(shown, batch_size=CHUNK)
    return batch


def _free_stuck(community: Organisation) -> None:
    """A commit is one transaction of seconds: a claim of a quarter of an hour is a server that died, and wrote nothing."""
    old = clock.now() - STUCK_AFTER
    ImportBatch.objects.filter(community=community, state="committing", claimed_at__lt=old).update(state="previewed")


def claim_commit(*, batch: ImportBatch) -> None:
    """Mark the batch as being committed. Raises NotPreviewed, ImportRunning."""
    try:
        with transaction.atomic():
            _free_stuck(batch.community)
            mine = ImportBatch.objects.filter(pk=batch.pk, state="previewed")
            claimed = mine.update(state="committing", claimed_at=clock.now())
    except IntegrityError:
        running = ImportBatch.objects.filter(community=batch.community, state="committing").first()
        raise problems.ImportRunning(file_name=running.file_name if running else "") from None
    if not claimed:
        raise problems.NotPreviewed()


def commit_roster(*, batch: ImportBatch, actor: Staff) -> ImportBatch:
    """Write the whole roster in one transaction, or nothing. Raises NotPreviewed, ImportRunning."""
    claim_commit(batch=batch)
    return finish_commit(batch=batch, actor=actor)


def finish_commit(*, batch: ImportBatch, actor: Staff) -> ImportBatch:
    """Do the work of a claimed batch; if anything goes wrong the batch goes back to previewed."""
    try:
        with transaction.atomic():
            return _commit(batch, actor)
    except BaseException:
        ImportBatch.objects.filter(pk=batch.pk).update(state="previewed")
        raise


def _commit(batch: ImportBatch, actor: Staff) -> ImportBatch:
    community = batch.community
    rows, _, _ = _read(batch.file_name, batch.content, batch.mapping)
    plan = _plan(community, rows)
    settle.report_progress(batch, 0, len(rows))
    act = history.begin(community=community, actor=actor, kind="import", batch=batch)
    wanted = [row.address for row in plan.create if row.address]
    wanted += [changes["address"] for _, _, changes in plan.change if "address" in changes]
    doors = settle.make_doors(community, wanted, act)
    households, created = settle.make_households(community, plan.create, doors)
    history.note_made(act, created)
    settle.make_people(act, plan.create, households, doors)
    touched = settle.change_people(act, plan.change, doors)
    entries = [_line("register.household-created", household.pk, batch) for household in created]
    entries += [_line("register.household-changed", pk, batch) for pk in touched]
    batch.rows_read, batch.created = len(rows), len(plan.create)
    batch.changed, batch.same, batch.rejected = len(plan.change), plan.same, len(plan.reject)
    if batch.rows_read != batch.created + batch.changed + batch.same + batch.rejected:
        raise AssertionError("the row equation does not hold")
    counts = {name: getattr(batch, name) for name in ("rows_read", "created", "changed", "same", "rejected")}
    entries.append({"code": "register.roster-imported", "subject_type": "register.importbatch",
                    "subject_id": str(batch.pk), "detail": counts})  # fmt: skip
    ledger.record_many(community=community, actor=actor, entries=entries)
    batch.state = "committed"
    batch.save(update_fields=["state", *counts])
    return batch


def _line(code: str, pk: Any, batch: ImportBatch) -> dict[str, Any]:
    return {
        "code": code,
        "subject_type": "register.household",
        "subject_id": str(pk),
        "detail": {"batch": str(batch.pk)},
    }


@transaction.atomic
def reveal_field(*, person: Person, field: str, reason: str, actor: Staff) -> str:
    """Return one sealed value in words and write who looked and why.

    `field`: id_no, phone, or the code of a told fact, plain or as fact:<code>. Raises SealedChild, ValueError for any other field or no reason.
    """
    fact = packs.facts().get(field.removeprefix("fact:"))
    if (field not in ("id_no", "phone") and (fact is None or fact.origin != "told")) or not reason.strip():
        raise ValueError("a sealed field is shown by name and with a reason")
    children.check_open(person, actor)
    ledger.record(
        community=person.community,
        actor=actor,
        code="register.field-revealed",
        subject=person,
        fields=[field],
        reason=reason.strip()[:200],
    )
    return packs.say(fact, told.known_of(person).get(fact.code)) if fact else str(getattr(person, field))


@transaction.atomic
def note_page(*, person: Person, actor: Staff) -> None:
    """Write that the resident's own page was opened to be handed over."""
    ledger.record(
        community=person.community, actor=actor, code="register.page-printed", subject=person,
        fields=["name", "id_no", "phone", "told_facts"],
    )  # fmt: skip


@transaction.atomic
def take_receipt(*, batch: ImportBatch, actor: Staff) -> bytes:
    """Return the receipt of an import as .xlsx and write that it was taken: it holds the rows that did not come in."""
    rows = batch.rows.filter(kind="problem").count()
    ledger.record(
        community=batch.community, actor=actor, code="register.receipt-taken", subject=batch, detail={"rows": rows}
    )
    return write_receipt(batch)
