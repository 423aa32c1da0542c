"""今天 is one inbox by the clock: every house speaks in it, nobody is ranked, and each role has a page of its own."""

import re
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qiaomen.cases import actions as cases
from qiaomen.cases.models import Case
from qiaomen.desk import selectors
from qiaomen.kernel import clock
from qiaomen.kernel.lines import ANSWER_OWED, PROMISE_DUE, PROMISE_LATE, Line, said
from qiaomen.kernel.sensitivity import Field
from qiaomen.needs import actions as needs
from qiaomen.needs.models import Owed
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.office.shared import bodies, campaigns
from qiaomen.register.models import Building, Compound, Dwelling, Entrance, Household, Person
from qiaomen.visits.actions import visits
from qiaomen.visits.models import Round, RoundDoor

TUESDAY = datetime(2026, 11, 24, 12, 0, tzinfo=clock.SHANGHAI)


@pytest.fixture
def community(db: None) -> Organisation:
    made = Organisation.objects.create(kind="community", name="锦瑟社区", code="T1")
    for role in ("head", "worker", "volunteer"):
        Staff.objects.create_user(f"t-{role}", None, name=role, role=role, organisation=made)
    return made


def staff(name: str) -> Staff:
    return Staff.objects.get(login_name=name)


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(staff(name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(name: str, address: str) -> str:
    with clock.at(TUESDAY):
        return client_of(name).get(address).content.decode()


def rows_of(text: str) -> list[str]:
    found = re.findall(r'<li class="list-group-item qm-task" data-kind="(\w+)">(.*?)</li>', text, re.S)
    rows = [f"{kind} " + " ".join(re.sub(r"<[^>]+>", " ", row).split()) for kind, row in found]
    return [row for row in rows if "备份" not in row]


def hear(community: Organisation, name: str, at: datetime, handling: str = "office", kind: str = "repair") -> Case:
    with clock.at(at):
        home = Household.objects.create(community=community, head_name=name)
        _need, case = cases.receive_need(
            need_id=uuid.uuid4(),
            household=home,
            kind=kind,
            words="楼道灯不亮",
            handling=handling,
            origin="window",
            heard_at=at,
            heard_by=staff("t-head"),
        )
    assert case is not None
    return case


def test_the_late_come_first_by_the_clock_and_the_words_stay_sealed(community: Organisation) -> None:
    hear(community, "新来的", TUESDAY)
    hear(community, "将到期的", TUESDAY, "urgent")
    hear(community, "逾期的", TUESDAY - timedelta(days=30))
    text = page("t-head", reverse("desk:today"))
    rows = rows_of(text)
    assert [row.split()[0] for row in rows] == ["late", "promised"] and "逾期的" in rows[0] and "将到期的" in rows[1]
    assert "晚了" in rows[0] and "还有 1 天" in rows[1] and "还不到期的另有 1 件" in text
    assert "楼道灯不亮" not in text
    only = rows_of(page("t-head", reverse("desk:today") + "?kind=promised"))
    assert len(only) == 1 and "将到期的" in only[0]


def test_the_four_kinds_of_the_secretary_are_told_apart(community: Organisation) -> None:
    about = ("cases.case", uuid.uuid4())
    today, yesterday = date(2026, 11, 24), date(2026, 11, 23)
    cases_of = {
        "late": Line("cases.due", about, "一", PROMISE_DUE, yesterday),
        "silent": Line("cases.silent", about, "一", PROMISE_DUE, today + timedelta(days=9)),
        "unheard": Line("cases.unheard", about, "一", ANSWER_OWED, since=yesterday),
        "promised": Line("cases.due", about, "一", PROMISE_DUE, today),
        "other": Line("sheets.asked", about, "一", ANSWER_OWED, since=yesterday),
    }
    assert {kind: selectors.kind_of(line, today) for kind, line in cases_of.items()} == {
        kind: kind for kind in cases_of
    }
    assert selectors.kind_of(Line("cases.late", about, "一", PROMISE_LATE), today) == "late"


def test_a_sentence_owed_is_told_from_the_row_and_taken_back(community: Organisation) -> None:
    with clock.at(TUESDAY):
        home = Household.objects.create(community=community, head_name="沈砚秋")
        owed = needs.owe(household=home, sentence="门锁周五换。", owner=staff("t-worker"), actor=staff("t-head"))
    text = page("t-worker", reverse("desk:today"))
    assert "沈砚秋" in rows_of(text)[0] and "已经告诉" in rows_of(text)[0] and "门锁" not in text
    target = re.search(r'name="next" value="([^"]+)"', text.split("qm-task-act")[1])
    assert target is not None
    with clock.at(TUESDAY):
        client = client_of("t-worker")
        answer = client.post(reverse("needs:tell", args=[owed.pk]), {"next": target[1].replace("&amp;", "&")})
        after = client.get(answer["Location"]).content.decode()
        assert rows_of(after) == [] and "记下了：已经告诉" in after
        undo = reverse("needs:untell", args=[owed.pk])
        assert undo in after
        client.post(undo, {"next": reverse("desk:today")})
    assert Owed.objects.get().told_at is None and "沈砚秋" in page("t-worker", reverse("desk:today"))


def test_others_see_their_own_work_and_the_common_and_a_volunteer_sees_doors(community: Organisation) -> None:
    hear(community, "主任的", TUESDAY - timedelta(days=30))
    with clock.at(TUESDAY):
        campaigns.ask_campaign(
            community=community,
            purpose="flood",
            from_date=TUESDAY.date(),
            to_date=TUESDAY.date(),
            actor=staff("t-head"),
        )
    assert "主任的" not in page("t-worker", reverse("desk:today"))
    assert any("防汛" in row for row in rows_of(page("t-worker", reverse("desk:today"))))
    text = page("t-volunteer", reverse("desk:today"))
    assert "今天的敲门" in text and "主任的" not in text and "要办的事" not in text


def test_an_invented_house_speaks_in_the_inbox(community: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    office = ("office.organisation", community.pk)
    line = Line("invented.thing", office, "发明的一行", ANSWER_OWED, since=TUESDAY.date(), owner=office)
    monkeypatch.setitem(said.LINES_HELD, "invented", lambda *_asked: [line])
    assert any("发明的一行" in row for row in rows_of(page("t-head", reverse("desk:today"))))


def test_what_tells_of_health_is_not_put_out_on_the_desk(
    community: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Household.objects.create(community=community, head_name="沈砚秋")
    office, about = ("office.organisation", community.pk), Field("need_kind", "health")
    line = Line("invented.ill", office, "看病就医晚了", PROMISE_LATE, owner=office, fields=(about,), household=home.pk)
    monkeypatch.setitem(said.LINES_HELD, "invented", lambda *_asked: [line])
    text = page("t-head", reverse("desk:today"))
    assert "看病就医" not in text and any("一件要保密的事" in row for row in rows_of(text))


def test_who_owns_the_matters_does_not_change_their_order(community: Organisation) -> None:
    """T4 15: no page orders workers; whoever holds the most late matters stands nowhere."""
    opened = [hear(community, f"第{n}户", TUESDAY - timedelta(days=30 + n)) for n in range(6)]
    before = [re.findall(r"第\d户", row) for row in rows_of(page("t-head", reverse("desk:today")))]
    for case in opened[:4]:
        case.owner = staff("t-worker")
        case.save(update_fields=["owner"])
    after = [re.findall(r"第\d户", row) for row in rows_of(page("t-head", reverse("desk:today")))]
    assert before == after and len(after) == 7, "and one line that counts them, to the head"


def questions(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        ask()
    return len(asked)


def test_a_longer_day_asks_the_database_no_more(community: Organisation) -> None:
    for n in range(3):
        hear(community, f"{n}", TUESDAY - timedelta(days=30))
    client = client_of("t-head")
    with clock.at(TUESDAY):
        client.get(reverse("desk:today"))
        few = questions(lambda: client.get(reverse("desk:today")))
    for n in range(40):
        hear(community, f"多{n}", TUESDAY - timedelta(days=30 + n % 5))
        with clock.at(TUESDAY):
            bodies.keep_body(community=community, actor=staff("t-head"), kind="partner", name=f"单位{n}", does="办事")
    with clock.at(TUESDAY):
        client.get(reverse("desk:today"))  # whose names are new on the page is written once an hour
        many = questions(lambda: client.get(reverse("desk:today")))
    assert many == few <= 60, (few, many)


def test_yesterdays_birthday_and_what_doors_said_are_below(community: Organisation) -> None:
    home = Household.objects.create(community=community, head_name="沈砚秋")
    Person.objects.create(community=community, household=home, name="沈砚秋", birth_date=date(1946, 11, 24))
    Person.objects.create(community=community, household=home, name="沈老二", birth_date=date(1946, 11, 20))
    text = page("t-head", reverse("desk:today"))
    below = text.split("昨天以来")[1]
    assert "沈砚秋满 80 岁" in below and "沈老二" not in below
    assert "11月24日" not in below, "with the year the day would be the whole birthday"


def at_door(community: Organisation, room: str, name: str) -> Household:
    compound, _new = Compound.objects.get_or_create(community=community, name="幸福苑")
    building, _new = Building.objects.get_or_create(community=community, compound=compound, name="3")
    stairs, _new = Entrance.objects.get_or_create(community=community, building=building, name="1")
    door = Dwelling.objects.create(
        community=community, entrance=stairs, floor=1, room=room, door_label=f"3-1-{room}", walk_order=int(room)
    )
    return Household.objects.create(community=community, dwelling=door, head_name=name)


def round_of(community: Organisation, name: str, member: str, home: Household, reason: str) -> Round:
    """Plan a team's round of today with one door, and write down that nobody was there yesterday."""
    with clock.at(TUESDAY - timedelta(days=1)):
        team = visits.make_team(community=community, name=name, members=[staff(member)], actor=staff("t-head"))
        made = Round.objects.create(
            community=community, team=team, day=TUESDAY.date(), starts_at=team.starts_at, minutes=team.minutes
        )
        RoundDoor.objects.create(round=made, dwelling=home.dwelling, position=1, arrive_minute=10, reason_code=reason)
        visits.record_visit(
            visit_id=uuid.uuid4(),
            dwelling=home.dwelling,
            household=home,
            round=made,
            staff=staff("t-head"),
            outcome="no_answer",
            happened_at=clock.now(),
            origin="desk",
        )
    return made


def listed(name: str) -> set[str]:
    lines = LedgerEntry.objects.filter(actor=staff(name), code="office.names-shown", detail__page="desk:today")
    return {key for line in lines for key in line.detail["shown"]}


def test_everybody_named_on_the_page_finds_it_under_who_looked(community: Organisation) -> None:
    """Yesterday only the inbox was written: the round beside it and what happened since yesterday were not."""
    walked, other = at_door(community, "101", "沈砚秋"), at_door(community, "102", "顾长庚")
    round_of(community, "一组", "t-worker", walked, "disabled")
    round_of(community, "二组", "t-head", other, "elder")
    feast = Household.objects.create(community=community, head_name="陶满堂")
    old = Person.objects.create(community=community, household=feast, name="陶满堂", birth_date=date(1946, 11, 24))
    text = page("t-worker", reverse("desk:today"))
    assert all(name in text for name in ("沈砚秋", "顾长庚", "陶满堂"))
    assert listed("t-worker") == {key.hex[:16] for key in (walked.pk, other.pk, feast.pk, old.pk)}
    assert "重点探访" in text and "残疾" not in text, "what a care group is stands on the page of the household"


def test_a_volunteer_reads_of_their_own_doors_alone(community: Organisation) -> None:
    walked, other = at_door(community, "101", "沈砚秋"), at_door(community, "102", "顾长庚")
    round_of(community, "一组", "t-volunteer", walked, "elder")
    round_of(community, "二组", "t-worker", other, "elder")
    text = page("t-volunteer", reverse("desk:today"))
    assert "沈砚秋" in text.split("昨天以来")[1] and "顾长庚" not in text and "3-1-102" not in text
    assert listed("t-volunteer") == {walked.pk.hex[:16]}


@pytest.mark.parametrize(
    ("role", "seen", "never"),
    [
        ("supervisor", "各社区的事", "要办的事"),
        ("auditor", "各社区的操作台账", "要办的事"),
        ("admin", "每天自动做的", "要办的事"),
    ],
)
def test_county_auditor_and_admin_have_a_page_of_their_own(
    community: Organisation, role: str, seen: str, never: str
) -> None:
    county = Organisation.objects.create(kind="county", name="拾光县", code="T0")
    Organisation.objects.filter(pk=community.pk).update(parent=county)
    Organisation.objects.create(kind="community", name="别县社区", code="T7")
    Staff.objects.create_user(f"t-{role}", None, name=role, role=role, organisation=county)
    hear(community, "逾期的", TUESDAY - timedelta(days=60))
    text = page(f"t-{role}", reverse("desk:today"))
    assert seen in text and never not in text and "逾期的" not in text and "锦瑟社区" in text and "别县社区" not in text


def test_an_empty_community_is_told_where_to_begin(community: Organisation) -> None:
    assert reverse("imports:list") in page("t-head", reverse("desk:today"))
