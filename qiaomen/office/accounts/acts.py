"""What happens to an account: opened, changed, given a code, closed, opened again; each with its line in the ledger."""

from datetime import datetime
from typing import Any

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.accounts import rules, sessions
from qiaomen.office.accounts.passwords import GOOD_FOR, make_code
from qiaomen.office.accounts.people import accounts_of, active_admins, organisations_of
from qiaomen.office.handover import acts as handover
from qiaomen.office.models import Device, Organisation, SignIn, Staff
from qiaomen.office.problems import AccountClosed, HoldsWork, LastAdmin, NotYoursToGive, OwnAccount
from qiaomen.office.shared import badge_photos


def home_of(staff: Staff) -> Organisation:
    """Return whose ledger tells of an account: the community's, or that of the county or town somebody works in."""
    return staff.community or staff.organisation


def _write(actor: Staff | None, code: str, staff: Staff, reason: str = "", **detail: Any) -> None:
    ledger.record(community=home_of(staff), actor=actor, code=code, subject=staff, reason=reason[:200], detail=detail)


def _locked(staff: Staff, actor: Staff) -> Staff:
    """Return the row of an account that `actor` keeps, locked; with an administrator's all of theirs, in one order.

    Raises NotYoursToGive, OwnAccount.
    """
    if staff.pk == actor.pk:
        raise OwnAccount()
    if staff.role == "admin":
        list(active_admins().select_for_update(of=("self",)).order_by("pk"))
    if not accounts_of(actor).filter(pk=staff.pk).exists():
        raise NotYoursToGive()
    return _lock(staff)


def _lock(staff: Staff) -> Staff:
    found = Staff.objects.select_for_update(of=("self",)).select_related("organisation__parent")
    return found.get(pk=staff.pk)


def _check_place(actor: Staff, role: str, organisation: Organisation) -> None:
    """Raise NotYoursToGive for a role or a place that is not the actor's to give, ValueError where they do not fit."""
    places = organisations_of(actor)
    if role not in rules.roles_given_by(actor.role) or not places.filter(pk=organisation.pk).exists():
        raise NotYoursToGive()
    if not rules.fits(role, organisation.kind):
        raise ValueError(f"{role} is of no {organisation.kind}")


def _give_code(staff: Staff, by: Staff | None) -> str:
    """Set a new one-time code and who knows it; whatever opened the account before opens it no more."""
    code = make_code()
    staff.code_by = by
    staff.set_password(code)
    staff.code_until = clock.now() + GOOD_FOR
    return code


@transaction.atomic
def open_account(
    *, actor: Staff, login_name: str, name: str, role: str, organisation: Organisation, telephone: str = ""
) -> tuple[Staff, str]:
    """Open an account and return it with its one-time code. Raises NotYoursToGive."""
    _check_place(actor, role, organisation)
    staff = Staff(login_name=login_name, name=name, role=role, organisation=organisation, telephone=telephone)
    staff.opened_by = actor
    code = _give_code(staff, actor)
    staff.save(force_insert=True)
    _write(actor, "office.account-opened", staff, role=role, organisation=str(organisation.pk))
    return staff, code


@transaction.atomic
def change_account(
    *,
    actor: Staff,
    staff: Staff,
    name: str,
    telephone: str,
    role: str,
    organisation: Organisation,
    reason: str = "",
) -> Staff:
    """Change what an account says. Another role or community signs its person out, and their phones hand over.

    Raises OwnAccount when somebody changes their own role or place, NotYoursToGive, LastAdmin, AccountClosed, HoldsWork
    when they hold what they could not do from there.
    """
    own = staff.pk == actor.pk
    locked = _lock(staff) if own else _locked(staff, actor)
    before = (locked.role, locked.organisation_id)
    if (role, organisation.pk) != before:
        if own:
            raise OwnAccount()
        _check_place(actor, role, organisation)
        _keep_an_admin(locked, stays=role == "admin")
        _still_works(actor)
    if not locked.is_active:
        raise AccountClosed()
    was, old_home = (locked.role, locked.community), home_of(locked)
    detail: dict[str, Any] = {"before": {"role": locked.role, "organisation": str(locked.organisation_id)}}
    locked.name, locked.telephone, locked.role, locked.organisation = name, telephone, role, organisation
    if rules.ends_sign_ins(was, (role, locked.community)):
        locked.keeps_children = False
        detail |= _sign_out(locked, _now_for("left_at" if was[1] == locked.community else "revoked_at"))
    locked.save(update_fields=["name", "telephone", "role", "organisation", "keeps_children"])
    _check_hands(locked, *was)
    detail |= {"role": role, "organisation": str(organisation.pk)}
    _write(actor, "office.account-changed", locked, reason, **detail)
    if old_home != home_of(locked):
        ledger.record(
            community=old_home, actor=actor, code="office.account-changed", subject=locked, reason=reason, detail=detail
        )
    return locked


def _check_hands(staff: Staff, role: str, community: Organisation | None) -> None:
    """Raise HoldsWork when somebody who just moved, or does other work now, left things in the place they had.

    Their phones were asked before: those are handed over by the change itself.
    """
    stays = staff.community == community and (staff.role == role or staff.role in rules.HOLDERS)
    if community is not None and not stays and (held := handover.held_by(staff, community=community)):
        raise HoldsWork(name=staff.name, n=len(held))


def _now_for(column: str) -> dict[str, datetime]:
    return {column: clock.now()}


def _sign_out(staff: Staff, phones: dict[str, datetime]) -> dict[str, int]:
    """End every session and set this on every phone in use; return how many of each."""
    ended = sessions.end(SignIn.objects.filter(staff=staff))
    in_use = Device.objects.filter(staff=staff, revoked_at=None)
    if "left_at" in phones:
        in_use = in_use.filter(left_at=None)
    return {"sessions": ended, "phones": in_use.update(**phones)}


def _keep_an_admin(staff: Staff, *, stays: bool) -> None:
    """Raise LastAdmin when nobody would be left to keep accounts; `_locked` made two who close each other wait."""
    if staff.role == "admin" and not stays and not active_admins().exclude(pk=staff.pk).exists():
        raise LastAdmin()


@transaction.atomic
def give_code(*, actor: Staff, staff: Staff, reason: str) -> str:
    """Give an account a new one-time code, to be printed and shown once; its sessions end.

    Raises OwnAccount, NotYoursToGive, AccountClosed.
    """
    locked = _locked(staff, actor)
    if not locked.is_active:
        raise AccountClosed()
    code = _give_code(locked, actor)
    locked.save(update_fields=["password", "code_until", "code_by"])
    ended = sessions.end(SignIn.objects.filter(staff=locked))
    _write(actor, "office.code-given", locked, reason, sessions=ended)
    return code


@transaction.atomic
def close_account(*, actor: Staff, staff: Staff, reason: str) -> dict[str, int]:
    """Close an account now: every session ends, every phone takes no list any more and what is on it waits as 待核.

    Return how many of each. Raises OwnAccount, NotYoursToGive, LastAdmin.
    """
    locked = _locked(staff, actor)
    if not locked.is_active:
        return {"sessions": 0, "phones": 0}
    _keep_an_admin(locked, stays=False)
    _still_works(actor)
    locked.is_active, locked.keeps_children = False, False
    locked.save(update_fields=["is_active", "keeps_children"])
    ended = _sign_out(locked, _now_for("revoked_at"))
    badge_photos.drop(staff=locked, actor=actor)
    _write(actor, "office.account-closed", locked, reason, **ended)
    return ended


def _still_works(actor: Staff) -> None:
    """Raise NotYoursToGive when the one who acts was closed while waiting."""
    if not Staff.objects.filter(pk=actor.pk, is_active=True).exists():
        raise NotYoursToGive()


@transaction.atomic
def reopen_account(*, actor: Staff, staff: Staff, reason: str) -> str:
    """Open an account again and return its one-time code; phones are enrolled anew. Raises NotYoursToGive."""
    locked = _locked(staff, actor)
    if locked.role not in rules.roles_given_by(actor.role):
        raise NotYoursToGive()
    code = _give_code(locked, actor)
    locked.is_active = True
    locked.save(update_fields=["password", "code_until", "code_by", "is_active"])
    _write(actor, "office.account-reopened", locked, reason)
    return code


@transaction.atomic
def end_sessions(*, actor: Staff, staff: Staff, only: SignIn | None = None) -> int:
    """Sign somebody out, everywhere or in one browser: oneself, or whose account one keeps. Raises NotYoursToGive."""
    locked = _lock(staff) if staff.pk == actor.pk else _locked(staff, actor)
    found = SignIn.objects.filter(staff=locked)
    ended = sessions.end(found.filter(pk=only.pk) if only is not None else found)
    if ended:
        _write(actor, "office.sessions-ended", locked, sessions=ended)
    return ended


@transaction.atomic
def change_password(*, staff: Staff, password: str, kept: str | None) -> Staff:
    """Set a password of one's own; a code ends here. Every other session ends, `kept` is the key of this one."""
    locked = _lock(staff)
    locked.set_password(password)
    locked.code_until = None
    locked.save(update_fields=["password", "code_until"])
    ended = sessions.end(SignIn.objects.filter(staff=locked).exclude(session_key=kept or ""))
    _write(locked, "office.password-changed", locked, sessions=ended)
    return locked


@transaction.atomic
def make_admin(*, login_name: str, name: str, county: str) -> tuple[Staff, str]:
    """Make an administrator from the command line, and the county where there is none; return the one-time code."""
    home = Organisation.objects.filter(parent=None).order_by("code").first()
    if home is None:
        home = Organisation.objects.create(kind="county", name=county, code="COUNTY")
    staff = Staff(login_name=login_name, name=name, role="admin", organisation=home)
    code = _give_code(staff, None)
    staff.save(force_insert=True)
    _write(None, "office.account-opened", staff, role="admin", organisation=str(home.pk))
    return staff, code


@transaction.atomic
def give_admin_code(*, login_name: str) -> str | None:
    """Give an administrator who forgot the password a code, from the command line; None when there is no such one."""
    staff = active_admins().select_for_update(of=("self",)).filter(login_name=login_name).first()
    if staff is None:
        return None
    code = _give_code(staff, None)
    staff.save(update_fields=["password", "code_until", "code_by"])
    _write(None, "office.code-given", staff, sessions=sessions.end(SignIn.objects.filter(staff=staff)))
    return code
