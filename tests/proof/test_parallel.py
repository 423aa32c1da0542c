"""A4: many send the same visits at once, through two servers on one database; each is stored once and nobody is
refused.
"""

import threading
from collections import Counter
from typing import Any

import pytest

from tests.proof.conftest import PHONES
from tests.proof.machine import Server, dice, running, size, tell
from tests.proof.phones import Phone, compare

pytestmark = pytest.mark.proof


def test_fifty_at_once_are_one_visit_each(on_each: tuple[Server, dict[str, Any]]) -> None:
    server, town = on_each
    senders, visits = 50, size(40, 1000)
    second = Server(server.data, server.env["QM_DATABASE_URL"])
    author = Phone(server, town, 0, dice("parallel"))
    made = [author.record(needs=number % 2) for number in range(visits)]
    states: Counter[str] = Counter()
    faults: list[str] = []

    def send(number: int) -> None:
        phone = Phone((server, second)[number % 2], town, number % PHONES, dice("parallel", number))
        for one in made:
            together.wait(120)
            try:
                states.update(result["state"] for result in phone.send(one.item))
            except Exception as error:
                faults.append(repr(error))
        phone.hang_up()

    together = threading.Barrier(senders)
    with running(server, second):
        threads = [threading.Thread(target=send, args=(number,)) for number in range(senders)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    found = compare({one.said["op_id"]: one for one in made}, server.look())
    name = "PostgreSQL" if server.env["QM_DATABASE_URL"] else "SQLite"
    tell(f"A4 {senders} × {visits} through two servers, {name}", replies=dict(states), faults=len(faults), **found)
    assert not faults, faults[:3]
    assert states == {"stored": senders * visits}
    assert found["lost"] == found["doubled"] == found["altered"] == found["broken_ledger"] == 0
