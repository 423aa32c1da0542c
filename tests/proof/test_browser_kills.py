"""A2 and E4: the phone's browser is killed in the middle of an answer; what had its ✓ is there, and only sealed once
finished.
"""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests.proof.hand import Hand
from tests.proof.machine import Server, dice, running, size, tell
from tests.proof.phones import picture

pytestmark = pytest.mark.proof
PASSWORD = "qiaomen-demo"


@pytest.fixture
def hand(on_sqlite: tuple[Server, dict[str, Any]], tmp_path: Path) -> Iterator[Hand]:
    server, _town = on_sqlite
    with running(server), sync_playwright() as playwright:
        made = Hand(playwright, tmp_path / "profile", server)
        try:
            yield made
        finally:
            made.kill()


def test_a_killed_browser_loses_nothing_that_had_its_tick(
    hand: Hand, on_sqlite: tuple[Server, dict[str, Any]], tmp_path: Path
) -> None:
    server, town = on_sqlite
    photo = tmp_path / "pipe.jpg"
    photo.write_bytes(picture(400))
    kills, chance = size(10, 200), dice("browser")
    hand.open()
    hand.sign_in("p-0", PASSWORD)
    hand.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    server.kill()  # no signal: everything waits on the phone
    lost, later = [], 0
    for number in range(kills):
        door = town["doors"][number % len(town["doors"])]
        if number % 4 == 3:  # one tap, killed as soon as the list is back
            hand.nobody_home(door["label"])
            hand.kill()
            hand.open()
        else:
            pictures = number % 4 == 2
            hand.begin_answer(door["label"], photo if pictures else None)
            words, sure = f"厨房下水堵了，第 {number} 次", ""
            for length in sorted(chance.sample(range(3, len(words) + 1), 3)):
                hand.write(words[:length])
                hand.ticked(words[:length])
                sure = words[:length]
            hand.page.evaluate(
                "([words, wait]) => setTimeout(() => {"
                " const box = document.querySelector('[data-testid=need-words]');"
                " box.value = words; box.dispatchEvent(new Event('input')) }, wait)",
                [words + "！", chance.randrange(12)],
            )
            threading.Event().wait(chance.uniform(0, 0.06))
            hand.kill()
            hand.open()
            again = hand.written()
            drafts = [row for row in hand.kept()["outbox"] if row["state"] == "draft"]
            kept = [len(draft["photos"]) for draft in drafts]  # the words are sealed on the disk
            if again not in (sure, words + "！") or kept != [int(pictures)]:
                lost.append((number, sure, again, drafts))
            later += again != sure
            hand.finish()
        kept = hand.kept()
        if len(kept["outbox"]) != number + 1 or any(row["state"] == "draft" for row in kept["outbox"]):
            lost.append((number, "outbox", len(kept["outbox"]), number + 1))
        assert "下水" not in str(kept["outbox"]), "a finished visit must be sealed"
    tell("A2 browser killed", kills=kills, lost=len(lost), the_unticked_edit_survived_too=later)
    assert not lost, lost[:3]
    server.start(again=True)
    hand.come_back()
    hand.unsent(0)
    hand.close()
    visits = server.look()["visits"]
    assert len(visits) == kills and all(visit["recorded"] == 1 for visit in visits.values())


def canaries(town: dict[str, Any]) -> list[str]:
    """What is known of the doors nobody recorded: their ids and labels, who lives there, whole numbers and
    masked ones.
    """
    names = ("dwelling_id", "household_id", "label")
    return sorted(
        {word for door in town["doors"][5:] for word in (*(str(door[name]) for name in names), *door["people"])}
    )


def found_on_disk(profile: Path, words: list[str]) -> set[str]:
    """Return the words that stand in any file of the profile, as UTF-8 or as UTF-16."""
    found = set()
    for path in profile.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found |= {word for word in words if word.encode() in content or word.encode("utf-16-le") in content}
    return found


@pytest.mark.parametrize("how", ["handed over", "revoked"])
def test_nothing_that_names_a_household_stays_on_the_disk(
    hand: Hand, on_sqlite: tuple[Server, dict[str, Any]], how: str
) -> None:
    """E4: a byte search of the whole profile for what the pack and the answers said; what was finished still
    arrives.
    """
    server, town = on_sqlite
    hand.open()
    hand.sign_in("p-0", PASSWORD)
    hand.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    said = [f"厨房下水堵了 {number}" for number in range(3)]
    server.kill()
    for number, words in enumerate(said):
        hand.begin_answer(town["doors"][number]["label"])
        hand.write(words)
        hand.ticked(words)
        if number < 2:
            hand.finish()
    hand.leave_answer()
    if how == "revoked":
        server.python("tests.proof.town", "revoke", "0")
    server.start(again=True)
    if how == "revoked":
        hand.take_list_and_be_refused()
    else:
        hand.hand_over()
    hand.unsent_on_the_server(3)  # two finished, and the half one as it stood
    hand.close()
    found = server.look()
    assert len(found["visits"]) + len(found["aside"]) == 3
    left = found_on_disk(hand.profile, words_of_town := canaries(town) + said)
    tell(f"E4 {how}", canaries=len(words_of_town), left_on_the_disk=len(left))
    assert len(words_of_town) >= 500
    assert not left, sorted(left)[:5]


def test_the_search_of_the_disk_finds_what_is_there(hand: Hand, tmp_path: Path) -> None:
    hand.open()
    hand.page.evaluate("localStorage.setItem('canary', '厨房下水堵了 7')")
    hand.close()
    assert found_on_disk(hand.profile, ["厨房下水堵了 7", "not there"]) == {"厨房下水堵了 7"}


def test_a_discarded_tab_two_tabs_and_two_people_lose_nothing(
    hand: Hand, on_sqlite: tuple[Server, dict[str, Any]]
) -> None:
    server, town = on_sqlite
    labels = [door["label"] for door in town["doors"]]
    hand.open()
    hand.sign_in("p-0", PASSWORD)
    hand.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    server.kill()
    hand.begin_answer(labels[0])
    hand.write("灯坏了")
    hand.ticked("灯坏了")
    hand.page.goto("about:blank")  # the tab is discarded in the middle of an answer
    hand.come_back()
    assert hand.written() == "灯坏了"
    hand.finish()
    first, second = hand.page, hand.context.new_page() if hand.context else hand.page
    hand.page = second
    hand.come_back()
    hand.nobody_home(labels[1])
    hand.page = first
    hand.come_back()  # one window writes: it is taken over, locked
    hand.nobody_home(labels[2])
    hand.unsent(3)
    server.start(again=True)
    for page in (first, second):  # both tabs hand in at once
        page.evaluate("dispatchEvent(new Event('online'))")
    hand.unsent(0)
    second.close()
    server.kill()
    hand.nobody_home(labels[3])
    hand.hand_over()  # without signal, with something unsent
    server.start(again=True)
    hand.sign_in("p-1", PASSWORD)
    hand.nobody_home(labels[4])
    hand.unsent_on_the_server(5)
    hand.close()
    visits = server.look()["visits"]
    assert len(visits) == 5 and all(visit["recorded"] == 1 for visit in visits.values())
    assert sorted(visit["by"] for visit in visits.values()) == ["p-0"] * 4 + ["p-1"]
