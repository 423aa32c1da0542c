"""A call that was written down wrong: put right or taken back, with the reason."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qiaomen.calls.actions import put_right
from qiaomen.calls.forms import CorrectCallForm
from qiaomen.calls.models import Call
from qiaomen.calls.problems import CallNotYours, CallTakenBack
from qiaomen.calls.selectors.labels import OUTCOME_TITLES
from qiaomen.office.access import get_in_community, safe_next, staff_of
from qiaomen.office.form_words import ask_why
from qiaomen.visits.actions import visits


def _call(request: HttpRequest, pk: uuid.UUID) -> Call:
    """Return a call that counts. Raises Http404, CallNotYours, CallTakenBack."""
    rows = Call.everything.select_related("household__dwelling", "community", "staff")
    call = get_in_community(rows, request, pk=pk)
    if not put_right.may_change(call, staff_of(request)):
        raise CallNotYours()
    if call.taken_back_at is not None:
        raise CallTakenBack()
    return call


def _back(request: HttpRequest, call: Call) -> str:
    return safe_next(request, reverse("calls:household", args=[call.household_id]))


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put right what is written of a call, with the reason."""
    call = _call(request, pk)
    first = {"way": call.way, "outcome": call.outcome, "note": call.note}
    form = CorrectCallForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        put_right.correct_call(call=call, actor=staff_of(request), **form.cleaned_data)
        return redirect(_back(request, call))
    visits.note_look(household=call.household, actor=staff_of(request))
    context = {"call": call, "form": form, "next": _back(request, call), "outcome": OUTCOME_TITLES[call.outcome]}
    answer = render(request, "calls/correct.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a call back, with the reason."""
    call = _call(request, pk)
    reason = ask_why(
        request,
        title=_("撤销这通电话？"),
        words=[
            _("撤销以后它不算数：算作的走访一起撤销，因为它要去的不用去了，该打的照样该打。"),
            _("谁撤销的、为什么，记在操作台账里。"),
        ],
        button=_("撤销这通电话"),
        back=_back(request, call),
    )
    if isinstance(reason, HttpResponse):
        return reason
    put_right.take_back_call(call=call, reason=reason, actor=staff_of(request))
    return redirect(_back(request, call))
