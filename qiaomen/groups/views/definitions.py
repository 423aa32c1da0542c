"""Pages where the office builds a group's rule: rows, the sentence they make, who enters and who leaves, then save."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qiaomen.groups.actions import definitions, memberships
from qiaomen.groups.forms import NewGroupForm, RuleForm
from qiaomen.groups.models import CareGroup, GroupDefinition
from qiaomen.groups.selectors import criteria, criteria_rows, groups
from qiaomen.kernel.problems import Problem
from qiaomen.office import labels
from qiaomen.office.access import community_of, get_in_community, staff_of
from qiaomen.office.models import Label
from qiaomen.register.selectors import minors

SHOWN = 50
"""Names shown of those who would enter or leave: each is a look; the rest are counted."""


@require_http_methods(["GET", "POST"])
def define_group(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change what a group means: first who would enter and leave, then for good, from tomorrow."""
    group, staff = get_in_community(CareGroup.objects.select_related("community"), request, pk=pk), staff_of(request)
    memberships.keep_current(group.community)
    definition = groups.newest_of(group)
    form = RuleForm(request.POST if request.method == "POST" else None, definition=definition)

    def save() -> HttpResponse:
        answers = form.cleaned_data
        definitions.define(
            group=group,
            when=form.text,
            numbers=form.numbers(),
            source=answers["source"],
            reason=answers["reason"],
            actor=staff,
        )
        return redirect("groups:detail", pk=group.pk)

    return _answer(request, form, group, save, {"definition": definition, "now": groups.in_words(definition)})


@require_http_methods(["GET", "POST"])
def new_group(request: HttpRequest) -> HttpResponse:
    """Make a group of the office's own."""
    community, staff = community_of(request), staff_of(request)
    memberships.keep_current(community)
    form = NewGroupForm(request.POST if request.method == "POST" else None)

    def save() -> HttpResponse:
        answers = form.cleaned_data
        definitions.ask_for(
            community=community,
            title=answers["title"],
            purpose=answers["purpose"],
            tier=answers["tier"],
            child=answers["child"],
            when=form.text,
            numbers=form.numbers(),
            source=answers["source"],
            reason=answers["reason"],
            actor=staff,
        )
        return redirect("groups:list")

    return _answer(request, form, CareGroup(community=community, title=_("新的群体")), save, {"new": True})


def _answer(
    request: HttpRequest, form: RuleForm, group: CareGroup, save: Callable[[], HttpResponse], context: dict[str, Any]
) -> HttpResponse:
    """Show the form, what it would do, or save. A button that only changes the rows answers with the rows."""
    pressed = request.method == "POST" and not form.act
    valid = form.is_valid() if request.method == "POST" else False
    draft: GroupDefinition | None = None
    try:
        if form.criterion is not None and (valid or request.method == "GET" or form.act):
            draft = definitions.checked(group=group, when=form.text, numbers=form.numbers())
        if pressed and valid and draft is not None:
            if "confirm" in request.POST:
                return save()
            context |= _preview(draft, request)
    except Problem as problem:
        form.add_error(None, problem.in_full())
    context |= {
        "group": group,
        "form": form,
        "words": groups.in_words(draft) if draft else "",
        "rows": criteria_rows.shown(form.block, say_missing=pressed),
        "pressed": pressed,
    }
    return render(request, "groups/define.html", context)


def _preview(draft: GroupDefinition, request: HttpRequest) -> dict[str, Any]:
    enters, leaves, unknown = criteria.who_would_change(draft)
    staff, some = staff_of(request), [people[:SHOWN] for people in (enters, leaves)]
    memberships.note_preview(group=draft.group, when=draft.when, people=[*some[0], *some[1]], actor=staff)
    names = [[minors.shown_name(one, staff) for one in people] for people in some]
    return {
        "enters": names[0],
        "leaves": names[1],
        "unknown": unknown,
        "previewed": True,
        "enter_total": len(enters),
        "leave_total": len(leaves),
    }


@require_POST
def decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A second person approves or refuses a group that somebody asked for."""
    label = get_in_community(Label.objects.filter(kind=definitions.KIND), request, pk=pk)
    made = labels.decide(label=label, approve=request.POST.get("approve") == "1", actor=staff_of(request))
    return redirect("groups:detail", pk=made.subject) if made.subject else redirect("groups:list")
