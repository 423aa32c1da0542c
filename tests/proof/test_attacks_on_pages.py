"""What an attacker reads off whole pages: doors by health or money, children in every group, small numbers."""

import re
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.groups.models import CareGroup
from qiaomen.kernel import clock
from qiaomen.kernel.small_numbers import shown_count, shown_counts
from qiaomen.office.tests.cast import client_of
from qiaomen.register.actions import household_events
from qiaomen.register.models import Household, Person
from qiaomen.register.problems import SealedChild
from tests.proof.test_attacks import post, town, unbraked  # noqa: F401


def test_a_volunteer_lights_no_door_by_health_or_money(town: dict[str, Any]) -> None:  # noqa: F811
    client = client_of(town["volunteer"])
    door = Person.objects.filter(told_facts__code="disability_card")[0].household.dwelling
    assert door is not None
    building = reverse("visits:building", args=[door.entrance.building_id])
    plain = {path: client.get(path).content.decode() for path in (reverse("visits:buildings"), building)}
    codes = [
        "disabled",
        "severely_disabled",
        "disabled_care",
        "living_alone_elder",
        "empty_nest_elder",
        "dibao_family",
        "destitute",
        "edge_family",
        "monitored",
        "lifted_out",
        "left_behind_child",
        "lost_only_child_elder",
    ]
    lit = 0
    for path, code in product(plain, codes):
        page = client.get(path, {"group": code}).content.decode()
        lit += page.count("qm-faint") != plain[path].count("qm-faint")
        assert not re.search(r"♥\d", page) or "残疾" not in page
    titles = ("残疾", "低保", "独居", "特困", "监测")
    homes = [
        client.get(reverse("register:household", args=[pk])).content.decode()
        for pk in Household.objects.filter(people__told_facts__code="disability_card").values_list("pk", flat=True)[:5]
    ]
    told = [title for title in titles for page in (*plain.values(), *homes) if title in page]
    print(f"doors lit for a volunteer: {lit}/{2 * len(codes)}")
    assert lit == 0 and told == []


def test_a_child_is_protected_in_every_group(town: dict[str, Any], settings: Any) -> None:  # noqa: F811
    """A child with a disability certificate stands in a group that is not a children's: neither name nor door."""
    unbraked(settings)
    client, child = client_of(town["worker"]), Person.objects.filter(relation="孙子").order_by("pk")[0]
    door = child.household.dwelling
    assert door is not None
    disabled = CareGroup.objects.get(community=town["community"], code="disabled")
    page = "".join(
        client.get(reverse("groups:detail", args=[disabled.pk]), {"page": n}).content.decode() for n in range(1, 6)
    )
    rows = [row for row in re.findall(r"<tr>.*?</tr>", page, re.S) if "（儿童）" in row]
    assert rows and not [row for row in rows if door.door_label in row or "/households/" in row]
    home = Household.objects.get(pk=child.household_id)
    home.people.exclude(pk=child.pk).update(state="left")
    lit = client.get(
        reverse("visits:building", args=[door.entrance.building_id]), {"group": "disabled"}
    ).content.decode()
    tile = next(one for one in re.findall(r"<g transform.*?</g>", lit, re.S) if f">{door.room} " in one)
    grown = set(
        home.people.exclude(pk=child.pk).filter(told_facts__code="disability_card").values_list("pk", flat=True)
    )
    assert grown or "残疾" not in tile
    listed = post(town["worker"], "rows", {"view": "disabled", "size": 200}).json()["data"]
    listed += post(town["worker"], "rows", {"columns": ["name", "told:disability_card"], "size": 200}).json()["data"]
    assert not [row for row in listed if row["id"] == str(child.pk) and row.get("told:disability_card", "x")]
    assert str(child.pk) in {
        row["id"] for row in post(town["head"], "rows", {"view": "disabled", "size": 200}).json()["data"]
    }


def test_only_a_keeper_records_what_happens_to_a_sealed_child(town: dict[str, Any]) -> None:  # noqa: F811
    child = Person.objects.filter(relation="孙子").order_by("pk")[0]
    form = {
        "on_date": str(clock.today()),
        "person": str(child.pk),
        "people": [str(child.pk)],
        "new_head": str(child.pk),
    }
    for kind in ("died", "moved_out", "head_changed", "family_parted"):
        client_of(town["worker"]).post(reverse("register:life", args=[child.household_id, kind]), form)
        child.refresh_from_db()
        assert child.state == "living" and not child.is_head, kind
    with pytest.raises(SealedChild):
        household_events.record_death(
            household=child.household, person=child, on_date=clock.today(), actor=town["worker"]
        )
    act = household_events.record_death(
        household=child.household, person=child, on_date=clock.today(), actor=town["head"]
    )
    other = Household.objects.exclude(pk=child.household_id)[0]
    for by, home, status in ((town["head"], other, 404), (town["worker"], child.household, 403)):
        answer = client_of(by).post(reverse("register:undo", args=[home.pk, act.pk]), {"reason": "错了"})
        assert answer.status_code == status
    child.refresh_from_db()
    assert child.state == "died"
    assert client_of(town["head"]).post(reverse("register:undo", args=[child.household_id, act.pk])).status_code == 302


def test_no_published_number_points_at_few() -> None:
    wholes = {"part": "whole"}
    for whole in range(0, 60):
        assert shown_count(whole) is None if whole < 10 else shown_count(whole) % 5 == 0  # type: ignore[operator]
        for part in range(whole + 1):
            shown = shown_counts({"whole": whole, "part": part}, wholes)
            if shown["part"] is not None:
                assert part >= 10 and whole - part >= 10 and abs(shown["part"] - part) <= 2


def test_the_public_page_holds_no_small_number(town: dict[str, Any]) -> None:  # noqa: F811
    from qiaomen.bulletins.actions import draft_bulletin, publish_bulletin

    bulletin = draft_bulletin(community=town["community"], day=clock.today(), actor=town["head"])
    publish_bulletin(bulletin=bulletin, actor=town["head"])
    page = Client().get(reverse("portal:community", args=[town["community"].code])).content.decode()
    assert page.count("不公布") >= 6 and not re.search(r'class="number">\s*\d', page)
    office = client_of(town["head"]).get(reverse("bulletins:detail", args=[bulletin.pk])).content.decode()
    assert office.count("qm-number") == 7 and "不公布" not in office
