"""A roster comes in: uploaded, previewed, committed whole or not at all; and one sealed field is shown."""

import base64
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db import IntegrityError, transaction

from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Organisation, Staff
from qiaomen.register import problems, reader
from qiaomen.register.models import Building, Compound, Dwelling, Entrance, Household, ImportBatch, ImportRow, Person
from qiaomen.register.receipt import write_receipt
from qiaomen.register.rules.roster import ALIASES, Address, RosterRow, clean, find_header, read_rows
from qiaomen.register.rules.sound import sounds_of

CHUNK = 500
STUCK_AFTER = timedelta(minutes=15)
FIELDS = ("name", "relation", "is_head", "sex", "birth_date", "id_no", "phone")


@transaction.atomic
def upload_roster(*, community: Organisation, actor: Staff, file_name: str, content: bytes) -> ImportBatch:
    """Keep a roster for preview. Raises NotAWorkbook, WorkbookTooLarge, AlreadyImported, ImportRunning, NoHeader."""
    sha256 = hashlib.sha256(content).hexdigest()
    _free_stuck(community)
    running = ImportBatch.objects.filter(community=community, state="committing").first()
    if running:
        raise problems.ImportRunning(file_name=running.file_name)
    before = ImportBatch.objects.filter(community=community, sha256=sha256, state="committed").first()
    if before:
        raise problems.AlreadyImported(file_name=file_name, day=before.made_at.astimezone(clock.SHANGHAI).date())
    _read(file_name, content)
    batch = ImportBatch.objects.create(
        community=community,
        file_name=file_name[:200],
        sha256=sha256,
        workbook=base64.b64encode(content).decode(),
        made_at=clock.now(),
        made_by=actor,
    )
    ledger.record(community=community, actor=actor, code="register.roster-uploaded", subject=batch)
    return batch


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
    people = list(Person.objects.filter(community=community).select_related("household__dwelling__entrance__building"))
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
        wanted = {name: row.values[name] for name in FIELDS if row.values[name] not in ("", None)}
        changes = {name: value for name, value in wanted.items() if getattr(person, name) != value}
        if changes:
            plan.change.append((row, person, changes))
        else:
            plan.same += 1
    return plan


@transaction.atomic
def preview_roster(*, batch: ImportBatch) -> ImportBatch:
    """Read the roster and count what a commit would do; the register is not touched."""
    rows, batch.mapping, batch.notes = _read(batch.file_name, batch.content, batch.mapping)
    plan = _plan(batch.community, rows)
    batch.rows_read, batch.created = len(rows), len(plan.create)
    batch.changed, batch.same, batch.rejected = len(plan.change), plan.same, len(plan.reject)
    batch.state = "previewed"
    batch.save(update_fields=["mapping", "notes", "rows_read", "created", "changed", "same", "rejected", "state"])
    batch.problem_rows.all().delete()
    ImportRow.objects.bulk_create(
        [
            ImportRow(batch=batch, sheet=row.sheet, row_no=row.row_no, reasons=reasons, cells="\t".join(row.cells))
            for row, reasons in plan.reject
        ],
        batch_size=CHUNK,
    )
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


def report_progress(batch: ImportBatch, done: int, total: int) -> None:
    """Say how far the commit is, in the process's cache: the transaction itself shows nothing until its end."""
    cache.set(f"import-{batch.pk}", {"done": done, "total": total}, 3600)


def _commit(batch: ImportBatch, actor: Staff) -> ImportBatch:
    community = batch.community
    rows, _, _ = _read(batch.file_name, batch.content, batch.mapping)
    plan = _plan(community, rows)
    report_progress(batch, 0, len(rows))
    doors = _make_doors(community, [row.address for row in plan.create if row.address])
    households, created = _make_households(community, plan.create, doors)
    for start in range(0, len(plan.create), CHUNK):
        chunk = plan.create[start : start + CHUNK]
        Person.objects.bulk_create([_person(community, households[_key(row)], row) for row in chunk])
        report_progress(batch, start + len(chunk), len(rows))
    touched = {}
    for _row, person, changes in plan.change:
        for name, value in changes.items():
            setattr(person, name, value)
        _index(person)
        person.save()
        touched[person.household_id] = person.household
    for household in touched.values():
        household.version += 1
        household.save(update_fields=["version"])
    entries = [_line("register.household-created", pk, batch) for pk in created]
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


def _key(row: RosterRow) -> str:
    return row.household_key


def _number(text: str) -> int:
    digits = "".join(char for char in text if char.isdigit())
    return int(digits) if digits else 0


def _make_doors(community: Organisation, addresses: list[Address]) -> dict[Address, Dwelling]:
    """Make the places that are not there yet; return the dwelling of each address."""
    compounds = {c.name: c for c in Compound.objects.filter(community=community)}
    buildings = {
        (b.compound.name, b.name): b for b in Building.objects.filter(community=community).select_related("compound")
    }
    entrances = {
        (e.building.compound.name, e.building.name, e.name): e
        for e in Entrance.objects.filter(community=community).select_related("building__compound")
    }
    doors = {
        Address(d.entrance.building.compound.name, d.entrance.building.name, d.entrance.name, d.room): d
        for d in Dwelling.objects.filter(community=community).select_related("entrance__building__compound")
    }
    new: list[Dwelling] = []
    for address in dict.fromkeys(addresses):
        if address in doors:
            continue
        compound = compounds.get(address.compound) or Compound.objects.create(
            community=community, name=address.compound
        )
        compounds[address.compound] = compound
        where = (address.compound, address.building)
        building = buildings.get(where) or Building.objects.create(
            community=community, compound=compound, name=address.building, order=_number(address.building)
        )
        buildings[where] = building
        stairs = (*where, address.entrance)
        entrance = entrances.get(stairs) or Entrance.objects.create(
            community=community, building=building, name=address.entrance, order=_number(address.entrance)
        )
        entrances[stairs] = entrance
        order = ((building.order * 100 + entrance.order) * 100 + address.floor) * 10000 + _number(address.room)
        doors[address] = Dwelling(
            community=community, entrance=entrance, floor=address.floor, room=address.room,
            door_label=address.label, walk_order=order,
        )  # fmt: skip
        new.append(doors[address])
    Dwelling.objects.bulk_create(new, batch_size=CHUNK)
    return doors


def _make_households(
    community: Organisation, rows: list[RosterRow], doors: dict[Address, Dwelling]
) -> tuple[dict[str, Household], list[Any]]:
    """Group rows into households; return them by key, and the keys of the new ones."""
    standing = Household.objects.filter(community=community).select_related("dwelling__entrance__building__compound")
    found: dict[str, Household] = {}
    for household in standing:
        if household.household_no:
            found[household.household_no] = household
        if household.dwelling:
            compound = household.dwelling.entrance.building.compound.name
            found[f"{compound}/{household.dwelling.door_label}/{household.head_name}"] = household
    new: dict[str, Household] = {}
    for row in rows:
        if _key(row) in found or _key(row) in new:
            continue
        values = row.values
        new[_key(row)] = Household(
            community=community,
            dwelling=doors[row.address] if row.address else None,
            household_no=values["household_no"],
            head_name=values["head_name"] or values["name"],
            origin_town=values["origin_town"],
            origin_village=values["origin_village"],
            lifted_out=values["lifted_out"],
        )
    Household.objects.bulk_create(list(new.values()), batch_size=CHUNK)
    return {**found, **new}, [household.pk for household in new.values()]


def _index(person: Person) -> None:
    person.name_pinyin, person.name_initials = sounds_of(person.name)
    person.phone_tail4, person.id_tail4 = person.phone[-4:], person.id_no[-4:]


def _person(community: Organisation, household: Household, row: RosterRow) -> Person:
    person = Person(community=community, household=household, **{name: row.values[name] for name in FIELDS})
    _index(person)
    return person


@transaction.atomic
def reveal_field(*, person: Person, field: str, reason: str, actor: Staff) -> str:
    """Return one sealed value and write who looked and why. Raises ValueError for any other field or no reason."""
    if field not in ("id_no", "phone") or not reason.strip():
        raise ValueError("a sealed field is shown by name and with a reason")
    ledger.record(
        community=person.community,
        actor=actor,
        code="register.field-revealed",
        subject=person,
        fields=[field],
        reason=reason.strip()[:200],
    )
    return str(getattr(person, field))


@transaction.atomic
def take_receipt(*, batch: ImportBatch, actor: Staff) -> bytes:
    """Return the receipt of an import as .xlsx and write that it was taken: it holds the rows that did not come in."""
    rows = batch.problem_rows.count()
    ledger.record(
        community=batch.community, actor=actor, code="register.receipt-taken", subject=batch, detail={"rows": rows}
    )
    return write_receipt(batch)
