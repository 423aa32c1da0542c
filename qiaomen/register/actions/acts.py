"""What was done can be seen and taken back: every act keeps what stood before it, row by row."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction

from qiaomen.kernel import clock
from qiaomen.linkage.sounds import sounds_of
from qiaomen.office import ledger
from qiaomen.office.fields import BlindIndex, write_sealed
from qiaomen.office.models import Organisation, Staff
from qiaomen.office.record_types import model_of, record_type_of
from qiaomen.register import problems
from qiaomen.register.actions import search_index
from qiaomen.register.actions.places.labels import keep_labels
from qiaomen.register.models import COUNTED, Act, Change, Dated, Dwelling, Family, Household, Person

CHUNK = 500
UNDO_DAYS = 30
ROWS = (
    "register.person",
    "register.family",
    "register.household",
    "register.dwelling",
    "register.entrance",
    "register.building",
    "register.compound",
)
"""What an act made is removed in this order, leaves first; before them the times that stand on them (rows that are
`Dated`), so that earlier ones can open again, and what other houses made."""


@dataclass
class Undone:
    """What an undo did: rows removed, rows put back, and (table, key, field names) of what newer work has kept.

    `step` is told how many more changes are dealt with, so that somebody may watch.
    """

    removed: int = 0
    restored: int = 0
    kept: list[tuple[str, UUID, tuple[str, ...]]] = field(default_factory=list)
    step: Callable[[int], None] = field(default=lambda rows: None, repr=False)


def begin(
    *,
    community: Organisation,
    actor: Staff | None,
    kind: str,
    on_date: Any = None,
    reason: str = "",
    corrects: Act | None = None,
    key: UUID | None = None,
) -> Act:
    """Open an act; it must be in the transaction of what it does. `key`: of whoever has to find it again."""
    return Act.objects.create(
        id=key or uuid4(),
        community=community,
        kind=kind,
        on_date=on_date,
        made_at=clock.now(),
        made_by=actor,
        reason=reason.strip()[:200],
        corrects=corrects,
    )


def note_made(act: Act, rows: Iterable[models.Model]) -> None:
    """Write that the act made these rows."""
    Change.objects.bulk_create([Change(act=act, of_type=record_type_of(row), row=row.pk) for row in rows], CHUNK)


def touch(act: Act, row: models.Model) -> None:
    """Write that the act concerns this row though none of its own columns changed."""
    touch_many(act, [row])


def touch_many(act: Act, rows: Iterable[models.Model]) -> None:
    """Write that the act concerns these rows."""
    made = [Change(act=act, of_type=record_type_of(row), row=row.pk, before="{}", after="{}") for row in rows]
    Change.objects.bulk_create(made, CHUNK)


def change(act: Act, row: models.Model, **new: Any) -> bool:
    """Set the named columns, save, and keep what stood before. Return False when nothing differs."""
    return change_many(act, [(row, new)]) > 0


def change_many(act: Act, rows: Iterable[tuple[models.Model, dict[str, Any]]]) -> int:
    """Change many rows, each by its own columns; where none is named or differs the row is touched only if none is
    named.

    Return how many differed.
    """
    made, touched = [], []
    for row, new in rows:
        noted = set_columns(row, new) if new else None
        if noted is not None:
            save_changed(row, new)
            made.append(Change(act=act, of_type=record_type_of(row), row=row.pk, before=noted[0], after=noted[1]))
        elif not new:
            touched.append(row)
    Change.objects.bulk_create(made, CHUNK)
    touch_many(act, touched)
    return len(made)


def restate(act: Act, row: models.Model, names: Iterable[str]) -> None:
    """Write once more the columns an act did not change, under a new seal and with a line of their own in the history.

    So neither the seal nor the history of a sealed value tells whether what was typed stood there before.
    """
    noted = act.changes.filter(row=row.pk)
    written = {column for change in noted for column in json.loads(change.after or "{}")}
    same = sorted(set(names) - written)
    if same:
        row.save(update_fields=same)
        kept = _pack({name: getattr(row, name) for name in same})
        Change.objects.create(act=act, of_type=record_type_of(row), row=row.pk, before=kept, after=kept)


def set_columns(row: models.Model, new: dict[str, Any]) -> tuple[str, str] | None:
    """Set columns on the object; return what stood before and after as JSON, None when nothing differs."""
    columns = {name: row._meta.get_field(name).attname for name in new}  # type: ignore[union-attr]
    before = {column: getattr(row, column) for column in columns.values()}
    for name, value in new.items():
        setattr(row, name, value)
    after = {column: getattr(row, column) for column in columns.values()}
    differ = [column for column in before if before[column] != after[column]]
    if not differ:
        return None
    return _pack({name: before[name] for name in differ}), _pack({name: after[name] for name in differ})


def save_changed(row: models.Model, names: Iterable[str]) -> None:
    """Save the named columns, those computed from them, and what the row is found by."""
    wanted = set(names)
    wanted |= {f.name for f in row._meta.fields if isinstance(f, BlindIndex) and f.of in wanted}
    if isinstance(row, Person) and "name" in wanted:
        person_sounds(row)
        wanted.add("name_pinyin")
    row.save(update_fields=sorted(wanted))
    search_index.note(row, wanted)


def person_sounds(person: Person) -> None:
    """Set how the name sounds, by which duplicates are found."""
    person.name_pinyin = sounds_of(person.name)[0]


def _pack(values: dict[str, Any]) -> str:
    return json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)


def without(text: str, columns: set[str]) -> str:
    """Return kept values without some columns; "" (the act made the row) stays "" ."""
    if not text:
        return ""
    return _pack({name: value for name, value in json.loads(text).items() if name not in columns})


def _unpack(model: type[models.Model], text: str) -> dict[str, Any]:
    columns = {f.attname: f for f in model._meta.concrete_fields}
    found = {}
    for column, value in json.loads(text or "{}").items():
        kind = columns[column]
        target = kind.target_field if isinstance(kind, models.ForeignKey) else kind
        found[column] = target.to_python(value)
    return found


def newer_than(act: Act) -> set[UUID]:
    """Return the rows of an act that a newer act, not undone, has worked on."""
    rows = Change.objects.filter(act=act).values("row")
    last = act.changes.aggregate(last=models.Max("id"))["last"] or 0
    newer = Change.objects.filter(row__in=rows, id__gt=last, act__undone_at=None).exclude(act=act)
    return set(newer.values_list("row", flat=True))


def check_term(act: Act) -> None:
    """Say whether an act may still be taken back at all. Raises AlreadyUndone, UndoTooLate."""
    if act.undone_at:
        raise problems.AlreadyUndone()
    if (clock.now() - act.made_at).days >= UNDO_DAYS:
        raise problems.UndoTooLate(days=UNDO_DAYS)


def check_undo(act: Act) -> None:
    """Say, without writing, whether an undo would be refused; what only the undo itself can see is refused by it.

    Raises AlreadyUndone, UndoTooLate, LaterWork.
    """
    check_term(act)
    changes = list(act.changes.all())
    made = [change for change in changes if not change.before]
    if {change.row for change in made} & (newer_than(act) | _people_met(made)):
        raise problems.LaterWork()
    for change in changes:
        if change.before not in ("", "{}") and _restorable(change)[2]:
            raise problems.LaterWork()


def people_before(act: Act, household: Household) -> list[UUID]:
    """Return the keys of who counted in a household right before an act, read from what the act kept; writes nothing.

    True while nothing newer stands on the act: `check_undo` refuses it otherwise.
    """
    kept: dict[UUID, dict[str, Any]] = {}
    made = set[UUID]()
    for change in act.changes.filter(of_type=Person.record_type).order_by("-id"):  # what stood first is read last
        kept.setdefault(change.row, {}).update(_unpack(Person, change.before))
        made |= set() if change.before else {change.row}
    now = household.people.values_list("pk", "state", "household_id")
    touched = Person.objects.filter(pk__in=kept).values_list("pk", "state", "household_id")
    found = []
    for pk, state, home in {*now, *touched}:
        before = kept.get(pk, {})
        if pk in made:  # the act brought this person in
            continue
        if before.get("household_id", home) == household.pk and before.get("state", state) in COUNTED:
            found.append(pk)
    return sorted(found)


@transaction.atomic
def undo(
    *, act: Act, actor: Staff, reason: str, partly: bool = False, step: Callable[[int], None] = lambda rows: None
) -> Undone:
    """Put back what stood before an act. `partly`: keep and list what newer work stands on, else refuse.

    `step` is told after every few hundred changes how many more are dealt with; it may raise to stop the undo whole.

    Raises AlreadyUndone, UndoTooLate, LaterWork.
    """
    act = Act.objects.select_for_update().get(pk=act.pk)
    check_term(act)
    changes, done = list(act.changes.order_by("-id")), Undone(step=step)
    made = [change for change in changes if not change.before]
    newer = newer_than(act) | _people_met(made)
    with search_index.gathered():
        others = {change.of_type for change in made} - set(ROWS)
        times = {of_type for of_type in others if issubclass(model_of(of_type), Dated)}
        _remove(made, sorted(times), newer, done)
        _remove(made, sorted(others - times), newer, done)
        changed = [change for change in changes if change.before not in ("", "{}")]
        for start in range(0, len(changed), CHUNK):
            for change in changed[start : start + CHUNK]:
                _restore(change, done)
            step(len(changed[start : start + CHUNK]))
        _remove(made, ROWS, newer, done)
    if done.kept and not partly:
        raise problems.LaterWork()
    _drop_empty_families(act.community)
    if any(change.of_type == Dwelling.record_type for change in made):
        keep_labels(act.community)
    kept = {row for _, row, _ in done.kept}
    act.changes.filter(row__in=kept).update(kept=True)
    act.undone_at, act.undone_by, act.undo_reason = clock.now(), actor, reason.strip()[:200]
    act.save(update_fields=["undone_at", "undone_by", "undo_reason"])
    ledger.record(
        community=act.community,
        actor=actor,
        code="register.act-undone",
        subject=act,
        reason=act.undo_reason,
        detail={"kind": act.kind, "removed": done.removed, "restored": done.restored, "kept": len(done.kept)},
    )
    return done


@transaction.atomic
def redo(*, act: Act, actor: Staff) -> Act:
    """Do again, as a new act, what an undone act had done. Raises NotUndone, LaterWork when the rows have moved on."""
    act = Act.objects.select_for_update().get(pk=act.pk)
    if not act.undone_at:
        raise problems.NotUndone()
    again = begin(community=act.community, actor=actor, kind=act.kind, on_date=act.on_date, reason=act.reason)
    try:
        with transaction.atomic():
            for change in act.changes.order_by("id"):
                _again(again, change)
    except IntegrityError as error:  # a later fact stands where this one would
        raise problems.LaterWork() from error
    keep_labels(act.community)
    ledger.record(
        community=act.community, actor=actor, code="register.act-redone", subject=again, detail={"act": str(act.pk)}
    )
    return again


def _again(act: Act, change: Change) -> None:
    model = model_of(change.of_type)
    row, after = model._base_manager.filter(pk=change.row).first(), _unpack(model, change.after)
    if not change.before:
        if row is not None or not after:
            raise problems.LaterWork()
        made = model(**after)
        made.save(force_insert=True)
        note_made(act, [made])
        return
    before = _unpack(model, change.before)
    if row is None or any(getattr(row, name) != value for name, value in before.items()):
        raise problems.LaterWork()
    by_column = {f.attname: f.name for f in model._meta.concrete_fields}
    if noted := set_columns(row, {by_column[name]: value for name, value in after.items()}):
        save_changed(row, [by_column[name] for name in after])
    before_text, after_text = noted or ("{}", "{}")
    Change.objects.create(act=act, of_type=change.of_type, row=change.row, before=before_text, after=after_text)


def _drop_empty_families(community: Organisation) -> None:
    Family.objects.filter(community=community, members=None).delete()


def _people_met(made: list[Change]) -> set[UUID]:
    """Return the people of households that work outside the register stands on: a visit, a need."""
    households = {change.row for change in made if change.of_type == "register.household"}
    met = _stood_on(Household, households, outside=True)
    return set(Person.objects.filter(household__in=met).values_list("pk", flat=True)) if met else set()


def _restore(change: Change, done: Undone) -> None:
    row, before, others = _restorable(change)
    if row is not None and before.get("to_date", 0) is None and _another_open(row):
        del before["to_date"]
        others = (*others, "to_date")
    if row is not None and before:
        by_column = {f.attname: f.name for f in row._meta.concrete_fields}
        for name, value in before.items():
            setattr(row, name, value)
        save_changed(row, [by_column[name] for name in before])
        done.restored += 1
    if others:
        done.kept.append((change.of_type, change.row, others))


def _restorable(change: Change) -> tuple[models.Model | None, dict[str, Any], tuple[str, ...]]:
    """Return the row a change is about, what its columns go back to, and the columns newer work has written since.

    Whether a closed time may open again is for the undo to see: it first removes the times its act has opened.
    """
    model = model_of(change.of_type)
    row = model._base_manager.filter(pk=change.row).first()
    before, after = _unpack(model, change.before), _unpack(model, change.after)
    mine = {name: value for name, value in before.items() if row is not None and getattr(row, name) == after[name]}
    return row, mine, tuple(name for name in before if name not in mine)


def _another_open(row: models.Model) -> bool:
    """Say whether a later time of the same person stands open, so that this one must stay closed."""
    for constraint in row._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.condition == models.Q(to_date=None):
            same = {name: getattr(row, name) for name in constraint.fields}
            return type(row)._base_manager.filter(to_date=None, **same).exclude(pk=row.pk).exists()
    return False


def _remove(made: list[Change], of_types: Sequence[str], newer: set[UUID], done: Undone) -> None:
    """Remove the rows an act made, unless something newer stands on them; the change keeps their last content."""
    for of_type in of_types:
        model = model_of(of_type)
        mine = {change.row: change for change in made if change.of_type == of_type}
        held = (set(mine) & newer) | _stood_on(model, set(mine))
        done.kept += [(of_type, row, ()) for row in mine if row in held]
        free = [row for row in mine if row not in held]
        for start in range(0, len(free), CHUNK):
            rows = list(model._base_manager.filter(pk__in=free[start : start + CHUNK]))
            for row in rows:
                mine[row.pk].after = _pack({f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields})
            write_sealed([mine[row.pk] for row in rows], ["after"])
            model._base_manager.filter(pk__in=[row.pk for row in rows]).delete()
            done.removed += len(rows)
            done.step(len(rows))


def _stood_on(model: type[models.Model], rows: set[UUID], outside: bool = False) -> set[UUID]:
    """Return which of these rows some other record holds fast; `outside`: a record of another house."""
    held: set[UUID] = set()
    wanted = sorted(rows)
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.one_to_many and relation.auto_created) or relation.on_delete is not models.PROTECT:  # type: ignore[union-attr]
            continue
        if outside and relation.related_model._meta.app_label == model._meta.app_label:  # type: ignore[union-attr]
            continue
        source = relation.related_model._base_manager  # type: ignore[union-attr]
        name = relation.field.attname  # type: ignore[union-attr]
        for start in range(0, len(wanted), CHUNK):
            chunk = wanted[start : start + CHUNK]
            held |= set(source.filter(**{f"{name}__in": chunk}).values_list(name, flat=True))
    return held
