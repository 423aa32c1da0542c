"""Who may open a matter whose procedure is sealed: its owner, whom it is offered to, and the head. One rule for all."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from qiaomen.cases.models import Case, ProcedureVersion
from qiaomen.cases.selectors.procedures import shelf
from qiaomen.needs.models import Need
from qiaomen.needs.selectors import plain_title

SAYS_SEALED = r"""(^|[\n{,])[ \t]*["']?sealed["']?\s*:\s*["']?true"""
"""What a kept procedure says where it is sealed: read in its text, so that one whose rules no longer hold stays so."""


def _kept() -> QuerySet[ProcedureVersion]:
    return ProcedureVersion.objects.filter(text__regex=SAYS_SEALED)


def _on_shelf() -> frozenset[str]:
    return frozenset(code for code, procedure in shelf().procedures.items() if procedure.sealed)


def sealed_codes() -> frozenset[str]:
    """Return the codes of sealed procedures: one query.

    Sealed on the shelf, or in any version a matter ever ran under: a file that is wrong, gone or says so no longer
    opens no matter that was begun in confidence.
    """
    return _on_shelf() | frozenset(_kept().values_list("code", flat=True))


def sealed_matters() -> QuerySet[Case]:
    """Return the matters under these procedures, for a part of another question: no query of its own."""
    return Case.objects.filter(Q(procedure__in=_on_shelf()) | Q(procedure__in=_kept().values("code")))


def shut_to(viewer: Any) -> QuerySet[Case]:
    """Return the sealed matters a viewer may not open, for a part of another question; of the head none."""
    if viewer.role == "head":
        return Case.objects.none()
    return sealed_matters().exclude(owner=viewer.pk).exclude(offered_to=viewer.pk)


def shut_needs(viewer: Any) -> QuerySet[Any]:
    """Return the keys of the needs these matters are of, for a part of another question."""
    return shut_to(viewer).values("need")


def is_inside(case: Case, viewer: Any) -> bool:
    """Say whether somebody carries a matter, is asked to, or is the head."""
    return viewer.role == "head" or viewer.pk in (case.owner_id, case.offered_to_id)


def may_open(case: Case, viewer: Any, codes: frozenset[str] | None = None) -> bool:
    """Say whether somebody may open a matter as far as its procedure goes. `codes`: `sealed_codes()` of many rows."""
    return is_inside(case, viewer) or case.procedure not in (sealed_codes() if codes is None else codes)


def cases_of_sealed(needs: Any) -> dict[Any, Any]:
    """Return of those of some needs that are sealed the key of their matter: one query."""
    return dict(sealed_matters().filter(need__in=list(needs)).values_list("need", "pk"))


def quiet_title(need: Need, sealed: bool) -> str:
    """Return the word for a need in front of whoever is not in the matter: of a sealed one only 一件调解."""
    return _("一件调解") if sealed else plain_title(need.kind)
