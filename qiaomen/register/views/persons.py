"""Pages about one person: what was told, the resident's own page, what they ask about their data."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qiaomen.kernel import clock
from qiaomen.kernel.lines import FACT_MISSING, lines_of
from qiaomen.kernel.problems import Problem
from qiaomen.office.access import get_in_community, staff_of
from qiaomen.office.form_words import ask_sure
from qiaomen.office.models import Staff
from qiaomen.register.actions import looks, person_facts
from qiaomen.register.forms.person_facts import PARTS, ConsentForm, TellForm, parts_for
from qiaomen.register.models import Consent, Person
from qiaomen.register.selectors import minors
from qiaomen.register.selectors.fields import CONSENT_TITLES


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
    if request.method == "POST":
        looks.note_given_back(household=person.household, actor=staff_of(request))
    title = _("记下 {name} 的情况").format(name=person.name)
    tabs = [{"code": code, "title": PARTS[code], "count": len(facts)} for code, facts in parts.items()]
    context = {"household": person.household, "form": form, "title": title, "tabs": tabs, "part": part}
    return render(request, "register/tell.html", context)


def _asked_of(person: Person, staff: Staff) -> set[str]:
    """Return the codes of what the houses want to know of this person now: the fields of their questions."""
    said = lines_of([person.household], staff, clock.today())
    asked = [line for line in said if line.weight == FACT_MISSING and person.pk in line.people]
    return {field.code for line in asked for field in line.fields}


@require_http_methods(["GET", "POST"])
def consents(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show what a person agreed to, and note another consent; the look is in the ledger."""
    person, actor = _person(request, pk), staff_of(request)
    looks.note_consents(person=person, actor=actor)
    form = ConsentForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            person_facts.give_consent(person=person, actor=actor, **form.cleaned_data)
        except Problem as problem:
            form.add_error(None, problem.in_full())
        else:
            return redirect("register:consents", pk=person.pk)
    standing = set(person_facts.consents_standing(person, clock.today()).values_list("pk", flat=True))
    rows = [
        {
            "consent": consent,
            "title": CONSENT_TITLES[consent.purpose],
            "stands": consent.pk in standing,
            "by": consent.guardian.name if consent.guardian else consent.by_whom,
        }
        for consent in person.consents.select_related("taken_by", "guardian", "withdrawn_by").order_by("-given_at")
    ]
    title = _("{name} 同意的事").format(name=person.name)
    return render(request, "register/consents.html", {"person": person, "rows": rows, "form": form, "title": title})


@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a consent back from now on, or say that this was a mistake."""
    consent = get_in_community(Consent.objects.select_related("person"), request, pk=pk)
    minors.check_open(consent.person, staff_of(request))
    person_facts.withdraw_consent(consent=consent, actor=staff_of(request), back=request.POST.get("back") == "1")
    return redirect("register:consents", pk=consent.person_id)


@require_POST
def use(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write that something was passed on under a consent that stands."""
    consent = get_in_community(Consent.objects.select_related("person"), request, pk=pk)
    minors.check_open(consent.person, staff_of(request))
    words = [_("会记进操作台账和本人的一页：凭这次同意，把情况告诉了写明的人。记了就不能撤回。")]
    back = reverse("register:consents", args=[consent.person_id])
    ask = ask_sure(request, title=_("这次用了这份同意？"), words=words, button=_("用了，记下来"), back=back)
    if ask is not None:
        return ask
    person_facts.use_consent(consent=consent, actor=staff_of(request))
    return redirect("register:consents", pk=consent.person_id)
