"""A mediation is for who carries it, whom it is offered to, and the head: nobody else is shown a word of it anywhere.

Every route is called as a colleague, a volunteer, the county and an auditor would call it, with the keys of all that
hangs on the matter; words that stand nowhere else must be in no answer.
"""

import io
import shutil
import uuid
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.urls.converters import UUIDConverter

from qiaomen.cases import actions as cases
from qiaomen.cases import problems
from qiaomen.cases.actions.moves import record_part
from qiaomen.cases.models import Case, ProcedureVersion
from qiaomen.cases.proxy import mandates, materials, originals, trips
from qiaomen.cases.selectors import counts_in, may_open, procedures
from qiaomen.cases.selectors.sealed import sealed_codes
from qiaomen.kernel import clock, figures, lines
from qiaomen.kernel.figures import asking
from qiaomen.needs import actions as needs
from qiaomen.needs.models import Need, Owed
from qiaomen.office.models import Organisation, Staff
from qiaomen.office.tests.cast import client_of
from qiaomen.register.models import Household, Person
from tests.architecture.test_permissions import routes
from tests.stories import family

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NAME = "檀鸢芷"
WORDS = {
    "said": "楼上半夜打麻将吵得睡不着",
    "step": "先听了楼上的说法再约",
    "told": "楼上答应十点以后收桌子",
    "mandate": "凭这句话替我去调解室",
    "scope": "领回调解书一份",
    "original": "邻居写的保证书原稿",
    "material": "麻将桌照片三张",
}


@pytest.fixture
def colleague(community: Organisation) -> Staff:
    return Staff.objects.create_user("w-2", None, name="同事", role="worker", organisation=community)


@pytest.fixture
def matter(community: Organisation, worker: Staff) -> Case:
    door = family.build_stairs(community, 1)[0]
    home = family.move_in(door, worker)
    Household.objects.filter(pk=home.pk).update(head_name=NAME)
    Person.objects.filter(household=home, is_head=True).update(name=NAME)
    home = Household.objects.get(pk=home.pk)
    _need, case = cases.receive_need(
        need_id=uuid.uuid4(),
        household=home,
        person=Person.objects.get(household=home, is_head=True),
        kind="neighbours",
        words=WORDS["said"],
        handling="mine",
        origin="window",
        heard_at=clock.now(),
        heard_by=worker,
        procedure="mediation",
    )
    assert case is not None and case.owner == worker
    return case


@pytest.fixture
def papers(matter: Case, worker: Staff) -> list[uuid.UUID]:
    """Hang everything on the matter that can hang on one; return its keys."""
    need = matter.need
    cases.take_step(case=matter, actor=worker, sentence=WORDS["step"])
    owed = needs.owe(household=need.household, sentence=WORDS["told"], owner=worker, actor=worker, need=need)
    mandate = mandates.give_mandate(
        case=matter, actor=worker, proof="heard", words=WORDS["mandate"], scope=WORDS["scope"], person=need.person
    )
    original = originals.take_original(case=matter, actor=worker, what=WORDS["original"], drawer="甲1")
    material = materials.need_material(case=matter, actor=worker, what=WORDS["material"], why="调解用")
    trip = trips.note_trip(case=matter, actor=worker, way="went")
    found = [owed, mandate, original, material, trip]
    return [row.pk for row in found if row is not None]


def addresses(keys: dict[str, list[uuid.UUID]]) -> Iterator[str]:
    """Yield an address of every route for every key of its house."""
    for route, pattern in sorted(routes().items()):
        names = pattern.pattern.converters
        if route in ("office:logout", "office:login"):
            continue
        if not names:
            yield reverse(route)
            continue
        for key in keys.get(route.split(":")[0], keys["register"]):
            words = {
                name: key
                if isinstance(converter, UUIDConverter)
                else {"kind": "moved_in", "of": "person", "code": "cases.under_way", "number": 2}.get(name, "x")
                for name, converter in names.items()
            }
            try:
                yield reverse(route, kwargs=words)
            except Exception:  # a converter of its own kind: no key of ours fits
                continue


def text_of(answer: Any) -> str:
    """Return everything an answer says, of a Word or Excel file what is packed in it."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"".join(packed.read(name) for name in packed.namelist())
    return str(body.decode("utf-8", "replace"))


def leaks(client: Client, address: str, method: str = "get", sent: Any = None) -> list[str]:
    """Call a page and take back what it did; return the words of the matter it shows."""
    with transaction.atomic():
        answer = getattr(client, method)(address, sent or {})
        text = text_of(answer)
        transaction.set_rollback(True)
    return [word for word in WORDS.values() if word in text]


@pytest.mark.parametrize("role", ["worker", "volunteer", "supervisor", "auditor"])
def test_no_page_list_print_or_file_says_a_word_of_it(
    role: str, matter: Case, papers: list[uuid.UUID], community: Organisation, settings: Any
) -> None:
    settings.LOOKS_PER_HOUR = 1_000_000  # the walk is to see what is answered, not that it is stopped
    place = community
    if role == "supervisor":
        place = Organisation.objects.create(kind="county", name="锦州县", code="C1")
        Organisation.objects.filter(pk=community.pk).update(parent=place)
    viewer = Staff.objects.create_user("x-1", None, name="别人", role=role, organisation=place)
    client = Client(raise_request_exception=False)
    client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    need, home = matter.need, matter.need.household
    keys = {
        "register": [home.pk, need.person_id],
        "cases": [matter.pk, home.pk, *papers],
        "needs": [need.pk, home.pk, *papers[:1]],
        "bulletins": [],
        "rights": [need.person_id],
    }
    wrong = []
    for address in addresses(keys):
        methods = ("get", "post") if role == "worker" and address.startswith(("/cases", "/needs")) else ("get",)
        wrong += [f"{method} {address}: {found}" for method in methods if (found := leaks(client, address, method))]
    for tab in ("under_way", "due_soon", "late", "closed"):
        for form in ("receipt", "application", "mandate"):
            address = f"{reverse('cases:print-list')}?tab={tab}&form={form}"
            wrong += [f"{address}: {found}" for found in leaks(client, address)]
    for text in WORDS.values():
        assert text[:4] not in text_of(client.get(reverse("needs:list"), {"name": NAME}))
    assert not wrong, "\n".join(wrong)
    said = lines.lines_of([home], viewer, clock.today())
    past = lines.timeline_of(home, viewer)
    told = "".join(f"{line.text}{line.spoken}" for line in said) + "".join(f"{at.title}{at.text}" for at in past)
    assert not [word for word in (*WORDS.values(), "邻里", "调解") if word in told]
    assert not [line for line in lines.lines_held(community, viewer, clock.today(), None) if line.household == home.pk]


def test_its_own_people_read_all_of_it(
    matter: Case, papers: list[uuid.UUID], worker: Staff, head: Staff, colleague: Staff
) -> None:
    """The walk above meets what is there: whoever carries it, is asked to, or is the head, sees every word."""
    owed = Owed.objects.get(pk=papers[0])
    Case.objects.filter(pk=matter.pk).update(offered_to=colleague)
    for viewer in (worker, head, colleague):
        client = client_of(viewer)
        text = "".join(
            text_of(client.get(address))
            for address in (
                reverse("cases:detail", args=[matter.pk]),
                reverse("cases:proxy", args=[matter.pk]),
                reverse("needs:owed", args=[owed.pk]),
                reverse("cases:list"),
                reverse("cases:shelf"),
            )
        )
        assert not [word for word in (*WORDS.values(), NAME) if word not in text], viewer
        past = "".join(str(at.text) for at in lines.timeline_of(matter.need.household, viewer))
        assert WORDS["said"] in past and WORDS["step"] in past


def test_lists_say_that_there_is_a_matter_and_not_whose(
    matter: Case, papers: list[uuid.UUID], colleague: Staff, community: Organisation
) -> None:
    client, door = client_of(colleague), matter.need.household.dwelling.door_label
    listed = text_of(client.get(reverse("cases:list")))
    assert "一件调解" in listed and "只有经办人和主任能看" in listed
    assert NAME not in listed and door not in listed and str(matter.pk) not in listed
    assert counts_in(community, ["under_way"], clock.today()) == {"under_way": 1}
    shelf = text_of(client.get(reverse("cases:shelf")))
    assert "另有 1 份" in shelf and "一共" not in shelf and NAME not in shelf
    for address in ("needs:list", "cases:near", "desk:today"):
        assert NAME not in text_of(client.get(reverse(address)))
    assert client.get(reverse("cases:print-list"), {"tab": "under_way"}).status_code == 302
    assert client.get(reverse("needs:owed", args=papers[:1])).status_code == 403


def test_whoever_calls_the_resident_is_not_told_of_a_dispute(matter: Case) -> None:
    for kind, key in ((Case, matter.pk), (Need, matter.need_id)):
        known = asking.askable(kind.record_type)
        assert known is not None
        (subject,) = known.read([key])
        assert subject.title == "一件事" and subject.strata["kind"] == "一件事"


@pytest.mark.parametrize("now", ["gone", "faulty", "says so no longer"])
def test_a_file_that_changes_opens_no_matter_begun_in_confidence(
    now: str, matter: Case, worker: Staff, colleague: Staff, head: Staff, tmp_path: Any, settings: Any
) -> None:
    record_part(case=matter, actor=worker, part="accept", result="agreed")
    kept = ProcedureVersion.objects.get(code="mediation")
    pack = shutil.copytree(settings.PACKS[0], tmp_path / "pack")
    file = pack / "procedures" / "mediation.yaml"
    if now == "gone":
        file.unlink()
    elif now == "faulty":
        file.write_text(kept.text.replace("steps:", "stepz:"), encoding="utf-8")
    else:
        again = kept.text.replace("sealed: true\n", "").replace("version: 1", "version: 2")
        file.write_text(again, encoding="utf-8")
    settings.PACKS = [pack]
    assert "mediation" not in [code for code, found in procedures.shelf().procedures.items() if found.sealed]
    assert "mediation" in sealed_codes()
    matter.refresh_from_db()
    assert may_open(matter, worker) and may_open(matter, head) and not may_open(matter, colleague)
    assert client_of(colleague).get(reverse("cases:detail", args=[matter.pk])).status_code == 403
    past = "".join(f"{at.title}{at.text}" for at in lines.timeline_of(matter.need.household, colleague))
    assert "邻里" not in past and WORDS["said"] not in past


def test_the_list_behind_a_number_says_how_it_stands_and_not_whose_it_is(
    matter: Case, papers: list[uuid.UUID], colleague: Staff
) -> None:
    home, client, shown = matter.need.household, client_of(colleague), 0
    for figure in figures.all_figures():
        if figure.code.split(".")[0] not in ("needs", "cases"):
            continue
        text = text_of(client.get(reverse("bulletins:behind", args=[figure.code])))
        shown += "一件调解" in text
        found = [word for word in (NAME, home.dwelling.door_label, str(home.pk)) if word in text]
        assert not found, (figure.code, found)
    assert shown >= 2, "a list nobody stands in proves nothing"


def test_only_the_head_opens_what_was_said_in_confidence(matter: Case, worker: Staff, head: Staff) -> None:
    with pytest.raises(problems.StaysSealed):
        cases.choose_procedure(case=matter, actor=worker, code="general")
    assert not may_open(Case.objects.get(pk=matter.pk), Staff(role="worker"))
    cases.choose_procedure(case=matter, actor=head, code="general")
    assert may_open(Case.objects.get(pk=matter.pk), Staff(role="worker"))


def test_a_wrong_choice_is_taken_back_until_something_was_written(matter: Case, worker: Staff, head: Staff) -> None:
    cases.choose_procedure(case=matter, actor=head, code="general")
    wrong = cases.choose_procedure(case=matter, actor=worker, code="mediation")
    cases.take_back_step(step=wrong, reason="点错了", actor=worker)
    meant = cases.choose_procedure(case=matter, actor=worker, code="mediation")
    cases.take_step(case=matter, actor=worker, sentence=WORDS["step"])
    with pytest.raises(problems.StaysSealed):
        cases.take_back_step(step=meant, reason="不算调解", actor=worker)
    assert not may_open(Case.objects.get(pk=matter.pk), Staff(role="worker"))
