"""The menu never grows, and a declaration of old still stands behind a door."""

import pytest

from qiaomen.kernel import menu
from qiaomen.kernel.menu import MOST_DOORS, Door, Entry, all_doors, door_of, register_doors

pytestmark = pytest.mark.once


@pytest.fixture
def eight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu, "_doors", {})
    register_doors(*(Door(f"d{place}", str(place), "", place) for place in range(0, 80, 10)))


def test_a_ninth_door_is_refused_and_none_stands_twice(eight: None) -> None:
    assert len(all_doors()) == MOST_DOORS == 8
    for code in ("ninth", "d0"):
        with pytest.raises(ValueError, match="one too many"):
            register_doors(Door(code, "九", "", 90))


def test_a_page_stands_behind_the_door_it_names_else_by_its_place(eight: None) -> None:
    assert door_of(Entry(25, "visits:new", "新", "icon")).code == "d20"
    assert door_of(Entry(25, "visits:new", "新", door="d70")).code == "d70"
    assert door_of(Entry(-5, "visits:new", "新")).code == "d0"
    with pytest.raises(ValueError, match="does not exist"):
        door_of(Entry(25, "visits:new", "新", door="cellar"))
