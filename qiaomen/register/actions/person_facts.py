"""What somebody was told of a person, and what the person agreed to: dated, sealed, taken back with a name.

A consent is a gate: whoever passes something on calls `use_consent` first, which refuses or leaves a ledger line.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.kernel.ages import age_on
from qiaomen.office import ledger
from qiaomen.office.models import Staff
from qiaomen.register import problems
from qiaomen.register.actions import acts
from qiaomen.register.models import CONSENT_PURPOSES, Act, Consent, Person, ToldFact, open_on
from qiaomen.register.selectors import packs

CHUNK = 500


def record_facts(act: Act, facts: Iterable[tuple[Person, str, Any]], day: date, *, anew: bool = False) -> int:
    """Note facts of many people from a day on, within an act: the earlier value ends that day. Return how many changed.

    `anew`: a sealed value that stands already is written once more, so that its history does not tell a right guess.
    A person and a code stand once in `facts`. Raises KeyError for a code no pack declares, ValueError for a value of
    another kind.
    """
    known, changed = packs.facts(), 0
    rows = [(person, code, known[code].write(value)) for person, code, value in facts]
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        open_now = {
            (fact.person_id, fact.code): fact
            for fact in ToldFact.objects.filter(person__in=[person for person, _, _ in chunk], to_date=None)
        }
        new = []
        for person, code, text in chunk:
            before = open_now.get((person.pk, code))
            if before is not None and before.value == text:
                if anew and known[code].sensitivity != "plain":
                    acts.restate(act, before, ["value"])
                continue
            changed += 1
            if before is not None and before.from_date is not None and before.from_date >= day:
                acts.change(act, before, value=text)
                continue
            if before is not None:
                acts.change(act, before, to_date=day)
            new.append(ToldFact(person=person, code=code, value=text, from_date=day))
        ToldFact.objects.bulk_create(new)
        acts.note_made(act, new)
    return changed


def end_facts(act: Act, gone: Iterable[tuple[Person, str]], day: date) -> None:
    """Note within an act that facts are no longer known from a day on."""
    for person, code in gone:
        for standing in person.told_facts.filter(code=code, to_date=None):
            acts.change(act, standing, to_date=max(day, standing.from_date or day))


@transaction.atomic
def note_facts(
    *,
    person: Person,
    facts: Mapping[str, Any],
    on_date: date,
    actor: Staff,
    reason: str = "",
    kind: str = "told",
    key: UUID | None = None,
) -> Act:
    """Note what was told of one person from a day on; None ends what was known. `key` becomes the act's, so that
    whoever told it finds it again. Raises NotYet.
    """
    if on_date > clock.today():
        raise problems.NotYet(day=on_date)
    act = acts.begin(community=person.community, actor=actor, kind=kind, on_date=on_date, reason=reason, key=key)
    end_facts(act, [(person, code) for code, value in facts.items() if value is None], on_date)
    record_facts(act, [(person, code, value) for code, value in facts.items() if value is not None], on_date)
    acts.touch(act, person)
    ledger.record(
        community=person.community,
        actor=actor,
        code="register.facts-told",
        subject=person,
        fields=sorted(facts),
        reason=act.reason,
        detail={"act": str(act.pk)},
    )
    return act


GROWN = 18
"""Source: 民法典 第十七条、第二十七条 (a minor acts through a guardian); 个人信息保护法 第三十一条 (under 14, always)."""


@transaction.atomic
def give_consent(
    *,
    person: Person,
    purpose: str,
    to_whom: str,
    actor: Staff,
    by_whom: str = "",
    guardian: Person | None = None,
    until: date | None = None,
) -> Consent:
    """Note what a person agrees to from today until a day, that day included (None: until it is withdrawn).

    A minor's, and that of a person whose age is not known, is given by a guardian of the register or by `by_whom`.
    Raises GuardianNeeded, NoGuardian for a guardian who is none, ToWhomMissing, TermOver.
    """
    if purpose not in CONSENT_PURPOSES:
        raise ValueError(purpose)
    if not to_whom.strip():
        raise problems.ToWhomMissing()
    today = clock.today()
    if until is not None and until < today:
        raise problems.TermOver(day=until)
    age = age_on(person.birth_date, today)
    if (age is None or age < GROWN) and guardian is None and not by_whom.strip():
        raise problems.GuardianNeeded(name=person.name)
    if guardian is not None and not _may_be_guardian(guardian, person, today):
        raise problems.NoGuardian(name=guardian.name)
    made = Consent.objects.create(
        community=person.community,
        person=person,
        purpose=purpose,
        to_whom=to_whom.strip()[:100],
        by_whom=by_whom.strip()[:60],
        guardian=guardian,
        from_date=today,
        to_date=until + timedelta(days=1) if until else None,
        given_at=clock.now(),
        taken_by=actor,
    )
    _note_consent(made, actor, "register.consent-given")
    return made


def _may_be_guardian(guardian: Person, person: Person, today: date) -> bool:
    age = age_on(guardian.birth_date, today)
    return guardian.pk != person.pk and guardian.community_id == person.community_id and (age is None or age >= GROWN)


@transaction.atomic
def withdraw_consent(*, consent: Consent, actor: Staff, back: bool = False) -> None:
    """Note that somebody takes a consent back, from now on; `back`: that this was noted by mistake. Twice is once."""
    locked = Consent.objects.select_for_update(of=("self",)).select_related("person", "community").get(pk=consent.pk)
    if (locked.withdrawn_at is None) == back:
        return
    locked.withdrawn_at, locked.withdrawn_by = (None, None) if back else (clock.now(), actor)
    locked.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _note_consent(locked, actor, "register.consent-restored" if back else "register.consent-withdrawn")


@transaction.atomic
def use_consent(*, consent: Consent, actor: Staff) -> None:
    """Let something be passed on to whom this consent names, and write that it was.

    Raises NoConsent when it is withdrawn or over, whatever else the person agreed to: nothing may be passed on.
    """
    locked = Consent.objects.select_for_update(of=("self",)).select_related("person", "community").get(pk=consent.pk)
    if not consents_standing(locked.person, clock.today()).filter(pk=locked.pk).exists():
        raise problems.NoConsent(name=locked.person.name)
    _note_consent(locked, actor, "register.consent-used")


def consents_standing(person: Person, day: date) -> Any:
    """Return the consents of a person that hold on a day."""
    return person.consents.filter(open_on(day), withdrawn_at=None)


def _note_consent(consent: Consent, actor: Staff, code: str) -> None:
    detail = {"consent": str(consent.pk), "purpose": consent.purpose}
    ledger.record(community=consent.community, actor=actor, code=code, subject=consent.person, detail=detail)
