"""Which Word template an office prints from: its own, or the standard one of the packs."""

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qiaomen.cases.models import FormTemplate
from qiaomen.cases.papers.fields import FIELDS
from qiaomen.documents.templates import check
from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Organisation, Staff

KINDS = {
    "receipt": _("受理回执"),
    "application": _("办事申请表"),
    "mandate": _("委托书"),
    "taken": _("原件收条"),
    "returned": _("原件还条"),
}
"""The forms of a case; taken and returned are of one original."""


def standing(community: Organisation, kind: str) -> FormTemplate | None:
    """Return the office's own template of a kind; None: it prints from the standard one."""
    return FormTemplate.objects.filter(community=community, kind=kind, ended_at=None).first()


def template_of(community: Organisation, kind: str) -> bytes:
    """Return the .docx an office prints a kind of form from."""
    own = standing(community, kind)
    return bytes(own.content) if own is not None else standard(kind)


def standard(kind: str) -> bytes:
    """Return the standard template of a kind: of the last pack that has one."""
    files = [Path(pack) / "papers" / f"{kind}.docx" for pack in settings.PACKS]
    return next(file for file in reversed(files) if file.is_file()).read_bytes()


@transaction.atomic
def change_template(
    *, community: Organisation, actor: Staff, kind: str, file_name: str, content: bytes
) -> FormTemplate:
    """Put an office's own template in the place of the one it has.

    Raises what `documents.templates.check` raises: then the old one stays.
    """
    check(file_name, content, FIELDS)
    Organisation.objects.select_for_update().get(pk=community.pk)
    FormTemplate.objects.filter(community=community, kind=kind, ended_at=None).update(ended_at=clock.now())
    made = FormTemplate.objects.create(
        community=community,
        kind=kind,
        file_name=Path(file_name).name[:120],
        content=content,
        made_at=clock.now(),
        made_by=actor,
    )
    ledger.record(community=community, actor=actor, code="cases.template-changed", detail={"kind": kind})
    return made


@transaction.atomic
def end_template(*, template: FormTemplate, actor: Staff) -> None:
    """Print from the standard one again; ended twice is once."""
    if FormTemplate.objects.filter(pk=template.pk, ended_at=None).update(ended_at=clock.now()):
        ledger.record(
            community=template.community, actor=actor, code="cases.template-ended", detail={"kind": template.kind}
        )
