"""Forms of a case: filled in Word and in print, changed by the office, and a receipt that leads to its state."""

import io
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document
from PIL import Image
from pypdf import PdfReader

from qiaomen.cases import actions
from qiaomen.cases.models import Case, FormTemplate, Original, Tracking, TrackingTry
from qiaomen.cases.papers import templates, tracking
from qiaomen.cases.papers.fields import FIELDS
from qiaomen.cases.proxy import mandates, originals
from qiaomen.cases.proxy import problems as refused
from qiaomen.cases.tests.matters import matter_of, person_in
from qiaomen.documents.templates import check
from qiaomen.kernel import clock
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.office.tests.cast import client_of
from qiaomen.register.models import Household
from qiaomen.visits.tests.street import build_stairs

NAME = "阿依努尔·买买提\U00020bb7"


def open_case(home: Household, worker: Staff, name: str) -> Case:
    about = person_in(home, name, id_no=id_no(7), phone="13900001234")
    return matter_of(about, worker, "benefit", "高龄津贴还没有到账")


@pytest.fixture
def case(community: Organisation, worker: Staff) -> Case:
    return open_case(build_stairs(community)[0].households.get(), worker, NAME)


def words(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def ask(staff: Staff, name: str, *keys: object, **query: str) -> bytes:
    answer = client_of(staff).get(reverse(f"cases:{name}", args=keys), query)
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    return answer.content


@pytest.mark.parametrize("kind", templates.KINDS)
def test_every_standard_form_names_only_fields_there_are(kind: str) -> None:
    assert check(kind, templates.standard(kind), FIELDS)


def test_a_filled_word_form_holds_what_the_register_knows_and_leaves_the_amount_blank(
    case: Case, worker: Staff
) -> None:
    text = words(ask(worker, "print", case.pk, form="application"))
    assert case.need.person is not None
    door = case.need.household.dwelling
    assert door is not None
    for word in (NAME, case.need.person.id_no, "13900001234", door.door_label, "1950年5月6日", "（金额未确认）"):
        assert word in text
    assert "{{" not in text and "高龄津贴还没有到账" not in text
    line = LedgerEntry.objects.get(code="cases.form-printed")
    assert {"id_no", "phone"} <= set(line.fields) and str(case.need.person_id) in str(line.detail)


def test_a_printed_form_has_the_paper_that_was_asked_for_and_the_rare_name(case: Case, worker: Staff) -> None:
    pdf = PdfReader(io.BytesIO(ask(worker, "print", case.pk, form="application", **{"as": "pdf", "paper": "A3"})))
    assert round(float(pdf.pages[0].mediabox.width) / 72 * 25.4) == 297
    assert "买买提\U00020bb7" in pdf.pages[0].extract_text()


def test_the_page_says_before_printing_what_stays_blank(case: Case, worker: Staff) -> None:
    page = client_of(worker).get(reverse("cases:papers", args=[case.pk])).content.decode()
    assert "补助金额：没有经过确认，空着" in page and "委托事项：还不知道，留了横线" in page and NAME in page


def test_a_whole_list_is_printed_in_one_file_and_each_look_counts(
    community: Organisation, worker: Staff, case: Case
) -> None:
    others = [open_case(case.need.household, worker, name) for name in ("王秀英", "李长海")]
    pdf = PdfReader(io.BytesIO(ask(worker, "print-list", form="receipt", tab="under_way", **{"as": "pdf"})))
    pages = [page.extract_text() for page in pdf.pages]
    assert len(pages) == 3 and sum("王秀英" in page for page in pages) == 1
    detail = str(LedgerEntry.objects.get(code="cases.form-printed").detail)
    assert all(str(made.need.person_id) in detail for made in (case, *others))


def test_an_original_has_a_printed_receipt_each_way(case: Case, worker: Staff) -> None:
    paper = originals.take_original(case=case, actor=worker, what="户口本", drawer="二号柜")
    taken = words(ask(worker, "original-receipt", paper.pk))
    assert all(word in taken for word in ("原件收条", "户口本", "二号柜", "2026年12月1日", NAME))
    originals.return_original(original=paper, actor=worker, to="女儿")
    back = words(ask(worker, "original-receipt", paper.pk))
    assert "原件还条" in back and "女儿" in back and Original.objects.get().returned_at is not None


def test_the_mandate_is_printed_with_the_persons_words(case: Case, worker: Staff, head: Staff) -> None:
    mandates.give_mandate(
        case=case,
        actor=worker,
        proof="heard",
        words="你们替我去问",
        scope="代问津贴",
        witness=head,
        until=date(2027, 1, 2),
    )
    text = words(ask(worker, "print", case.pk, form="mandate"))
    assert all(word in text for word in ("你们替我去问", "代问津贴", "2027年1月2日", "主任"))


def docx_of(text: str) -> bytes:
    document = Document()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def send_template(staff: Staff, content: bytes, name: str = "回执.docx") -> tuple[int, str]:
    sent = {"kind": "receipt", "file": SimpleUploadedFile(name, content)}
    answer = client_of(staff).post(reverse("cases:template-new"), sent)
    return answer.status_code, answer.content.decode()


def test_the_office_changes_a_form_and_goes_back_to_the_standard_one(case: Case, worker: Staff, head: Staff) -> None:
    assert send_template(worker, docx_of("{{姓名}}"))[0] == 403
    assert send_template(head, docx_of("自己的回执：{{姓名}}，{{查询号}}"))[0] == 302
    assert f"自己的回执：{NAME}" in words(ask(worker, "print", case.pk, form="receipt"))
    own = FormTemplate.objects.get()
    status, page = send_template(head, docx_of("{{户主姓名}}"))
    assert status == 200 and "第 1 段写着“户主姓名”" in page
    assert "不能当模板" in send_template(head, b"PK not a document")[1]
    assert templates.standing(case.community, "receipt") == own
    assert client_of(head).post(reverse("cases:template-end", args=[own.pk])).status_code == 302
    assert "受理回执" in words(ask(worker, "print", case.pk, form="receipt"))


def test_the_code_on_the_receipt_leads_to_the_state_and_names_nobody(case: Case, worker: Staff) -> None:
    document = Document(io.BytesIO(ask(worker, "print", case.pk, form="receipt")))
    picture = document.inline_shapes[0]._inline.graphic.graphicData.pic.blipFill.blip.embed
    blob = document.part.related_parts[picture].blob
    address = zxingcpp.read_barcodes(Image.open(io.BytesIO(blob)))[0].text
    asked = urlsplit(address)
    page = Client().get(asked.path, {key: value[0] for key, value in parse_qs(asked.query).items()})
    text = page.content.decode()
    assert page.status_code == 200 and "正在办" in text and "2026年12月1日" in text
    assert case.need.household.dwelling is not None
    telling = (
        NAME,
        "津贴",
        case.need.household.dwelling.door_label,
        case.need.household.head_name,
        worker.name,
        str(case.pk),
    )
    assert not any(word in text for word in telling)
    actions.close_case(case=case, actor=worker, sentence="办好了")
    assert (
        "等您说一声" in Client().get(asked.path, {k: v[0] for k, v in parse_qs(asked.query).items()}).content.decode()
    )


def test_ten_wrong_codes_stop_also_the_right_one_for_an_hour(case: Case, worker: Staff) -> None:
    found = tracking.track(case=case, actor=worker)
    assert tracking.track(case=case, actor=worker).pk == found.pk and Tracking.objects.count() == 1
    right = {"number": found.number, "code": found.code.lower()}
    for n in range(10):
        assert tracking.look_up(number=found.number, code="AAAAAA", address=f"10.0.0.{n}") is None
    with pytest.raises(refused.TooManyCodes):
        tracking.look_up(**right, address="10.0.0.99")
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert tracking.look_up(**right, address="10.0.0.99") == case
        assert not TrackingTry.objects.exists()


def test_one_address_that_tries_many_numbers_is_stopped_and_others_are_not(case: Case, worker: Staff) -> None:
    found = tracking.track(case=case, actor=worker)
    pages = [Client().post(reverse("cases:track"), {"n": f"1000000{n}", "c": "AAAAAA"}) for n in range(10)]
    assert all("对不上" in page.content.decode() for page in pages)
    sent = {"n": found.number, "c": found.code}
    stopped = Client().post(reverse("cases:track"), sent)
    assert (
        stopped.status_code == 429 and "一小时" in stopped.content.decode() and "正在办" not in stopped.content.decode()
    )
    other = Client(REMOTE_ADDR="10.9.9.9").post(reverse("cases:track"), sent)
    assert "正在办" in other.content.decode()


@pytest.mark.once
def test_a_wrong_number_and_a_wrong_code_get_the_same_answer(case: Case, worker: Staff) -> None:
    found = tracking.track(case=case, actor=worker)
    pages = [
        Client().post(reverse("cases:track"), sent).content.decode().replace(sent["n"], "")
        for sent in ({"n": found.number, "c": "AAAAAA"}, {"n": "12345678", "c": "AAAAAA"})
    ]
    bare = [page.split('<form method="post" action="/cases')[0].split("对不上")[1] for page in pages]
    assert bare[0] == bare[1]
