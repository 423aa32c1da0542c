"""Eight doors at most; each role is shown what it uses, and nothing it may not open; the numbers cost one query."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from qiaomen.desk.navigation import Menu, counts_of, menu_of, pages_of
from qiaomen.kernel import clock
from qiaomen.kernel.menu import MOST_DOORS, all_doors, all_entries, all_verbs, door_of
from qiaomen.office.access import permission_table
from qiaomen.office.models import ROLES, Campaign, Organisation, Staff
from qiaomen.office.tests.cast import client_of

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
WORDS = ["今天", "敲门", "办事", "居民", "帮扶", "院里事", "报表公开", "管理"]
SEEN = {
    "head": ["今天", "敲门", "办事", "居民", "帮扶", "报表公开", "管理"],
    "worker": ["今天", "敲门", "办事", "居民", "帮扶", "报表公开"],
    "volunteer": ["今天", "敲门"],
    "supervisor": ["今天", "办事", "报表公开"],
    "auditor": ["今天", "报表公开", "管理"],
    "admin": ["今天", "报表公开", "管理"],
}


def staff_of_role(role: str, community: Organisation) -> Staff:
    home = community
    if role in ("supervisor", "auditor", "admin"):
        home = Organisation.objects.create(kind="county", name="拾光县", code=f"R-{role}")
    return Staff.objects.create_user(f"m-{role}", None, name="某人", role=role, organisation=home)


def menu_at(viewer: Staff, path: str) -> Menu:
    request = RequestFactory().get(path)
    request.user, request.resolver_match = viewer, resolve(path)  # type: ignore[assignment]
    return menu_of(request, viewer)


@pytest.mark.once
def test_the_menu_is_the_eight_words_and_every_page_stands_behind_one() -> None:
    doors = all_doors()
    assert [str(door.title) for door in doors] == WORDS and len(doors) <= MOST_DOORS
    for entry in all_entries():
        assert door_of(entry) in doors
        assert (entry.route, "GET") in permission_table(), entry.route
        assert reverse(entry.route)
    for verb in all_verbs():
        assert (verb.route, "GET") in permission_table(), verb.route
    drawn = re.findall(r'symbol id="(\w+)"', (ROOT / "web/desk/public/marks.svg").read_text("utf-8"))
    assert {door.mark for door in doors} <= set(drawn)


@pytest.mark.once
@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_shown_what_it_uses_and_each_page_opens(community: Organisation, role: str) -> None:
    viewer = staff_of_role(role, community)
    client, doors, found = client_of(viewer), menu_at(viewer, "/desk/").doors, set[str]()
    assert [str(door.title) for door in doors] == SEEN[role]
    for door in doors:
        shown = menu_at(viewer, door.url)
        assert [str(one.title) for one in shown.doors if one.active] == [str(door.title)]
        for page in shown.pages or [door]:
            found.add(page.url)
            answer = client.get(page.url)
            assert answer.status_code == 200, page.url
            html = answer.content.decode()
            assert html.count('aria-current="page"') >= bool(shown.pages)
            assert html.count("<h1") == 1 and ">主菜单<" not in html
    assert found == {url for _entry, url in pages_of(viewer)}, "every page a role has is a door, a tab or a button"


def test_a_page_below_another_and_a_page_of_no_door(head: Staff) -> None:
    active = [page for page in menu_at(head, "/accounts/new/").pages if page.active]
    assert [str(page.title) for page in active] == ["账号"]
    for path in ("/password/", "/desk/search/"):
        shown = menu_at(head, path)
        assert shown.pages == [] and not [door for door in shown.doors if door.active]


def test_what_waits_is_counted_for_the_reader_in_one_query(head: Staff, worker: Staff) -> None:
    today = clock.today()
    Campaign.objects.create(
        community=head.community,
        purpose="civilised_city",
        from_date=today,
        to_date=today,
        asked_by=worker,
        asked_at=clock.now(),
    )
    entries: list[Any] = [entry for entry, _url in pages_of(head)]
    head.community  # noqa: B018  read once, as a page does
    with CaptureQueriesContext(connection) as asked:
        counts = counts_of(entries, head, today)
    assert len(asked) == 1 and counts["office:campaigns"] == 1
    assert counts_of([entry for entry, _url in pages_of(worker)], worker, today)["office:campaigns"] == 0, "one's own"
    reports = {str(door.title): door.count for door in menu_at(head, "/bulletins/").doors}
    assert reports["报表公开"] == 1 and reports["管理"] == 0
    html = client_of(head).get("/desk/").content.decode()
    assert re.search(r'qm-count">1<span class="visually-hidden"> 件等着', html)


def test_a_fragment_asks_for_no_menu(head: Staff) -> None:
    client = client_of(head)
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("desk:search"), {"q": "贺"}, headers={"HX-Request": "true"})
    assert "menu_n" not in " ".join(query["sql"] for query in asked)


@pytest.mark.once
def test_large_letters_are_kept_by_the_browser_on_every_page(head: Staff) -> None:
    client = client_of(head)
    assert "data-large" not in client.get("/desk/").content.decode()
    assert client.post("/large/", {"next": "/accounts/"})["Location"] == "/accounts/"
    for path in ("/desk/", "/accounts/", "/login/"):
        assert "data-large" in client.get(path).content.decode()
    client.post("/large/", {"next": "/accounts/"})
    assert "data-large" not in client.get("/desk/").content.decode()


@pytest.mark.once
def test_a_page_is_sent_compressed_and_nothing_else_is(head: Staff) -> None:
    client, asks = client_of(head), {"Accept-Encoding": "gzip"}
    page = client.get("/desk/", headers=asks)
    assert page["Content-Encoding"] == "gzip" and len(page.content) < 12_000
    assert "Content-Encoding" not in client.get("/desk/")
    assert "Content-Encoding" not in client.get("/api/phone/pack", headers=asks)
