"""A publication is checked, decided finding by finding, published as files made anew, withdrawn with a reason."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qiaomen.groups.selectors.public_words import private_in
from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Organisation, Staff
from qiaomen.office.shared.photos import COLUMNS, ROWS
from qiaomen.publications import problems, selectors
from qiaomen.publications.models import Decision, Publication, PublicationPart, PublishedFile
from qiaomen.redaction.findings import KEEP, KINDS, SEEN, Finding
from qiaomen.redaction.parts import Part
from qiaomen.register.actions.person_facts import use_consent
from qiaomen.register.models import Consent

LONGEST_DAYS = 366
KEPT_DAYS = 30
"""A draft that nobody publishes is dropped after so many days, with what came in."""
TEXT_NAME = _("正文")
"""What a pasted text is called among the parts."""


@dataclass(frozen=True)
class Chosen:
    """What somebody chose for one finding of a part."""

    way: str
    consent: UUID | None = None


@transaction.atomic
def begin(*, community: Organisation, actor: Staff, title: str, end_day: date, parts: Sequence[Part]) -> Publication:
    """Take what is to go out and check it; what came in is sealed until it is decided.

    Raises NothingToPublish, EndsTooEarly, PrivateTitle, Unreadable, PictureIsAList; then nothing is stored.
    """
    title, today = " ".join(title.split())[:60], clock.today()
    if not parts:
        raise problems.NothingToPublish()
    if not today <= end_day <= today + timedelta(days=LONGEST_DAYS):
        raise problems.EndsTooEarly()
    if private := private_in(community, title):
        raise problems.PrivateTitle(found=private[0].found, kind=private[0].title)
    found, _names, _passing = selectors.examined_with(community, parts)
    made = Publication.objects.create(
        community=community, title=title, end_day=end_day, made_at=clock.now(), made_by=actor
    )
    for position, (part, examined) in enumerate(zip(parts, found, strict=True)):
        is_text = isinstance(part.content, str)
        upload = part.content if isinstance(part.content, str) else base64.b64encode(part.content).decode()
        PublicationPart.objects.create(
            community=community,
            publication=made,
            position=position,
            is_text=is_text,
            name=part.name,
            upload=upload,
            digest=examined.digest,
        )
    counted = sum(len(examined.findings) for examined in found)
    ledger.record(
        community=community, actor=actor, code="publications.checked", subject=made, detail={"findings": counted}
    )
    return made


def _draft(publication: Publication) -> Publication:
    """Return the draft, locked. Raises NotADraft."""
    locked = Publication.objects.select_for_update(of=("self",)).select_related("community").get(pk=publication.pk)
    if locked.state != "draft":
        raise problems.NotADraft()
    return locked


@transaction.atomic
def decide(
    *,
    publication: Publication,
    actor: Staff,
    chosen: Mapping[tuple[UUID, str], Chosen],
    covered: Mapping[UUID, Sequence[str]] | None = None,
) -> None:
    """Note what was decided on findings, by part and key; `covered`: cells of a picture's grid to be blacked out.

    Raises NotADraft, NoSuchFinding, ConsentOfAnother; then nothing is noted.
    """
    draft = _draft(publication)
    checked = selectors.check(draft)
    known = {(row.pk, finding.key): (row, finding) for row, finding in checked.findings}
    made = []
    for key, choice in chosen.items():
        if key not in known or choice.way not in known[key][1].ways:
            raise problems.NoSuchFinding()
        row, finding = known[key]
        consent = _consent_for(draft.community, finding, choice) if choice.way == KEEP else None
        made.append(_decision(row, finding, choice.way, consent, actor))
    Decision.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["part", "finding"],
        update_fields=["way", "consent", "decided_at", "decided_by"],
    )
    for row, _examined in checked.parts:
        if covered is not None and row.pk in covered:
            row.covered = sorted(filter(_is_cell, covered[row.pk]))
            row.save(update_fields=["covered"])
    detail = {"decided": len(made), "kept": sum(decision.way == KEEP for decision in made)}
    ledger.record(community=draft.community, actor=actor, code="publications.decided", subject=draft, detail=detail)


def _is_cell(text: str) -> bool:
    column, _dash, row = text.partition("-")
    plain = column.isascii() and row.isascii() and column.isdigit() and row.isdigit()
    return plain and int(column) < COLUMNS and int(row) < ROWS


def _consent_for(community: Organisation, finding: Finding, choice: Chosen) -> Consent:
    """Return the agreement under which a finding stays. Raises ConsentOfAnother."""
    found = (
        selectors.consents_for(community, finding, clock.today())
        .filter(pk__in=[choice.consent] if choice.consent else [])
        .first()
    )
    if found is None:
        raise problems.ConsentOfAnother(where=finding.where, kind=str(KINDS[finding.kind].title))
    return found


def _decision(row: PublicationPart, finding: Finding, way: str, consent: Consent | None, actor: Staff) -> Decision:
    return Decision(
        community_id=row.community_id,
        part=row,
        finding=finding.key,
        kind=finding.kind,
        place=finding.where,
        way=way,
        consent=consent,
        decided_at=clock.now(),
        decided_by=actor,
    )


@transaction.atomic
def take_suggestions(*, publication: Publication, actor: Staff) -> None:
    """Decide what is still open as suggested; that a picture was looked at is said by nobody's suggestion."""
    checked = selectors.check(_draft(publication))
    chosen = {
        (row.pk, finding.key): Chosen(finding.suggestion)
        for row, finding in checked.findings
        if (row.pk, finding.key) not in checked.decided and finding.suggestion != SEEN
    }
    decide(publication=publication, actor=actor, chosen=chosen)


@transaction.atomic
def publish(*, publication: Publication, actor: Staff) -> None:
    """Make the files anew, check them once more and put them out; what came in is dropped.

    Each consent under which something stays is used, and the ledger says so.
    Raises NotADraft, NoConsent, and what the gate refuses; then nothing is out.
    """
    draft = _draft(publication)
    checked = selectors.check(draft)
    standing = {(row.pk, finding.key): finding for row, finding in checked.findings}
    kept = [(d, standing[key]) for key, d in checked.decided.items() if d.way == KEEP and key in standing]
    for decision, finding in kept:
        _consent_for(draft.community, finding, Chosen(KEEP, decision.consent_id))
    for consent in {d.consent.pk: d.consent for d, _finding in kept if d.consent is not None}.values():
        use_consent(consent=consent, actor=actor)
    files = selectors.made_anew(checked)
    for (row, _examined), file in zip(checked.parts, files, strict=True):
        PublishedFile.objects.create(
            community=draft.community,
            part=row,
            file_name=file.name,
            kind=file.kind,
            content=file.content,
            words=selectors.words_of(file),
            changed=file.changed,
        )
        row.upload = row.name = ""
        row.save(update_fields=["upload", "name"])
    draft.state, draft.published_at, draft.published_by = "published", clock.now(), actor
    draft.save(update_fields=["state", "published_at", "published_by"])
    detail = {"files": len(files), "changed": sum(file.changed for file in files), "kept": len(kept)}
    ledger.record(community=draft.community, actor=actor, code="publications.published", subject=draft, detail=detail)


@transaction.atomic
def withdraw(*, publication: Publication, actor: Staff, reason: str) -> None:
    """Take something off the public page at once; the page says that it was and why.

    Raises ReasonNeeded, PrivateReason.
    """
    locked = Publication.objects.select_for_update(of=("self",)).select_related("community").get(pk=publication.pk)
    if not reason.strip() or locked.state != "published":
        raise problems.ReasonNeeded()
    if private := private_in(locked.community, reason):
        raise problems.PrivateReason(found=private[0].found, kind=private[0].title)
    locked.state, locked.withdrawn_at, locked.withdrawn_because = "withdrawn", clock.now(), reason.strip()[:200]
    locked.save(update_fields=["state", "withdrawn_at", "withdrawn_because"])
    ledger.record(community=locked.community, actor=actor, code="publications.withdrawn", subject=locked)


@transaction.atomic
def drop(*, publication: Publication, actor: Staff | None) -> None:
    """Drop a draft with all that came in. Raises NotADraft."""
    draft = _draft(publication)
    ledger.record(community=draft.community, actor=actor, code="publications.dropped", subject=draft)
    draft.delete()


def drop_old() -> int:
    """Drop the drafts nobody has published for thirty days; return how many."""
    old = Publication.objects.filter(state="draft", made_at__lt=clock.now() - timedelta(days=KEPT_DAYS))
    rows = list(old)
    for row in rows:
        drop(publication=row, actor=None)
    return len(rows)
