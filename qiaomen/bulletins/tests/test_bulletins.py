"""A published number is frozen with its list; late records do not move it; the public page shows no person."""

import re
import uuid
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.bulletins import actions, problems
from qiaomen.bulletins.models import Bulletin
from qiaomen.bulletins.selectors import lists, numbers
from qiaomen.cases import actions as cases
from qiaomen.cases.models import Case
from qiaomen.kernel import clock, figures
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.register.models import Dwelling, Household
from qiaomen.visits.actions import visits
from qiaomen.visits.models import Visit

TUESDAY = datetime(2026, 11, 24, 12, 0, tzinfo=clock.SHANGHAI)


def head() -> Staff:
    return Staff.objects.get(login_name="b-head")


def visit(number: int, outcome: str, at: datetime, received: datetime | None = None) -> None:
    door = Dwelling.objects.get(door_label=f"3-2-{number}01")
    with clock.at(received or at):
        visits.record_visit(
            visit_id=uuid.uuid4(),
            dwelling=door,
            household=door.households.first(),
            staff=head(),
            outcome=outcome,
            happened_at=at,
            origin="phone",
            note="CANARY话",
        )


def hear(number: int, at: datetime, handling: str = "office") -> None:
    home = Household.objects.get(dwelling__door_label=f"3-2-{number}01")
    with clock.at(at):
        cases.receive_need(
            need_id=uuid.uuid4(),
            household=home,
            kind="repair",
            words="CANARY诉求",
            handling=handling,
            origin="visit",
            heard_at=at,
            heard_by=head(),
        )


@pytest.fixture
def lived(community: Organisation) -> Organisation:
    visit(1, "met", TUESDAY)
    visit(1, "met", TUESDAY + timedelta(hours=1))
    visit(2, "no_answer", TUESDAY)
    visit(3, "met", TUESDAY - timedelta(days=7))
    hear(1, TUESDAY)
    hear(1, TUESDAY, "on_the_spot")
    hear(2, TUESDAY - timedelta(days=30))
    return community


def publish(
    community: Organisation, at: datetime = TUESDAY + timedelta(hours=2), day: datetime | None = None
) -> Bulletin:
    with clock.at(at):
        made = actions.draft_bulletin(community=community, day=(day or at).date(), actor=head())
        return actions.publish_bulletin(bulletin=made, actor=head())


def values(bulletin: Bulletin) -> list[int]:
    return [row.value for row in numbers.numbers_of(bulletin)]


def test_the_week_in_seven_numbers_each_as_long_as_its_list(lived: Organisation) -> None:
    bulletin = publish(lived)
    assert values(bulletin) == [2, 1, 2, 1, 0, 2, 1]
    for code, number in zip(numbers.FIGURES, values(bulletin), strict=True):
        assert len(lists.list_behind(bulletin, code)) == number


def test_what_arrives_later_does_not_move_a_published_number(lived: Organisation) -> None:
    bulletin = publish(lived)
    visit(3, "met", TUESDAY, received=TUESDAY + timedelta(days=2))  # a phone that was offline
    assert values(bulletin) == [2, 1, 2, 1, 0, 2, 1] and not any(row.differs for row in numbers.numbers_of(bulletin))
    Visit.objects.filter(dwelling__door_label="3-2-201").update(received_at=TUESDAY + timedelta(days=9))
    shown = numbers.numbers_of(bulletin)[0]
    assert (shown.value, shown.difference.again, shown.differs) == (2, 1, True)
    assert len(lists.list_behind(bulletin, "visits.doors_knocked")) == 2


def test_published_once_and_withdrawn_with_a_reason(lived: Organisation) -> None:
    bulletin = publish(lived)
    with pytest.raises(problems.NotADraft):
        actions.publish_bulletin(bulletin=bulletin, actor=head())
    with pytest.raises(problems.ReasonNeeded):
        actions.withdraw_bulletin(bulletin=bulletin, actor=head(), reason=" ")
    actions.withdraw_bulletin(bulletin=bulletin, actor=head(), reason="有一轮漏记")
    again = publish(lived)
    assert again.pk != bulletin.pk and Bulletin.objects.count() == 2
    page = Client().get(reverse("portal:bulletin", args=["B-1", bulletin.pk])).content.decode()
    assert "有一轮漏记" in page and "敲过的门" not in page
    with clock.at(TUESDAY), pytest.raises(problems.WeekNotBegun):
        actions.draft_bulletin(community=lived, day=TUESDAY.date() + timedelta(days=7), actor=head())


def test_a_month_just_published_is_what_the_public_reads_first(lived: Organisation) -> None:
    old = publish(lived, day=TUESDAY - timedelta(days=7))
    week = publish(lived, TUESDAY + timedelta(days=1))
    with clock.at(TUESDAY + timedelta(days=2)):
        draft = actions.draft_bulletin(community=lived, day=TUESDAY.date(), actor=head(), width="month")
        month = actions.publish_bulletin(bulletin=draft, actor=head())
    assert numbers.public_bulletins(lived) == [month, week, old]
    assert "月报" in Client().get(reverse("portal:community", args=["B-1"])).content.decode()
    with clock.at(TUESDAY + timedelta(days=3)):
        actions.withdraw_bulletin(bulletin=old, actor=head(), reason="有一轮漏记")
    again = publish(lived, TUESDAY + timedelta(days=3), day=TUESDAY - timedelta(days=7))
    assert numbers.public_bulletins(lived) == [month, week, again, old], "put right, it stands where it stood"


def desk(name: str) -> Client:
    client = Client()
    client.force_login(Staff.objects.get(login_name=name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_through_the_pages_and_each_look_is_a_line(lived: Organisation) -> None:
    with clock.at(TUESDAY + timedelta(hours=3)):
        made = desk("b-worker").post(reverse("bulletins:draft"), {"week": "this"})
        bulletin = Bulletin.objects.get()
        assert made["Location"] == reverse("bulletins:detail", args=[bulletin.pk])
        assert desk("b-worker").post(reverse("bulletins:publish", args=[bulletin.pk])).status_code == 403
        url = reverse("bulletins:publish", args=[bulletin.pk])
        asked = desk("b-head").post(url).content.decode()
        assert "公布这一期？" in asked and "居民看到" in asked and Bulletin.objects.get().state == "draft"
        desk("b-head").post(url, {"sure": "1"})
    page = desk("b-worker").get(reverse("bulletins:figure", args=[bulletin.pk, "cases.under_way"])).content.decode()
    assert len(re.findall(r'<td><a href="[^"]+">[^<]*3-2-', page)) == 2 and "CANARY诉求" not in page
    told = LedgerEntry.objects.get(code="bulletins.looked").detail
    homes = {row["homes"][0].hex[:16] for row in lists.list_behind(bulletin, "cases.under_way")}
    assert told["figure"] == "cases.under_way" and set(told["shown"]) == homes and len(homes) == 2
    assert desk("b-head").get(reverse("bulletins:figure", args=[bulletin.pk, "nothing"])).status_code == 404
    other = Organisation.objects.create(kind="community", name="别处", code="B-2")
    Staff.objects.create_user("b2", None, name="x", role="head", organisation=other)
    assert desk("b2").get(reverse("bulletins:detail", args=[bulletin.pk])).status_code == 404


def test_no_public_page_shows_a_person_a_door_or_a_record(lived: Organisation) -> None:
    bulletin = publish(lived)
    draft = actions.draft_bulletin(community=lived, day=TUESDAY.date() - timedelta(days=7), actor=head())
    pages = ["/", "/p/B-1/", f"/p/B-1/{bulletin.pk}/", "/fields/"]
    keys = [key for figure in bulletin.figures.all() for key in figure.record_ids]
    assert keys
    for language in ("zh-hans", "en"):
        for large in ("", "1"):
            public = Client()
            public.cookies["django_language"], public.cookies["large"] = language, large
            for address in pages:
                answer = public.get(address)
                text = answer.content.decode()
                assert answer.status_code == 200 and "<script" not in text
                for canary in ("CANARY", "3-2-", "990101", "13900001234", *keys):
                    assert canary not in text, (address, canary)
    assert Client().get(f"/p/B-1/{draft.pk}/").status_code == 404
    assert "data-large" in Client(HTTP_COOKIE="large=1").get("/p/B-1/").content.decode()
    text = Client().get("/p/B-1/").content.decode()
    assert "敲过的门" in text and "0999-0000000" in text and "公布后不再改动" in text


def test_a_list_says_when_how_it_ended_who_may_open_it_and_why_it_is_late(lived: Organisation) -> None:
    bulletin = publish(lived)
    doors = lists.list_behind(bulletin, "visits.doors_knocked")
    assert [(row["outcome"], row["day"]) for row in doors] == [
        ("见面", TUESDAY + timedelta(hours=1)),
        ("没人在", TUESDAY),
    ]
    late = lists.list_behind(bulletin, "cases.late")
    assert [row["outcome"] for row in late] == ["在办 · 晚了 25 天，立项以后没有记过一步"]
    assert {row["who"] for row in (*doors, *late)} == {"主任、网格员"}
    heard = lists.list_behind(bulletin, "needs.heard")
    assert {row["outcome"] for row in heard} == {"社区来办", "当场答复"} and len(heard) == 2


def test_what_was_done_in_the_week_is_a_number_that_a_taking_back_does_not_rewrite(lived: Organisation) -> None:
    case = Case.objects.order_by("-opened_at", "pk").first()
    assert case is not None
    with clock.at(TUESDAY + timedelta(hours=1)):
        cases.close_case(case=case, actor=head(), sentence="修好了")
    bulletin = publish(lived)
    assert values(bulletin)[4:] == [1, 1, 1]
    with clock.at(TUESDAY + timedelta(days=1)):
        cases.take_back_step(step=case.steps.get(kind="closed"), reason="按错了", actor=head())
    assert not any(row.differs for row in numbers.numbers_of(bulletin))
    with clock.at(TUESDAY + timedelta(days=1)):
        asked = {"community": lived, "as_at": clock.now(), **numbers.period_of(bulletin)}
        assert figures.get("cases.closed").count(**asked) == 0
