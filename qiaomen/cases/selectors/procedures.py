"""Procedures in force: those of the packs, each file read whole; one that is wrong leaves the version before it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qiaomen.cases.models import Case, CaseStep, ProcedureVersion
from qiaomen.cases.rules import timing
from qiaomen.cases.rules.procedure import (
    PAUSES,
    Done,
    Ending,
    Facts,
    Fault,
    FaultyProcedure,
    Limit,
    Owed,
    Procedure,
    Standing,
    Step,
    Stop,
    read_procedure,
    standing,
)
from qiaomen.criteria.facts import Parameter
from qiaomen.kernel import clock
from qiaomen.kernel.clock import SHANGHAI
from qiaomen.needs.models import Need
from qiaomen.register.selectors import packs

GENERAL = "general"
BARE = Procedure(
    code=GENERAL,
    title=gettext_noop("一般诉求"),
    version=0,
    source="",
    limit=Limit("working_days", "hotline.default_wd", "", since="opened", paused_by=PAUSES),
    steps=(Step("handle", gettext_noop("动手办"), gettext_noop("办理"), "owner", ""),),
    endings=(
        Ending("done", gettext_noop("办成了"), "done"),
        Ending("explained", gettext_noop("办不了，讲清了原因"), "explained"),
    ),
)
"""What a matter runs under where no pack has a general procedure that can be read: nobody is turned away for a file."""
STARTS = ("opened", "not_solved")
"""Steps with which a case's clock starts."""


@dataclass(frozen=True)
class Shelf:
    """What the files of the packs say: the procedures that can be read with their text, and what is wrong elsewhere."""

    procedures: Mapping[str, Procedure]
    texts: Mapping[str, str]
    faults: tuple[tuple[str, Fault], ...]


def files() -> list[Path]:
    """Return the procedure files of the packs, pack after pack: a later pack's file of the same name wins."""
    found: dict[str, Path] = {}
    for folder in settings.PACKS:
        for path in sorted(Path(folder).glob("procedures/*.yaml")):
            found[path.stem] = path
    return list(found.values())


def shelf() -> Shelf:
    """Return what the files say now; a file that has changed is read anew."""
    return _shelf(tuple((path, path.stat().st_mtime_ns) for path in files()), clock.today())


@lru_cache(maxsize=4)
def _shelf(found: tuple[tuple[Path, int], ...], day: date) -> Shelf:
    procedures, texts, faults = {}, {}, []
    codes = packs.parameters(day)
    for path, _changed in found:
        text = path.read_text(encoding="utf-8")
        try:
            procedure = read_procedure(text, codes)
            if procedure.code != path.stem:
                raise FaultyProcedure([Fault(1, 1, "other_name", procedure.code)])
        except FaultyProcedure as refused:
            faults += [(path.name, fault) for fault in refused.faults]
        else:
            procedures[procedure.code], texts[procedure.code] = procedure, text
    return Shelf(procedures, texts, tuple(faults))


def to_run(code: str) -> tuple[Procedure | None, bool]:
    """Return the procedure a new matter can run under, and whether its version is kept already: one query."""
    rows = list(ProcedureVersion.objects.filter(code=code).order_by("version"))
    found = _in_force({row.code: row for row in rows}, [code]).get(code)
    return found or (BARE if code == GENERAL else None), any(found and row.version == found.version for row in rows)


def in_force() -> dict[str, Procedure]:
    """Return the procedures a new matter can run under, by code; the general one is always there."""
    kept = {row.code: row for row in ProcedureVersion.objects.order_by("version")}
    found = _in_force(kept, sorted({*shelf().procedures, *kept}))
    return found if GENERAL in found else {GENERAL: BARE, **found}


def _in_force(kept: Mapping[str, ProcedureVersion], codes: Iterable[str]) -> dict[str, Procedure]:
    """Return what is in force of these codes; `kept`: the newest version kept of each.

    Where the file is wrong, gone back, or changed without a higher version, the newest version kept stays in force.
    """
    now, found = shelf(), {}
    for code in codes:
        procedure, row = now.procedures.get(code), kept.get(code)
        stays = procedure is not None and (row is None or _is_newer(procedure, now.texts[code], row))
        read = procedure if stays or row is None else _read(row.code, row.version, row.text)
        if read is not None:
            found[code] = read
    return found


def _is_newer(procedure: Procedure, text: str, row: ProcedureVersion) -> bool:
    return procedure.version > row.version or (procedure.version == row.version and text == row.text)


@lru_cache(maxsize=64)
def _read(code: str, version: int, text: str) -> Procedure | None:
    """Return a version that was kept; None where its parameters are declared no more."""
    try:
        return read_procedure(text, packs.parameters(clock.today()))
    except FaultyProcedure:
        return None


def faults_said() -> list[dict[str, Any]]:
    """Return what is wrong with the files, each with its place, and files that changed under an old version."""
    now = shelf()
    said: list[dict[str, Any]] = [
        {"file": file, "line": fault.line, "column": fault.column, "sentence": say_fault(fault)}
        for file, fault in now.faults
    ]
    for row in ProcedureVersion.objects.order_by("code", "version"):
        procedure = now.procedures.get(row.code)
        if procedure and procedure.version == row.version and now.texts[row.code] != row.text:
            sentence = _("内容变了，版本号没有变。请把版本号加一；在这之前按原来的办。")
            said.append({"file": f"{row.code}.yaml", "line": 1, "column": 1, "sentence": sentence})
    return said


def say_fault(fault: Fault) -> str:
    """Return what is wrong in words."""
    return {
        "unknown_field": _("不认识“{words}”这一项。可以写的是：{allowed}。"),
        "missing_field": _("缺“{words}”这一项。"),
        "unknown_word": _("“{words}”不能写在这里。可以写的是：{allowed}。"),
        "unknown_step": _("没有“{words}”这一步。"),
        "unknown_result": _("没有“{words}”这个结果。"),
        "no_parameter": _("期限、金额要写参数的代码，“{words}”不在参数表里。"),
        "circular": _("这几步互相等着，谁也开不了头：{words}。"),
        "twice": _("“{words}”写了两次。"),
        "not_a_number": _("版本号要是一个大于零的整数，这里是“{words}”。"),
        "not_a_text": _("这里要写一句话。"),
        "not_a_list": _("这里要写一列。"),
        "not_a_mapping": _("这里要写成“项：内容”。"),
        "not_yaml": _("这个文件的写法读不懂：{words}"),
        "other_name": _("文件名和代码不一样，代码是“{words}”。"),
    }[fault.code].format(words=fault.words, allowed=fault.allowed)


def procedure_of(case: Case) -> Procedure:
    """Return the procedure a case runs under, in its version; the general one where that cannot be read any more."""
    row = ProcedureVersion.objects.filter(code=case.procedure, version=case.version).first()
    if row is not None and (read := _read(row.code, row.version, row.text)) is not None:
        return read
    now = shelf().procedures
    return now.get(case.procedure) or now.get(GENERAL) or BARE


def text_of(procedure: Procedure) -> str:
    """Return the text of the file of a procedure that is on the shelf."""
    return shelf().texts.get(procedure.code, "")


def standing_steps(steps: list[CaseStep]) -> list[CaseStep]:
    """Return the steps nobody took back, in the order they were written."""
    back = {step.of_id for step in steps if step.kind == "taken_back"}
    return [step for step in steps if step.pk not in back and step.kind != "taken_back"]


def facts_of(case: Case, steps: list[CaseStep]) -> Facts:
    """Return what the steps of a case say, for the rules; `steps`: all of it, oldest first."""
    stands = standing_steps(steps)
    starts = [step for step in stands if step.kind in STARTS]
    opened = starts[-1].at if starts else case.opened_at
    past = stands[: stands.index(starts[-1])] if starts else []
    return Facts(
        opened=opened,
        done=[
            Done(step.part, _moment(step), step.result, step.number, is_past=step in past)
            for step in stands
            if step.part
        ],
        stops=_stops(stands),
        extensions=sum(step.kind == "extended" and step.at >= opened for step in stands),
        urgent=case.need.handling == "urgent",
        promised_on=case.promised_on if not starts or starts[-1].kind == "opened" else None,
    )


def _moment(step: CaseStep) -> datetime:
    day = step.happened_on
    if day is None or day == step.at.astimezone(SHANGHAI).date():
        return step.at
    return datetime.combine(day, time(12), SHANGHAI)


def _stops(stands: list[CaseStep]) -> list[Stop]:
    """Return the pauses: each to its end, or until somebody went on earlier."""
    found: list[Stop] = []
    for step in stands:
        if step.kind == "paused" and step.until is not None:
            found.append(Stop(step.result, step.at, datetime.combine(step.until, time(), SHANGHAI)))
        elif step.kind in ("resumed", "closed") and found and found[-1].end > step.at:
            found[-1] = Stop(found[-1].kind, found[-1].start, step.at)
    return found


def parameters() -> dict[str, Parameter]:
    """Return the numbers policy sets, as in force today."""
    return packs.parameters(clock.today())


def standing_of(case: Case, steps: list[CaseStep] | None = None) -> tuple[Procedure, Standing]:
    """Return the procedure of a case and how it stands today."""
    procedure = procedure_of(case)
    found = list(case.steps.order_by("at", "pk")) if steps is None else steps
    return procedure, standing(procedure, facts_of(case, found), clock.today(), parameters())


def owed_for(case: Case, procedure: Procedure, step: CaseStep) -> tuple[Owed, ...]:
    """Return the sentences the resident is owed because of one step that was recorded."""
    facts = Facts(opened=case.opened_at, done=[Done(step.part, _moment(step), step.result)])
    return standing(procedure, facts, clock.today(), parameters()).owed


def waits_for_body(stands: list[CaseStep]) -> bool:
    """Say whether a case was referred to a body outside that has not answered."""
    last = [step for step in stands if step.kind in ("referred", "replied") or step.part == "answer"]
    return bool(last) and last[-1].kind == "referred"


def first_due(procedure: Procedure, need: Need, opened: datetime, promised_on: date | None) -> date:
    """Return the last day of a case that begins now."""
    facts = Facts(opened, urgent=need.handling == "urgent", promised_on=promised_on)
    found = standing(procedure, facts, opened.astimezone(SHANGHAI).date(), parameters()).due_on
    return found or timing.due_on(opened.astimezone(SHANGHAI).date(), need.handling)


def due_of(case: Case, facts: Facts, stands: Standing) -> date:
    """Return the last day of a case: that of its procedure, or of the general clock where its own has no amount here
    or has not started.
    """
    general = timing.due_on(facts.opened.astimezone(SHANGHAI).date(), case.need.handling)
    return stands.due_on or max(filter(None, (general, stands.whole.rest_by)))
