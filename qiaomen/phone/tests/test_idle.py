"""A phone unused for eight hours takes no list until somebody signs in on it; what was made on it still arrives."""

from datetime import timedelta
from typing import Any

from qiaomen.kernel import clock
from qiaomen.office.models import Device
from qiaomen.phone.tests.conftest import Phone
from qiaomen.register.models import Dwelling


def pack_of(phone: Phone) -> Any:
    return phone.client.get("/api/phone/pack", headers=phone.headers)


def test_after_eight_hours_the_token_takes_no_list_and_still_hands_in(phone: Phone, door: Dwelling) -> None:
    said = phone.seal(phone.say(door))
    with clock.at(clock.now() + timedelta(hours=8, minutes=1)):
        answer = pack_of(phone)
        assert (answer.status_code, answer.json()["code"]) == (401, "phone.idle-too-long")
        assert phone.states(said) == ["stored"], "a visit that was made is never refused"
        assert pack_of(phone).status_code == 401, "handing in wakes no token"
    assert Device.objects.get().revoked_at is None


def test_a_phone_in_use_goes_on(phone: Phone, door: Dwelling) -> None:
    start = clock.now()
    for hours in (7, 14, 21):
        with clock.at(start + timedelta(hours=hours)):
            assert phone.states(phone.seal(phone.say(door))) == ["stored"]
    with clock.at(start + timedelta(hours=28)):
        assert pack_of(phone).status_code == 200


def test_signing_in_anew_takes_the_list(phone: Phone) -> None:
    told = {"login_name": "f-worker", "password": "qiaomen-demo", "label": "测试机"}
    with clock.at(clock.now() + timedelta(hours=20)):
        token = phone.client.post("/api/phone/enrol", told, content_type="application/json").json()["token"]
        assert pack_of(Phone(token)).status_code == 200
