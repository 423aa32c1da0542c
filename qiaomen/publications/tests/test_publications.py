"""Somebody decides on each finding; what goes out is made anew, ends on its day, and is gone when it is withdrawn."""

import base64
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from qiaomen.kernel import clock
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.office.problems import SuchPosted
from qiaomen.office.shared.bodies import end_posted, post
from qiaomen.office.tests.cast import client_of
from qiaomen.publications import actions, problems, selectors
from qiaomen.publications.actions import Chosen
from qiaomen.publications.models import Decision, Publication, PublicationPart, PublishedFile
from qiaomen.redaction import problems as gate
from qiaomen.redaction.parts import Part
from qiaomen.redaction.tests import test_files
from qiaomen.redaction.tests.made import ID, docx, picture, xlsx
from qiaomen.register.actions.person_facts import give_consent, withdraw_consent
from qiaomen.register.models import Household, Person

PUPIL = f"李小明，县西街小学六年级，身份证{ID}，患白血病。"
"""Story T4 43."""


@pytest.fixture
def home(community: Organisation) -> Household:
    made = Household.objects.create(community=community, head_name="王建国")
    people = (("王建国", date(1960, 5, 6)), ("李小明", date(2014, 5, 6)), ("周不详", None))
    for name, born in people:
        Person.objects.create(community=community, household=made, name=name, birth_date=born)
    return made


def begun(actor: Staff, *parts: Part, title: str = "好邻居名单", days: int = 30) -> Publication:
    end_day = clock.today() + timedelta(days=days)
    return actions.begin(community=actor.organisation, actor=actor, title=title, end_day=end_day, parts=list(parts))


def text_of(actor: Staff, text: str, **more: Any) -> Publication:
    return begun(actor, Part(str(actions.TEXT_NAME), text), **more)


def found(publication: Publication) -> list[tuple[Any, Any]]:
    return list(selectors.check(publication).findings)


def choose(publication: Publication, kind: str, way: str, consent: Any = None) -> dict[Any, Chosen]:
    key = next((row.pk, finding.key) for row, finding in found(publication) if finding.kind == kind)
    return {key: Chosen(way, consent)}


def published(actor: Staff, text: str, **more: Any) -> Publication:
    made = text_of(actor, text, **more)
    actions.take_suggestions(publication=made, actor=actor)
    actions.publish(publication=made, actor=actor)
    return made


def public(publication: Publication, client: Client | None = None) -> str:
    """Return all that the public pages say of a community, the page of this publication with it."""
    code, visitor = publication.community.code, client or Client()
    pages = [visitor.get(reverse("portal:community", args=[code]))]
    pages += [visitor.get(reverse("portal:publication", args=[code, publication.pk]))]
    for file in PublishedFile.objects.filter(part__publication=publication):
        pages.append(visitor.get(reverse("portal:publication-file", args=[code, file.pk])))
    return "".join(page.content.decode("utf-8", "replace") for page in pages if page.status_code == 200)


def test_a_pupil_a_number_and_an_illness_are_decided_and_go_out_by_role(home: Household, head: Staff) -> None:
    made = text_of(head, PUPIL)
    assert {"minor", "id_no", "health"} <= {finding.kind for _row, finding in found(made)}
    with pytest.raises(gate.Undecided):
        actions.publish(publication=made, actor=head)
    actions.take_suggestions(publication=made, actor=head)
    actions.publish(publication=made, actor=head)
    said = public(made)
    assert "学生甲，未成年，身份证99****************，患疾病。" in said
    assert not any(word in said for word in ("李小明", ID, "白血病", "县西街"))


@pytest.mark.parametrize("kind", ["minor", "id_no"])
def test_nobody_s_consent_lets_a_minor_or_a_number_of_identity_stand(home: Household, head: Staff, kind: str) -> None:
    child = Person.objects.get(name="李小明")
    guardian = Person.objects.get(name="王建国")
    consent = give_consent(person=child, actor=head, purpose="publish", to_whom="公开", guardian=guardian)
    made = text_of(head, PUPIL)
    with pytest.raises(problems.NoSuchFinding):
        actions.decide(publication=made, actor=head, chosen=choose(made, kind, "keep", consent.pk))
    assert not Decision.objects.exists()


def test_a_name_stays_by_that_person_s_own_consent_and_it_is_used(home: Household, head: Staff) -> None:
    made = text_of(head, "王建国被评为好邻居。")
    other = Person.objects.create(community=home.community, household=home, name="赵另人", birth_date=date(1950, 1, 1))
    wrong = give_consent(person=other, actor=head, purpose="publish", to_whom="公开")
    for consent in (None, wrong.pk):
        with pytest.raises(problems.ConsentOfAnother):
            actions.decide(publication=made, actor=head, chosen=choose(made, "name", "keep", consent))
    person = Person.objects.get(name="王建国")
    own = give_consent(person=person, actor=head, purpose="publish", to_whom="公开")
    actions.decide(publication=made, actor=head, chosen=choose(made, "name", "keep", own.pk))
    actions.publish(publication=made, actor=head)
    assert "王建国被评为好邻居。" in public(made)
    assert LedgerEntry.objects.filter(code="register.consent-used", subject_id=str(person.pk)).count() == 1


def test_one_consent_keeps_no_column_of_names(home: Household, head: Staff) -> None:
    """Nobody's former name is "", so that it is not the words of a whole column."""
    own = give_consent(person=Person.objects.get(name="王建国"), actor=head, purpose="publish", to_whom="公开")
    made = begun(head, Part("名单.csv", "姓名,备注\n王建国,无\n李小明,无\n赵某某,无\n".encode()))
    column = next(finding for _row, finding in found(made) if finding.kind == "name")
    assert not selectors.consents_for(home.community, column, clock.today())
    assert not selectors.consents_for(home.community, replace(column, found="·", count=1), clock.today())
    with pytest.raises(problems.NoSuchFinding):
        actions.decide(publication=made, actor=head, chosen=choose(made, "name", "keep", own.pk))


def test_a_consent_that_was_withdrawn_meanwhile_lets_nothing_out(home: Household, head: Staff) -> None:
    made = text_of(head, "王建国被评为好邻居。")
    own = give_consent(person=Person.objects.get(name="王建国"), actor=head, purpose="publish", to_whom="公开")
    actions.decide(publication=made, actor=head, chosen=choose(made, "name", "keep", own.pk))
    withdraw_consent(consent=own, actor=head)
    with pytest.raises(problems.ConsentOfAnother):
        actions.publish(publication=made, actor=head)
    made.refresh_from_db()
    assert made.state == "draft" and "王建国" not in public(made)


def test_whose_birth_is_not_known_is_not_taken_for_grown(home: Household, head: Staff) -> None:
    made = text_of(head, "周不详被评为好邻居。")
    person = Person.objects.get(name="周不详")
    consent = give_consent(
        person=person, actor=head, purpose="publish", to_whom="公开", guardian=Person.objects.get(name="王建国")
    )
    with pytest.raises(problems.ConsentOfAnother):
        actions.decide(publication=made, actor=head, chosen=choose(made, "name", "keep", consent.pk))


def test_what_came_in_is_sealed_and_gone_when_it_is_out(home: Household, head: Staff) -> None:
    made = begun(head, Part("王建国低保.docx", docx("王建国来电，电话13912345678")))
    row = PublicationPart.objects.get()
    with pytest.raises(TypeError):
        str(PublicationPart.objects.values_list("upload", flat=True)[0])
    actions.take_suggestions(publication=made, actor=head)
    actions.publish(publication=made, actor=head)
    row.refresh_from_db()
    file = PublishedFile.objects.get()
    assert (row.upload, row.name, file.file_name) == ("", "", "公布件.docx")
    assert bytes(file.content) != docx("王建国来电，电话13912345678")
    assert "王建国" not in file.words and "139****5678" in file.words


def test_a_draft_that_nobody_publishes_is_dropped_after_thirty_days(home: Household, head: Staff) -> None:
    text_of(head, PUPIL)
    assert actions.drop_old() == 0
    with clock.at(clock.now() + timedelta(days=31)):
        assert actions.drop_old() == 1
    assert not PublicationPart.objects.exists()


def test_it_ends_on_its_day_and_withdrawn_it_is_gone_with_a_reason(home: Household, head: Staff) -> None:
    made = published(head, "清洗水箱，停水半天。", title="停水通知", days=2)
    assert "停水通知" in public(made)
    with clock.at(clock.now() + timedelta(days=3)):
        assert "停水" not in public(made)
    with pytest.raises(problems.PrivateReason):
        actions.withdraw(publication=made, actor=head, reason="王建国家的时间写错了")
    with pytest.raises(problems.ReasonNeeded):
        actions.withdraw(publication=made, actor=head, reason=" ")
    actions.withdraw(publication=made, actor=head, reason="时间写错了")
    said = public(made)
    assert "时间写错了" in said and "停水" not in said


def test_what_went_out_before_with_the_same_words_is_named(home: Household, head: Staff) -> None:
    own = give_consent(person=Person.objects.get(name="王建国"), actor=head, purpose="publish", to_whom="公开")
    first = text_of(head, "王建国被评为好邻居。", title="好邻居")
    actions.decide(publication=first, actor=head, chosen=choose(first, "name", "keep", own.pk))
    actions.publish(publication=first, actor=head)
    second = text_of(head, "居民王 建 国来电。", title="来电答复")
    page = client_of(head).get(reverse("publications:detail", args=[second.pk])).content.decode()
    assert "以前公布过同样的内容" in page and "好邻居" in page


def test_what_law_wants_posted_passes_by_the_list_and_no_longer_when_it_is_taken_off(
    community: Organisation, home: Household, head: Staff
) -> None:
    text = "网格员孙德胜，值班电话0917-7961111；负责人王建国。"
    kinds = [finding.kind for _row, finding in found(text_of(head, text))]
    assert "phone" in kinds and "name" in kinds
    rows = [
        post(community=community, actor=head, kind=kind, text=said, capacity="公布")
        for kind, said in (("name", "孙德胜"), ("name", "王建国"), ("number", "0917-7961111"))
    ]
    assert found(text_of(head, text)) == []
    end_posted(posted=rows[2], actor=head)
    assert [finding.kind for _row, finding in found(text_of(head, text))] == ["phone"]


def test_the_list_lets_no_number_of_identity_and_no_minor_pass(
    community: Organisation, home: Household, head: Staff
) -> None:
    page = (
        client_of(head)
        .post(reverse("office:posted"), {"kind": "number", "text": ID, "capacity": "值班电话"})
        .content.decode()
    )
    assert "不论什么理由都不公布" in page
    for kind, text in (
        *(("name", text) for text in ("李小明", "李 小明", "李·小明", "李小明同学")),
        *(("address", text) for text in ("李小明 ", "李 小 明", "李－小明")),
        ("number", "6100230000001234"),
    ):
        with suppress(SuchPosted):
            post(community=community, actor=head, kind=kind, text=text, capacity="小志愿者")
    assert [finding.kind for _row, finding in found(text_of(head, "李小明获奖。李 小明同学"))] == ["minor", "minor"]
    assert [finding.kind for _row, finding in found(text_of(head, "账号6100230000001234。"))] == ["bank"]


@pytest.mark.parametrize("title", ["王建国的事迹", "幸福的13912345678"])
def test_a_title_that_names_somebody_is_refused(home: Household, head: Staff, title: str) -> None:
    with pytest.raises(problems.PrivateTitle):
        text_of(head, "停水通知", title=title)


def test_a_hand_covers_squares_of_a_picture_and_says_that_it_looked(head: Staff) -> None:
    made = begun(head, Part("王建国.jpg", picture()))
    client, row = client_of(head), PublicationPart.objects.get()
    shown = client.get(reverse("publications:picture", args=[row.pk]))
    assert Image.open(io.BytesIO(shown.content)).size == (400, 300)
    told: dict[str, Any] = {"picture": row.pk.hex, f"cell.{row.pk.hex}": ["0-0", "999-0", "x"]}
    told |= {f"way.{row.pk.hex}-{f.key}": "seen" for _row, f in found(made) if f.kind == "unread"}
    client.post(reverse("publications:decide", args=[made.pk]), told)
    client.post(reverse("publications:publish", args=[made.pk]))
    file = PublishedFile.objects.get()
    assert file.file_name == "公布件.jpg" and file.changed == 1
    corner = Image.open(io.BytesIO(bytes(file.content))).crop((4, 4, 10, 10))
    assert max(high for _low, high in corner.getextrema()) < 30


UNREAD = sorted(test_files.REFUSED)


@pytest.mark.once
@pytest.mark.parametrize("name", UNREAD)
def test_what_no_reader_can_vouch_for_is_refused_on_the_page_and_nothing_is_kept(head: Staff, name: str) -> None:
    content = SimpleUploadedFile(name, test_files.REFUSED[name])
    told = {"title": "名单", "end_day": str(clock.today()), "text": "", "file": content}
    answer = client_of(head).post(reverse("publications:new"), told)
    assert answer.status_code == 200 and "不能公布" in answer.content.decode()
    assert not Publication.objects.exists()


DELETED = "<w:p><w:del w:id='1' w:author='王建国'><w:r><w:delText>王建国</w:delText></w:r></w:del></w:p>"
WHITE = f"<w:p><w:r><w:rPr><w:color w:val='FFFFFF'/></w:rPr><w:t>{ID}</w:t></w:r></w:p>"
DIGITS = "0123456789"
DISGUISED = {
    "tracked.docx": docx("通知", change=test_files.into_body(DELETED)),
    "white.docx": docx("通知", change=test_files.into_body(WHITE)),
    "hidden.xlsx": xlsx([["事项"], ["修路"]], test_files.hide_everywhere),
    "zero-width.txt": "\u200b".join(ID).encode(),
    "full-width.txt": ID.translate(str.maketrans(DIGITS + "X", "０１２３４５６７８９Ｘ")).encode(),
    "numerals.txt": ID.translate(str.maketrans(DIGITS, "〇一二三四五六七八九")).encode(),
    "list.csv": f"姓名,身份证号\n王建国,{ID}\n".encode(),
}


@pytest.mark.parametrize("name", DISGUISED)
def test_no_disguise_of_the_issue_gets_out_of_any_public_page(home: Household, head: Staff, name: str) -> None:
    made = begun(head, Part(name, DISGUISED[name]))
    actions.take_suggestions(publication=made, actor=head)
    actions.publish(publication=made, actor=head)
    file = PublishedFile.objects.get()
    said = public(made) + all_of(bytes(file.content), file.kind)
    bare = "".join(sign for sign in said if sign.isalnum())
    assert "王建国" not in bare and ID not in bare and ID[6:14] not in bare


def all_of(content: bytes, kind: str) -> str:
    """Return all that a file of the public holds, its parts unpacked."""
    return test_files.everything(content) if kind in ("docx", "xlsx") else content.decode("utf-8", "replace")


def test_a_workbook_goes_out_column_by_column(home: Household, head: Staff) -> None:
    rows: list[list[object]] = [["姓名", "身份证号", "金额"], ["王建国", ID, 800], ["李小明", ID, 600]]
    made = begun(head, Part("名单.xlsx", xlsx(rows)))
    actions.take_suggestions(publication=made, actor=head)
    actions.publish(publication=made, actor=head)
    book = openpyxl.load_workbook(io.BytesIO(bytes(PublishedFile.objects.get().content)))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert cells[1][1:] == ["99****************", 800] and "王建国" not in str(cells)


def test_what_is_out_is_not_decided_and_not_published_again(home: Household, head: Staff) -> None:
    made = published(head, "停水通知")
    for act in (actions.publish, actions.take_suggestions, actions.drop):
        with pytest.raises(problems.NotADraft):
            act(publication=made, actor=head)


def test_an_upload_that_was_altered_in_the_database_does_not_go_out(home: Household, head: Staff) -> None:
    made = text_of(head, "停水通知")
    row = PublicationPart.objects.get()
    row.upload = "停电通知"
    row.save(update_fields=["upload"])
    with pytest.raises(gate.ChangedSince):
        actions.publish(publication=made, actor=head)


@pytest.fixture
def long_notice(home: Household, head: Staff) -> Iterator[Publication]:
    yield text_of(head, "\n".join(["各位居民：停水通知。"] * 5 + [PUPIL, "电话13912345678。"]))


def test_the_page_of_findings_says_place_reason_and_ways(long_notice: Publication, head: Staff) -> None:
    page = client_of(head).get(reverse("publications:detail", args=[long_notice.pk])).content.decode()
    assert page.count('data-testid="finding"') == len(found(long_notice)) >= 5
    for words in ("第 6 行", "学生甲", "谁同意都不能原样公布", "没有登记本人", "（建议）"):
        assert words in page


def test_base64_of_an_upload_is_what_came_in(head: Staff) -> None:
    sent = docx("停水")  # made once: a package notes the second of its making
    made = begun(head, Part("a.docx", sent))
    assert base64.b64decode(made.parts.get().upload) == sent
