"""One screen: everything a colleague holds, each kind with a select of who takes it; or a stand-in for some days."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from qiaomen.kernel import clock
from qiaomen.kernel.lines import Line, names_of
from qiaomen.kernel.problems import Problem
from qiaomen.office import disclosure
from qiaomen.office.access import community_of, get_in_community, staff_in, staff_of
from qiaomen.office.form_words import DeskForm
from qiaomen.office.handover import acts
from qiaomen.office.models import Handover, Staff

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class AwayForm(DeskForm):
    """Who does the work, from which day to which."""

    stand_in = forms.ModelChoiceField(
        label=_("由谁代班"), queryset=Staff.objects.none(), error_messages={"required": _("请选由谁代班。")}
    )
    from_date = forms.DateField(label=_("从哪一天起"), widget=DAY, error_messages={"required": _("请写从哪一天起。")})
    to_date = forms.DateField(label=_("最后一天"), widget=DAY, error_messages={"required": _("请写最后一天。")})

    def __init__(self, *args: Any, takers: list[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [taker.pk for taker in takers]
        able = Staff.objects.filter(pk__in=keys).order_by("role", "name")
        self.fields["stand_in"].queryset = able  # type: ignore[attr-defined]
        self.fields["from_date"].initial = clock.today()


def _name(line: Line) -> str:
    """Return the name of a thing's own select."""
    return f"one-{line.act}-{line.subject[1]}"


def _rows(staff: Staff, actor: Staff, chosen: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the kinds with their lines, each with what was chosen in a form that was refused."""
    kinds = acts.kinds_of(acts.held_by(staff, actor, actor.community))
    homes = {("register.household", line.household) for kind in kinds for line in kind.lines if line.household}
    names = names_of(homes, actor)
    return [
        {
            "kind": kind,
            "chosen": chosen.get(f"all-{kind.act}", ""),
            "lines": [
                {
                    "line": line,
                    "text": acts.plain_text(line),
                    "select": _name(line),
                    "chosen": chosen.get(_name(line), ""),
                    "name": names.get(("register.household", line.household)) if line.household else None,
                }
                for line in kind.lines
            ],
        }
        for kind in kinds
    ]


def _page(request: HttpRequest, staff: Staff, **more: Any) -> HttpResponse:
    actor, home = staff_of(request), community_of(request)
    takers = acts.takers(home, staff)
    rows = _rows(staff, actor, request.POST.dict() if request.method == "POST" else {})
    homes = [item["line"].household for row in rows for item in row["lines"]]
    disclosure.show_names(viewer=actor, community=home, page="office:handover", people=homes)
    context = {
        "person": staff,
        "rows": rows,
        "total": sum(len(row["lines"]) for row in rows),
        "takers": takers,
        "away_form": AwayForm(takers=takers),
        "standing": acts.standing_of(staff, home),
        "here": acts.works_in(staff, home),
        **more,
    }
    return render(request, "office/handover.html", context)


def _colleague(request: HttpRequest, pk: uuid.UUID) -> Staff:
    """Return whose work it is to hand over: also of an account that is closed, or whose person moved away."""
    staff = get_object_or_404(Staff.objects.select_related("organisation__parent"), pk=pk)
    if not acts.belongs_to(staff, community_of(request)):
        raise Http404
    return staff


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show all a colleague holds; a POST gives all of it to whom was chosen, or nothing."""
    staff = _colleague(request, pk)
    if request.method == "GET":
        return _page(request, staff)
    actor = staff_of(request)
    able = {str(taker.pk): taker for taker in acts.takers(community_of(request), staff)}
    kinds = {name[4:]: able[key] for name, key in request.POST.items() if name.startswith("all-") and key in able}
    single = {
        acts.key_of(line): able[key]
        for line in acts.held_by(staff, actor, actor.community)
        if (key := str(request.POST.get(_name(line), ""))) in able
    }
    try:
        acts.hand_over(staff=staff, to=kinds, single=single, actor=actor, community=actor.community)
    except Problem as problem:
        return _page(request, staff, problem=problem.in_full())
    return redirect("office:handover", pk=pk)


@require_POST
def away(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note who does a colleague's work from a day to a day."""
    staff = get_object_or_404(staff_in(community_of(request)).select_related("organisation__parent"), pk=pk)
    form = AwayForm(request.POST, takers=acts.takers(community_of(request), staff))
    if form.is_valid():
        try:
            acts.note_away(staff=staff, actor=staff_of(request), **form.cleaned_data)
        except Problem as problem:
            form.add_error(None, problem.in_full())
        else:
            return redirect("office:handover", pk=pk)
    return _page(request, staff, away_form=form)


@require_POST
def take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Return what was handed over, as far as its takers hold it still."""
    handover = get_in_community(Handover.objects.select_related("staff"), request, pk=pk)
    acts.take_back(handover=handover, actor=staff_of(request))
    return redirect("office:handover", pk=handover.staff_id)
