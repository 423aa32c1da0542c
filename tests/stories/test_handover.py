"""Nobody leaves with work in their hands: whatever somebody holds goes to named people, all of it, and comes back."""

import re
import uuid
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Q
from django.urls import reverse

from qiaomen.cases import actions as cases
from qiaomen.cases.models import Case
from qiaomen.imports.models import ImportBatch
from qiaomen.kernel import clock
from qiaomen.kernel.lines import lines_held
from qiaomen.needs import actions as needs
from qiaomen.needs.models import Owed
from qiaomen.office import actions as office
from qiaomen.office import problems
from qiaomen.office.handover import acts
from qiaomen.office.models import Device, Handover, LedgerEntry, Organisation, Staff
from qiaomen.office.tests.cast import client_of
from qiaomen.register.models import Household
from qiaomen.sheets.models import Export
from qiaomen.visits.actions import visits, wishes
from qiaomen.visits.models import Leave, Observation, Round, RoundDoor, Team, VisitWish
from qiaomen.visits.selectors.teams.leave import walkers_on
from tests.stories.family import build_stairs

KINDS = ("repair", "errand", "safety", "health")


@pytest.fixture
def staff(community: Organisation, head: Staff, worker: Staff) -> dict[str, Staff]:
    second = Staff.objects.create_user("w2-r", None, name="二网格", role="worker", organisation=community)
    third = Staff.objects.create_user("w3-r", None, name="三网格", role="worker", organisation=community)
    return {"head": head, "leaver": worker, "second": second, "third": third}


@pytest.fixture
def homes(community: Organisation) -> list[Household]:
    doors = build_stairs(community, 6)
    return [
        Household.objects.create(community=community, dwelling=door, head_name=f"户{n}") for n, door in enumerate(doors)
    ]


def hold_case(dice: Random, home: Household, owner: Staff) -> None:
    _need, case = cases.receive_need(
        need_id=uuid.UUID(int=dice.getrandbits(128), version=4),
        household=home,
        kind=dice.choice(KINDS),
        words="话",
        handling="mine",
        origin="window",
        heard_at=clock.now(),
        heard_by=owner,
        owner=owner,
    )
    assert case is not None
    if dice.random() < 0.4:
        cases.close_case(case=case, actor=owner, sentence="办好了。")
        if dice.random() < 0.3:
            cases.record_answer(case=case, actor=owner, solved=dice.random() < 0.5)


def hold_owed(dice: Random, home: Household, owner: Staff) -> None:
    owed = needs.owe(household=home, sentence="周五来。", owner=owner, actor=owner)
    if dice.random() < 0.3:
        needs.tell(owed=owed, actor=owner)


def hold_walk(dice: Random, home: Household, owner: Staff) -> None:
    team = visits.make_team(community=home.community, name=f"组{dice.randrange(10**6)}", members=[owner], actor=owner)
    made = Round.objects.create(community=home.community, team=team, day=clock.today() + timedelta(days=1))
    RoundDoor.objects.create(
        round=made, dwelling=home.dwelling, position=1, arrive_minute=10, reason_code="never_seen", walker=owner
    )


def hold_wish(dice: Random, home: Household, owner: Staff) -> None:
    if not VisitWish.objects.filter(household=home, ended_at=None).exists():
        wishes.note_wish(household=home, actor=owner, whom=owner)


def hold_phone(dice: Random, home: Household, owner: Staff) -> None:
    Device.objects.create(
        staff=owner,
        label=f"手机{dice.randrange(1000)}",
        token_sha256=f"{dice.getrandbits(256):064x}",
        created_at=clock.now(),
        last_seen_at=clock.now(),
    )


def hold_finding(dice: Random, home: Household, owner: Staff) -> None:
    assert home.dwelling is not None
    Observation.objects.create(
        community=home.community,
        entrance=home.dwelling.entrance,
        kind="repair",
        handling=dice.choice(["mine", "office"]),
        staff=owner,
        happened_at=clock.now(),
        received_at=clock.now(),
    )


def hold_list(dice: Random, home: Household, owner: Staff) -> None:
    ImportBatch.objects.create(
        community=home.community,
        file_name="花名册.xlsx",
        sha256="0" * 64,
        workbook="",
        state="previewed",
        made_at=clock.now(),
        made_by=owner,
    )


def hold_export(dice: Random, home: Household, owner: Staff) -> None:
    Export.objects.create(
        community=home.community,
        number=Export.objects.count() + 1,
        view="people",
        purpose="核对",
        asked_for="{}",
        rows=60,
        asked_by=owner,
        asked_at=clock.now(),
    )


def hold_offer(dice: Random, home: Household, owner: Staff) -> None:
    head = Staff.objects.get(login_name="h-r")
    before = set(Case.objects.values_list("pk", flat=True))
    hold_case(dice, home, head)
    for case in Case.objects.exclude(pk__in=before).filter(state="open"):
        cases.offer_case(case=case, actor=head, to=owner)


def hold_children(dice: Random, home: Household, owner: Staff) -> None:
    head = Staff.objects.get(login_name="h-r")
    office.name_child_keeper(staff=owner, keeps=True, actor=head)


WAYS = [
    *(hold_case, hold_case, hold_owed, hold_walk, hold_wish, hold_phone, hold_finding, hold_list, hold_export),
    hold_children,
    hold_offer,
]


def left_with(staff: Staff) -> dict[str, int]:
    """Count what still names somebody as its holder: by the tables, not by the lines."""
    staff.refresh_from_db()
    today = clock.today()
    return {
        "matters": Case.objects.filter(owner=staff).exclude(state="confirmed").count(),
        "offers": Case.objects.filter(offered_to=staff).count(),
        "owed": Owed.objects.filter(owner=staff, told_at=None).count(),
        "teams": Team.objects.filter(members=staff).count(),
        "doors": RoundDoor.objects.filter(walker=staff, round__day__gte=today, round__state="planned").count(),
        "wishes": VisitWish.objects.filter(whom=staff, ended_at=None).count(),
        "covers": Leave.objects.filter(cover=staff, to_date__gte=today).count(),
        "phones": Device.objects.filter(
            Q(staff=staff, kept_by=None, left_at=None) | Q(kept_by=staff), revoked_at=None
        ).count(),
        "findings": Observation.objects.filter(staff=staff, handling="mine", settled_at=None).count(),
        "lists": ImportBatch.objects.filter(made_by=staff, state__in=["uploaded", "previewed"]).count(),
        "exports": Export.objects.filter(asked_by=staff, state__in=["asked", "approved"])
        .exclude(expires_at__lt=clock.now())
        .count(),
        "children": int(staff.keeps_children),
    }


@pytest.mark.parametrize("seed", range(12))
def test_whatever_somebody_holds_nothing_is_left_when_they_go(
    staff: dict[str, Staff], homes: list[Household], seed: int
) -> None:
    dice, leaver, head = Random(seed), staff["leaver"], staff["head"]
    for _n in range(dice.randint(3, 14)):
        dice.choice(WAYS)(dice, dice.choice(homes), leaver)
    for _n in range(dice.randint(0, 4)):
        dice.choice(WAYS)(dice, dice.choice(homes), staff["second"])
    held = acts.held_by(leaver, head)
    takers = [staff["second"], staff["third"], head]
    to = {kind.act: dice.choice(takers) for kind in acts.kinds_of(held)}
    single = {acts.key_of(line): dice.choice(takers) for line in held if dice.random() < 0.3}
    cases_before = Case.objects.exclude(state="confirmed").count()
    acts.hand_over(staff=leaver, to=to, single=single, actor=head)
    assert set(left_with(leaver).values()) == {0}, left_with(leaver)
    assert Case.objects.exclude(state="confirmed").count() == cases_before
    assert LedgerEntry.objects.filter(code="office.handed-over").count() == 1


@pytest.mark.parametrize("seed", range(4))
def test_a_handover_is_taken_back_as_far_as_its_takers_hold_it_still(
    staff: dict[str, Staff], homes: list[Household], seed: int
) -> None:
    dice, leaver, head = Random(100 + seed), staff["leaver"], staff["head"]
    for n in range(8):
        (hold_case, hold_owed, hold_finding, hold_walk)[n % 4](dice, dice.choice(homes), leaver)
    before = left_with(leaver)
    to = {kind.act: staff["second"] for kind in acts.kinds_of(acts.held_by(leaver, head))}
    made = acts.hand_over(staff=leaver, to=to, single={}, actor=head)
    acts.take_back(handover=made, actor=head)
    assert left_with(leaver) == before and acts.take_back(handover=made, actor=head) == 0


def test_one_thing_without_a_taker_and_nothing_goes(staff: dict[str, Staff], homes: list[Household]) -> None:
    dice, leaver = Random(1), staff["leaver"]
    hold_case(dice, homes[0], leaver)
    hold_phone(dice, homes[0], leaver)
    before = left_with(leaver)
    with pytest.raises(problems.NobodyToTake):
        acts.hand_over(staff=leaver, to={"cases.work": staff["second"]}, single={}, actor=staff["head"])
    assert left_with(leaver) == before and not Handover.objects.exists()


def test_every_line_somebody_holds_by_name_can_go_to_somebody_else(
    staff: dict[str, Staff], homes: list[Household], community: Organisation
) -> None:
    dice, leaver = Random(2), staff["leaver"]
    for way in WAYS:
        way(dice, homes[0], leaver)
    held = lines_held(community, staff["head"], clock.today(), owner=leaver.pk)
    assert {line.code for line in held if not line.act} == set()
    acts.hand_over(
        staff=leaver,
        to={kind.act: staff["third"] for kind in acts.kinds_of(held)},
        single={},
        actor=staff["head"],
    )
    assert lines_held(community, staff["head"], clock.today(), owner=leaver.pk) == []


HISTORY = {"actor", "asked_by", "decided_by", "heard_by", "received_by", "said_by", "taken_by", "stand_in", "staff"}
HISTORY |= {"given_to", "witness"}
"""Who did something, for the record, and whose a record is; the rest names who is to do something."""
HOLDS = {
    "cases.case.owner": "cases.work",
    "cases.case.offered_to": "cases.take",
    "cases.casestep.offered_to": "",
    "callbacks.call.caller": "callbacks.ask",
    "needs.owed.owner": "needs.tell",
    "visits.rounddoor.walker": "visits.walk",
    "visits.visitwish.whom": "visits.come",
    "visits.leave.cover": "visits.cover",
    "office.device.kept_by": "phone.carry",
    "sheets.savedview.owner": "",
}
"""Columns that name a holder, and the act by which it goes to somebody else. Empty: no work."""


def test_no_table_names_a_holder_that_no_handover_knows() -> None:
    """A house that is added and forgets its leavers fails here."""
    named = set()
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if getattr(field, "related_model", None) is Staff and field.concrete and not field.auto_created:
                known = field.name in HISTORY or (field.name.endswith("_by") and field.name != "kept_by")
                if not known and not field.many_to_many:
                    named.add(f"{getattr(model, 'record_type', model.__name__)}.{field.name}")
    assert named == set(HOLDS), named ^ set(HOLDS)


def at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), clock.SHANGHAI)


def test_a_stand_in_does_the_work_of_some_days_and_it_comes_back_by_itself(
    staff: dict[str, Staff], homes: list[Household]
) -> None:
    dice, leaver, second, today = Random(3), staff["leaver"], staff["second"], clock.today()
    hold_case(Random(5), homes[0], leaver)
    hold_owed(Random(9), homes[1], leaver)
    hold_phone(dice, homes[0], leaver)
    hold_walk(dice, homes[2], leaver)
    before = left_with(leaver)
    begins, ends = today + timedelta(days=1), today + timedelta(days=3)
    acts.note_away(staff=leaver, stand_in=second, from_date=begins, to_date=ends, actor=staff["head"])
    with pytest.raises(problems.AlreadyAway):
        acts.note_away(staff=leaver, stand_in=second, from_date=begins, to_date=ends, actor=staff["head"])
    assert left_with(leaver) == before
    with clock.at(at(begins, 1)):
        assert acts.keep_current() == (1, 0)
        lent = left_with(leaver)
        assert lent["matters"] == lent["owed"] == 0 and lent["phones"] == before["phones"] and lent["teams"] == 1
        assert walkers_on(Team.objects.get(), begins) == [second]
    with clock.at(at(begins)):
        hold_case(Random(6), homes[3], leaver)
    with clock.at(at(begins + timedelta(days=1), 1)):
        acts.keep_current()
        assert left_with(leaver)["matters"] == 0, "what came on the first day goes along on the second"
    with clock.at(at(ends)):
        acts.keep_current()
        assert left_with(second)["matters"] >= 2
    with clock.at(at(ends + timedelta(days=1), 1)):
        assert acts.keep_current() == (0, 1)
        after = left_with(leaver)
        assert after["matters"] == before["matters"] + 1 and after["owed"] == before["owed"]
        assert left_with(second)["matters"] == 0 and not Leave.objects.exists()
        assert acts.keep_current() == (0, 0)


def test_what_the_stand_in_finished_stays_finished(staff: dict[str, Staff], homes: list[Household]) -> None:
    leaver, second, today = staff["leaver"], staff["second"], clock.today()
    owed = needs.owe(household=homes[0], sentence="周五来。", owner=leaver, actor=leaver)
    made = acts.note_away(staff=leaver, stand_in=second, from_date=today, to_date=today, actor=staff["head"])
    needs.tell(owed=owed, actor=second)
    acts.take_back(handover=made, actor=staff["head"])
    owed.refresh_from_db()
    assert owed.told_by == second and owed.owner == second


def test_days_that_are_over_or_turned_round_are_refused(staff: dict[str, Staff]) -> None:
    today = clock.today()
    for first, last in ((today, today - timedelta(days=1)), (today - timedelta(days=9), today - timedelta(days=8))):
        with pytest.raises(problems.WrongDays):
            acts.note_away(
                staff=staff["leaver"], stand_in=staff["second"], from_date=first, to_date=last, actor=staff["head"]
            )


def test_the_screen_shows_it_all_and_one_press_gives_it_away(staff: dict[str, Staff], homes: list[Household]) -> None:
    leaver, head = staff["leaver"], staff["head"]
    hold_case(Random(5), homes[0], leaver)
    hold_owed(Random(9), homes[1], leaver)
    hold_phone(Random(1), homes[0], leaver)
    client, address = client_of(head), reverse("office:handover", args=[leaver.pk])
    page = client.get(address).content.decode()
    assert "要回的话" in page and "手机和还没交上来的走访" in page and "户1" in page
    kinds = [kind.act for kind in acts.kinds_of(acts.held_by(leaver, head))]
    missing: dict[str, Any] = {f"all-{kinds[0]}": str(staff["second"].pk)}
    refused = client.post(address, missing).content.decode()
    assert "一件都没有交" in refused
    assert re.search(rf'value="{staff["second"].pk}"\s+selected', refused)
    client.post(address, {f"all-{kind}": str(staff["second"].pk) for kind in kinds})
    assert "手里没有事了" in client.get(address).content.decode() and set(left_with(leaver).values()) == {0}
    client.post(reverse("office:take-back", args=[Handover.objects.get().pk]))
    assert left_with(leaver)["owed"] == 1
    assert client_of(leaver).get(address).status_code == 403
