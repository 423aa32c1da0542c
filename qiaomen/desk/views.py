"""今天, the search box, and the error pages."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qiaomen.desk import selectors
from qiaomen.desk.frames import answer_problem, is_public, show_problem
from qiaomen.desk.named import at_hit, offered_at, pages_named, verbs_in
from qiaomen.kernel import clock
from qiaomen.kernel.lines import parts_of
from qiaomen.office import disclosure
from qiaomen.office.access import community_of, staff_of
from qiaomen.office.problems import NotUnderstood
from qiaomen.register.actions import looks

PAGE = 20
"""Hits on a page."""


@require_GET
def show_today(request: HttpRequest) -> HttpResponse:
    """Show what is to be done today by the clock, the rounds beside it, what happened since yesterday.

    Every role has its own page, put together from what the houses declare (kernel/lines); no house is named here.
    """
    viewer, today = staff_of(request), clock.today()
    community = viewer.community
    context: dict[str, Any] = {"community": community, "today": today, "parts": parts_of(viewer, community, today)}
    if community is not None:
        if viewer.role != "volunteer":
            context["inbox"] = selectors.inbox(viewer, community, today, request.GET.get("kind", ""))
        context["news"] = selectors.since_yesterday(community, viewer, today)
        named = selectors.named_on(context)
        disclosure.show_names(viewer=viewer, community=community, page="desk:today", people=named)
        context["done"] = selectors.done_note(request.GET.get("done", ""), request.GET.get("at", ""))
    return render(request, "desk/today.html", context)


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Answer the search box with people, pages and acts: a fragment for htmx, a page without script.

    Without script Enter opens the only hit, too.
    """
    text, typing = request.GET.get("q", "").strip(), bool(request.headers.get("HX-Request"))
    verbs, rest = verbs_in(request.user, text)
    page = max(1, int(number)) if (number := request.GET.get("page", "")).isdecimal() and len(number) < 4 else 1
    found = looks.find_page(community=community_of(request), text=rest, actor=staff_of(request), page=page)
    hits: list[dict[str, Any]] = [
        {"hit": hit, "verb": verb, "url": at_hit(verb, hit)} for verb in verbs for hit in found.hits
    ] or [{"hit": hit, "verb": None, "url": hit.url} for hit in found.hits]
    pages = pages_named(request.user, text)
    if not typing and page == 1 and len(hits) == 1 and not pages:
        return redirect(hits[0]["url"])
    if not verbs:
        said = selectors.said_of_hits([hit.id for hit in found.hits], staff_of(request))
        hits = [{**item, **_under(item["hit"], said, request)} for item in hits]
    context = {"text": text, "hits": hits, "pages": pages, "found": found, "page": page, "last": page * PAGE}
    return render(request, "desk/hits.html" if typing else "desk/search.html", context)


def _under(hit: Any, said: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """Return what stands under a name: the weightiest line, groups, acts; only of those on the first screen."""
    if hit.id not in said:
        return {}
    line, tags = said[hit.id]
    return {"line": line, "tags": tags, "verbs": offered_at(request.user, hit)}


def _error(request: HttpRequest, status: int, **sentences: Any) -> HttpResponse:
    return show_problem(request, sentences, status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is nothing here, whether it never was or is not yours; to a resident on the public's page."""
    if is_public(request):
        return _error(
            request,
            404,
            title=_("没有找到这一页"),
            what=_("这个地址没有内容：可能抄错了一个字，也可能这一页已经撤下了。"),
            safe=_("您没有做错什么，也没有任何内容丢失。"),
            do_next=_("请从首页找您的社区，或者到社区服务窗口问一问。"),
        )
    return _error(
        request,
        404,
        title=_("没有找到这一页"),
        what=_("这个地址没有内容，或者不属于您的社区。"),
        safe=_("您刚才填的内容没有丢，可以返回上一页。"),
        do_next=_("请从菜单进入，或者用搜索框查找。"),
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the request itself could not be read; to the phone in its own form."""
    return answer_problem(request, NotUnderstood())


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that this page is for another role."""
    return _error(
        request,
        403,
        title=_("这一页不归您的岗位使用"),
        what=_("您的岗位没有打开这一页的权限。"),
        safe=_("没有任何内容被改动。"),
        do_next=_("如果工作需要，请找社区主任或系统管理员。"),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the page stood open too long."""
    return _error(
        request,
        403,
        title=_("页面停留太久，需要再提交一次"),
        what=_("这一页的安全凭证已经过期，这次没有提交。"),
        safe=_("没有任何内容被改动，您填的内容都在上一页。"),
        do_next=_("请返回上一页，刷新后再提交一次。"),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that it is our fault."""
    return _error(
        request,
        500,
        title=_("系统出了问题"),
        what=_("这次操作没有完成，原因在系统一方。"),
        safe=_("已保存的内容都在，这次没有改动任何记录。"),
        do_next=_("请稍后再试；再次出现请告诉系统管理员。"),
    )
