"""A list says 一件事 and 重点探访; what tells of health or money is on the opened page, and that is a counted look."""

import html
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from qiaomen.bulletins import actions as bulletins
from qiaomen.kernel import clock
from qiaomen.needs.models import Need
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.office.tests.cast import client_of
from qiaomen.register.models import Household
from qiaomen.rights.models import RightsRequest
from qiaomen.visits.actions import visits, wishes
from qiaomen.visits.models import DueVisit, Round, RoundDoor, Team
from tests.stories import family

TELLING = ("救助和补贴", "看病就医", "照护", "残疾", "低保", "特困")


@pytest.fixture
def home(community: Organisation, worker: Staff, head: Staff) -> Household:
    """Return the family with a matter of money, a disability card that makes a care group, a wish and a request."""
    found = family.estate(community, worker, head, 1)[0]
    door = found.dwelling
    assert door is not None
    for reason, clock_of in (("disabled", "cadence"), ("card-expires", "event")):
        DueVisit.objects.create(
            community=community,
            dwelling=door,
            clock=clock_of,
            reason=reason,
            way="door",
            opens_on=clock.today(),
            due_on=clock.today(),
            made_at=clock.now(),
        )
    return found


def body_of(staff: Staff, address: str, told: dict[str, str] | None = None) -> str:
    """Return the page below its head, without what is offered to be chosen."""
    answer = client_of(staff).get(address, told or {})
    assert answer.status_code == 200, address
    text = html.unescape(answer.content.decode().split("<main")[1])
    return re.sub(r"<(select|details)\b.*?</\1>", "", text, flags=re.S)


def seen_by(staff: Staff, code: str) -> set[str]:
    lines = LedgerEntry.objects.filter(actor=staff, code=code)
    return {key for line in lines for key in line.detail["people"]}


def round_of(home: Household, head: Staff) -> Round:
    team: Team = visits.make_team(community=home.community, name="一组", members=[head], actor=head)
    made = Round.objects.create(
        community=home.community, team=team, day=clock.today(), starts_at=team.starts_at, minutes=team.minutes
    )
    for position, due in enumerate(DueVisit.objects.filter(dwelling=home.dwelling, reason="disabled"), 1):
        RoundDoor.objects.create(
            round=made,
            dwelling=home.dwelling,
            position=position,
            arrive_minute=10,
            reason_code=due.reason,
            due=due,
            days=0,
        )
    found, _new = visits.record_visit(
        visit_id=uuid.uuid4(),
        dwelling=home.dwelling,
        household=home,
        round=made,
        staff=head,
        outcome="no_answer",
        happened_at=clock.now(),
        origin="desk",
    )
    Need.objects.filter(kind="benefit").update(visit=found)
    return made


def test_no_list_says_what_tells_of_health_or_money(home: Household, head: Staff, settings: Any) -> None:
    """Yesterday 300 doors with their groups, and every matter of money, went out under a line that said names."""
    settings.LOOKS_PER_HOUR = 0  # none of these pages is a look, so none is stopped
    texts = {"due": body_of(head, reverse("visits:due"))}
    made = round_of(home, head)
    week = bulletins.draft_bulletin(community=home.community, day=clock.today(), actor=head)
    figures = [reverse("bulletins:figure", args=[week.pk, code]) for code in ("needs.heard", "cases.under_way")]
    pages = [reverse("visits:round", args=[made.pk]), reverse("needs:list")]
    pages += [reverse("cases:list"), reverse("cases:heard-on", args=[made.pk]), *figures]
    texts |= {page: body_of(head, page) for page in pages}
    assert not [(page, word) for page, text in texts.items() for word in TELLING if word in text]
    assert all("重点探访" in texts[page] for page in ("due", pages[0]))
    assert all("一件事" in texts[page] for page in (*pages[1:4], figures[1]))
    shown = {key for line in LedgerEntry.objects.filter(code="bulletins.looked") for key in line.detail["shown"]}
    assert shown == {home.pk.hex[:16]}


def test_needs_asked_for_by_a_kind_that_tells_are_a_look(home: Household, head: Staff, settings: Any) -> None:
    body_of(head, reverse("needs:list"), {"kind": "repair"})
    assert not LedgerEntry.objects.filter(code="needs.kind-shown").exists()
    body_of(head, reverse("needs:list"), {"kind": "benefit"})
    assert seen_by(head, "needs.kind-shown") == {str(home.pk)}
    settings.LOOKS_PER_HOUR = 0
    other = Staff.objects.create_user("h-2", None, name="副主任", role="head", organisation=home.community)
    answer = client_of(other).get(reverse("needs:list"), {"kind": "benefit"})
    assert answer.status_code == 429 and home.head_name not in answer.content.decode()


def test_the_page_of_a_wish_is_a_look_where_it_tells_something(home: Household, head: Staff, worker: Staff) -> None:
    until = clock.today() + timedelta(days=9)
    wishes.pause(household=home, until=until, reason="住院动手术", actor=worker)
    text = body_of(head, reverse("visits:wish", args=[home.pk]))
    assert "残疾" in text and "下午来" in text and "住院动手术" in text
    assert seen_by(head, "visits.wish-looked") == {str(home.pk)}
    assert set(LedgerEntry.objects.get(code="visits.wish-looked").fields) == {"wish", "reason"}
    bare = Household.objects.create(community=home.community, head_name="无事可说")
    body_of(head, reverse("visits:wish", args=[bare.pk]))
    assert seen_by(head, "visits.wish-looked") == {str(home.pk)}, "a page that tells nothing counts nobody"


def test_who_reads_what_residents_ask_leaves_a_line_and_counts(home: Household, worker: Staff) -> None:
    asked = RightsRequest.objects.get()
    assert "我的出生日期写错了" in body_of(worker, reverse("rights:list"))
    assert seen_by(worker, "rights.requests-read") == {str(asked.person_id)}
    body_of(worker, reverse("rights:list"))
    assert LedgerEntry.objects.filter(code="rights.requests-read").count() == 1, "once an hour"
