"""Pages of rights: the resident's own page, what is asked about data, what is erased."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.groups.actions import memberships
from qiaomen.kernel import clock
from qiaomen.office import disclosure
from qiaomen.office.access import community_of, get_in_community, staff_of
from qiaomen.register.actions import looks
from qiaomen.register.lines.held import HELD
from qiaomen.register.models import Person
from qiaomen.register.selectors import household_page, minors, packs
from qiaomen.register.views.persons import _person
from qiaomen.rights import actions, selectors
from qiaomen.rights.forms import AnswerForm, EraseForm, RightsForm
from qiaomen.rights.models import RightsRequest


@require_GET
def own_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the resident's own page, to be printed and handed over; the look is in the ledger."""
    person = _person(request, pk)
    memberships.keep_current(person.community)
    context = selectors.own_page(person, staff_of(request))
    actions.note_page(person=person, actor=staff_of(request))
    context |= {"today": clock.today(), "form": RightsForm(), "reply_days": actions.reply_days()}
    answer = render(request, "rights/own_page.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def ask_right(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take what a resident asks about their own data."""
    person, form = _person(request, pk), RightsForm(request.POST)
    if form.is_valid():
        actions.receive(person=person, actor=staff_of(request), **form.cleaned_data)
        return redirect("rights:list")
    looks.note_given_back(household=person.household, actor=staff_of(request))
    context = {"household": person.household, "form": form, "title": _("收一件申请")}
    return render(request, "register/life.html", context)


@require_GET
def show_rights(request: HttpRequest) -> HttpResponse:
    """List what residents ask about their data, the nearest term first, and the last answers."""
    return _list_page(request)


def _list_page(request: HttpRequest, sent: AnswerForm | None = None, to: uuid.UUID | None = None) -> HttpResponse:
    """Show the list; `sent`: an answer to the request `to` that is not right yet."""
    community, staff = community_of(request), staff_of(request)
    rows: list[dict[str, Any]] = [
        {
            "request": asked,
            "form": sent if sent is not None and asked.pk == to else AnswerForm(auto_id=f"id_{asked.pk.hex[:8]}_%s"),
            "kind": actions.KINDS[asked.kind],
            "name": minors.shown_name(asked.person, staff),
            "left": (asked.due_on - clock.today()).days,
            "sealed": minors.is_sealed(asked.person, staff),
        }
        for asked in actions.open_requests(community)
    ]
    closed = (
        RightsRequest.objects.filter(community=community).exclude(state="open").select_related("person", "closed_by")
    )
    answered = [
        {"request": asked, "kind": actions.KINDS[asked.kind], "name": minors.shown_name(asked.person, staff)}
        for asked in closed.order_by("-closed_at")[:50]
    ]
    named: list[Any] = [row["request"] for row in (*rows, *answered)]
    disclosure.show_names(
        viewer=staff, community=community, page="rights:list", people=[asked.person_id for asked in named]
    )
    actions.note_read(
        community=community, people=[row["request"].person for row in rows if not row["sealed"]], actor=staff
    )
    return render(request, "rights/rights.html", {"rows": rows, "answered": answered})


@require_POST
def answer_right(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Answer one request; a deletion erases what was ticked."""
    found = get_in_community(RightsRequest.objects.select_related("person", "community"), request, pk=pk)
    minors.check_open(found.person, staff_of(request))
    form = AnswerForm(request.POST, auto_id=f"id_{found.pk.hex[:8]}_%s")
    if not form.is_valid():
        return _list_page(request, form, found.pk)
    values = form.cleaned_data
    actions.close(request=found, done=values["outcome"] == "done", answer=values["answer"], actor=staff_of(request))
    return redirect("rights:list")


@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Erase what nothing obliges to keep: ticked one by one, with a reason; it cannot be undone."""
    person, actor = _person(request, pk), staff_of(request)
    form = EraseForm(request.POST or None, can=_erasable(person), whole=person.state in ("left", "died"))
    if request.method == "POST" and form.is_valid():
        chosen, reason = set(form.cleaned_data.get("what", ())), form.cleaned_data["reason"]
        columns, facts = chosen & set(actions.ERASABLE), chosen & set(packs.facts())
        if form.cleaned_data.get("whole"):
            actions.erase_person(person=person, actor=actor, reason=reason)
        else:
            actions.erase(person=person, columns=columns, facts=facts, actor=actor, reason=reason)
        return redirect("register:household", pk=person.household_id)
    looks.note_opened(household=person.household, actor=actor, person=person)
    return render(request, "rights/erase.html", {"person": person, "form": form})


def _erasable(person: Person) -> list[tuple[str, Any]]:
    """Return what of a person can be erased by itself, each with its title."""
    can: list[tuple[str, Any]] = [
        (name, title) for name, title, _purpose in HELD if name in actions.ERASABLE and getattr(person, name)
    ]
    known = [fact["fact"] for fact in household_page.facts_of(person, sealed=False)]
    return can + [(fact.code, _(fact.title)) for fact in known]
