"""Whatever stands in a request, the good items beside it are stored and nothing is answered outside the contract."""

import json
from typing import Any

import pytest

from qiaomen.phone.models import Submission
from qiaomen.phone.tests.conftest import Phone
from qiaomen.register.models import Dwelling
from qiaomen.visits.models import Visit

DEEP: Any = "x"
for _ in range(400):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "garbage",
    [
        {"op_id": "\x00"},
        {"op_id": "\ud800"},
        {"op_id": "x", "ct": float("nan")},
        {"op_id": float("inf")},
        DEEP,
        {"op_id": "00000000-0000-4000-8000-000000000001", "ct": "\x00"},
        {"op_id": 10**400},
        "\x00",
        {"\x00": 1},
    ],
    ids=["NUL", "half a character", "not a number", "infinite", "deep", "NUL under a good id", "huge", "text", "a key"],
)
def test_garbage_of_any_kind_harms_no_neighbour(phone: Phone, door: Dwelling, garbage: Any) -> None:
    good = phone.seal(phone.say(door))
    for _ in range(2):
        assert phone.states(garbage, good) == ["quarantined", "stored"]
    assert Visit.objects.count() == 1 and Submission.objects.count() == 2
    listed = Submission.objects.get(visit=None)
    assert json.dumps(listed.envelope)


def test_every_version_of_an_unreadable_item_is_kept_however_often_it_comes(phone: Phone, door: Dwelling) -> None:
    good = phone.seal(phone.say(door))
    damaged = [good | {"ct": good["ct"][:-length]} for length in (4, 8, 12)]
    for item in (*damaged, damaged[1], damaged[2], damaged[2], damaged[0]):
        assert phone.states(item) == ["quarantined"]
    kept = Submission.objects.get().envelope
    assert sorted(item["ct"] for item in (kept["item"], *kept["earlier"])) == sorted(item["ct"] for item in damaged)
