"""What the preview of a roster tells of what is stored: the same pages, whatever a sealed value is that nobody guessed.

A roster compares its own numbers with the register, one guess a person and upload; nothing beyond that.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.imports.actions import batches
from qiaomen.imports.models import ImportBatch
from qiaomen.imports.views import SECTIONS
from qiaomen.kernel.idcheck import check_digit
from qiaomen.office.models import Staff
from qiaomen.office.tests.cast import client_of
from qiaomen.register.models import Person
from tests.proof import watched_town
from tests.proof.test_attacks import bring
from tests.proof.test_non_interference import Secret, normalised, records, secrets

HEAD = ["姓名", "与户主关系", "出生日期", "身份证号", "联系电话", "居住地址"]


@pytest.fixture
def town(db: None, settings: Any) -> dict[str, Any]:
    settings.LOOKS_PER_HOUR = 1_000_000
    made = watched_town.make(homes=12)
    person = Person.objects.filter(relation="户主").order_by("pk")[0]
    for fact, value in (("disability_kind", "limb"), ("disability_card", "true"), ("receives_dibao", "true")):
        person.told_facts.update_or_create(
            code=fact, to_date=None, defaults={"value": value, "from_date": "2026-01-01"}
        )
    child = Person.objects.filter(relation="孙子").order_by("pk")[0]
    return {**made, "person": person, "home": person.household, "child": child}


def row_of(person: Person, **told: str) -> list[str]:
    door = person.household.dwelling
    where = f"{door.entrance.building.compound.name}{door.door_label}" if door else ""
    values = {"id_no": "", "phone": "", "birth": f"{person.birth_date:%Y-%m-%d}", "name": person.name, **told}
    return [values["name"], person.relation, values["birth"], values["id_no"], values["phone"], where]


def other_number(person: Person, step: int) -> str:
    first = person.id_no[:14] + f"{(int(person.id_no[14:17]) + step) % 1000:03d}"
    return first + check_digit(first)


LISTS: dict[str, Callable[[dict[str, Any]], list[list[str]]]] = {
    "without numbers": lambda town: [row_of(town["person"]), row_of(town["child"], birth="")],
    "wrong numbers": lambda town: [row_of(town["person"], phone="13712341234", id_no=other_number(town["person"], 6))],
    "a namesake": lambda town: [[town["person"].name, "户主", "1999-01-01", "", "", "学府里1-1-998"]],
    "one character off": lambda town: [row_of(town["person"], name=town["person"].name[:-1] + "末")],
    "not in it": lambda town: [["某新人", "户主", "1999-01-01", "", "不详啊", "学府里1-1-999"]],
}


def pages(town: dict[str, Any], batch: ImportBatch, staff: Staff) -> Iterator[str]:
    """Yield every part of the page of a list, and its counts."""
    client, known = client_of(staff), records(town["community"].pk)
    for show in SECTIONS:
        answer = client.get(reverse("imports:detail", args=[batch.pk]), {"show": show})
        assert answer.status_code == 200
        yield normalised(answer.content.decode(), known)


def seen(town: dict[str, Any], rows: list[list[str]], viewers: tuple[str, ...]) -> list[str]:
    """Bring a list, look at all of its pages, before and after it is committed; then take it away."""
    from django.db import transaction

    with transaction.atomic():
        batch = bring(town, "worker", [HEAD, *rows], "名册.xlsx")
        found = [page for viewer in viewers for page in pages(town, batch, town[viewer])]
        batches.commit_roster(batch=batch, actor=town["worker"])
        found += [page for viewer in viewers for page in pages(town, batch, town[viewer])]
        transaction.set_rollback(True)
    return found


@pytest.mark.once
@pytest.mark.parametrize("kind", LISTS)
def test_no_page_of_a_list_depends_on_a_value_it_does_not_tell(town: dict[str, Any], kind: str) -> None:
    rows, found = LISTS[kind](town), secrets(town)
    usual = {viewers: seen(town, rows, viewers) for viewers in {viewers_of(secret) for secret in found}}
    for secret in found:
        for value in secret.values[1:]:
            secret.put(value)
            answers = seen(town, rows, viewers_of(secret))
            assert len(answers) == len(usual[viewers_of(secret)]) > 0
            for one, other in zip(answers, usual[viewers_of(secret)], strict=True):
                assert one == other, f"{secret.name}: {kind}"
        secret.put(secret.values[0])


def viewers_of(secret: Secret) -> tuple[str, ...]:
    """What the head may read of a child by being the head is no secret before them."""
    return ("worker",) if secret.name.startswith("a child") else ("worker", "head")


def answers_to(town: dict[str, Any], rows: list[list[str]]) -> tuple[Any, list[str]]:
    batch = bring(town, "worker", [HEAD, *rows], f"{len(rows)}-{hash(str(rows))}.xlsx")
    kinds = [(row.kind, row.row_no, row.reasons) for row in batch.rows.order_by("row_no")]
    return (batch.created, batch.changed, batch.same, batch.rejected), list(map(str, kinds))


@pytest.mark.parametrize("where", ["door", "elsewhere", "nowhere"])
@pytest.mark.parametrize("number", ["id_no", "phone"])
def test_many_numbers_tried_on_one_person_in_one_roster_tell_none(
    town: dict[str, Any], number: str, where: str
) -> None:
    """The right number among forty is answered as the wrong one that stands in its place."""
    person = town["person"]
    wrong = [
        other_number(person, n) if number == "id_no" else f"{person.phone[:3]}{5000 + n}1234" for n in range(2, 42)
    ]
    right = getattr(person, number)
    for guesses in (wrong, [*wrong[:20], right, *wrong[21:]]):
        rows = [row_of(person, **{number: guess}) for guess in guesses]
        for place, row in enumerate(rows):
            row[-1] = {"door": row[-1], "nowhere": "", "elsewhere": f"学府里1-1-{700 + place}"}[where]
        told = answers_to(town, rows)
        assert told[0][2] == 0, "nobody is found to be the same"
        if guesses is wrong:
            first = told
    assert told == first


def test_a_number_alone_tells_no_more_than_that_it_is_taken(town: dict[str, Any]) -> None:
    """The number of one person under the name of nobody: no name, door or birthday of whose it is, on no page."""
    person = town["person"]
    rows = [["某新人", "户主", "", person.id_no, "", "学府里8-1-101"]]
    batch = bring(town, "worker", [HEAD, *rows], "one.xlsx")
    told = "".join(pages(town, batch, town["worker"]))
    where = told.find(person.name)
    assert batch.rejected == 1 and person.name not in told, told[where - 300 : where + 60]
    assert person.household.dwelling.door_label not in told
    batch = bring(town, "worker", [HEAD, [*rows[0][:-1], "学府里1-1-999"]], "two.xlsx")
    assert person.name in "".join(pages(town, batch, town["worker"])), "among those who are missing"


def test_forty_numbers_of_one_birthday_are_not_tried_under_forty_names(town: dict[str, Any]) -> None:
    person = town["person"]
    wrong = [other_number(person, n) for n in range(2, 42)]
    answers = []
    for guesses in (wrong, [*wrong[:20], person.id_no, *wrong[21:]]):
        rows = [
            [f"生人{chr(0x4E10 + n)}", "户主", "", guess, "", f"学府里1-1-{700 + n}"] for n, guess in enumerate(guesses)
        ]
        answers.append(answers_to(town, rows))
    assert answers[0] == answers[1]


def test_others_see_what_a_list_tells_of_children_and_numbers_by_their_masks(town: dict[str, Any]) -> None:
    """The head reads a worker's list: cells that could not be read, and days of birth, are not shown whole."""
    child = f"{2026 - 6}-03-04"
    rows = [
        ["苗小芽", "孙子", child, "", "", "学府里1-1-999"],
        ["苗大芽", "户主", "1960-01-02", "99010119600102", "1381234567", "学府里1-1-999"],
    ]
    batch = bring(town, "worker", [HEAD, *rows], "other.xlsx")
    own = "".join(pages(town, batch, town["worker"]))
    assert "苗小芽" in own and "99010119600102" in own and "1381234567" in own
    other = "".join(pages(town, batch, town["head"]))
    assert "苗大芽" in other and "99010119600102" not in other and "1381234567" not in other
    kept = "".join(map(str, batch.rows.values_list("reasons", flat=True)))
    assert "99010119600102" not in kept and "1381234567" not in kept, "nor in what is kept unsealed"
    batches.commit_roster(batch=batch, actor=town["worker"])
    later = "".join(pages(town, ImportBatch.objects.get(pk=batch.pk), town["worker"]))
    assert "99010119600102" not in later and "1381234567" not in later
    assert "苗小芽" not in later or town["worker"].role == "head"


def test_a_sheet_without_a_header_keeps_no_number_in_the_clear(town: dict[str, Any]) -> None:
    """A list whose header is not found is asked about; its first rows stand nowhere but in sealed records."""
    rows = [["甲某", "990101195001011234", "13812345678"], ["乙某", "990101195001021235", "13912345678"]]
    batch = bring(town, "worker", [*rows, *rows], "bare.xlsx")
    assert "990101195001011234" not in str(batch.mapping) and "13912345678" not in str(batch.mapping)
    page = Client()
    page.force_login(town["worker"], backend="django.contrib.auth.backends.ModelBackend")
    shown = page.get(reverse("imports:detail", args=[batch.pk]), {"show": "columns"}).content.decode()
    assert "13912345678" in shown, "who brought it chooses the columns by it"
