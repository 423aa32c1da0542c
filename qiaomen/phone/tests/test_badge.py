"""The badge at the door, the lesser token of a locked phone, and what the pack may hold."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.cache import cache
from django.test import Client

from qiaomen.groups.actions import memberships
from qiaomen.kernel import clock
from qiaomen.kernel.tests.random_keys import without_random_keys
from qiaomen.office.models import Device, Staff
from qiaomen.phone.actions import devices, pack
from qiaomen.phone.actions.badges import WRONG_TRIES
from qiaomen.phone.rules import tokens
from qiaomen.phone.rules.badge import WINDOW_SECONDS, code_at, is_good
from qiaomen.phone.tests.conftest import Phone
from qiaomen.register.models import Dwelling, Household, Person
from qiaomen.visits.actions import visits

CONTRACT = Path(__file__).resolve().parents[3] / "contract"


@pytest.fixture(autouse=True)
def nobody_guessed_yet() -> None:
    cache.clear()


def who(number: str, code: str) -> str:
    return Client().get("/who/", {"n": number, "c": code}).content.decode()


def test_the_published_codes_are_ours() -> None:
    vector = json.loads((CONTRACT / "vectors" / "badge.json").read_text())
    assert all(code_at(vector["secret"], one["unix_seconds"]) == one["code"] for one in vector["codes"])


@pytest.mark.parametrize(("minutes", "good"), [(0, True), (2, True), (-2, True), (3, False), (-3, False)])
def test_a_code_passes_some_minutes_and_no_longer(minutes: int, good: bool) -> None:
    secret, now = "c2VjcmV0LXNlY3JldA", 1_795_583_700.0
    assert is_good(secret, code_at(secret, now + minutes * WINDOW_SECONDS), now) is good


def test_whoever_opens_the_door_learns_who_it_is_and_nothing_else(phone: Phone, worker: Staff) -> None:
    badge = phone.pack["badge"]
    page = who(badge["number"], code_at(badge["secret"], clock.now().timestamp()))
    assert "姚静" in page and "锦瑟社区" in page and "敲门小组入户走访" in page and "不方便" in page and "投诉" in page
    assert "柳" not in page
    wrong = who(badge["number"], "000000") + who("00000000", "000000")
    assert "姚静" not in wrong and wrong.count("没有核对上") == 2


def test_guessing_codes_is_stopped_and_only_for_who_guesses(phone: Phone) -> None:
    badge = phone.pack["badge"]
    good = code_at(badge["secret"], clock.now().timestamp())
    asked = {"n": badge["number"], "c": "000000" if good != "000000" else "111111"}
    answers = [Client().get("/who/", asked, REMOTE_ADDR="203.0.113.7").status_code for _ in range(WRONG_TRIES + 1)]
    assert answers == [200] * WRONG_TRIES + [429]
    guessed = Client().get("/who/", {**asked, "c": good}, REMOTE_ADDR="203.0.113.7")
    assert guessed.status_code == 429 and "姚静" not in guessed.content.decode()
    assert Client().get("/who/", REMOTE_ADDR="203.0.113.7").status_code == 200, "the page itself stays"
    assert "姚静" in Client().get("/who/", {**asked, "c": good}, REMOTE_ADDR="203.0.113.8").content.decode()


def test_a_phone_out_of_service_proves_nothing(phone: Phone, worker: Staff) -> None:
    badge = phone.pack["badge"]
    devices.revoke_device(device=Device.objects.get(), actor=worker)
    assert "姚静" not in who(badge["number"], code_at(badge["secret"], clock.now().timestamp()))


def test_a_locked_phone_hands_in_and_gets_nothing(phone: Phone, door: Dwelling) -> None:
    lesser = tokens.hand_in_token(phone.headers["Authorization"].split()[1])
    headers = {"Authorization": f"Bearer {lesser}"}
    assert phone.client.get("/api/phone/pack", headers=headers).status_code == 401
    phone.headers = headers
    said = phone.say(door)
    assert phone.states(phone.seal(said)) == ["stored"] and phone.listing(said["op_id"]) == {said["op_id"]: "stored"}
    assert (
        phone.client.post("/api/phone/leave", "{}", content_type="application/json", headers=headers).status_code == 200
    )


def test_a_phone_out_of_service_is_told_to_clear_its_list(phone: Phone, worker: Staff) -> None:
    devices.revoke_device(device=Device.objects.get(), actor=worker)
    refused = phone.client.get("/api/phone/pack", headers=phone.headers)
    assert refused.json()["code"] == "phone.out-of-service"
    assert phone.client.get("/api/phone/inbox", headers=phone.headers).json()["in_service"] is False


def check(value: Any, schema: dict[str, Any], schemas: dict[str, Any], at: str = "pack") -> list[str]:
    """The part of JSON Schema that the contract uses."""
    schema = schemas[schema["$ref"].split("/")[-1]] if "$ref" in schema else schema
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
    said = schema.get("type", [])
    wanted = [said] if isinstance(said, str) else said
    wrong = (
        [] if not wanted or isinstance(value, tuple(kinds[k] for k in wanted)) else [f"{at}: {type(value).__name__}"]
    )
    if "enum" in schema and value not in schema["enum"]:
        wrong.append(f"{at}: {value}")
    if isinstance(value, str):
        wrong += [f"{at}: {value}"] if not re.search(schema.get("pattern", ""), value) else []
        wrong += [f"{at}: too long"] if len(value) > schema.get("maxLength", 10**6) else []
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        wrong += [f"{at}: {key} missing" for key in schema.get("required", []) if key not in value]
        if schema.get("additionalProperties") is False:
            wrong += [f"{at}: {key} is not in the contract" for key in value if key not in known]
        wrong += [
            w for key, one in value.items() if key in known for w in check(one, known[key], schemas, f"{at}.{key}")
        ]
    if isinstance(value, list):
        wrong += [f"{at}: {len(value)} items"] if len(value) > schema.get("maxItems", 10**6) else []
        wrong += [w for n, one in enumerate(value) for w in check(one, schema.get("items", {}), schemas, f"{at}[{n}]")]
    return wrong


def test_every_pack_keeps_the_contract_and_holds_no_number(door: Dwelling, worker: Staff) -> None:
    for n, home in enumerate(Household.objects.all()):
        Person.objects.create(
            community=door.community,
            household=home,
            name="欧阳若水",
            is_head=True,
            phone=f"139{n:08d}",
            id_no=f"9901011950010{n:05d}",
            birth_date=clock.today() - timedelta(days=365 * 75),
        )
    taken = Phone(devices.enrol_device(staff=worker, label="")[1]).pack
    schemas = yaml.safe_load((CONTRACT / "phone-api.yaml").read_text(encoding="utf-8"))["components"]["schemas"]
    assert check(taken, schemas["Pack"], schemas) == []
    text = json.dumps(taken, ensure_ascii=False)
    assert not re.search(r"1\d{10}|\d{15}", without_random_keys(text)) and "若水" not in text and "欧阳" not in text
    assert len(taken["doors"]) == pack.MOST_DOORS == 60 and len(text.encode()) <= pack.MOST_BYTES == 1_500_000
    assert timedelta(hours=72) == pack.LIFETIME
    assert all(one["phone_masked"].count("*") == 4 for one in taken["doors"])


def test_a_pack_too_large_goes_without_the_pictures_of_the_buildings(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack, "MOST_BYTES", 20_000)
    taken = Phone(phone.headers["Authorization"].split()[1]).pack
    assert taken["buildings"] == [] and len(taken["doors"]) == 60


def test_the_card_says_what_was_promised_what_to_say_and_what_to_ask(phone: Phone, door: Dwelling) -> None:
    card = next(one for one in phone.pack["doors"] if one["label"] == "3-2-101")
    assert card["care"] and card["people"][0]["name"] == "柳**" and 2 <= len(card["say"]) <= 3
    need = {"id": "00000000-0000-4000-8000-000000000001", "kind": "repair", "words": "漏水", "handling": "urgent"}
    phone.send(phone.seal(phone.say(door, needs=[need])))
    card = next(one for one in Phone(phone.headers["Authorization"].split()[1]).pack["doors"] if one["care"])
    assert card["mark"] == "urgent" and "修" in card["say"][0] and card["last_promise"]["kept"] is None


def test_asked_is_what_would_decide_a_group(door: Dwelling, worker: Staff) -> None:
    memberships.refresh(door.community)
    card = next(d for d in Phone(devices.enrol_device(staff=worker, label="")[1]).pack["doors"] if d["care"])
    asked = {one["code"]: [choice["value"] for choice in one["choices"]] for one in card["ask"]}
    assert 1 <= len(asked) <= 3 and all(asked.values())


def test_a_second_round_of_the_day_does_not_change_a_badge(phone: Phone, worker: Staff) -> None:
    badge = phone.pack["badge"]
    visits.make_team(community=worker.organisation, name="二组", members=[worker], actor=worker)
    assert Phone(phone.headers["Authorization"].split()[1]).pack["badge"] == badge
