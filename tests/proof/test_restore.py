"""A7 and A9: a restored backup loses no visit; what a phone out of service still holds arrives in quarantine."""

import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from qiaomen.kernel import clock
from qiaomen.office.models import Device, Staff
from qiaomen.phone.actions import devices, inbox
from qiaomen.phone.models import Submission
from qiaomen.phone.tests.conftest import Phone as DeskPhone
from qiaomen.register.models import Dwelling
from qiaomen.visits.models import Visit
from tests.proof.machine import LONG, Server, dice, running, tell
from tests.proof.phones import Phone, Sealed, compare

BEFORE, AFTER, ASIDE = 100, 200, 10


def hand_in(phones: list[Phone]) -> None:
    for phone in phones:
        phone.hand_in()


def future_dated(phone: Phone) -> Sealed:
    return phone.record(needs=0, happened_at=(clock.now() + timedelta(hours=5)).isoformat())


@pytest.mark.proof
@pytest.mark.parametrize(
    "new_epoch", [True, pytest.param(False, marks=pytest.mark.skipif(not LONG, reason="a proof of the proof"))]
)
def test_a_restored_backup_loses_no_visit(on_sqlite: tuple[Server, dict[str, Any]], new_epoch: bool) -> None:
    """The drill: 100 visits, `backup`, 200 visits and 10 for quarantine, the machine burns, `restore` with the card.

    Without a new epoch: the files copied back by hand, to see that the comparison would notice the loss.
    """
    server, town = on_sqlite
    server.env["QM_BACKUP_DIR"] = str(server.data.parent / "elsewhere")
    card = server.data.parent / "card.txt"
    card.write_text(server.python("qiaomen", "backup", "--card"), encoding="utf-8")
    phones = [Phone(server, town, number, dice("restore", number)) for number in range(3)]
    backup = server.data.parent / "backup"
    with running(server):
        for number in range(BEFORE):
            phones[number % 3].record(photos=int(number % 20 == 0))
        hand_in(phones)
        backup.mkdir()
        with sqlite3.connect(server.data / "qiaomen.sqlite3") as here, sqlite3.connect(backup / "db") as there:
            here.backup(there)  # while the server runs
        shutil.copytree(server.data / "media", backup / "media")
        told = server.python("qiaomen", "backup")  # while the server runs
        for number in range(AFTER):
            phones[number % 3].record(photos=int(number % 20 == 0))
        for number in range(ASIDE):
            future_dated(phones[number % 3])
        hand_in(phones)
        assert sum(len(phone.received) for phone in phones) == BEFORE + AFTER
        assert sum(len(phone.aside) for phone in phones) == ASIDE
        server.kill()
        if new_epoch:
            shutil.rmtree(server.data)  # keys, photos, everything
            server.data.mkdir()
            (file,) = Path(server.env["QM_BACKUP_DIR"]).iterdir()
            told += server.python("qiaomen", "restore", str(file), "--card-file", str(card))
        else:
            for path in server.data.glob("qiaomen.sqlite3*"):
                path.unlink()
            shutil.rmtree(server.data / "media")
            shutil.copy(backup / "db", server.data / "qiaomen.sqlite3")
            shutil.copytree(backup / "media", server.data / "media")
        server.start()
        for phone in phones:
            phone.hang_up()
            phone.listing([])  # as the phone asks when nothing waits
        again = sum(len(phone.waiting) for phone in phones)
        hand_in(phones)
    made = {key: one for phone in phones for key, one in phone.everything.items()}
    found = server.look()
    counts = compare(made, found)
    aside = {key for phone in phones for key in phone.aside}
    tell(
        f"A7 restore{'' if new_epoch else ' without new_epoch (must lose)'}",
        before=BEFORE,
        after_the_backup=AFTER,
        offered_again=again,
        aside=len(aside & set(found["aside"])),
        **counts,
    )
    assert told.count(f"{BEFORE // 20} 张照片") == 1 + new_epoch and "缺" not in told
    if not new_epoch:
        assert counts["lost"] == AFTER
        return
    assert counts["visits"] == BEFORE + AFTER and aside == set(found["aside"]) and len(aside) == ASIDE
    assert counts["lost"] == counts["doubled"] == counts["altered"] == counts["broken_ledger"] == 0


@pytest.mark.parametrize("how", ["device", "person"])
def test_all_that_a_phone_out_of_service_holds_arrives_in_quarantine(
    phone: DeskPhone, door: Dwelling, head: Staff, how: str
) -> None:
    sealed = [phone.seal(phone.say(door)) for _ in range(25)]
    if how == "device":
        devices.revoke_device(device=Device.objects.get(), actor=head)
    else:
        Staff.objects.exclude(pk=head.pk).update(is_active=False)
    states = [*phone.states(*sealed[:20]), *phone.states(*sealed[20:])]
    kept = {str(one.pk): one for one in Submission.objects.filter(state="quarantined", code="phone.revoked-device")}
    tell(f"A9 {how} out of service", unsent=25, in_quarantine=len(kept), lost=25 - len(kept))
    assert states == ["quarantined"] * 25 and not Visit.objects.exists()
    assert {key: one.envelope["item"] for key, one in kept.items()} == {item["op_id"]: item for item in sealed}
    for one in kept.values():
        inbox.take_in(kept=one, actor=head)
    assert {str(key) for key in Visit.objects.values_list("pk", flat=True)} == set(kept)
