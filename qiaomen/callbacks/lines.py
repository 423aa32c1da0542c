"""The calls somebody has to make: theirs alone. No household's page says that it is to be asked."""

from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.callbacks.actions import calls
from qiaomen.callbacks.models import Call
from qiaomen.kernel.lines import ANSWER_OWED, Act, Line, register_act, register_held
from qiaomen.office.models import Organisation, Staff


def lines_held(community: Organisation, viewer: Any, today: date, owner: UUID | None) -> list[Line]:
    """Return the waiting calls of one caller in a community, without whom they ask: one query.

    What somebody asks for another community stands on their own page of calls alone.
    """
    if owner is None:
        return []
    waiting = Call.objects.filter(community=community, caller=owner, state="waiting").order_by("due_on")
    return [
        Line(
            "callbacks.call",
            (Call.record_type, call.pk),
            _("有一件回访要问"),
            ANSWER_OWED,
            call.due_on,
            owner=(Staff.record_type, call.caller_id),
            url=reverse("callbacks:call", args=[call.pk]),
            act="callbacks.ask",
        )
        for call in waiting
    ]


def _pass_on(line: Line, to: Staff, actor: Staff) -> None:
    calls.pass_on(call=Call.objects.get(pk=line.subject[1]), to=to, actor=actor)


register_act(Act("callbacks.ask", _lazy("去问"), "callbacks:call", opens=True, reassign=_pass_on))
register_held("callbacks", lines_held)
