"""Pages of places: compounds, buildings and doors added by hand, split and joined."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.kernel.problems import Problem
from qiaomen.office import disclosure
from qiaomen.office.access import community_of, get_in_community, key_of, staff_of
from qiaomen.office.form_words import ask_why
from qiaomen.register.actions import acts, looks
from qiaomen.register.actions.places import by_hand, doors
from qiaomen.register.forms.community.places import AddressForm, HouseholdForm, JoinDoorsForm, PlaceForm, SplitDoorForm
from qiaomen.register.models import Act, Building, Dwelling
from qiaomen.register.selectors.household_page import ACT_WORDS
from qiaomen.register.selectors.places import known

KINDS = (by_hand.ADDED, doors.SPLIT, doors.JOINED)
HOME = "entrance__building__compound"


@require_http_methods(["GET", "POST"])
def show_places(request: HttpRequest) -> HttpResponse:
    """Show the compounds and their buildings; a POST makes what of an address is not there yet."""
    community, actor = community_of(request), staff_of(request)
    form = AddressForm(request.POST or None)
    if request.method == "POST":
        done: list[Dwelling] = []

        def add(answers: dict[str, Any]) -> None:
            door, _act = by_hand.add_door(
                community=community,
                text=answers["address"],
                actor=actor,
                new_compound=answers["new_compound"],
                reason=answers["reason"],
            )
            done.append(door)

        if _carried_out(form, add):
            return redirect("register:door", pk=done[0].pk)
    return _places_page(request, form, PlaceForm())


@require_POST
def add_place(request: HttpRequest) -> HttpResponse:
    """Make a compound, a building or an entrance without doors."""
    community, actor, form = community_of(request), staff_of(request), PlaceForm(request.POST)
    if _carried_out(form, lambda answers: by_hand.add_place(community=community, actor=actor, **answers)):
        return redirect("register:places")
    return _places_page(request, AddressForm(), form)


def _places_page(request: HttpRequest, form: AddressForm, place_form: PlaceForm) -> HttpResponse:
    community = community_of(request)
    context: dict[str, Any] = {"places": known.places_of(community), "form": form, "place_form": place_form}
    if request.GET.get("building"):
        building = get_in_community(Building.objects.all(), request, pk=key_of(request.GET["building"]))
        context |= {"chosen": building.pk, "doors": known.doors_of(building)}
    context["acts"] = _acts(request)
    return render(request, "register/places.html", context)


@require_GET
def show_door(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one door, who lives behind it, and what may be done with it."""
    door = _door(request, pk)
    return _door_page(request, door)


@require_http_methods(["GET", "POST"])
def add_household(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add a household behind a door."""
    door, actor = _door(request, pk), staff_of(request)
    typed = [request.POST.get(name, "") for name in ("id_no", "phone")]
    numbers = request.method != "POST" or looks.let_numbers(community=door.community, actor=actor, numbers=typed)
    form = HouseholdForm(request.POST or None, community=door.community, staff=actor, numbers=numbers)
    made: list[Any] = []

    def add(answers: dict[str, Any]) -> None:
        answers.pop("surely_new", None)
        made.append(by_hand.add_household(door=door, actor=actor, **answers)[0])

    if request.method == "POST" and _carried_out(form, add):
        return redirect("register:household", pk=made[0].pk)
    return render(request, "register/door_form.html", {"door": door, "form": form, "title": _("登记一户")})


@require_POST
def split_door(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make two doors of one."""
    door, actor = _door(request, pk), staff_of(request)
    form = SplitDoorForm(request.POST, door=door)

    def split(answers: dict[str, Any]) -> None:
        homes = list(answers.pop("households"))
        doors.split_door(door=door, households=homes, actor=actor, **answers)

    if _carried_out(form, split):
        return redirect("register:door", pk=door.pk)
    return _door_page(request, door, split_form=form)


@require_POST
def join_doors(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make one door of two."""
    door, actor = _door(request, pk), staff_of(request)
    form = JoinDoorsForm(request.POST, door=door)
    if _carried_out(form, lambda answers: doors.join_doors(stays=door, actor=actor, **answers)):
        return redirect("register:door", pk=door.pk)
    return _door_page(request, door, join_form=form)


@require_POST
def undo_place(request: HttpRequest, act: uuid.UUID) -> HttpResponse:
    """Take an act on places back, with a reason."""
    found = get_in_community(Act.objects.filter(kind__in=KINDS), request, pk=act)
    why = ask_why(
        request,
        title=_("撤销这次改动"),
        words=[_("小区和门牌回到这次改动以前的样子；以后已经用上的，会写明为什么不能撤销。")],
        button=_("撤销"),
        back=reverse("register:places"),
    )
    if isinstance(why, HttpResponse):
        return why
    acts.undo(act=found, actor=staff_of(request), reason=why)
    return redirect("register:places")


def _door(request: HttpRequest, pk: uuid.UUID) -> Dwelling:
    found = get_in_community(Dwelling.objects.select_related(HOME, "joined_into", "community"), request, pk=pk)
    if not isinstance(found, Dwelling):
        raise Http404
    return found


def _door_page(request: HttpRequest, door: Dwelling, **bound: forms.Form) -> HttpResponse:
    page = known.door_page(door)
    homes = [home.pk for home in page["homes"]]
    disclosure.show_names(viewer=staff_of(request), community=door.community, page="register:door", people=homes)
    context = {
        **page,
        "split_form": SplitDoorForm(door=door),
        "join_form": JoinDoorsForm(door=door),
        "acts": _acts(request, door),
        **bound,
    }
    return render(request, "register/door.html", context)


def _acts(request: HttpRequest, door: Dwelling | None = None) -> list[dict[str, Any]]:
    """Return the latest acts on places, or on one door, each with its word."""
    found = Act.objects.filter(community=community_of(request), kind__in=KINDS).select_related("made_by", "undone_by")
    if door is not None:
        found = found.filter(changes__row=door.pk).distinct()
    return [{"act": act, "word": ACT_WORDS[act.kind]} for act in found.order_by("-made_at")[:10]]


def _carried_out(form: forms.Form, do: Callable[[dict[str, Any]], Any]) -> bool:
    """Do what a form says; False when it is not filled in rightly or is refused, which then stands on the form."""
    if not form.is_valid():
        return False
    try:
        do({**form.cleaned_data})
    except Problem as problem:
        form.add_error(None, problem.in_full())
        return False
    return True
