"""The list of what was heard."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qiaomen.needs import selectors
from qiaomen.needs.rules.vocabulary import KINDS
from qiaomen.office.access import community_of, key_of
from qiaomen.register.models import Compound
from qiaomen.visits.rules.vocabulary import HANDLINGS

DAYS = (7, 30, 90, 365)


def _wish(request: HttpRequest) -> selectors.Filter:
    asked = request.GET
    compound, days = asked.get("compound", ""), asked.get("days", "")
    return selectors.Filter(
        kind=asked.get("kind", "") if asked.get("kind") in KINDS else "",
        handling=asked.get("handling", "") if asked.get("handling") in HANDLINGS else "",
        name=asked.get("name", "").strip()[:40],
        compound=key_of(compound) if compound else None,
        days=int(days) if days in map(str, DAYS) else 0,
    )


@require_GET
def needs(request: HttpRequest) -> HttpResponse:
    """List the needs of the community; the words stay sealed here."""
    community, wish = community_of(request), _wish(request)
    page = Paginator(selectors.heard_in(community, wish), 50).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "rows": [
            {"need": need, "kind": selectors.kind_title(need.kind), "handling": selectors.handling_title(need.handling)}
            for need in page.object_list
        ],
        "page": page,
        "query": query.urlencode(),
        "wish": wish,
        "kinds": [(code, selectors.kind_title(code)) for code in KINDS],
        "handlings": [(code, selectors.handling_title(code)) for code in HANDLINGS],
        "compounds": Compound.objects.filter(community=community).order_by("name"),
        "days": [(days, _("最近 {n} 天").format(n=days)) for days in DAYS],
    }
    return render(request, "needs/list.html", context)
