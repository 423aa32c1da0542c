"""今天, the search box, and the error pages."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qiaomen.cases import selectors as cases
from qiaomen.desk.context import pages_named
from qiaomen.imports.selectors.import_pages import last_import
from qiaomen.kernel import clock
from qiaomen.office import devices, disclosure, nightly
from qiaomen.office.access import community_of, ledger_head, staff_of
from qiaomen.office.backups import backup
from qiaomen.office.models import Organisation
from qiaomen.register.actions import looks
from qiaomen.register.selectors import totals as register
from qiaomen.visits.selectors import round_pages as visits
from qiaomen.visits.selectors import worklist


@require_GET
def show_today(request: HttpRequest) -> HttpResponse:
    """Show what was promised, today's doors and what they brought back; county staff see communities and no person."""
    staff: Any = request.user
    if staff.community is not None:
        community, today = staff.community, clock.today()
        context = {
            "community": community,
            "today": today,
            "counts": cases.desk_counts(community, today) if staff.role != "volunteer" else None,
            "rounds": visits.rounds_on(community, today),
            "late_doors": len(worklist.late_doors(community, today)),
            **visits.walk_today(staff, community),
            "from_doors": visits.latest_visits(community),
            "not_done": nightly.failed() if staff.role == "head" else (),
            "backup": backup.state() if staff.role == "head" else None,
            "ledger_head": ledger_head(community) if staff.role == "head" else None,
            "brakes": disclosure.brakes_in(community) if staff.role == "head" else (),
            "silent": devices.silent_since_list(community) if staff.role == "head" else (),
            **register.totals_of(community),
            "last_import": last_import(community),
        }
        homes = [item["household"].pk for item in context["walk_doors"] if item["household"]]
        homes += [row["case"].need.household_id for row in (context["counts"] or {}).get("pressing", ())]
        disclosure.show_names(viewer=staff, community=community, page="desk:today", people=homes)
        return render(request, "desk/today.html", context)
    communities = Organisation.objects.filter(kind="community").order_by("code")
    brakes = disclosure.all_brakes() if staff.role == "admin" else ()
    state = backup.state() if staff.role == "admin" else None
    return render(request, "desk/welcome.html", {"communities": communities, "brakes": brakes, "backup": state})


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Answer the search box with people and pages: a fragment for htmx, a page without script."""
    text = request.GET.get("q", "").strip()
    context = {
        "text": text,
        "hits": looks.find_people(community=community_of(request), text=text, actor=staff_of(request)),
        "pages": pages_named(request.user, text),
    }
    template = "desk/hits.html" if request.headers.get("HX-Request") else "desk/search.html"
    return render(request, template, context)


def _error(request: HttpRequest, status: int, **sentences: Any) -> HttpResponse:
    return render(request, "desk/problem.html", {"problem": sentences}, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is nothing here, whether it never was or is not yours."""
    return _error(
        request,
        404,
        title=_("没有找到这一页"),
        what=_("这个地址没有内容，或者不属于您的社区。"),
        safe=_("您刚才填的内容没有丢，可以返回上一页。"),
        do_next=_("请从左边的菜单进入，或者用搜索框查找。"),
    )


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
