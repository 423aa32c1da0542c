"""An office that turned to SM2 and SM4: what either suite sealed is taken in, photos too."""

import io
import uuid
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from PIL import Image

from qiaomen.kernel import sealing
from qiaomen.office.models import Staff
from qiaomen.phone.actions import devices
from qiaomen.phone.rules.envelope import seal
from qiaomen.phone.tests.conftest import Phone
from qiaomen.register.models import Dwelling


@pytest.fixture
def sm4() -> Iterator[None]:
    """An office that sealed with the first suite and has turned to the second."""
    keys = sealing.keys_text()
    sealing.configure(keys, "sm4")
    yield
    sealing.configure(keys, "aes")


def test_an_office_of_the_second_suite_takes_in_what_either_sealed(
    phone: Phone, door: Dwelling, worker: Staff, sm4: None
) -> None:
    call_command("new_phone_key", verbosity=0)
    newer = Phone(devices.enrol_device(staff=worker, label="新手机")[1])
    assert newer.pack["seal_key"]["alg"] == "SM2-SM4-GCM" and newer.pack["seal_key"] != phone.pack["seal_key"]
    picture, photo = io.BytesIO(), str(uuid.uuid4())
    Image.new("RGB", (60, 40), "teal").save(picture, "JPEG")
    said = newer.say(door, photos=[photo])
    assert newer.states(newer.seal(said)) == ["waiting_photos"]
    assert phone.states(phone.seal(phone.say(door))) == ["stored"]
    moved = {**newer.seal(newer.say(door)), "alg": "P256-HKDF-SHA256-AES256GCM"}
    assert newer.states(moved) == ["quarantined"]
    key = newer.pack["seal_key"]
    sealed = seal(key["public"], picture.getvalue(), photo, key["alg"])
    put = newer.client.put(
        f"/api/phone/photos/{photo}",
        sealed.epk + sealed.iv + sealed.ct,
        "application/octet-stream",
        headers=newer.headers,
    )
    assert put.status_code == 200 and newer.listing(said["op_id"]) == {said["op_id"]: "stored"}
