"""Pages about one person: what was told, the resident's own page, what they ask about their data."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qiaomen.kernel import clock
from qiaomen.kernel.lines import FACT_MISSING, lines_of
from qiaomen.office.access import get_in_community, staff_of
from qiaomen.office.models import Staff
from qiaomen.register.actions import looks, person_facts
from qiaomen.register.forms.person_facts import PARTS, TellForm, parts_for
from qiaomen.register.models import Person
from qiaomen.register.selectors import minors


def _person(request: HttpRequest, pk: uuid.UUID) -> Person:
    """Return a person of the own community whose record is open to the reader. Raises Http404, SealedChild."""
    found = get_in_community(
        Person.objects.select_related("household__dwelling", "household__community", "community"), request, pk=pk
    )
    minors.check_open(found, staff_of(request))
    return found


@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note what was told of a person."""
    person = _person(request, pk)
    if request.method == "GET":
        looks.note_opened(household=person.household, actor=staff_of(request), person=person)
    parts = parts_for(person, _asked_of(person, staff_of(request)))
    part = request.GET.get("part", "")
    if part not in parts and request.method == "GET":
        part = next(iter(parts), "")
    form = TellForm(request.POST or None, person=person, asked=parts.get(part))
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["on_date"] > clock.today():
            form.add_error("on_date", _("这个日期还没有到"))
        else:
            facts, values = form.answers(), form.cleaned_data
            if facts:
                person_facts.note_facts(
                    person=person,
                    facts=facts,
                    on_date=values["on_date"],
                    actor=staff_of(request),
                    reason=values["reason"],
                )
            return redirect("register:household", pk=person.household_id)
    title = _("记下 {name} 的情况").format(name=person.name)
    tabs = [{"code": code, "title": PARTS[code], "count": len(facts)} for code, facts in parts.items()]
    context = {"household": person.household, "form": form, "title": title, "tabs": tabs, "part": part}
    return render(request, "register/tell.html", context)


def _asked_of(person: Person, staff: Staff) -> set[str]:
    """Return the codes of what the houses want to know of this person now: the fields of their questions."""
    said = lines_of([person.household], staff, clock.today())
    asked = [line for line in said if line.weight == FACT_MISSING and person.pk in line.people]
    return {field.code for line in asked for field in line.fields}
