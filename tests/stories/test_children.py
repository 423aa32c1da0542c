"""Records of children under 14: who is not named sees that there is a child, and no more."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.cases import actions as cases
from qiaomen.cases.forms import OwnerForm
from qiaomen.cases.models import Case
from qiaomen.groups.models import Membership
from qiaomen.kernel import clock, lines
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.needs.models import Owed
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.register import problems
from qiaomen.register.actions import looks, person_facts
from qiaomen.register.models import Person
from qiaomen.register.selectors import minors
from qiaomen.register.tests.town import bring_in

BORN = f"{clock.today().year - 9}0101"
FAMILY = [
    [1, "单志明", "户主", id_no(11), "13900001234", "幸福苑3号楼2单元501室"],
    [2, "单小豆", "孙子", id_no(44, BORN), "13900007777", "幸福苑3号楼2单元501室"],
]


@pytest.fixture
def child(community: Organisation, worker: Staff) -> Person:
    bring_in(community, worker, FAMILY)
    found = Person.objects.get(name="单小豆")
    person_facts.note_facts(
        person=found, facts={"parents_away": "both", "school": "柳湾小学"}, on_date=clock.today(), actor=worker
    )
    return found


def sign_in(client: Client, staff: Staff) -> Client:
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


def pages_about(child: Person) -> list[str]:
    door = child.household.dwelling
    assert door is not None
    return [
        reverse("register:household", args=[child.household_id]),
        reverse("groups:list"),
        reverse("register:totals"),
        reverse("register:behind-total"),
        reverse("register:duplicates"),
        reverse("visits:buildings"),
        reverse("visits:building", args=[door.entrance.building_id]),
        reverse("rights:list"),
        reverse("register:life", args=[child.household_id, "moved_out"]),
        *(reverse("groups:detail", args=[one.group_id]) for one in Membership.objects.filter(person=child)),
    ]


def test_a_worker_who_is_not_named_finds_no_trace_of_the_child(child: Person, worker: Staff, client: Client) -> None:
    sign_in(client, worker)
    client.get(reverse("groups:list"))
    assert Membership.objects.filter(person=child).count() >= 1
    for page in pages_about(child):
        text = client.get(page).content.decode()
        assert not [word for word in ("单小豆", "柳湾小学", id_no(44, BORN), "13900007777") if word in text], page
    for name in ("register:tell", "rights:own-page", "register:correct"):
        answer = client.get(reverse(name, args=[child.pk]))
        assert answer.status_code == 403 and "14 岁以下" in answer.content.decode()
    with pytest.raises(problems.SealedChild):
        looks.reveal_field(person=child, field="id_no", reason="核对身份", actor=worker)
    assert not LedgerEntry.objects.filter(code="register.field-revealed").exists()


def test_the_head_and_whom_the_head_names_see_the_child(
    child: Person, worker: Staff, head: Staff, client: Client
) -> None:
    sign_in(client, head)
    household = reverse("register:household", args=[child.household_id])
    assert "单小豆" in client.get(household).content.decode()
    client.post(reverse("office:duty", args=[worker.pk]), {"keeps": "1"})
    assert LedgerEntry.objects.filter(code="office.duty-changed").count() == 1
    sign_in(client, Staff.objects.get(pk=worker.pk))
    text = client.get(household).content.decode()
    assert "单小豆" in text and "柳湾小学" not in text and "●●●" in text
    value = looks.reveal_field(person=child, field="school", reason="代办业务", actor=Staff.objects.get(pk=worker.pk))
    assert value == "柳湾小学"
    assert LedgerEntry.objects.get(code="register.field-revealed").fields == ["school"]


def test_a_worker_cannot_name_herself(worker: Staff, client: Client) -> None:
    assert sign_in(client, worker).post(reverse("office:duty", args=[worker.pk]), {"keeps": "1"}).status_code == 403
    assert not Staff.objects.get(pk=worker.pk).keeps_children


def test_a_head_of_another_community_names_nobody_here(worker: Staff, client: Client) -> None:
    other = Organisation.objects.create(kind="community", name="新桥社区", code="R2")
    stranger = Staff.objects.create_user("h-2", None, name="主任", role="head", organisation=other)
    assert sign_in(client, stranger).post(reverse("office:duty", args=[worker.pk]), {"keeps": "1"}).status_code == 404


def test_at_fourteen_the_seal_opens(child: Person, worker: Staff) -> None:
    today = clock.today()
    for years, sealed in ((13, True), (14, False)):
        child.birth_date = today.replace(year=today.year - years, day=1, month=1)
        assert minors.is_sealed(child, worker) is sealed
    child.birth_date = None
    assert not minors.is_sealed(child, worker)


def test_a_warning_of_a_second_record_does_not_name_the_child(child: Person, worker: Staff, client: Client) -> None:
    answers = {"on_date": clock.today().isoformat(), "name": "单小豆", "relation": "孙子", "id_no": child.id_no}
    sign_in(client, worker)
    page = client.post(reverse("register:life", args=[child.household_id, "moved_in"]), answers).content.decode()
    assert "单**（儿童）" in page and page.count("单小豆") == 1, "what was typed comes back, what is on record does not"


WORDS, STEP, TOLD = "孩子夜里一个人在家", "问过学校老师", "托管班周一能去"


def hear_for(child: Person, by: Staff, kind: str = "care") -> Case:
    """Hear of a child at the door by who carries it, as the phone sends it: `person` is one of the household."""
    _need, case = cases.receive_need(
        need_id=uuid.uuid4(),
        household=child.household,
        person=child,
        kind=kind,
        words=WORDS,
        handling="mine",
        origin="visit",
        heard_at=clock.now(),
        heard_by=by,
    )
    assert case is not None
    return case


def test_a_matter_of_a_child_goes_to_who_may_open_it(child: Person, worker: Staff, head: Staff) -> None:
    case = hear_for(child, worker)
    assert case.owner == head
    assert list(OwnerForm(case.need).fields["owner"].queryset) == [head]  # type: ignore[attr-defined]
    Staff.objects.filter(pk=worker.pk).update(keeps_children=True)
    named = hear_for(child, Staff.objects.get(pk=worker.pk))
    assert named.owner == worker
    assert len(OwnerForm(named.need).fields["owner"].queryset) == 2  # type: ignore[attr-defined]


def test_what_was_said_of_a_child_is_open_to_named_roles_alone(
    child: Person, worker: Staff, head: Staff, client: Client
) -> None:
    """Yesterday every worker read it: on the page of the matter, of what is owed, at the household, in its past."""
    case = hear_for(child, worker)
    cases.take_step(case=case, actor=head, sentence=STEP)
    cases.close_case(case=case, actor=head, sentence=TOLD)
    owed, told = Owed.objects.get(), (WORDS, STEP, TOLD)
    home = child.household
    for_worker = lines.lines_of([home], worker, clock.today()), lines.timeline_of(home, worker)
    texts = [f"{line.text}" for line in for_worker[0]] + [f"{one.title}{one.text}" for one in for_worker[1]]
    assert not [text for text in texts if "照护" in text or any(word in text for word in told)]
    past = "".join(f"{one.text}" for one in lines.timeline_of(home, head))
    assert all(word in past for word in told), "the head reads all of it"
    sign_in(client, worker)
    sent = {"sentence": "改一句", "outcome": "done", "answer": "solved", "owner": str(worker.pk)}
    asked = [("get", reverse("cases:detail", args=[case.pk])), ("get", reverse("needs:owed", args=[owed.pk]))]
    asked += [("post", reverse(f"cases:{act}", args=[case.pk])) for act in ("step", "close", "answer", "owner")]
    asked += [("post", reverse(f"needs:{act}", args=[owed.pk])) for act in ("tell", "untell")]
    for method, page in asked:
        answer = getattr(client, method)(page, sent)
        assert answer.status_code == 403 and not [word for word in told if word in answer.content.decode()], page
    assert Owed.objects.get().told_at is None and case.steps.count() == 3
    sign_in(client, head)
    assert all(word in client.get(asked[0][1]).content.decode() for word in told)
    assert TOLD in client.get(asked[1][1]).content.decode()
