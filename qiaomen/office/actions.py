"""Signing in and out, and the other things that happen in the office itself."""

from datetime import timedelta

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import LedgerEntry, Organisation, Staff

ONCE = timedelta(hours=1)
"""Names nobody has, and the same page of the ledger, are noted once an hour: a flood is told, and fills no disk."""


def _ledger_home(staff: Staff) -> Organisation:
    return staff.community or staff.organisation


@transaction.atomic
def note_login(*, staff: Staff) -> None:
    """Write the line of a sign-in, and when it was."""
    staff.last_login = clock.now()
    staff.save(update_fields=["last_login"])
    ledger.record(community=_ledger_home(staff), actor=staff, code="office.logged-in", subject=staff)


@transaction.atomic
def note_logout(*, staff: Staff) -> None:
    """Write the line of a sign-out."""
    ledger.record(community=_ledger_home(staff), actor=staff, code="office.logged-out", subject=staff)


@transaction.atomic
def note_failed_login(*, login_name: str, address: str, code: str = "office.login-failed") -> None:
    """Write that signing in failed (or was locked out), in the chain of whose name it was; the name typed is not kept.

    A name nobody has goes to the county's chain, once an hour for an address.
    """
    staff = Staff.objects.filter(login_name=login_name).select_related("organisation").first()
    home = (
        _ledger_home(staff) if staff is not None else Organisation.objects.filter(parent=None).order_by("code").first()
    )
    if home is None:
        return
    if staff is None:
        lines = LedgerEntry.objects.filter(actor=None, code=code, at__gt=clock.now() - ONCE, community=home)
        if any(detail.get("address") == address for detail in lines.values_list("detail", flat=True)):
            return
    ledger.record(community=home, actor=None, code=code, subject=staff, detail={"address": address})


@transaction.atomic
def note_refusal(*, staff: Staff, route: str, status: int, key: str = "") -> None:
    """Write that a page was refused: the route, 403 or 404, and which record was asked for."""
    detail = {"route": route, "status": status, **({"key": key[:64]} if key else {})}
    ledger.record(community=_ledger_home(staff), actor=staff, code="office.refused", detail=detail)


@transaction.atomic
def note_ledger_read(*, community: Organisation, actor: Staff) -> None:
    """Write that somebody reads the ledger of a community, once an hour."""
    recent = LedgerEntry.objects.filter(actor=actor, code="office.ledger-read", at__gt=clock.now() - ONCE)
    if not recent.filter(community=community).exists():
        ledger.record(community=community, actor=actor, code="office.ledger-read")


@transaction.atomic
def name_child_keeper(*, staff: Staff, keeps: bool, actor: Staff) -> None:
    """Give or take the duty of 儿童主任: whoever has it sees the records of children under 14."""
    if staff.community is None or staff.community != actor.community:
        raise ValueError("a duty is given within one community")
    if staff.keeps_children == keeps:
        return
    staff.keeps_children = keeps
    staff.save(update_fields=["keeps_children"])
    ledger.record(
        community=staff.community, actor=actor, code="office.duty-changed", subject=staff, detail={"children": keeps}
    )


@transaction.atomic
def verify_ledger(*, community: Organisation, actor: Staff | None) -> ledger.VerifyResult:
    """Verify a community's chain and write that it was done."""
    result = ledger.verify(community)
    detail = {"ok": result.ok, "rows": result.rows, "first_broken_seq": result.first_broken_seq}
    ledger.record(community=community, actor=actor, code="office.ledger-verified", detail=detail)
    return result


@transaction.atomic
def rename_organisation(*, organisation: Organisation, name: str, actor: Staff | None) -> None:
    """Give an organisation another name. The head of its ledger is signed with the name, so it is done here only."""
    head = ledger.lock(organisation)
    before, organisation.name = organisation.name, name.strip()
    if not head.holds or not organisation.name:
        raise ValueError("a name is given to an organisation whose ledger holds")
    organisation.save(update_fields=["name"])
    head.community = organisation
    head.sign_and(update_fields=["key_id", "mark"])
    ledger.record(
        community=organisation, actor=actor, code="office.renamed", subject=organisation, detail={"before": before}
    )
