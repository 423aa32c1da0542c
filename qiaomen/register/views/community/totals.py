"""Pages of the totals: who lived here on any day, and the households and people behind each number."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qiaomen.kernel import clock
from qiaomen.office import disclosure
from qiaomen.office.access import community_of, staff_of
from qiaomen.register.actions import looks
from qiaomen.register.forms.community.totals import DayForm
from qiaomen.register.selectors import totals
from qiaomen.register.selectors.minors import is_sealed, shown_name

PAGE = 50


def _day(request: HttpRequest) -> tuple[DayForm, date]:
    form = DayForm(request.GET if "day" in request.GET else {"day": clock.today()})
    return form, form.cleaned_data["day"] if form.is_valid() else clock.today()


@require_GET
def show_totals(request: HttpRequest) -> HttpResponse:
    """Show who lived here on any day, by origin and by status; each number opens onto its records."""
    form, day = _day(request)
    found = totals.totals_as_at(community_of(request), day)
    status = {True: _("脱贫户"), False: _("不是脱贫户"), None: _("没有登记")}
    tables: list[dict[str, Any]] = [
        {
            "title": title,
            "by": by,
            "rows": [
                {
                    "name": status[name] if by == "lifted_out" else name or _("没有登记"),
                    "value": _value(name),
                    "households": households,
                    "people": people,
                }
                for name, households, people in found["by"][by]
            ],
        }
        for by, title in (("town", _("原乡镇")), ("village", _("原村")), ("lifted_out", _("脱贫")))
    ]
    shown_tables = [table for table in tables if found["households"] == 0 or _tells(table)]
    return render(request, "register/totals.html", {"form": form, "totals": found, "tables": shown_tables})


def _tells(table: dict[str, Any]) -> bool:
    """A table whose only row is "not registered" tells nothing."""
    return len(table["rows"]) != 1 or bool(table["rows"][0]["value"])


def _value(name: Any) -> str:
    if isinstance(name, str):
        return name
    return "yes" if name is True else "no" if name is False else ""


def _told(by: str, value: str) -> Any:
    return {"yes": True, "no": False}.get(value) if by == "lifted_out" else value


@require_GET
def behind_total(request: HttpRequest) -> HttpResponse:
    """List the people behind a number of the totals, in the order of their doors."""
    _form, day = _day(request)
    by, value = request.GET.get("by", ""), request.GET.get("value", "")
    people = totals.people_behind(community_of(request), day, by, _told(by, value))
    page, staff = Paginator(people, PAGE).get_page(request.GET.get("page")), staff_of(request)
    looks.note_total(community=community_of(request), by=by, people=[person.pk for person in page], actor=staff)
    rows = [
        {
            "person": person,
            "name": shown_name(person, staff),
            "stay": next(iter(person.stays_then), None),
            "hides_door": is_sealed(person, staff),
        }
        for person in page
    ]
    disclosure.look(
        community=community_of(request),
        actor=staff,
        code="register.total-looked",
        fields=["name"],
        people=[person.pk for person in page],
        detail={"by": by, "day": day.isoformat()},
    )
    title = {"town": _("原乡镇"), "village": _("原村"), "lifted_out": _("脱贫"), "unregistered": _("户口不在这里")}.get(
        by, _("住在这里")
    )
    context = {"day": day, "page": page, "rows": rows, "title": title, "value": value, "by": by}
    return render(request, "register/behind_total.html", context)
