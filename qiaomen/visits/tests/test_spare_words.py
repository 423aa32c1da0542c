"""Doors for the time that is left are named as such wherever somebody reads a round, and count nowhere."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Dwelling
from qiaomen.visits import menu, today
from qiaomen.visits.actions import round_plan, visits, wishes
from qiaomen.visits.actions.brought import sheets
from qiaomen.visits.models import Round, RoundDoor, Team, Visit
from qiaomen.visits.rules.brought.door_code import door_code
from qiaomen.visits.selectors import round_pages
from qiaomen.visits.selectors.teams.week_page import week_page
from qiaomen.visits.tests.street import FEW, NOON, TODAY, visit

SPARE = "还有时间再去"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.at(NOON):
        yield


@pytest.fixture
def made(team: Team, worker: Staff, doors: list[Dwelling]) -> Round:
    """A round of three planned doors, one put there by hand and two for the time that is left."""
    made = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    rows = list(made.doors.order_by("position"))
    for n, row in enumerate(rows[:6]):
        row.arrive_minute, row.by_hand, row.must = (10 * n if n < 3 else None), n == 3, False
        row.save()
    made.doors.filter(pk__in=[row.pk for row in rows[6:]]).delete()
    return made


@pytest.fixture
def desk(client: Client, worker: Staff) -> Client:
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    return client


def spares(made: Round) -> list[RoundDoor]:
    return [row for row in made.doors.select_related("dwelling").order_by("position") if row.is_spare]


def plain(page: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]*>", "", page))


def test_on_paper_and_on_today_a_spare_door_says_so_and_whose_it_is(desk: Client, made: Round, worker: Staff) -> None:
    made.doors.update(walker=worker)
    page = desk.get(reverse("visits:round", args=[made.pk])).content.decode()
    assert "走90分钟，4户。另有2户还有时间再去。" in plain(page)
    for row in made.doors.all():
        found = re.search(rf'<tr id="door-{row.dwelling_id}".*?</td><td class="qm-wide"', page, re.S)
        assert found is not None and worker.name in found[0] and (SPARE in found[0]) is row.is_spare
    shown = desk.get(reverse("visits:rounds")).content.decode()
    assert "4户，已走0·另有2户还有时间再去。" in plain(shown)
    front = desk.get("/desk/").content.decode()
    assert len(re.findall(rf'<span\s+class="qm-when">\s*{SPARE}', front)) == 2 and "走了0/4户另有2户" in plain(front)


def test_planned_doors_are_counted_and_a_spare_one_that_was_walked(
    community: Organisation, made: Round, worker: Staff
) -> None:
    def counts() -> set[tuple[int, int, int]]:
        part = today.rounds_today(worker, community, TODAY)
        assert part is not None
        rows: list[object] = [*round_pages.rounds_of(community), part["walk"]]
        return {(row.door_done, row.door_total, row.door_spare) for row in rows}  # type: ignore[attr-defined]

    assert counts() == {(0, 4, 2)} and menu._doors_left(worker, community, TODAY).count() == 4
    page = week_page(community, TODAY)
    cell = next(cell for row in page["rows"] for cell in row["cells"] if cell.made)
    assert (cell.doors, cell.spare) == (4, 2)
    for row in made.doors.planned():
        visit(row.dwelling, worker, "met", made=made)
    assert counts() == {(4, 4, 2)} and not menu._doors_left(worker, community, TODAY).exists()
    visit(spares(made)[0].dwelling, worker, "met", made=made)
    assert counts() == {(5, 5, 1)}


def test_dealing_anew_shows_no_change_that_is_only_spare_doors(made: Round) -> None:
    stops = [(row.dwelling_id, 5.0, False) for row in made.doors.planned()]
    other = Dwelling.objects.exclude(pk__in=made.doors.values("dwelling")).first()
    assert other is not None
    dealt = round_plan.Dealt(doors={made.team_id: [*stops, (other.pk, None, False)]}, dues={}, price=0)
    assert round_plan.compare_deal(made, dealt) == {"come": [], "go": []}


def test_a_spare_door_keyed_from_paper_was_walked_after_the_planned_ones(made: Round, worker: Staff) -> None:
    begins = datetime.combine(made.day, made.starts_at, clock.SHANGHAI)
    lines = [sheets.SheetLine(door_code(row.dwelling_id), "met", "") for row in made.doors.all()]
    with clock.at(begins + timedelta(hours=6)):
        sheets.key_in_sheet(made=made, actor=worker, lines=lines)
    last = begins + timedelta(minutes=20)
    for row in made.doors.all():
        at = Visit.objects.get(dwelling=row.dwelling_id).happened_at
        assert at > last if row.arrive_minute is None else at == begins + timedelta(minutes=row.arrive_minute)


def test_hours_of_rest_are_held_against_the_minute_a_spare_door_is_reached(made: Round, worker: Staff) -> None:
    """The round sets out before the hours of rest begin; the spare doors would be reached in them."""
    row = spares(made)[0]
    made.doors.filter(arrive_minute=20).update(arrive_minute=80)
    rest = datetime.combine(made.day, made.starts_at) + timedelta(minutes=60)
    home = row.dwelling.households.get()
    hours = {"quiet_from": rest.time(), "quiet_to": (rest + timedelta(hours=2)).time()}
    wishes.note_wish(household=home, actor=worker, **hours)
    assert not made.doors.filter(pk=row.pk).exists()


def test_why_today_counts_planned_neighbours_and_a_spare_door_has_one_reason(made: Round) -> None:
    rows = list(made.doors.select_related("dwelling", "due"))
    for row in rows:
        row.dwelling.entrance_id = rows[0].dwelling.entrance_id
    why = round_pages.why_today_of(made, rows)
    for row in rows:
        words = why[row.dwelling_id]
        assert words == "前面走得快、还有时间再去" if row.is_spare else "楼道今天还走 3 户" in words
