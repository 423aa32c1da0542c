"""A list comes in: kept, previewed, committed whole or not at all, and its receipt."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from qiaomen.imports import problems
from qiaomen.imports.actions import commit
from qiaomen.imports.models import ImportBatch, ImportPage, ImportRow
from qiaomen.imports.rules.reading.roster import rows_of
from qiaomen.imports.selectors import read_tables
from qiaomen.imports.selectors.meaning.understanding import Answers, Spot
from qiaomen.imports.selectors.plan import ImportPlan, make_plan
from qiaomen.imports.selectors.preview import pages as preview_pages
from qiaomen.imports.selectors.preview import rows as preview_rows
from qiaomen.imports.selectors.preview.veils import AS, is_own
from qiaomen.imports.selectors.receipt import write_receipt
from qiaomen.imports.selectors.visit_records import FIELDS as VISIT_FIELDS
from qiaomen.kernel import clock
from qiaomen.kernel.sensitivity import Field
from qiaomen.office import disclosure, jobs, ledger
from qiaomen.office.access import may_see_child
from qiaomen.office.jobs.progress import Progress, Stopped, ask_to_stop, forget
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.actions import acts
from qiaomen.register.selectors.fields import field_of

CHUNK = 500
LARGE = 1000
"""Rows from which on the database's statistics are renewed at once."""
STUCK_AFTER = timedelta(minutes=15)
COUNTS = ("rows_read", "created", "changed", "same", "rejected")


def upload_roster(*, community: Organisation, actor: Staff, file_name: str, content: bytes) -> ImportBatch:
    """Keep a list and preview it.

    Raises NotAWorkbook and its kin, AlreadyImported, ImportRunning, NoHeader, NotTaken, TooManyLooks.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    _free_stuck(community)
    running = ImportBatch.objects.filter(community=community, state="committing").first()
    if running:
        raise problems.ImportRunning(file_name=running.file_name)
    same = ImportBatch.objects.filter(community=community, sha256=sha256, state="committed")
    before = same.filter(act__undone_at=None).first()
    if before:
        raise problems.AlreadyImported(file_name=file_name, day=before.made_at.astimezone(clock.SHANGHAI).date())
    places = read_tables.PlaceAnswers.of(community, {})
    book = read_tables.open_workbook(file_name, content, community=community, places=places)
    batch = ImportBatch(
        community=community,
        file_name=file_name[:200],
        sha256=sha256,
        workbook=base64.b64encode(content).decode(),
        mapping=book.mapping,
        made_at=clock.now(),
        made_by=actor,
    )
    plan = _plan(batch, book)
    _let_compare(batch, plan)
    with transaction.atomic():
        batch.save(force_insert=True)
        ledger.record(community=community, actor=actor, code="imports.roster-uploaded", subject=batch)
        return _keep_preview(batch, book, plan)


def choose_columns(
    *, batch: ImportBatch, chosen: dict[str, list[str]], kinds: dict[str, str] | None = None
) -> ImportBatch:
    """Take a person's word for which list a sheet is and which column is what, and preview anew.

    A sheet read as another list than before gets that list's columns. Raises NotPreviewed, ColumnsUnclear.
    """
    if batch.state != "previewed":
        raise problems.NotPreviewed()
    mapping = {**batch.mapping}
    for sheet, fields in chosen.items():
        if sheet not in mapping:
            raise problems.ColumnsUnclear(sheet=sheet)
        code = (kinds or {}).get(sheet, mapping[sheet]["kind"])
        kind = read_tables.kinds().get(code)
        if kind is None or kind.people == "none":
            raise problems.ColumnsUnclear(sheet=sheet)
        found = {**mapping[sheet], "fields": fields}
        if code != mapping[sheet]["kind"]:
            found = read_tables.as_kind(mapping[sheet], code)
        if not read_tables.columns_are_clear(found, kind):
            raise problems.ColumnsUnclear(sheet=sheet)
        found.pop("question", None)
        mapping[sheet] = found
        read_tables.remember(batch.community, found)
    batch.mapping = mapping
    return preview_roster(batch=batch)


def answer_doubts(
    *,
    batch: ImportBatch,
    apart: Iterable[Spot] = (),
    left_out: Iterable[Spot] = (),
    all_apart: bool = False,
    rows: Mapping[Spot, str] | None = None,
    compounds: Mapping[str, str] | None = None,
    sheets: Mapping[str, str] | None = None,
    take: Iterable[tuple[str, int, str]] | None = None,
) -> ImportBatch:
    """Take a person's word on rows that are asked about, and preview anew. Raises NotPreviewed.

    `rows`: new, out, same:<person> or home:<household> by row; `compounds`: "+" to make one, or the name of the one it
    is; `sheets`: the compound of a sheet that does not say it; `take`: all fields set by hand that the list may
    overwrite, None for those said before.
    """
    if batch.state != "previewed":
        raise problems.NotPreviewed()
    said = {(sheet, row): answer for sheet, row, answer in batch.answers.get("rows", [])} | dict(rows or {})
    batch.answers = {
        "apart": sorted(map(list, apart)), "left_out": sorted(map(list, left_out)), "all_apart": all_apart,
        "rows": sorted([sheet, row, answer] for (sheet, row), answer in said.items() if answer),
        "compounds": {**batch.answers.get("compounds", {}), **(compounds or {})},
        "sheets": {**batch.answers.get("sheets", {}), **(sheets or {})},
        "take": sorted(map(list, take)) if take is not None else batch.answers.get("take", []),
    }  # fmt: skip
    batch.save(update_fields=["answers"])
    return preview_roster(batch=batch)


def _open(batch: ImportBatch) -> read_tables.Workbook:
    places = read_tables.PlaceAnswers.of(batch.community, batch.answers)
    return read_tables.open_workbook(batch.file_name, batch.content, batch.mapping, places=places)


def _plan(batch: ImportBatch, book: read_tables.Workbook) -> ImportPlan:
    known = read_tables.PlaceAnswers.of(batch.community, batch.answers)
    compounds = [*known.known, *known.sheets.values()]
    plan = make_plan(batch.community, book.tables, Answers.of(batch.answers), clock.today(), compounds, known.recorded)
    counts = {"rows_read": rows_of(book.tables), **plan.counts}
    for name, count in counts.items():
        setattr(batch, name, count)
    if batch.rows_read != batch.created + batch.changed + batch.same + batch.rejected:
        raise AssertionError("the row equation does not hold")
    return plan


def preview_roster(*, batch: ImportBatch) -> ImportBatch:
    """Read the list and count what a commit would do; the register is not touched. Raises TooManyLooks."""
    book = _open(batch)
    plan = _plan(batch, book)
    _let_compare(batch, plan)
    with transaction.atomic():
        return _keep_preview(batch, book, plan)


def _let_compare(batch: ImportBatch, plan: ImportPlan) -> None:
    """Count the numbers a list held against children whose records its bringer may not read: each row is a guess.

    A preview says whether a row is known as it stands; for a number that tells whether it was guessed. Who may read
    numbers by a look brought in their own and is not counted (issue 12, item 5). Raises TooManyLooks.
    """
    if plan.guessed and not may_see_child(batch.made_by):
        disclosure.compare(
            viewer=batch.made_by,
            community=batch.community,
            code="imports.numbers-compared",
            people=plan.guessed,
            fields=[field_of("id_no"), field_of("phone")],
        )


def _keep_preview(batch: ImportBatch, book: read_tables.Workbook, plan: ImportPlan) -> ImportBatch:
    batch.mapping, batch.notes, batch.state = book.mapping, book.notes + plan.notes, "previewed"
    batch.save(update_fields=["mapping", "notes", "state", *COUNTS])
    batch.rows.all().delete()
    batch.pages.all().delete()
    ImportRow.objects.bulk_create(preview_rows.rows_to_show(batch, plan), batch_size=CHUNK)
    ImportPage.objects.bulk_create(preview_pages.pages_to_show(batch, plan, book.samples), batch_size=CHUNK)
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
    forget(batch.pk)


def commit_roster(*, batch: ImportBatch, actor: Staff) -> ImportBatch:
    """Write the whole list in one transaction, or nothing. Raises NotPreviewed, ImportRunning."""
    claim_commit(batch=batch)
    return finish_commit(batch=batch, actor=actor)


def ask_to_commit(*, batch: ImportBatch, actor: Staff) -> None:
    """Claim the batch and have it written outside the request. Raises NotPreviewed, ImportRunning."""
    with transaction.atomic():
        claim_commit(batch=batch)
        jobs.ask(community=batch.community, code="imports.commit", subject=batch.pk, actor=actor)


def ask_to_undo(*, batch: ImportBatch, actor: Staff, reason: str) -> None:
    """Have a whole list taken back outside the request. Raises NotPreviewed, AlreadyUndone, UndoTooLate."""
    if batch.act is None:
        raise problems.NotPreviewed()
    acts.check_term(batch.act)
    forget(batch.pk)
    jobs.ask(community=batch.community, code="imports.undo", subject=batch.pk, actor=actor, words=reason)


def undo_roster(*, batch: ImportBatch, actor: Staff, reason: str) -> acts.Undone:
    """Take a whole list back; what was edited by hand afterwards stays and is listed.

    Raises AlreadyUndone, UndoTooLate.
    """
    assert batch.act is not None
    progress = Progress(batch.pk, batch.act.changes.count())
    try:
        return acts.undo(act=batch.act, actor=actor, reason=reason, partly=True, step=progress.step)
    finally:
        forget(batch.pk)


def finish_commit(*, batch: ImportBatch, actor: Staff) -> ImportBatch:
    """Do the work of a claimed batch; if it is stopped or anything goes wrong the batch is as it was, previewed.

    Raises NotPreviewed when another process has written it, or the claim was given up.
    """
    try:
        with transaction.atomic():
            _hold_claim(batch)
            return _commit(batch, actor)
    except problems.NotPreviewed:
        raise
    except Stopped:
        _back_to_preview(batch, _("导入已取消：什么都没有写入，名册还在这里，可以再提交。"))
        with transaction.atomic():
            ledger.record(community=batch.community, actor=actor, code="imports.stopped", subject=batch)
    except BaseException:
        _back_to_preview(batch, _("上次提交没有完成：什么都没有写入，名册还在这里，可以再提交。"))
        raise
    finally:
        forget(batch.pk)
    batch.refresh_from_db()
    return batch


def _hold_claim(batch: ImportBatch) -> None:
    """Lock the batch for this transaction. Raises NotPreviewed when it is not being committed any more."""
    locked = ImportBatch.objects.select_for_update().filter(pk=batch.pk, state="committing")
    if not locked.values_list("pk", flat=True).first():
        raise problems.NotPreviewed()


def _back_to_preview(batch: ImportBatch, words: str) -> None:
    kept = [note for note in ImportBatch.objects.values_list("notes", flat=True).get(pk=batch.pk) if note != words]
    ImportBatch.objects.filter(pk=batch.pk).update(state="previewed", notes=[words, *kept])


def cancel_commit(*, batch: ImportBatch) -> None:
    """Ask a running commit to stop: it rolls back whole within a second, and the batch is previewed again.

    Raises NotRunning when it has ended already.
    """
    if not ImportBatch.objects.filter(pk=batch.pk, state="committing").exists():
        raise problems.NotRunning()
    ask_to_stop(batch.pk)


def _commit(batch: ImportBatch, actor: Staff) -> ImportBatch:
    community = batch.community
    progress = Progress(batch.pk, batch.rows_read)
    plan = _plan(batch, _open(batch))
    progress.begin(batch.rows_read, batch.same + batch.rejected)
    act = acts.begin(community=community, actor=actor, kind="import", reason=batch.file_name)
    entries = commit.carry_out(act, plan, actor, progress)
    counts = {name: getattr(batch, name) for name in COUNTS}
    entries.append({"code": "imports.roster-imported", "subject_type": "imports.importbatch",
                    "subject_id": str(batch.pk), "detail": counts})  # fmt: skip
    ledger.record_many(community=community, actor=actor, entries=entries)
    _learn_sizes(batch.created)
    progress.step(0)
    batch.state, batch.workbook, batch.act = "committed", "", act
    batch.save(update_fields=["state", "workbook", "act", *COUNTS])
    return batch


def _learn_sizes(created: int) -> None:
    """Let PostgreSQL count what a large list has just brought: until it has, joined questions take minutes."""
    if created >= LARGE and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in apps.get_app_config("register").get_models():
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def note_look(*, batch: ImportBatch, rows: Iterable[dict[str, Any]], actor: Staff) -> None:
    """Write that somebody saw whom a list changes, once it is more than what they brought in. Raises TooManyLooks."""
    if is_own(batch, actor):
        return
    fields = {code: field_of(AS.get(code, code)) for row in rows for code in row["codes"] if code not in VISIT_FIELDS}
    if said := [row for row in rows if VISIT_FIELDS.keys() & set(row["codes"])]:
        fields["visits.said"] = Field("visits.said", "health")
    people = [row["person"] for row in rows if row["person"]]
    if people and (fields or said):
        disclosure.show(
            viewer=actor, community=batch.community, code="imports.rows-looked", people=people, subject=batch,
            fields=list(fields.values()),
        )  # fmt: skip


@transaction.atomic
def take_receipt(*, batch: ImportBatch, actor: Staff) -> bytes:
    """Return the receipt of an import as .xlsx and write that it was taken: it holds the rows that did not come in."""
    rows = batch.rows.filter(kind__in=("problem", "double")).count()
    ledger.record(
        community=batch.community, actor=actor, code="imports.receipt-taken", subject=batch, detail={"rows": rows}
    )
    return write_receipt(batch)
