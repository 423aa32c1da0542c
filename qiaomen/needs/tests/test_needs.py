"""A need sent twice is one need; its words are sealed; another community does not see it."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from qiaomen.kernel import clock, figures
from qiaomen.needs import actions, selectors
from qiaomen.needs.models import Need
from qiaomen.needs.rules.vocabulary import KINDS, ORIGINS
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.register.models import Household
from qiaomen.visits.rules.vocabulary import HANDLINGS

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=clock.SHANGHAI)


@pytest.fixture
def household(db: None) -> Household:
    community = Organisation.objects.create(kind="community", name="锦瑟社区", code="N1")
    Staff.objects.create_user("n-head", None, name="陆主任", role="head", organisation=community)
    return Household.objects.create(community=community, head_name="柳如烟")


def hear(household: Household, **changes: object) -> tuple[Need, bool]:
    values = {
        "need_id": uuid.uuid4(),
        "kind": "repair",
        "words": "楼道灯不亮",
        "handling": "office",
        "origin": "visit",
        "heard_at": NOON,
        "heard_by": Staff.objects.get(login_name="n-head"),
        **changes,
    }
    with clock.at(NOON):
        return actions.hear_need(household=household, **values)  # type: ignore[arg-type]


def test_sent_twice_it_is_one_need_with_one_ledger_line(household: Household) -> None:
    key = uuid.uuid4()
    assert hear(household, need_id=key)[1] and not hear(household, need_id=key, words="别的话")[1]
    assert Need.objects.get().words == "楼道灯不亮"
    assert LedgerEntry.objects.filter(code="needs.heard").count() == 1


def test_the_words_are_sealed_in_the_database(household: Household) -> None:
    need, _ = hear(household)
    with connection.cursor() as cursor:
        cursor.execute("select words from needs_need")
        assert "灯" not in cursor.fetchone()[0]
    assert "灯" not in str(list(LedgerEntry.objects.values_list("detail", flat=True)))
    assert Need.objects.get(pk=need.pk).words == "楼道灯不亮"


def test_the_figures_count_the_week_and_what_was_known_then(household: Household) -> None:
    hear(household)
    hear(household, handling="on_the_spot")
    hear(household, heard_at=NOON - timedelta(days=9))
    period = {"community": household.community, "start": NOON.date(), "end": NOON.date()}
    assert figures.get("needs.heard").count(**period, as_at=NOON) == 2
    assert figures.get("needs.on_the_spot").count(**period, as_at=NOON) == 1
    assert figures.get("needs.heard").count(**period, as_at=NOON - timedelta(seconds=1)) == 0


def test_the_list_shows_kind_and_door_but_not_the_words(household: Household, client: Client) -> None:
    hear(household)
    client.force_login(Staff.objects.get(login_name="n-head"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("needs:list")).content.decode()
    assert "维修" in page and "柳如烟" in page and "楼道灯不亮" not in page


def test_every_code_has_a_word() -> None:
    words = [selectors.kind_title(k) for k in KINDS] + [selectors.handling_title(h) for h in HANDLINGS]
    words += [selectors.origin_title(o) for o in ORIGINS]
    assert all(words) and len(set(words)) == len(words)


def test_the_list_is_narrowed_and_paged(household: Household) -> None:
    for number in range(60):
        hear(household, need_id=uuid.uuid4(), kind="repair" if number else "errand", handling="urgent")
    client = Client()
    client.force_login(Staff.objects.get(login_name="n-head"), backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("needs:list")
    first = client.get(address).content.decode()
    assert first.count("柳如烟") == 50 and "较早" in first
    assert client.get(address, {"page": 2}).content.decode().count("柳如烟") == 10
    for asked, rows in (
        ({"kind": "errand"}, 1),
        ({"handling": "urgent", "name": "如烟"}, 50),
        ({"name": "王"}, 0),
        ({"compound": str(uuid.uuid4())}, 0),
        ({"days": "7", "kind": "errand"}, 1),
        ({"kind": "zz", "days": "zz"}, 50),
    ):
        with clock.at(NOON):
            assert client.get(address, asked).content.decode().count("</a></td>") == rows, asked
    assert "楼道灯" not in first
