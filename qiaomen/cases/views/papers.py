"""Pages of the papers of a case: what would be printed and what stays blank, the file, the office's own templates."""

import uuid
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from qiaomen.cases import selectors
from qiaomen.cases.models import Case, FormTemplate, Original
from qiaomen.cases.papers import templates, tracking
from qiaomen.cases.papers.fields import FIELDS, TELLING, values_of
from qiaomen.cases.papers.forms import TemplateForm
from qiaomen.cases.views.case_page import case_of, check_case, check_open_of, owner_of
from qiaomen.documents.fill import PAPERS, Filled, fill_list
from qiaomen.documents.printing import as_pdf
from qiaomen.documents.qr import qr_png
from qiaomen.documents.templates import MOST_BYTES, check
from qiaomen.documents.values import Blank, Unconfirmed, Values, is_blank
from qiaomen.kernel import clock
from qiaomen.kernel.bodies import takes_bodies
from qiaomen.kernel.problems import Problem
from qiaomen.needs.selectors import kind_title
from qiaomen.office import disclosure
from qiaomen.office.access import community_of, get_in_community, staff_of

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
OF_CASE = ("receipt", "application", "mandate")
MOST_PRINTED = 200


def _kind(request: HttpRequest, known: Any = OF_CASE) -> str:
    found = request.GET.get("form", "")
    return found if found in known else next(iter(known))


def _values(request: HttpRequest, case: Case, original: Original | None = None) -> Values:
    """Return the values of a case; its first receipt begins to be tracked."""
    tracked = tracking.track(case=case, actor=staff_of(request))
    address = request.build_absolute_uri(f"{reverse('cases:track')}?n={tracked.number}&c={tracked.code}")
    return values_of(case, viewer=staff_of(request), tracking=tracked, qr=qr_png(address), original=original)


def _look(request: HttpRequest, cases: list[Case], fields: set[str], of: set[uuid.UUID]) -> None:
    """Write the look at what is printed of people. `of`: whose original it is. Raises TooManyLooks."""
    disclosure.look(
        community=community_of(request),
        actor=staff_of(request),
        code="cases.form-printed",
        people=of | {case.need.person_id or case.need.household_id for case in cases},
        subject=cases[0] if len(cases) == 1 else community_of(request),
        fields=["name", *sorted({TELLING[field] for field in fields & set(TELLING)})],
    )


def _send(
    request: HttpRequest, kind: str, cases: list[Case], records: list[Values], of: set[uuid.UUID] | None = None
) -> HttpResponse:
    """Return the filled form as Word or as PDF."""
    template = templates.template_of(community_of(request), kind)
    _look(request, cases, {place.field for place in check(kind, template, FIELDS)}, of or set())
    paper = request.GET.get("paper", "")
    filled: Filled = fill_list(template, records, paper=paper if paper in PAPERS else "")
    end = "pdf" if request.GET.get("as") == "pdf" else "docx"
    answer = HttpResponse(as_pdf(filled.content) if end == "pdf" else filled.content, content_type=TYPES[end])
    name = quote(f"{templates.KINDS[kind]}-{clock.today():%Y%m%d}.{end}")
    answer["Content-Disposition"] = f"{'inline' if end == 'pdf' else 'attachment'}; filename*=UTF-8''{name}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
def show(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the forms of a case, and what of each would stay blank, before anything is printed."""
    case = case_of(request, pk)
    values = _values(request, case)
    forms = []
    for kind in OF_CASE:
        places = check(kind, templates.template_of(case.community, kind), FIELDS)
        used = dict.fromkeys(place.field for place in places)
        blanks = [Blank(name, 1, isinstance(values[name], Unconfirmed)) for name in used if is_blank(values[name])]
        forms.append({"kind": kind, "title": templates.KINDS[kind], "blanks": blanks})
    disclosure.show_names(
        viewer=staff_of(request), community=case.community, page="cases:papers", people=[case.need.household_id]
    )
    context = {"case": case, "need": case.need, "kind": kind_title(case.need.kind), "forms": forms}
    return render(request, "cases/papers.html", {**context, "papers": list(PAPERS)})


@require_GET
def send(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send a filled form of a case; the look is in the ledger."""
    case = case_of(request, pk)
    return _send(request, _kind(request), [case], [_values(request, case)])


@require_GET
def send_receipt(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send the receipt of an original: that it was taken in, or that it was given back."""
    rows = Original.objects.select_related(
        "case__need__household__dwelling", "case__need__person", "case__owner", "case__community", "person"
    ).select_related("noted_by", "returned_by")
    row = get_in_community(rows, request, pk=pk)
    check_case(request, row.case)
    check_open_of(request, row)
    kind = "returned" if row.returned_at else "taken"
    of = {row.person_id} if row.person_id else set()
    return _send(request, kind, [row.case], [_values(request, row.case, row)], of)


@require_GET
def send_list(request: HttpRequest) -> HttpResponse:
    """Send a form for every case of a tab of the list that is open to the reader, in one file, each on its own page."""
    community, staff = community_of(request), staff_of(request)
    tab, owner = selectors.tab_of(request.GET.get("tab", "")), owner_of(request, community)
    rows = selectors.listed(community, tab, clock.today(), staff, owner)
    found = Case.objects.select_related("need__household__dwelling", "need__person", "owner", "community").filter(
        pk__in=[row["case"].pk for row in rows if row["open"]][:MOST_PRINTED]
    )
    cases = [case for case in found.order_by("due_on", "pk") if selectors.may_hold(case.need, staff)]
    if not cases:
        return redirect("cases:list")
    return _send(request, _kind(request), cases, [_values(request, case) for case in cases])


def _templates_page(request: HttpRequest, form: TemplateForm) -> HttpResponse:
    community = community_of(request)
    rows = [
        {"kind": kind, "title": title, "own": templates.standing(community, kind)}
        for kind, title in templates.KINDS.items()
    ]
    return render(request, "cases/templates.html", {"rows": rows, "form": form, "fields": FIELDS})


@require_GET
def show_templates(request: HttpRequest) -> HttpResponse:
    """List the templates of the office and the fields they can name."""
    return _templates_page(request, TemplateForm())


@require_GET
def send_template(request: HttpRequest) -> HttpResponse:
    """Send the template an office prints from now, to be changed in Word."""
    kind = _kind(request, templates.KINDS)
    answer = HttpResponse(templates.template_of(community_of(request), kind), content_type=TYPES["docx"])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(str(templates.KINDS[kind]))}.docx"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@takes_bodies(MOST_BYTES + 64 * 1024)
@require_POST
def change_template(request: HttpRequest) -> HttpResponse:
    """Take an office's own template in, behind the gate."""
    form = TemplateForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            templates.change_template(
                community=community_of(request),
                actor=staff_of(request),
                kind=form.cleaned_data["kind"],
                file_name=file.name,
                content=file.read(),
            )
        except Problem as problem:
            form.add_error(None, problem.in_full())
        else:
            return redirect("cases:templates")
    return _templates_page(request, form)


@require_POST
def end_template(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Print from the standard template again."""
    row = get_in_community(FormTemplate.objects.select_related("community"), request, pk=pk)
    templates.end_template(template=row, actor=staff_of(request))
    return redirect("cases:templates")


@takes_bodies(16 * 1024)
def track(request: HttpRequest) -> HttpResponse:
    """Say how far a case is to whoever holds its receipt: the state and the day, and nothing of a person."""
    sent = request.POST if request.method == "POST" else request.GET
    number, code = sent.get("n", "").strip()[:20], sent.get("c", "").strip()[:20]
    context: dict[str, Any] = {"number": number, "asked": bool(number or code)}
    status = 200
    if context["asked"]:
        try:
            case = tracking.look_up(number=number, code=code, address=request.META.get("REMOTE_ADDR", ""))
        except Problem as problem:
            context["problem"], status = problem, problem.status
        else:
            context["found"] = case and _shown(case)
    answer = render(request, "cases/track.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "same-origin"
    return answer


def _shown(case: Case) -> dict[str, Any]:
    community = case.community
    return {"state": tracking.said_of(case), "since": tracking.last_day(case), "community": community}
