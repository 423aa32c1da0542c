"""Pages of call-backs: the rounds, the calls somebody has to make, and the slips that came back."""

import json
import uuid
from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.callbacks.actions import calls, rounds
from qiaomen.callbacks.actions.rounds import DELETED
from qiaomen.callbacks.forms import CHECK_TITLES, COUNT_WORDS, WAY_TITLES, AnswerForm, KeyForm, RoundForm, RulesForm
from qiaomen.callbacks.models import Call, Sample
from qiaomen.callbacks.rules.asking import AT_ONCE
from qiaomen.callbacks.selectors import results, subjects
from qiaomen.kernel import clock, figures
from qiaomen.kernel.problems import Problem
from qiaomen.office import disclosure
from qiaomen.office.access import community_of, get_in_community, staff_of

LEFT_OUT = {
    rounds.GONE: _lazy("搬走或去世的"),
    rounds.RECENT: _lazy("近期问过、先不打扰的"),
    rounds.SAME_HOME: _lazy("同一户另有一件在名单里的"),
}
WHY_REPLACED = {
    "died": _lazy("去世"),
    "moved": _lazy("搬走"),
    "refused": _lazy("不愿意答"),
    "no_answer": _lazy("联系不上"),
    "recent": _lazy("别的一轮刚问过"),
    "deleted": _lazy("记录已经没有"),
    "nobody": _lazy("没有合适的人去问"),
}
"""Why a drawn record was passed over or replaced, as the page and the proof say it."""


def _sample(request: HttpRequest, pk: uuid.UUID) -> Sample:
    rows = Sample.objects.select_related("community__parent", "made_by", "drawn_by", "redraw_of")
    return get_in_community(rows, request, pk=pk)


def _call(request: HttpRequest, pk: uuid.UUID) -> Call:
    """Return a call of this very caller; of a colleague's nobody learns that it is there. Raises Http404."""
    rows = Call.objects.select_related("community__parent", "sample", "household__dwelling", "person")
    return get_object_or_404(rows, pk=pk, caller=staff_of(request))


def _lists(request: HttpRequest) -> list[tuple[str, Any]]:
    """Return the figures whose lists can be asked about."""
    today, community = clock.today(), community_of(request)
    period: dict[str, Any] = {"community": community, "start": today, "end": today, "as_at": clock.now()}
    return [
        (figure.code, figure.title)
        for figure in figures.all_figures()
        if subjects.can_be_asked(figure.list_records(**period))
    ]


@require_GET
def show_list(request: HttpRequest) -> HttpResponse:
    """List the rounds."""
    found = Sample.objects.filter(community=community_of(request)).defer("frame", "replaced").order_by("-made_at")[:60]
    rows = [{"sample": sample, "title": figures.get(sample.figure).title} for sample in found]
    return render(request, "callbacks/list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Freeze a list and commit to a secret."""
    form = RoundForm(request.POST or None, figures=_lists(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = rounds.frame_round(community=community_of(request), actor=staff_of(request), **form.cleaned_data)
        except Problem as problem:
            form.add_error(None, problem.in_full())
        else:
            return redirect("callbacks:round", pk=made.pk)
    return render(request, "callbacks/form.html", {"form": form, "title": _("开一轮回访"), "button": _("定下名单")})


@require_GET
def show_round(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a round: what was committed to, how far it is, and when it is over what it found. Nobody's name."""
    return _round(request, _sample(request, pk))


def _round(request: HttpRequest, sample: Sample, problem: Problem | None = None) -> HttpResponse:
    sizes = Counter(row[2] for row in sample.frame)
    over = results.is_over(sample)
    context: dict[str, Any] = {
        "sample": sample,
        "problem": problem,
        "figure": figures.get(sample.figure),
        "all": len(sample.frame),
        "strata": [(name, size, sample.quotas[name]) for name, size in sorted(sizes.items())],
        "size": sum(sample.quotas.values()),
        "left_out": [(LEFT_OUT[reason], n) for reason, n in sorted(sample.left_out.items())],
        "progress": results.progress(sample),
        "replaced": [(WHY_REPLACED[because], many) for because, many in results.reasons(sample).items()],
        "over": over,
        "redraws": list(sample.redraws.order_by("made_at")),
        "outside": sample.calls.exclude(caller__organisation=sample.community)
        .exclude(caller__organisation__parent=sample.community)
        .count(),
    }
    if over:
        context["answers"] = results.answers_of(sample)
    return render(request, "callbacks/round.html", context, status=problem.status if problem else 200)


@require_POST
def draw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Draw by the public value."""
    sample = _sample(request, pk)
    try:
        rounds.draw_round(sample=sample, actor=staff_of(request), public=request.POST.get("public", ""))
    except Problem as problem:
        return _round(request, sample, problem)
    return redirect("callbacks:round", pk=pk)


@require_GET
def proof(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send what a stand-alone script checks; before the draw there is nothing to check."""
    sample = _sample(request, pk)
    if sample.state != "drawn":
        return redirect("callbacks:round", pk=pk)
    text = json.dumps(results.proof_of(sample), ensure_ascii=False, indent=1)
    answer = HttpResponse(text, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="draw-{sample.start}.json"'
    return answer


@require_GET
def show_calls(request: HttpRequest) -> HttpResponse:
    """List the calls this person has to make, and theirs alone."""
    staff = staff_of(request)
    mine = Call.objects.filter(caller=staff, state="waiting").select_related("community").order_by("due_on")
    return render(request, "callbacks/calls.html", {"calls": mine, "today": clock.today()})


@require_http_methods(["GET", "POST"])
def show_call(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show whom to ask, and take the answer."""
    call, staff = _call(request, pk), staff_of(request)
    form = AnswerForm(request.POST or None, levels=calls.levels_of(call))
    if request.method == "POST" and form.is_valid():
        try:
            calls.answer(call=call, actor=staff, **form.cleaned_data)
        except Problem as problem:
            form.add_error(None, problem.in_full())
        else:
            return redirect("callbacks:calls")
    return _call_page(request, call, form)


def _call_page(request: HttpRequest, call: Call, form: AnswerForm, problem: Problem | None = None) -> HttpResponse:
    disclosure.look(  # the line names the call: whoever reads the ledger learns nobody's name from it
        community=call.community,
        actor=staff_of(request),
        code="callbacks.looked",
        subject=call,
        fields=["name", "phone"],
        people=[call.pk],
        once=True,
    )
    subject = subjects.read(call.of_type, [call.row]).get(call.row)
    tries = [(WAY_TITLES[way], at) for way, at in call.attempts.order_by("at").values_list("way", "at")]
    context = {
        "call": call,
        "form": form,
        "problem": problem,
        "name": call.person.name if call.person else call.household.head_name,
        "telephone": calls.telephone_of(call),
        "title": subject.title if subject else "",
        "check": CHECK_TITLES.get(call.purpose, ""),
        "tries": tries,
        "gone": WHY_REPLACED[DELETED if subject is None else subject.gone] if subject is None or subject.gone else "",
        "at_once": [(code, WHY_REPLACED[code]) for code in AT_ONCE],
    }
    answer = render(request, "callbacks/call.html", context, status=problem.status if problem else 200)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def attempt(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note that nobody answered."""
    call, way = _call(request, pk), request.POST.get("way", "")
    try:
        calls.note_attempt(call=call, actor=staff_of(request), way=way if way in calls.WAYS else calls.TELEPHONE)
    except Problem as problem:
        return _call_page(request, call, AnswerForm(levels=calls.levels_of(call)), problem)
    return redirect("callbacks:call", pk=pk)


@require_POST
def give_up(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note that nobody can be reached, or at once that they died, moved away or do not want to be asked."""
    call, because = _call(request, pk), request.POST.get("because", "")
    try:
        calls.give_up(call=call, actor=staff_of(request), because=because if because in AT_ONCE else "")
    except Problem as problem:
        return _call_page(request, call, AnswerForm(levels=calls.levels_of(call)), problem)
    return redirect("callbacks:calls")


@require_GET
def slip(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the slip to be printed: two questions, a code, and no name."""
    call = _call(request, pk)
    context = {"call": call, "form": AnswerForm(levels=calls.levels_of(call))}
    return render(request, "callbacks/slip.html", context)


@require_http_methods(["GET", "POST"])
def key(request: HttpRequest) -> HttpResponse:
    """Key a slip that came back; who had a hand in the matter may not."""
    community = community_of(request)
    form = KeyForm(request.POST or None, levels=rounds.rules_of(community).levels, initial={"way": "slip"})
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        try:
            call = calls.by_code(community.pk, told.pop("code"))
            calls.answer(call=call, actor=staff_of(request), **told)
        except Problem as problem:
            form.add_error(None, problem.in_full())
        except ValueError:
            form.add_error("level", _("这一轮问的是别的几档，请看纸条上写的。"))
        else:
            return redirect("callbacks:key")
    return render(request, "callbacks/form.html", {"form": form, "title": _("录回访纸条"), "button": _("录入")})


@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """Set how this place asks."""
    community = community_of(request)
    kept = rounds.rules_of(community)
    start = {
        "levels": "\n".join(f"{title} {COUNT_WORDS[counts]}" for _code, title, counts in kept.levels),
        "months_apart": kept.months_apart,
        "checks": kept.checks,
    }
    form = RulesForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        rounds.keep_rules(community=community, actor=staff_of(request), **form.cleaned_data)
        return redirect("callbacks:list")
    return render(request, "callbacks/form.html", {"form": form, "title": _("回访的办法"), "button": _("保存")})
