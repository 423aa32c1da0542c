"""A call-back names nobody in the ledger; on the resident's own page it stands when the asking is over."""

from django.urls import reverse

from qiaomen.callbacks.actions import calls
from qiaomen.callbacks.tests.conftest import Office, figure_of_closed_cases, office  # noqa: F401
from qiaomen.callbacks.tests.test_callbacks import drawn
from qiaomen.kernel import ledger_kinds
from qiaomen.office.tests.cast import client_of
from qiaomen.rights.selectors import looks_at


def test_the_resident_reads_who_called_and_nobody_else_does(office: Office) -> None:  # noqa: F811
    office.make("worker", "k-other")
    office.close(12)
    call = drawn(office).calls.filter(state="waiting")[0]
    assert client_of(call.caller).get(reverse("callbacks:call", args=[call.pk])).status_code == 200
    title, person = str(ledger_kinds.get("callbacks.looked").sentence), call.household.people.get()
    assert title not in [str(row["what"]) for row in looks_at(person)]
    calls.answer(call=call, actor=call.caller, solved="solved", level="satisfied")
    assert title in [str(row["what"]) for row in looks_at(person)]
