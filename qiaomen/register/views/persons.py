"""Pages about one person: what was told, the resident's own page, what they ask about their data."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qiaomen.kernel import clock
from qiaomen.office.access import get_in_community, staff_of
from qiaomen.register.actions import looks, person_facts
from qiaomen.register.forms.person_facts import TellForm
from qiaomen.register.models import Person
from qiaomen.register.selectors import minors


def _person(request: HttpRequest, pk: uuid.UUID) -> Person:
    """Return a person of the own community whose record is open to the reader. Raises Http404, SealedChild."""
    found = get_in_community(Person.objects.select_related("household__dwelling", "community"), request, pk=pk)
    minors.check_open(found, staff_of(request))
    return found


@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note what was told of a person."""
    person = _person(request, pk)
    if request.method == "GET":
        looks.note_opened(household=person.household, actor=staff_of(request), person=person)
    form = TellForm(request.POST or None, person=person)
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
    if request.method == "POST":
        looks.note_given_back(household=person.household, actor=staff_of(request))
    title = _("记下 {name} 的情况").format(name=person.name)
    return render(request, "register/tell.html", {"household": person.household, "form": form, "title": title})
