"""Pages about one person: what was told, the resident's own page, what they ask about their data."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.kernel import clock
from qiaomen.office.access import community_of, get_in_community, staff_of
from qiaomen.register import actions, card, children, groups, packs, rights, told
from qiaomen.register.forms import AnswerForm, RightsForm, TellForm
from qiaomen.register.models import Person, RightsRequest


def _person(request: HttpRequest, pk: uuid.UUID) -> Person:
    """Return a person of the own community whose record is open to the reader. Raises Http404, SealedChild."""
    found = get_in_community(Person.objects.select_related("household__dwelling", "community"), request, pk=pk)
    children.check_open(found, staff_of(request))
    return found


@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note what was told of a person."""
    person = _person(request, pk)
    if request.method == "GET":
        actions.note_opened(household=person.household, actor=staff_of(request), person=person)
    form = TellForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["on_date"] > clock.today():
            form.add_error("on_date", _("这个日期还没有到"))
        else:
            facts, values = form.answers(), form.cleaned_data
            if facts:
                told.note_facts(
                    person=person,
                    told=facts,
                    on_date=values["on_date"],
                    actor=staff_of(request),
                    reason=values["reason"],
                )
            return redirect("register:household", pk=person.household_id)
    title = _("记下 {name} 的情况").format(name=person.name)
    return render(request, "register/tell.html", {"household": person.household, "form": form, "title": title})


@require_GET
def own_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the resident's own page, to be printed and handed over; the look is in the ledger."""
    person = _person(request, pk)
    groups.keep_current(person.community)
    context = card.own_page(person)
    actions.note_page(person=person, actor=staff_of(request))
    context |= {"today": clock.today(), "form": RightsForm(), "reply_days": rights.reply_days()}
    answer = render(request, "register/own_page.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def ask_right(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take what a resident asks about their own data."""
    person, form = _person(request, pk), RightsForm(request.POST)
    if form.is_valid():
        rights.receive(person=person, actor=staff_of(request), **form.cleaned_data)
        return redirect("register:rights")
    context = {"household": person.household, "form": form, "title": _("收一件申请")}
    return render(request, "register/life.html", context)


@require_GET
def show_rights(request: HttpRequest) -> HttpResponse:
    """List what residents ask about their data, the nearest term first, and the last answers."""
    community, staff = community_of(request), staff_of(request)
    rows = [
        {"request": one, "kind": rights.KINDS[one.kind], "name": children.shown_name(one.person, staff),
         "left": (one.due_on - clock.today()).days, "sealed": children.is_sealed(one.person, staff)}
        for one in rights.open_requests(community)
    ]  # fmt: skip
    closed = (
        RightsRequest.objects.filter(community=community).exclude(state="open").select_related("person", "closed_by")
    )
    answered = [
        {"request": one, "kind": rights.KINDS[one.kind], "name": children.shown_name(one.person, staff)}
        for one in closed.order_by("-closed_at")[:50]
    ]
    return render(request, "register/rights.html", {"rows": rows, "answered": answered, "form": AnswerForm()})


@require_POST
def answer_right(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Answer one request; a deletion erases what was ticked."""
    found = get_in_community(RightsRequest.objects.select_related("person", "community"), request, pk=pk)
    children.check_open(found.person, staff_of(request))
    form = AnswerForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        rights.close(request=found, done=values["outcome"] == "done", answer=values["answer"], actor=staff_of(request))
    return redirect("register:rights")


@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Erase what nothing obliges to keep: ticked one by one, with a reason; it cannot be undone."""
    person = _person(request, pk)
    if request.method == "POST":
        chosen = set(request.POST.getlist("what"))
        columns, facts = chosen & set(rights.ERASABLE), chosen & set(packs.facts())
        reason, actor = request.POST.get("reason", ""), staff_of(request)
        if request.POST.get("whole") == "1":
            rights.erase_person(person=person, actor=actor, reason=reason)
        else:
            rights.erase(person=person, columns=columns, facts=facts, actor=actor, reason=reason)
        return redirect("register:household", pk=person.household_id)
    can: list[tuple[str, Any]] = [
        (name, title) for name, title, _purpose in card.HELD if name in rights.ERASABLE and getattr(person, name)
    ]
    told = [one["fact"] for one in card.facts_of(person, sealed=False)]
    can += [(fact.code, _(fact.title)) for fact in told]
    return render(
        request, "register/erase.html", {"person": person, "can": can, "whole": person.state in ("left", "died")}
    )
