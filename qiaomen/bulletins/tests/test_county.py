"""What the county reads, months and quarters, and the median of trips: beside the weeks, in one protected set."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.bulletins import actions
from qiaomen.bulletins.models import Bulletin, CountyReading, FrozenPart
from qiaomen.bulletins.selectors import board, numbers
from qiaomen.bulletins.tests.test_bulletins import TUESDAY, desk, head, publish
from qiaomen.bulletins.tests.test_figures import WEEK, hear, page
from qiaomen.cases import actions as cases
from qiaomen.cases.models import Case
from qiaomen.cases.proxy.note import take_back
from qiaomen.cases.proxy.trips import note_trip
from qiaomen.kernel import clock, figures
from qiaomen.kernel.figures import Period
from qiaomen.needs.models import Need
from qiaomen.office.models import Organisation, Staff

pytestmark = pytest.mark.django_db


def supervised(home: Organisation) -> Staff:
    county = Organisation.objects.create(kind="county", name="县", code="C")
    home.parent = county
    home.save(update_fields=["parent"])
    return Staff.objects.create_user("b-county", None, name="督导", role="supervisor", organisation=county)


def test_the_county_reads_finished_weeks_by_the_rule_of_the_public_and_no_household(community: Organisation) -> None:
    hear("visit", 33)
    hear("window", 4)
    supervised(community)
    Staff.objects.create_user("b-audit", None, name="审计", role="auditor", organisation=community)
    with clock.at(TUESDAY + timedelta(days=9)):
        shown = page("b-county", "figures", day=f"{TUESDAY:%Y-%m-%d}")
        number = page("b-county", "number", "needs.heard", day=f"{TUESDAY:%Y-%m-%d}")
        running = page("b-county", "figures", day=f"{TUESDAY + timedelta(days=9):%Y-%m-%d}")
        assert desk("b-county").get(reverse("bulletins:behind", args=["needs.heard"])).status_code == 403
        assert desk("b-county").get(reverse("bulletins:figures"), {"community": "ELSEWHERE"}).status_code == 404
        words = page("b-audit", "figures")
    assert "约 35" in number and "不公布" in shown and "CANARY" not in shown + number
    assert "上门听到" not in number, "parts are the office's own"
    assert f"2026年11月{WEEK.end.day}日" in running, "a week that runs is not read"
    assert "qm-number" not in words and str(figures.get("cases.late").definition) in words


def test_what_the_county_read_stays_and_later_bulletins_are_held_against_it(community: Organisation) -> None:
    """The county reads the finished week; five come late; the bulletin after it says no more than that few came."""
    hear("visit", 30)
    hear("window", 14)
    supervised(community)
    with clock.at(TUESDAY + timedelta(days=9)):
        before = page("b-county", "number", "needs.heard", day=f"{TUESDAY:%Y-%m-%d}")
    kept = CountyReading.objects.get(code="needs.heard", start=WEEK.start)
    assert "约 45" in before and (kept.shown, len(kept.record_ids)) == (45, 44)
    Need.objects.filter(pk__in=Need.objects.values("pk")[:5]).update(taken_back_at=TUESDAY + timedelta(days=10))
    bulletin = publish(community, TUESDAY + timedelta(days=11), day=TUESDAY)
    row = bulletin.figures.get(code="needs.heard")
    assert (row.value, row.shown, row.same) == (39, 45, True), "40 beside the county's 45 would say that a few went"
    told = numbers.told_of(community, WEEK.start, WEEK.end)
    assert {number.place.code for number in told} >= {figure.code for figure in figures.all_figures()}
    with clock.at(TUESDAY + timedelta(days=12)):
        again = page("b-county", "number", "needs.heard", day=f"{TUESDAY:%Y-%m-%d}")
    assert "约 45" in again and CountyReading.objects.filter(code="needs.heard", start=WEEK.start).count() == 1


def test_the_county_s_page_and_the_bulletin_are_one_protected_set(community: Organisation) -> None:
    """What no bulletin tells by that name, the county must not read either: walked is the part heard at the door."""
    hear("visit", 33)
    hear("window", 6)
    supervised(community)
    publish(community)
    with clock.at(TUESDAY + timedelta(days=9)):
        page("b-county", "figures", day=f"{TUESDAY:%Y-%m-%d}")
    read = dict(CountyReading.objects.filter(start=WEEK.start).values_list("code", "shown"))
    parts = dict(FrozenPart.objects.values_list("part", "shown"))
    assert parts["window"] is None and read["needs.brought_in"] is None
    told = [parts["visit"], read["needs.walked"], read["needs.heard"]]
    assert None in told[:2] or told[2] is None, "the whole without the one part would be the other"


@pytest.mark.parametrize("width, days", [("month", 30), ("quarter", 92)])
def test_a_month_and_a_quarter_have_their_bulletins_beside_the_weeks(
    community: Organisation, width: str, days: int
) -> None:
    hear("visit", 22)
    hear("visit", 15, TUESDAY - timedelta(days=14))
    week = publish(community)
    with clock.at(datetime(2027, 1, 4, 10, tzinfo=clock.SHANGHAI)):
        day = date(2026, 11, 30)
        made = actions.draft_bulletin(community=community, day=day, actor=head(), width=width)
        assert actions.draft_bulletin(community=community, day=day, actor=head(), width=width) == made
        actions.publish_bulletin(bulletin=made, actor=head())
    assert (made.end - made.start).days + 1 == days and made.period.width == width
    heard = made.figures.get(code="needs.heard")
    assert heard.value == 37 and heard.shown in (None, 35)
    assert week.figures.get(code="needs.heard").shown == 20
    public = Client().get(f"/p/B-1/{made.pk}/").content.decode()
    assert {"month": "月报", "quarter": "季报"}[width] in public
    with clock.at(datetime(2027, 1, 4, 10, tzinfo=clock.SHANGHAI)):
        drafted = desk("b-head").post(reverse("bulletins:draft"), {"week": f"this-{width}"})
    assert Bulletin.objects.get(width=width, state="draft").start == date(2027, 1, 1) and drafted.status_code == 302


def test_the_quarter_s_median_of_trips_is_computed_from_what_was_noted(community: Organisation) -> None:
    """Three came to the window, one of them twice more; of seven nobody had to come; one trip was noted by mistake."""
    hear("window", 3)
    hear("visit", 7)
    found = list(Case.objects.order_by("need__origin", "pk"))
    closed, noted = figures.get("cases.closed"), []
    with clock.at(TUESDAY + timedelta(hours=1)):
        for case in (found[-1], found[-1], found[0]):
            noted.append(note_trip(case=case, actor=head(), way="came"))
        for case in found:
            cases.close_case(case=case, actor=head(), sentence="好了")
    quarter = Period.around(TUESDAY.date(), "quarter")
    mine = board.Asked(community, quarter, exact=True, today=TUESDAY.date())

    def counted() -> tuple[list[int], str | None]:
        days = mine.days(closed, quarter)
        assert closed.middle is not None
        told = board.median_of(closed, mine)
        return sorted(closed.middle.values(closed.list_records(**days), days["as_at"])), told.value if told else None

    with clock.at(TUESDAY + timedelta(hours=2)):
        assert counted() == ([0] * 6 + [1, 1, 1, 3], "0")
        take_back(row=noted[-1], actor=head())
    with clock.at(TUESDAY + timedelta(hours=3)):
        assert counted() == ([0] * 7 + [1, 1, 3], "0")
        shown = page("b-head", "number", "cases.closed", width="quarter")
    assert "10 件的中位数 0 趟，最多 3 趟" in shown
