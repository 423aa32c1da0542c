"""Pages of the care groups: who is in them and why, what they mean, and what a change would do."""

import json
import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qiaomen.groups.actions import definitions, memberships
from qiaomen.groups.models import CareGroup
from qiaomen.groups.selectors import groups
from qiaomen.kernel import clock
from qiaomen.office import labels
from qiaomen.office.access import community_of, get_in_community, key_of, staff_of
from qiaomen.office.form_words import ask_why
from qiaomen.register.actions import looks
from qiaomen.register.forms.community.totals import DayForm
from qiaomen.register.models import Person
from qiaomen.register.selectors import minors


@require_GET
def show_groups(request: HttpRequest) -> HttpResponse:
    """List the groups with how many are in them on a day, and of how many it is not known."""
    community = community_of(request)
    memberships.keep_current(community)
    form = DayForm(request.GET if "day" in request.GET else {"day": clock.today()})
    day = form.cleaned_data["day"] if form.is_valid() else clock.today()
    rows = groups.table_of(community, day)
    context = {
        "rows": rows,
        "form": form,
        "day": day,
        "ended": groups.ended_on(community, day),
        "asked": [
            {"label": label, "plan": json.loads(label.plan), "own": label.asked_by_id == staff_of(request).pk}
            for label in labels.waiting(community, definitions.KIND)
        ],
    }
    return render(request, "groups/groups.html", context)


@require_GET
def show_group(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show who is in a group, since when and why, and who left last."""
    group, staff = get_in_community(CareGroup.objects.select_related("community"), request, pk=pk), staff_of(request)
    memberships.keep_current(group.community)
    text, definition = request.GET.get("q", "").strip(), groups.definition_of(group)
    found = looks.find_people(community=group.community, text=text, actor=staff, limit=10) if text else []
    page, left, choices = (
        groups.members_of(group, staff, request.GET.get("page")),
        groups.left_lately(group, staff),
        groups.choices_of(group, staff),
    )
    shown = [row["person"].pk for row in (*page, *left)] + [row["choice"].person_id for row in choices]
    memberships.note_look(group=group, people=shown, actor=staff)
    context = {
        "group": group,
        "definition": definition,
        "words": groups.in_words(definition),
        "ends": groups.ends_on(group),
        "coming": group.definitions.filter(from_date__gt=clock.today()).first(),
        "page": page,
        "left": left,
        "choices": choices,
        "text": text,
        "hits": [hit for hit in found if hit.kind == "person"],
    }
    return render(request, "groups/group.html", context)


@require_POST
def end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End a group from tomorrow on."""
    group = get_in_community(CareGroup.objects.select_related("community"), request, pk=pk)
    why = ask_why(
        request,
        title=_("停用这个群体"),
        words=[_("从明天起不再算谁在里面，也不再按它安排探访；以前的数字不变。"), _("要重新启用，就改一次标准。")],
        button=_("停用"),
        back=reverse("groups:detail", args=[group.pk]),
    )
    if isinstance(why, HttpResponse):
        return why
    definitions.end(group=group, reason=why, actor=staff_of(request))
    return redirect("groups:list")


@require_POST
def choose(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add or exclude a person, or let the rule decide again."""
    group = get_in_community(CareGroup.objects.select_related("community"), request, pk=pk)
    person = get_in_community(Person.objects.all(), request, pk=key_of(request.POST.get("person")))
    minors.check_open(person, staff_of(request))
    kind, back = request.POST.get("kind", ""), reverse("groups:detail", args=[group.pk])
    titles = {"added": _("加入一个人"), "excluded": _("移出一个人")}
    if kind == "":
        memberships.choose(group=group, person=person, kind="", reason=_("按标准认定"), actor=staff_of(request))
    elif kind in titles:
        words = [_("写明为什么；以后可以在“人定的”里改回按标准。")]
        why = ask_why(request, title=titles[kind], words=words, button=titles[kind], back=back)
        if isinstance(why, HttpResponse):
            return why
        memberships.choose(group=group, person=person, kind=kind, reason=why, actor=staff_of(request))
    return redirect(back)
