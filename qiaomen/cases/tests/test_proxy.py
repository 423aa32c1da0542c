"""A mandate, a booklet in a drawer, a paper nobody is asked for twice, a trip spared: the proxy desk."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from qiaomen.cases import actions, problems
from qiaomen.cases.models import Case, Mandate, Material, Original, Trip
from qiaomen.cases.proxy import mandates, materials, originals, selectors, trips
from qiaomen.cases.proxy import problems as proxy_problems
from qiaomen.cases.proxy.note import take_back
from qiaomen.cases.tests.matters import matter_of, person_in
from qiaomen.kernel import clock, figures, lines
from qiaomen.kernel.problems import Problem
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.needs import actions as needs
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.office.tests.cast import client_of
from qiaomen.register.actions import duplicates, person_facts
from qiaomen.register.models import Act
from qiaomen.visits.actions import due
from qiaomen.visits.models import DueVisit, VisitRequest
from qiaomen.visits.tests.street import build_stairs

SECRET = "户口本，只有本人知道"


@pytest.fixture
def case(community: Organisation, worker: Staff) -> Case:
    home = build_stairs(community)[0].households.get()
    return matter_of(person_in(home, "沈砚秋", id_no=id_no(7)), worker)


def take(case: Case, worker: Staff, what: str = SECRET) -> Original:
    return originals.take_original(case=case, actor=worker, what=what, drawer="二号柜上层")


def test_a_booklet_in_the_drawer_is_a_line_until_it_is_given_back(case: Case, worker: Staff) -> None:
    paper = take(case, worker)

    def said() -> list[str]:
        found = lines.lines_of([case.need.household], worker, clock.today())
        return [line.spoken for line in found if line.code == "cases.originals"]

    assert said() == ["您交来的原件还在社区，办完就还您。"]
    originals.return_original(original=paper, actor=worker, to="女儿")
    assert said() == []
    originals.not_returned(original=paper, actor=worker)
    assert len(said()) == 1


def test_a_case_does_not_end_over_a_paper_in_the_drawer(case: Case, worker: Staff, head: Staff) -> None:
    first, second = take(case, worker, "户口本"), take(case, worker, "残疾证")
    originals.return_original(original=first, actor=worker, to="本人")
    with pytest.raises(proxy_problems.OriginalsLeft) as refused:
        actions.close_case(case=case, actor=worker, sentence="办好了")
    assert "残疾证（二号柜上层）" in refused.value.in_full() and "户口本" not in refused.value.in_full()
    with pytest.raises(proxy_problems.OriginalsLeft):
        needs.take_back_need(need=case.need, reason="记错了", actor=head)
    originals.return_original(original=second, actor=worker, to="本人")
    actions.close_case(case=case, actor=worker, sentence="办好了")
    with pytest.raises(problems.NotUnderWay):
        originals.not_returned(original=second, actor=worker)


def test_each_paper_has_its_own_number_and_the_database_holds_it(case: Case, worker: Staff) -> None:
    numbers = [take(case, worker).number for _each in range(3)]
    take_back(row=Original.objects.get(number=3), actor=worker)
    assert [*numbers, take(case, worker).number] == [1, 2, 3, 4]


def test_what_the_office_holds_is_never_asked_for(case: Case, worker: Staff) -> None:
    def state(what: str) -> str:
        return materials.need_material(case=case, actor=worker, what=what, why="认定要用").state

    assert [state(what) for what in ("身份证复印件", "户口簿复印件", "出生日期证明")] == ["known"] * 3
    assert [state(what) for what in ("户口本原件", "医院的诊断", "残疾人证复印件")] == ["needed"] * 3
    assert case.need.person is not None
    facts = {"disability_card": True}
    person_facts.note_facts(person=case.need.person, facts=facts, on_date=clock.today(), actor=worker)
    looks = [line.fields for line in LedgerEntry.objects.filter(code="cases.looked")]
    assert state("残疾人证复印件") == "known" and looks == [["disability_card"]]
    assert [row.what for row in materials.missing(case)] == ["户口本原件", "医院的诊断", "残疾人证复印件"]


def test_a_card_somebody_said_they_have_not_is_no_card(case: Case, worker: Staff) -> None:
    assert case.need.person is not None
    facts = {"disability_card": False}
    person_facts.note_facts(person=case.need.person, facts=facts, on_date=clock.today(), actor=worker)
    made = materials.need_material(case=case, actor=worker, what="残疾证复印件", why="认定要用")
    assert made.state == "needed"


def test_a_paper_is_brought_or_waived_with_its_reason_and_both_are_taken_back(case: Case, worker: Staff) -> None:
    paper = materials.need_material(case=case, actor=worker, what="医院的诊断", why="认定要用")
    with pytest.raises(problems.ReasonMissing):
        materials.settle_material(material=paper, actor=worker, state="waived")
    materials.settle_material(material=paper, actor=worker, state="waived", reason="乡里说不用")
    with pytest.raises(proxy_problems.NotedOtherwise):
        take_back(row=paper, actor=worker)
    materials.settle_material(material=paper, actor=worker, state="needed")
    assert [row.pk for row in materials.missing(case)] == [paper.pk]
    take_back(row=paper, actor=worker)
    assert materials.missing(case) == []


def test_a_mandate_holds_until_its_day_its_end_or_its_withdrawal(case: Case, worker: Staff, head: Staff) -> None:
    today = clock.today()
    given: dict[str, Any] = {"case": case, "actor": worker, "proof": "heard", "words": "你们替我办", "scope": "代交"}
    with pytest.raises(proxy_problems.MandateIncomplete):
        mandates.give_mandate(**{**given, "words": " "})
    with pytest.raises(proxy_problems.MandateOver):
        mandates.give_mandate(**given, until=today - timedelta(days=1))
    made = mandates.give_mandate(**given, until=today + timedelta(days=2), witness=head)
    assert made.person == case.need.person and made.witness == head
    stands = [mandates.standing(case, today + timedelta(days=n)).exists() for n in (0, 2, 3)]
    assert stands == [True, True, False]
    mandates.withdraw_mandate(mandate=made, actor=head)
    assert not mandates.standing(case, today).exists()
    mandates.withdraw_mandate(mandate=made, actor=head, back=True)
    assert mandates.standing(case, today).exists()
    assert [line.code for line in LedgerEntry.objects.filter(code__startswith="cases.mandate").order_by("seq")] == [
        "cases.mandate-given",
        "cases.mandate-withdrawn",
        "cases.mandate-restored",
    ]


def count(code: str, community: Organisation) -> int:
    day = clock.today()
    start = day - timedelta(days=30)
    return figures.get(code).count(community=community, start=start, end=day, as_at=clock.now())


def test_trips_are_counted_and_a_trip_taken_back_counts_no_more(case: Case, worker: Staff) -> None:
    came = trips.note_trip(case=case, actor=worker, way="came")
    for _each in range(2):
        trips.note_trip(case=case, actor=worker, way="went")
    with pytest.raises(proxy_problems.TripToCome):
        trips.note_trip(case=case, actor=worker, way="came", on_date=clock.today() + timedelta(days=1))
    actions.close_case(case=case, actor=worker, sentence="办好了")
    here = case.community
    assert (count("cases.trips_saved", here), count("cases.closed_without_coming", here)) == (2, 0)
    take_back(row=came, actor=worker)
    assert (count("cases.trips_saved", here), count("cases.closed_without_coming", here)) == (2, 1)


def test_only_who_noted_it_and_the_head_take_it_back(case: Case, worker: Staff, head: Staff) -> None:
    other = Staff.objects.create_user("other", None, name="同事", role="worker", organisation=case.community)
    row = trips.note_trip(case=case, actor=worker, way="went")
    with pytest.raises(problems.NotYourStep):
        take_back(row=row, actor=other)
    take_back(row=row, actor=head)
    with pytest.raises(proxy_problems.NotedOtherwise):
        take_back(row=row, actor=head)


def test_the_shelf_says_whose_booklet_is_where_and_the_look_is_a_line(case: Case, worker: Staff) -> None:
    take(case, worker)
    page = client_of(worker).get(reverse("cases:shelf")).content.decode()
    assert all(word in page for word in (SECRET, "沈砚秋", "二号柜上层"))
    line = LedgerEntry.objects.get(code="cases.shelf-looked")
    assert line.fields == ["what"] and str(case.need.person_id) in str(line.detail)


def test_the_pages_of_a_case_say_for_whom_and_a_form_of_another_person_is_refused(case: Case, worker: Staff) -> None:
    client = client_of(worker)
    for name in ("cases:detail", "cases:proxy"):
        page = client.get(reverse(name, args=[case.pk])).content.decode()
        assert (
            "沈砚秋" in page and 'data-testid="who"' in page and f'name="about" value="{case.need.person_id}"' in page
        )
    spouse = person_in(case.need.household, "柳如是", date(1952, 1, 1))
    old = str(case.need.person_id)
    case.need.person = spouse
    case.need.save(update_fields=["person"])
    sent = {"way": "went", "about": old}
    answer = client.post(reverse("cases:trip", args=[case.pk]), sent)
    assert answer.status_code == 409 and "不是同一个人" in answer.content.decode() and not Trip.objects.exists()
    answer = client.post(reverse("cases:close", args=[case.pk]), {"sentence": "好", "outcome": "done", "about": old})
    assert answer.status_code == 409
    assert client.post(reverse("cases:trip", args=[case.pk]), {**sent, "about": str(spouse.pk)}).status_code == 302


def test_every_form_of_the_desk_does_what_it_says(case: Case, worker: Staff) -> None:
    client, about = client_of(worker), str(case.need.person_id)

    def send(name: str, key: Any, **sent: Any) -> int:
        return client.post(reverse(f"cases:{name}", args=[key]), {"about": about, **sent}).status_code

    assert send("mandate", case.pk, person=about, proof="signed", words="替我办", scope="代交") == 302
    assert send("original", case.pk, person=about, what="户口本", pieces=1, drawer="一号") == 302
    assert send("material", case.pk, what="诊断", why="要用") == 302
    paper, sheet, mandate = Original.objects.get(), Material.objects.get(), Mandate.objects.get()
    assert send("original-return", paper.pk) == 200 and send("original-return", paper.pk, to="本人") == 302
    assert send("original-here", paper.pk) == 302
    assert send("material-settle", sheet.pk, state="waived") == 200
    assert send("material-settle", sheet.pk, state="brought") == 302
    assert send("mandate-withdraw", mandate.pk) == 302 and send("mandate-withdraw", mandate.pk, back="1") == 302
    for name, row in (("original-back", paper), ("mandate-back", mandate)):
        assert send(name, row.pk) == 302
    assert not Original.objects.exists() and not Mandate.objects.exists()


def test_the_resident_reads_what_is_held_and_is_forgotten_but_for_the_paper_that_lies_here(
    case: Case, worker: Staff, head: Staff
) -> None:
    person = case.need.person
    assert person is not None
    here, gone = take(case, worker), take(case, worker)
    originals.return_original(original=gone, actor=worker, to=SECRET)
    mandates.give_mandate(case=case, actor=worker, proof="heard", words=SECRET, scope=SECRET)
    materials.need_material(case=case, actor=worker, what=SECRET, why=SECRET)
    titles = [str(row.title) for row in lines.held_of(person)["cases"]]
    assert {"您的委托", "您交来的原件（第 1 号）", "您交来的原件（第 2 号）", "要过的材料和跑的趟数"} <= set(titles)
    lines.erase(person, head)
    here.refresh_from_db()
    gone.refresh_from_db()
    assert (here.what, gone.what, gone.returned_to) == (SECRET, "", "")
    assert (Mandate.objects.get().words, Material.objects.get().what) == ("", "")


def test_a_merged_record_takes_mandate_and_papers_along_and_back(case: Case, worker: Staff, head: Staff) -> None:
    goes = case.need.person
    assert goes is not None
    paper = take(case, worker)
    stays = person_in(case.need.household, "沈砚秋", date(1950, 5, 6))
    duplicates.merge_people(stays=stays, goes=goes, actor=head, reason="同一个人")
    paper.refresh_from_db()
    assert paper.person == stays
    assert Act.objects.filter(kind="merged").exists()


def test_a_leaver_gives_the_papers_on_with_the_matter(case: Case, worker: Staff, head: Staff) -> None:
    take(case, worker)
    held = [line for line in lines.lines_held(case.community, head, clock.today(), worker.pk) if "cases" in line.code]
    for line in held:
        lines.reassign(line, to=head, actor=head)
    case.refresh_from_db()
    assert case.owner == head and case.steps.filter(kind="handed_over").count() == 1
    found = lines.lines_held(case.community, head, clock.today(), head.pk)
    assert "cases.originals" in [line.code for line in found]


def test_what_is_ready_becomes_a_stop_at_the_door_and_is_taken_back(case: Case, worker: Staff) -> None:
    client, key = client_of(worker), f"case/{case.pk}/deliver"
    day = clock.today() + timedelta(days=3)
    assert client.post(reverse("cases:deliver", args=[case.pk]), {"due_on": day.isoformat()}).status_code == 302
    asked = VisitRequest.objects.get(key=key)
    assert (asked.household, asked.due_on, asked.open) == (case.need.household, day, True)
    due.refresh(case.community)
    assert "deliver" in [visit.reason for visit in DueVisit.objects.filter(dwelling=case.need.household.dwelling)]
    assert "排进敲门" in client.get(reverse("cases:proxy", args=[case.pk])).content.decode()
    assert client.post(reverse("cases:deliver-off", args=[case.pk])).status_code == 302
    assert not VisitRequest.objects.get(key=key).open


def test_t4_10_a_relative_is_told_by_consent_and_after_its_withdrawal_no_longer(case: Case, worker: Staff) -> None:
    client, person = client_of(worker), case.need.person
    assert person is not None
    consent = person_facts.give_consent(person=person, purpose="tell_relative", to_whom="女儿沈知微", actor=worker)
    page = client.get(reverse("cases:proxy", args=[case.pk])).content.decode()
    assert "告诉女儿沈知微" in page
    told, sent = reverse("cases:tell-relative", args=[consent.pk]), {"case": str(case.pk)}
    assert "收不回来" in client.post(told, sent).content.decode()
    assert not LedgerEntry.objects.filter(code="register.consent-used").exists()
    page = client.post(told, {**sent, "sure": "1"}).content.decode()
    assert "沈砚秋托我们办的" in page and "请帮我办养老资格认证" not in page
    assert LedgerEntry.objects.filter(code="register.consent-used").count() == 1
    person_facts.withdraw_consent(consent=consent, actor=worker)
    assert client.post(told, {**sent, "sure": "1"}).status_code == 403
    assert "告诉女儿沈知微" not in client.get(reverse("cases:proxy", args=[case.pk])).content.decode()
    other = person_facts.give_consent(person=person, purpose="refer", to_whom="县民政局", actor=worker)
    sent |= {"sure": "1"}
    assert client.post(reverse("cases:tell-relative", args=[other.pk]), sent).status_code == 403


@pytest.mark.once
@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_done_every_paper_is_accounted_for(case: Case, worker: Staff, seed: int) -> None:
    """Random acts of taking, giving, taking back and closing: a closed case has nothing of anybody's here."""
    from random import Random

    dice = Random(seed)
    for _step in range(25):
        papers = list(Original.objects.filter(case=case))
        paper = dice.choice(papers) if papers else None
        act = dice.choice(["take", "give", "here", "back", "close", "reopen"])
        try:
            if act == "take":
                take(case, worker)
            elif act == "close":
                actions.close_case(case=case, actor=worker, sentence="好")
            elif act == "reopen":
                actions.record_answer(case=case, actor=worker, solved=False)
            elif paper is not None:
                {
                    "give": lambda row: originals.return_original(original=row, actor=worker, to="本人"),
                    "here": lambda row: originals.not_returned(original=row, actor=worker),
                    "back": lambda row: take_back(row=row, actor=worker),
                }[act](paper)
        except Problem:
            pass
        case.refresh_from_db()
        left = Original.objects.filter(case=case, returned_at=None).count()
        assert case.state in ("open", "reopened") or left == 0
        assert selectors.in_drawers(case.community, worker)[1] == {"all": left, "shut": 0}
        numbers = list(Original.everything.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
