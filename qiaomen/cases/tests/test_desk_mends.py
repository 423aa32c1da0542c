"""What the proxy desk, its papers and the tracking page once let through: each refused, and said in words."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from qiaomen.cases import actions, problems
from qiaomen.cases.models import Case, Mandate, Material, NearRelative, Original, TrackingTry, Trip
from qiaomen.cases.papers import relatives, tracking
from qiaomen.cases.papers.fields import values_of
from qiaomen.cases.proxy import mandates, materials, originals, trips
from qiaomen.cases.proxy import problems as refused
from qiaomen.cases.proxy.note import take_back
from qiaomen.cases.tests.matters import matter_of, person_in
from qiaomen.kernel import clock
from qiaomen.needs import actions as needs
from qiaomen.needs.models import Owed
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.office.tests.cast import client_of
from qiaomen.register.actions import duplicates, person_facts
from qiaomen.register.models import Household
from qiaomen.register.problems import SealedChild
from qiaomen.visits.models import VisitRequest
from qiaomen.visits.tests.street import build_stairs

CANARY = "孩子的出生医学证明"


@pytest.fixture
def case(community: Organisation, worker: Staff) -> Case:
    return matter_of(person_in(build_stairs(community)[0].households.get(), "沈砚秋"), worker)


def near_to(case: Case, staff: Staff) -> NearRelative:
    assert case.need.person is not None
    return actions.declare_near(person=case.need.person, staff=staff, relation="parent", actor=staff)


def page_of(staff: Staff, name: str, *keys: object, **query: str) -> str:
    return client_of(staff).get(reverse(f"cases:{name}", args=keys), query).content.decode()


def test_no_number_opens_anything_without_its_code(case: Case, worker: Staff) -> None:
    found = tracking.track(case=case, actor=worker)
    for number in (f"{found.number}9", found.number, found.number[:7], ""):
        for code in ("-", "", found.code[:5], "-" * 6):
            assert tracking.look_up(number=number, code=code, address="10.0.0.1" + number[-1:] + code) is None
        page = Client(REMOTE_ADDR="10.1.1.1").post(reverse("cases:track"), {"n": number, "c": "-"}).content.decode()
        assert "正在办" not in page and case.community.name not in page.split("对不上")[-1].split("</main>")[0][:80]
        TrackingTry.objects.all().delete()


def test_a_longer_number_is_a_try_at_the_number_it_begins_with(case: Case, worker: Staff) -> None:
    found = tracking.track(case=case, actor=worker)
    for n in range(10):
        assert tracking.look_up(number=f"{found.number}{n}", code="-", address=f"10.0.0.{n}") is None
    with pytest.raises(refused.TooManyCodes):
        tracking.look_up(number=found.number, code=found.code, address="10.0.0.99")


def test_the_state_on_the_receipt_leaves_out_what_was_taken_back_and_says_for_whom_it_waits(
    case: Case, worker: Staff
) -> None:
    opened = case.opened_at
    with clock.at(clock.now() + timedelta(days=1)):
        actions.close_case(case=case, actor=worker, sentence="办好了")
        actions.take_back_step(step=case.steps.get(kind="closed"), reason="按错了", actor=worker)
    case.refresh_from_db()
    assert tracking.last_day(case) == opened and tracking.said_of(case) == "正在办"
    case.paused_until = clock.today() + timedelta(days=3)
    assert tracking.said_of(case) == "先停一停，12月4日接着办"
    case.paused_until, case.waits = None, True
    assert "别的单位" in tracking.said_of(case)


def test_a_near_relative_does_nothing_at_the_desk_but_hand_a_paper_back(case: Case, worker: Staff, head: Staff) -> None:
    paper = originals.take_original(case=case, actor=worker, what="户口本", drawer="一号")
    sheet = materials.need_material(case=case, actor=worker, what="诊断", why="要用")
    given: dict[str, Any] = {"case": case, "actor": worker}
    mandate = mandates.give_mandate(**given, proof="heard", words="替我办", scope="代交")
    near = near_to(case, worker)
    assert case.need.person is not None
    consent = person_facts.give_consent(person=case.need.person, purpose="tell_relative", to_whom="女儿", actor=head)
    acts: list[Callable[[], object]] = [
        lambda: mandates.give_mandate(**given, proof="heard", words="替我办", scope="代交"),
        lambda: mandates.withdraw_mandate(mandate=mandate, actor=worker),
        lambda: originals.take_original(**given, what="残疾证", drawer="一号"),
        lambda: materials.need_material(**given, what="证明", why="要用"),
        lambda: materials.settle_material(material=sheet, actor=worker, state="waived", reason="熟人"),
        lambda: trips.note_trip(**given, way="went"),
        lambda: trips.bring_home(**given, due_on=clock.today()),
        lambda: trips.do_not_bring(**given),
        lambda: take_back(row=paper, actor=worker),
        lambda: relatives.tell_relative(**given, consent=consent),
    ]
    for act in acts:
        with pytest.raises(problems.NearRelativeActs):
            act()
    page = page_of(worker, "proxy", case.pk)
    assert "由别的同事办" in page and "收下原件" not in page and "还了" in page and "免交" not in page
    originals.return_original(original=paper, actor=worker, to="本人")
    with pytest.raises(problems.NearRelativeActs):
        originals.not_returned(original=paper, actor=worker)
    actions.end_near(declared=near, actor=head)
    assert "收下原件" in page_of(worker, "proxy", case.pk)


def test_a_near_relative_neither_writes_the_answer_nor_takes_a_step_back(
    case: Case, worker: Staff, head: Staff
) -> None:
    actions.close_case(case=case, actor=worker, sentence="办好了")
    near_to(case, worker)
    with pytest.raises(problems.NearRelativeActs):
        actions.record_answer(case=case, actor=worker, solved=True)
    with pytest.raises(problems.NearRelativeActs):
        actions.take_back_step(step=case.steps.get(kind="closed"), reason="按错了", actor=worker)
    page = page_of(worker, "detail", case.pk)
    assert "由别的同事办" in page and "记下答复" not in page and "take-back" not in page
    assert actions.reopen_case(case=case, actor=worker, words="没有解决"), "what was said at the door is not lost"


def test_a_list_is_printed_as_it_is_shown(community: Organisation, worker: Staff, head: Staff, case: Case) -> None:
    colleague = matter_of(person_in(case.need.household, "王秀英"), worker)
    actions.hand_over(case=colleague, actor=head, owner=head)
    waiting = matter_of(person_in(case.need.household, "李长海"), worker)
    actions.offer_case(case=waiting, actor=worker, to=head)

    def printed(**query: str) -> set[str]:
        answer = client_of(worker).get(reverse("cases:print-list"), {"form": "receipt", **query})
        if answer.status_code == 302:
            return set()
        document = Document(io.BytesIO(answer.content))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        text = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
        return {name for name in ("沈砚秋", "王秀英", "李长海") if name in text}

    assert printed(tab="offered") == {"李长海"}
    assert printed(tab="under_way", owner=str(head.pk)) == {"王秀英"}
    assert printed(tab="silent") == printed(tab="callback") == printed(tab="closed") == set()
    page = page_of(worker, "list", tab="offered", owner=str(worker.pk))
    assert f"?tab=offered&amp;owner={worker.pk}&amp;form=receipt" in page


def test_what_is_a_sealed_childs_is_for_the_named_roles_at_a_grown_ups_matter_too(
    case: Case, worker: Staff, head: Staff
) -> None:
    child = person_in(case.need.household, "沈小满", clock.today() - timedelta(days=2000))
    paper = originals.take_original(case=case, actor=head, what=CANARY, drawer="三号柜", person=child)
    mandates.give_mandate(case=case, actor=head, proof="heard", words=CANARY, scope=CANARY, person=child)
    for name in ("proxy", "detail", "papers"):
        page = page_of(worker, name, case.pk)
        assert "沈小满" not in page and CANARY not in page
    assert "另有 1 件原件是孩子的" in page_of(worker, "proxy", case.pk)
    assert CANARY in page_of(head, "proxy", case.pk) and "沈小满" in page_of(head, "proxy", case.pk)
    desk = client_of(worker)
    assert desk.get(reverse("cases:original-receipt", args=[paper.pk])).status_code == 403
    assert desk.post(reverse("cases:original-return", args=[paper.pk]), {"to": "妈妈"}).status_code == 403
    assert values_of(case, viewer=worker).get("委托人的话") is None
    with pytest.raises(SealedChild):
        values_of(case, viewer=worker, original=paper)
    with pytest.raises(refused.OriginalsLeft) as left:
        actions.close_case(case=case, actor=worker, sentence="办好了")
    assert "第 1 号原件（三号柜）" in left.value.in_full() and CANARY not in left.value.in_full()


def test_what_is_brought_home_follows_its_matter_and_is_never_asked_for_yesterday(
    community: Organisation, case: Case, worker: Staff, head: Staff
) -> None:
    with pytest.raises(refused.DeliveryPast):
        trips.bring_home(case=case, actor=worker, due_on=clock.today() - timedelta(days=1))
    sent = {"due_on": (clock.today() - timedelta(days=1)).isoformat()}
    page = client_of(worker).post(reverse("cases:deliver", args=[case.pk]), sent).content.decode()
    assert "已经过去" in page and not VisitRequest.objects.filter(key__endswith="/deliver").exists()
    trips.bring_home(case=case, actor=worker, due_on=clock.today())
    other = Household.objects.exclude(pk=case.need.household_id).filter(community=community).first()
    assert other is not None
    actions.move_needs([case.need], other)
    asked = VisitRequest.objects.get(key=f"case/{case.pk}/deliver")
    assert asked.household == other and asked.open
    needs.take_back_need(need=case.need, reason="记错了", actor=head)
    assert not VisitRequest.objects.filter(key__startswith=f"case/{case.pk}", open=True).exists()
    with pytest.raises(problems.NotUnderWay):
        trips.bring_home(case=case, actor=worker, due_on=clock.today())


def test_a_relative_hears_that_the_person_was_told_only_when_they_were(case: Case, worker: Staff) -> None:
    person = case.need.person
    assert person is not None
    consent = person_facts.give_consent(person=person, purpose="tell_relative", to_whom="女儿", actor=worker)

    def said() -> str:
        case.refresh_from_db()
        return relatives.tell_relative(case=case, consent=consent, actor=worker)

    assert "正在办" in said()
    actions.close_case(case=case, actor=worker, sentence="办好了")
    assert "正在告诉本人" in said()
    needs.tell(owed=Owed.objects.get(need=case.need), actor=worker)
    assert "已经告诉本人" in said()


def test_a_matter_noted_by_mistake_is_told_to_nobody(case: Case, worker: Staff, head: Staff) -> None:
    assert case.need.person is not None
    consent = person_facts.give_consent(person=case.need.person, purpose="tell_relative", to_whom="女儿", actor=worker)
    needs.take_back_need(need=case.need, reason="记错了", actor=head)
    case.refresh_from_db()
    with pytest.raises(problems.NotUnderWay):
        relatives.tell_relative(case=case, consent=consent, actor=worker)


def test_a_printed_paper_names_the_sealed_fields_and_whose_it_is(case: Case, worker: Staff) -> None:
    spouse = person_in(case.need.household, "柳如是", date(1952, 1, 1))
    mandates.give_mandate(case=case, actor=worker, proof="heard", words="替我办", scope="代交")
    paper = originals.take_original(case=case, actor=worker, what="户口本", drawer="一号", person=spouse)
    desk = client_of(worker)
    desk.get(reverse("cases:print", args=[case.pk]), {"form": "mandate"})
    desk.get(reverse("cases:original-receipt", args=[paper.pk]))
    originals.return_original(original=paper, actor=worker, to="本人")
    desk.get(reverse("cases:original-receipt", args=[paper.pk]))
    mandate, taken, back = LedgerEntry.objects.filter(code="cases.form-printed").order_by("seq")
    assert {"words", "scope"} <= set(mandate.fields) and "what" in taken.fields
    assert {"what", "returned_to"} <= set(back.fields) and str(spouse.pk) in str(taken.detail)


def test_a_mandate_that_is_over_is_not_printed_as_if_it_stood(case: Case, worker: Staff) -> None:
    until = clock.today() + timedelta(days=2)
    mandates.give_mandate(case=case, actor=worker, proof="heard", words="替我办", scope="代交", until=until)
    assert values_of(case, viewer=worker)["委托人的话"] == "替我办"
    with clock.at(clock.now() + timedelta(days=3)):
        assert values_of(case, viewer=worker)["委托人的话"] is None


@pytest.mark.once
def test_only_the_head_is_offered_to_change_a_form(worker: Staff, head: Staff) -> None:
    assert "换上" in page_of(head, "templates") and "换上" not in page_of(worker, "templates")
    assert "由主任来做" in page_of(worker, "templates")


def test_pressed_twice_is_one_paper_and_one_trip(case: Case, worker: Staff) -> None:
    desk, about = client_of(worker), str(case.need.person_id)
    page = desk.get(reverse("cases:proxy", args=[case.pk]))
    paper = {"about": about, "person": about, "what": "户口本", "pieces": 1, "drawer": "一号"}
    paper["key"] = str(page.context["original_form"]["key"].value())
    trip = {"about": about, "way": "went", "key": str(page.context["trip_form"]["key"].value())}
    assert paper["key"] in page.content.decode() and trip["key"] in page.content.decode()
    for _press in range(2):
        assert desk.post(reverse("cases:original", args=[case.pk]), paper).status_code == 302
        assert desk.post(reverse("cases:trip", args=[case.pk]), trip).status_code == 302
    assert (Original.everything.count(), Trip.everything.count()) == (1, 1)
    stale = desk.post(reverse("cases:original", args=[case.pk]), {**paper, "what": "残疾证"})
    assert "已经不是这样了" in stale.content.decode() or "请刷新" in stale.content.decode()
    assert Original.everything.count() == 1


def test_every_form_of_a_case_says_about_whom_it_is(case: Case, worker: Staff) -> None:
    actions.take_step(case=case, actor=worker, sentence="打了电话")
    made = mandates.give_mandate(case=case, actor=worker, proof="heard", words="替我办", scope="代交")
    mandates.withdraw_mandate(mandate=made, actor=worker)
    Material.objects.all().delete()
    for name, target in (("detail", "take-back-step"), ("proxy", "mandate-withdraw")):
        page = page_of(worker, name, case.pk)
        of = [made.pk] if name == "proxy" else [case.pk, 2]
        form = page.split(f'action="{reverse(f"cases:{target}", args=of)}"')[1].split("</form>")[0]
        assert f'value="{case.need.person_id}"' in form
    assert Mandate.objects.get().withdrawn_at is not None


def test_a_merged_record_stays_a_near_relative(case: Case, worker: Staff, head: Staff) -> None:
    goes = case.need.person
    assert goes is not None
    near_to(case, worker)
    stays = person_in(case.need.household, "沈砚秋", date(1950, 5, 6))
    duplicates.merge_people(stays=stays, goes=goes, actor=head, reason="同一个人")
    assert NearRelative.objects.get(ended_at=None).person == stays
    case.refresh_from_db()
    with pytest.raises(problems.NearRelativeActs):
        actions.take_step(case=Case.objects.get(pk=case.pk), actor=worker, sentence="我来")
