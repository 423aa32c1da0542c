"""Pages of bulletins: the list, one bulletin, the list behind a number."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.bulletins import actions
from qiaomen.bulletins.forms import WithdrawForm
from qiaomen.bulletins.models import BULLETIN_WIDTHS, Bulletin
from qiaomen.bulletins.problems import NotADraft, ReasonNeeded
from qiaomen.bulletins.selectors import differences, freezing, lists, numbers
from qiaomen.kernel import clock, figures
from qiaomen.kernel.figures import Period
from qiaomen.kernel.problems import Problem
from qiaomen.office.access import community_of, get_in_community, staff_of


def _bulletin(request: HttpRequest, pk: uuid.UUID) -> Bulletin:
    return get_in_community(Bulletin.objects.select_related("community", "published_by"), request, pk=pk)


@require_GET
def show_list(request: HttpRequest) -> HttpResponse:
    """List the bulletins."""
    found = Bulletin.objects.filter(community=community_of(request)).order_by("-start", "-as_at")[:60]
    return render(request, "bulletins/list.html", {"bulletins": found})


@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Draft this week's, month's or quarter's bulletin, or the last one's."""
    last, _between, width = request.POST.get("week", "").rpartition("-")
    if width not in BULLETIN_WIDTHS:
        last, width = request.POST.get("week", ""), "week"
    period = Period.around(clock.today(), width)
    period = period.before() if last == "last" else period
    made = actions.draft_bulletin(
        community=community_of(request), day=period.start, actor=staff_of(request), width=width
    )
    return redirect("bulletins:detail", pk=made.pk)


@require_GET
def show_bulletin(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one bulletin; each number opens onto its list."""
    return _page(request, _bulletin(request, pk), WithdrawForm())


def _page(request: HttpRequest, bulletin: Bulletin, form: WithdrawForm) -> HttpResponse:
    context = {"bulletin": bulletin, "numbers": numbers.numbers_of(bulletin), "form": form}
    return render(request, "bulletins/detail.html", context)


@require_GET
def show_figure(request: HttpRequest, pk: uuid.UUID, code: str) -> HttpResponse:
    """Show the list behind a number, or one part of it, and what has changed since; the look is in the ledger."""
    bulletin = _bulletin(request, pk)
    breakdown, part = request.GET.get("by", ""), request.GET.get("part", "")
    if code not in numbers.FIGURES or (breakdown and breakdown not in numbers.PARTS.get(code, ())):
        raise Http404
    figure = figures.get(code)
    if breakdown and part not in figure.closed(breakdown).values:
        raise Http404
    title = figure.closed(breakdown).say(part) if breakdown else ""
    rows = lists.list_behind(bulletin, code, breakdown, part)
    difference, changed = differences.difference_of(bulletin, code)
    more = [item.row for item in changed if item.row is not None]
    homes = [home for row in [*rows, *more] for home in row["homes"]]
    actions.note_look(community=bulletin.community, bulletin=bulletin, code=code, homes=homes, actor=staff_of(request))
    context = {"bulletin": bulletin, "figure": figure, "rows": rows, "part": title}
    return render(request, "bulletins/figure.html", {**context, "difference": difference, "changed": changed})


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a draft as the public will read it and ask once; with `sure` publish it."""
    bulletin = _bulletin(request, pk)
    if bulletin.state != "draft":
        raise NotADraft()
    if request.method == "POST" and "sure" in request.POST:
        actions.publish_bulletin(bulletin=bulletin, actor=staff_of(request))
        return redirect("bulletins:detail", pk=pk)
    context = {"bulletin": bulletin, "numbers": freezing.numbers_to_publish(bulletin)}
    return render(request, "bulletins/publish.html", context)


@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Withdraw a published bulletin with a reason."""
    bulletin, form = _bulletin(request, pk), WithdrawForm(request.POST)
    if bulletin.state != "published":
        raise ReasonNeeded()
    if form.is_valid():
        try:
            actions.withdraw_bulletin(bulletin=bulletin, actor=staff_of(request), reason=form.cleaned_data["reason"])
            return redirect("bulletins:detail", pk=pk)
        except Problem as problem:
            form.add_error("reason", problem.in_full())
    return _page(request, bulletin, form)
