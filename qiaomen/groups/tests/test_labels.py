"""A list of people has a purpose of the closed list, and a second person; the public page shows both."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from qiaomen.groups.actions import definitions, memberships
from qiaomen.groups.models import CareGroup
from qiaomen.office import labels
from qiaomen.office.models import Label, LedgerEntry, Organisation, Staff
from qiaomen.office.problems import ForbiddenLabel, OwnLabel, UnknownPurpose
from qiaomen.office.tests.cast import client_of


@pytest.fixture
def asked(community: Organisation, head: Staff) -> Label:
    memberships.keep_current(community)
    told = {
        "mode": "text",
        "when": "age >= 80",
        "confirm": "1",
        "title": "独居老人助浴",
        "purpose": "home_care",
        "reason": "街道安排",
        "source": "会议",
    }
    answer = client_of(head).post(reverse("groups:new"), told)
    assert answer.status_code == 302 and answer["Location"] == reverse("groups:list")
    return Label.objects.get()


def own_groups() -> int:
    return sum(one.code.startswith("own_") for one in CareGroup.objects.all())


def test_nothing_is_made_until_somebody_else_approves(asked: Label, head: Staff, worker: Staff) -> None:
    """Yesterday one person made any list alone."""
    assert own_groups() == 0 and "独居老人助浴" not in Client().get(reverse("portal:fields")).content.decode()
    at = reverse("groups:decide", args=[asked.pk])
    assert client_of(head).post(at, {"approve": "1"}).status_code == 409 and own_groups() == 0
    page = client_of(worker).get(reverse("groups:list")).content.decode()
    assert "独居老人助浴" in page and "同意，从明天起用" in page
    assert client_of(worker).post(at, {"approve": "1"}).status_code == 302
    made = CareGroup.objects.get(title="独居老人助浴")
    assert (made.title, made.purpose, made.definitions.get().when) == ("独居老人助浴", "home_care", "age >= 80")
    client_of(worker).post(at, {"approve": "1"})
    assert own_groups() == 1
    codes = LedgerEntry.objects.filter(code__startswith="office.label").order_by("seq").values_list("code", flat=True)
    assert list(codes) == ["office.label-asked", "office.label-approved"]
    public = Client().get(reverse("portal:fields")).content.decode()
    assert "独居老人助浴" in public and "社区主任" in public and "网格员" in public


def test_refused_or_withdrawn_it_is_not_made(asked: Label, head: Staff, worker: Staff) -> None:
    client_of(worker).post(reverse("groups:decide", args=[asked.pk]), {"approve": "0"})
    assert Label.objects.get().state == "refused" and own_groups() == 0
    client_of(worker).post(reverse("groups:decide", args=[asked.pk]), {"approve": "1"})
    assert own_groups() == 0


def test_another_community_decides_nothing(asked: Label) -> None:
    other = Organisation.objects.create(kind="community", name="别处", code="L9")
    stranger = Staff.objects.create_user("l9", None, name="x", role="head", organisation=other)
    assert client_of(stranger).post(reverse("groups:decide", args=[asked.pk]), {"approve": "1"}).status_code == 404


def test_only_for_a_service_of_the_list(community: Organisation, head: Staff) -> None:
    memberships.keep_current(community)
    told: dict[str, Any] = {
        "community": community,
        "title": "助浴",
        "tier": "key",
        "child": False,
        "when": "age >= 80",
        "numbers": {},
        "source": "会议",
        "reason": "试",
        "actor": head,
    }
    for purpose in ("", "control", "stability"):
        with pytest.raises(UnknownPurpose):
            definitions.ask_for(**told, purpose=purpose)
    page = (
        client_of(head)
        .post(
            reverse("groups:new"),
            {"mode": "text", "when": "age >= 80", "confirm": "1", "title": "助浴", "reason": "试", "source": "会议"},
        )
        .content.decode()
    )
    assert "用途只有列出来的这些" in page and not Label.objects.exists()


def test_the_database_has_the_last_word(asked: Label, head: Staff) -> None:
    with pytest.raises(OwnLabel):
        labels.decide(label=asked, approve=True, actor=head)
    with pytest.raises(IntegrityError), transaction.atomic():
        Label.objects.filter(pk=asked.pk).update(state="approved", decided_by=head)


def test_every_kind_of_label_is_asked_the_same_way(community: Organisation, head: Staff) -> None:
    with pytest.raises(ForbiddenLabel):
        labels.ask(
            community=community,
            kind=definitions.KIND,
            title="五类人员",
            purpose="health",
            purposes=definitions.purposes(),
            plan={},
            actor=head,
        )
    with pytest.raises(ValueError, match="no house makes"):
        labels.ask(
            community=community,
            kind="needs.kind",
            title="助餐",
            purpose="meals",
            purposes=definitions.purposes(),
            plan={},
            actor=head,
        )
