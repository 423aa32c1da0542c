"""Signing in and out, and the other things that happen in the office itself."""

from django.db import transaction

from qiaomen.office import ledger
from qiaomen.office.models import Organisation, Staff


def _ledger_home(staff: Staff) -> Organisation:
    return staff.community or staff.organisation


@transaction.atomic
def note_login(*, staff: Staff) -> None:
    """Write the line of a sign-in."""
    ledger.record(community=_ledger_home(staff), actor=staff, code="office.logged-in", subject=staff)


@transaction.atomic
def note_logout(*, staff: Staff) -> None:
    """Write the line of a sign-out."""
    ledger.record(community=_ledger_home(staff), actor=staff, code="office.logged-out", subject=staff)


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
