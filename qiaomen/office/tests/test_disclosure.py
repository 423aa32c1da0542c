"""An account at full speed sees so many people an hour and no more; the head is told, and lifts it."""

import os
import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.office import disclosure
from qiaomen.office.ledger import verify
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.office.problems import OwnBrake, TooManyLooks

CODE = "register.household-opened"


@pytest.fixture
def limit(settings: Any) -> int:
    settings.LOOKS_PER_HOUR = 20
    return 20


@pytest.fixture
def community(db: None) -> Organisation:
    return Organisation.objects.create(kind="community", name="锦瑟社区", code="L1")


@pytest.fixture
def worker(community: Organisation) -> Staff:
    return Staff.objects.create_user("w-l", None, name="网格员", role="worker", organisation=community)


@pytest.fixture
def head(community: Organisation) -> Staff:
    return Staff.objects.create_user("h-l", None, name="主任", role="head", organisation=community)


def look(actor: Staff, people: list[uuid.UUID], *, once: bool = False, subject: Any = None) -> None:
    community = actor.organisation
    disclosure.look(community=community, actor=actor, code=CODE, people=people, subject=subject or community, once=once)


def some(count: int) -> list[uuid.UUID]:
    return [uuid.uuid4() for _ in range(count)]


def test_the_limit_counts_people_not_pages(limit: int, worker: Staff) -> None:
    family = some(4)
    for _ in range(50):
        look(worker, family)
    look(worker, some(16))
    with pytest.raises(TooManyLooks) as refusal:
        look(worker, some(1))
    assert refusal.value.details["seen"] == 20 and refusal.value.status == 429
    look(worker, family[:2])
    with pytest.raises(TooManyLooks):
        look(worker, [*family, uuid.uuid4()])


def test_a_household_larger_than_what_is_left_is_not_shown(limit: int, worker: Staff) -> None:
    look(worker, some(18))
    with pytest.raises(TooManyLooks):
        look(worker, some(3))
    look(worker, some(2))


def test_the_hour_rolls_and_the_page_says_when(limit: int, worker: Staff) -> None:
    start = clock.now()
    for minute in range(20):
        with clock.at(start + timedelta(minutes=minute)):
            look(worker, some(1))
    with clock.at(start + timedelta(minutes=30)), pytest.raises(TooManyLooks) as refusal:
        look(worker, some(3))
    until = (start + timedelta(minutes=62)).astimezone(clock.SHANGHAI).strftime("%H:%M")
    assert refusal.value.details["until"] == until
    with clock.at(start + timedelta(minutes=62, seconds=1)):
        look(worker, some(3))
        with pytest.raises(TooManyLooks):
            look(worker, some(1))


def test_one_stop_is_one_line_and_the_head_is_told_and_lifts_it(
    limit: int, community: Organisation, worker: Staff, head: Staff
) -> None:
    look(worker, some(20))
    for _ in range(5):
        with pytest.raises(TooManyLooks):
            look(worker, some(1))
    line = LedgerEntry.objects.get(code=disclosure.BRAKED)
    assert (line.actor, line.detail) == (worker, {"seen": 20})
    client = Client()
    client.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("desk:today")).content.decode()
    assert "一小时里打开了 20 人的资料" in page and "放开" in page
    assert client.post(reverse("office:lift-brake", args=[worker.pk]), {"sure": "1"}).status_code == 302
    page = client.get(reverse("desk:today")).content.decode()
    assert "现在已经恢复" in page and ">放开<" not in page
    look(worker, some(20))
    with pytest.raises(TooManyLooks):
        look(worker, some(1))
    assert LedgerEntry.objects.filter(code=disclosure.BRAKED).count() == 2
    assert LedgerEntry.objects.filter(code=disclosure.LIFTED).count() == 1 and verify(community).ok
    with clock.at(clock.now() + timedelta(hours=1, minutes=1)):
        look(worker, some(20))
        assert not any(one.standing for one in disclosure.brakes_in(community))


def test_nobody_lifts_their_own_and_not_in_another_community(limit: int, head: Staff, worker: Staff) -> None:
    look(head, some(20))
    with pytest.raises(TooManyLooks):
        look(head, some(1))
    with pytest.raises(OwnBrake):
        disclosure.lift_brake(staff=head, actor=head)
    other = Organisation.objects.create(kind="community", name="新桥社区", code="L2")
    stranger = Staff.objects.create_user("h-2", None, name="别的主任", role="head", organisation=other)
    with pytest.raises(ValueError, match="one community"):
        disclosure.lift_brake(staff=head, actor=stranger)
    client = Client()
    client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("office:lift-brake", args=[head.pk]), {"sure": "1"}).status_code == 404
    assert "人的资料" not in client.get(reverse("desk:today")).content.decode()
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("office:lift-brake", args=[head.pk]), {"sure": "1"}).status_code == 403


def test_accounts_do_not_count_for_each_other(limit: int, head: Staff, worker: Staff) -> None:
    look(worker, some(20))
    look(head, some(20))


def test_a_look_of_a_kind_that_does_not_count_is_a_mistake(worker: Staff) -> None:
    home = worker.organisation
    with pytest.raises(ValueError, match="ledger-read"):
        disclosure.look(community=home, actor=worker, code="office.ledger-read", people=some(1), subject=home)


def test_the_same_again_within_the_hour_writes_once(limit: int, worker: Staff) -> None:
    family = some(3)
    for people in (family, family, family[:1], family):
        look(worker, people, once=True)
    assert LedgerEntry.objects.filter(code=CODE).count() == 1
    look(worker, [*family, *some(1)], once=True)
    with clock.at(clock.now() + timedelta(minutes=61)):
        look(worker, family, once=True)
    assert LedgerEntry.objects.filter(code=CODE).count() == 3


def test_the_count_is_one_indexed_question(limit: int, worker: Staff) -> None:
    look(worker, some(5))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        disclosure.brake._lines(worker)
    assert len(asked) == 1
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("EXPLAIN QUERY PLAN " + asked.captured_queries[0]["sql"])
            plan = str(cursor.fetchall())
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("EXPLAIN " + asked.captured_queries[0]["sql"])
            plan = str(cursor.fetchall())
    # of a table of six lines PostgreSQL may take another index; that it needs no scan of the whole is what counts
    assert "ledger_actor_code_at" in plan or (connection.vendor == "postgresql" and "Index Scan" in plan)


@pytest.mark.django_db(transaction=bool(os.environ.get("QM_DATABASE_URL")))
def test_many_connections_at_once_get_no_more_than_one(settings: Any) -> None:
    """A script with eight connections: 200 look-ups of one person each, 20 allowed, exactly 20 answered.

    On SQLite one connection: its transactions begin IMMEDIATE, and the test's database in memory knows no waiting.
    """
    settings.LOOKS_PER_HOUR = 20
    community = Organisation.objects.create(kind="community", name="锦瑟社区", code="L9")
    worker = Staff.objects.create_user("w-9", None, name="网格员", role="worker", organisation=community)
    answered: list[int] = []

    def scrape(times: int, own: bool) -> None:
        try:
            for _ in range(times):
                try:
                    look(worker, some(1))
                    answered.append(1)
                except TooManyLooks:
                    pass
        finally:
            if own:
                connections.close_all()

    if connection.vendor == "postgresql":
        threads = [threading.Thread(target=scrape, args=(25, True)) for _ in range(8)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    else:
        scrape(200, False)
    assert len(answered) == 20 and LedgerEntry.objects.filter(code=disclosure.BRAKED).count() == 1
    assert verify(community).ok
