"""The office builds a rule from rows: without script, previewed, from tomorrow on; what serves control is refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.groups.actions import definitions
from qiaomen.groups.models import CareGroup, GroupDefinition
from qiaomen.groups.problems import ForbiddenTitle, SourceNeeded, TitleTaken
from qiaomen.groups.tests.test_groups import COUPLE, group, members
from qiaomen.kernel import clock
from qiaomen.kernel.forbidden import forbidden_in
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.office import labels
from qiaomen.office.models import Label, LedgerEntry, Organisation, Staff
from qiaomen.office.tests.cast import client_of
from qiaomen.register.selectors import packs
from qiaomen.register.tests.town import bring_in

NEW = "groups:new"
BATH = {
    "purpose": "home_care",
    "mode": "rows",
    "title": "需要助浴的老人",
    "tier": "key",
    "source": "社区第3次会议",
    "reason": "今年开助浴点",
}


def row(path: str, fact: str, compare: str = "", value: str = "", standard: str = "") -> dict[str, str]:
    return {f"{path}-fact": fact, f"{path}-compare": compare, f"{path}-value": value, f"{path}-standard": standard}


def sent(*rows: dict[str, str], parts: list[str], **more: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {"mode": "rows", "part": parts, "r-join": "all"}
    for row in rows:
        fields |= row
    return fields | more


def words_of(page: str) -> str:
    return page.split('id="qm-sentence"')[1].split("</div>")[0]


def test_rows_are_added_and_removed_without_script(community: Organisation, head: Staff) -> None:
    client, at = client_of(head), reverse(NEW)
    page = client.get(at).content.decode()
    assert 'name="r.0-fact"' in page and 'name="r.1-fact"' not in page and "建一个群体" in page
    page = client.post(at, sent(row("r.0", "age", ">=", "70"), parts=["r.0"], act="row:r")).content.decode()
    assert 'name="r.1-fact"' in page and 'value="70"' in page and "请选一项情况" not in page
    page = client.post(at, sent(row("r.0", "age", ">=", "70"), parts=["r.0"], act="block:r")).content.decode()
    assert 'name="r.1-join"' in page and 'name="r.1.1-fact"' in page
    three = [row("r.0", "age", ">=", "70"), row("r.1", "female", "is"), row("r.2", "disability_card", "not")]
    page = client.post(at, sent(*three, parts=["r.0", "r.1", "r.2"], act="drop:r.1")).content.decode()
    assert "年龄满 70岁，并且有残疾人证：否" in words_of(page) and 'name="r.2-fact"' not in page
    assert not any(one.code.startswith("own_") for one in CareGroup.objects.all())


def test_another_fact_brings_its_own_comparisons(community: Organisation, head: Staff) -> None:
    fields = sent(row("r.0", "parents_away", ">=", "70", "elder.age"), parts=["r.0"], act="shape")
    page = client_of(head).post(reverse(NEW), fields).content.decode()
    assert 'value="both"' in page and 'value="&gt;="' not in page and 'name="r.0-standard"' not in page
    fields = sent(row("r.0", "age", "is", "x"), parts=["r.0"], preview="1", title="试", reason="试")
    assert "请填一个数，或者选一条标准" in client_of(head).post(reverse(NEW), fields).content.decode()


def test_the_head_makes_a_group_from_rows(community: Organisation, head: Staff, worker: Staff) -> None:
    bring_in(community, worker, COUPLE)
    client, at = client_of(head), reverse(NEW)
    rows = [
        {"r.1-join": "any", "r.1-who": "none:home"},
        row("r.0", "age", ">=", "", "elder.age"),
        row("r.1.0", "age", "<", "", "elder.age"),
        row("r.1.1", "disability_card", "is"),
    ]
    fields = sent(*rows, parts=["r.0", "r.1", "r.1.0", "r.1.1"], **{k: v for k, v in BATH.items() if k != "mode"})
    page = client.post(at, {**fields, "preview": "1"}).content.decode()
    assert "年龄满 60岁，并且同住的人里没有人：（年龄不满 60岁，或者有残疾人证）" in page
    assert "会进来 0 人，会离开 0 人；还有 3 人不知道" in page
    fields |= {"r.1.1-fact": "is_head", "r.1.1-compare": "not"}
    page = client.post(at, {**fields, "preview": "1"}).content.decode()
    assert "会进来 1 人" in page and "曾大山" in page and not CareGroup.objects.filter(title=BATH["title"]).exists()
    assert client.post(at, {**fields, "confirm": "1", "number-elder.age": "60"}).status_code == 302
    labels.decide(label=Label.objects.get(), approve=True, actor=worker)
    group = CareGroup.objects.get(title=BATH["title"])
    definition = GroupDefinition.objects.get(group=group)
    assert (group.tier, group.child, definition.source, definition.reason) == (
        "key",
        False,
        "社区第3次会议",
        "今年开助浴点",
    )
    assert definition.when == "age >= :elder.age AND NOT any_in(home, age < :elder.age OR NOT is_head)"
    assert members(community, group.code) == set() and definition.from_date == clock.today() + timedelta(days=1)
    assert client.get(reverse("groups:detail", args=[group.pk])).status_code == 200
    with clock.at(clock.now() + timedelta(days=1)):
        assert members(community, group.code) == {"曾大山"}
    kinds = LedgerEntry.objects.filter(code__startswith="groups.").exclude(code="groups.looked").order_by("seq")
    assert [line.code for line in kinds] == ["groups.made", "groups.defined"]


def test_a_shipped_rule_opens_as_rows_and_saves_from_tomorrow(
    community: Organisation, head: Staff, worker: Staff
) -> None:
    bring_in(community, worker, [[1, "刚六十", "户主", id_no(5, "19660101"), "", "幸福苑1-1-101"], *COUPLE])
    wanted, client = group(community, "empty_nest_elder"), client_of(head)
    at = reverse("groups:define", args=[wanted.pk])
    page = client.get(at).content.decode()
    assert all(word in page for word in ("同住的人里没有人", "老年人起始年龄", "民发〔2022〕73号", "成年年龄"))
    rows = [
        row("r.0", "age", ">=", "", "elder.age"),
        {"r.1-join": "all", "r.1-who": "none:home"},
        row("r.1.0", "age", ">=", "", "adult.age"),
        row("r.1.1", "age", "<", "", "elder.age"),
    ]
    fields = sent(*rows, parts=["r.0", "r.1", "r.1.0", "r.1.1"], **{"number-elder.age": "65", "number-adult.age": "18"})
    page = client.post(at, {**fields, "preview": "1", "source": "会议"}).content.decode()
    assert "会离开 1 人" in page and "刚六十" in page and "年龄满 65岁" in words_of(page)
    for lacking, words in (({"source": "会议"}, "要留下原因"), ({"reason": "按本地", "source": ""}, "标准要写明依据")):
        assert words in client.post(at, {**fields, "confirm": "1", **lacking}).content.decode()
    assert GroupDefinition.objects.filter(group=wanted).count() == 1
    assert client.post(at, {**fields, "confirm": "1", "source": "会议", "reason": "按本地"}).status_code == 302
    new = GroupDefinition.objects.get(group=wanted, to_date=None)
    assert (new.numbers, new.source) == ({"elder.age": 65}, "会议")
    assert new.when == next(e["when"] for e in packs.entries("groups.yaml") if e["code"] == wanted.code)
    assert "刚六十" in members(community, "empty_nest_elder")
    assert 'value="65"' in client.get(at).content.decode(), "a second change starts from what was decided"


def test_a_rule_too_deep_for_rows_is_text_and_a_plain_one_goes_both_ways(community: Organisation, head: Staff) -> None:
    wanted, client = group(community, "frail_elder"), client_of(head)
    at = reverse("groups:define", args=[wanted.pk])
    plain = sent(row("r.0", "age", ">=", "", "elder.frail_age"), parts=["r.0"], act="text")
    page = client.post(at, plain).content.decode()
    assert "age &gt;= :elder.frail_age</textarea>" in page and "一行一行写" in page
    back = {"mode": "text", "when": "age >= 75 AND (female OR disability_card)", "act": "rows"}
    page = client.post(at, back).content.decode()
    assert 'name="r.1.1-fact"' in page and 'value="75"' in page
    deep = {"mode": "text", "when": "age BETWEEN 75 AND 90"}
    page = client.post(at, {**deep, "preview": "1"}).content.decode()
    assert "一行一行写不下" in page and "年龄在 75 到 90 之间" in page
    bad = client.post(at, {"mode": "text", "when": "salary > 3", "preview": "1"}).content.decode()
    assert "没有“salary”这一项" in bad and "salary &gt; 3</textarea>" in bad
    assert client.post(at, {**deep, "confirm": "1", "reason": "试", "source": "会议"}).status_code == 302
    assert "一行一行写不下" in client.get(at).content.decode()


@pytest.mark.parametrize(
    "title",
    [
        "信教老人",
        "信 访户",
        "上访重点户",
        "维稳对象",
        "宗教人士",
        "重点人员",
        "基督徒",
        "党员之家",
        "Ｐｅｔｉｔｉｏｎ households",
        "不·放·心人员",
    ],
)
def test_no_list_of_people_by_faith_politics_or_petition(community: Organisation, head: Staff, title: str) -> None:
    fields = sent(
        row("r.0", "age", ">=", "60"), parts=["r.0"], confirm="1", title=title, reason="上级要求", source="通知"
    )
    page = client_of(head).post(reverse(NEW), fields).content.decode()
    assert "不按信仰、政治、信访" in page and not any(one.code.startswith("own_") for one in CareGroup.objects.all())
    with pytest.raises(ForbiddenTitle):
        definitions.drafted(community=community, title=title, tier="key", child=False)


def test_shipped_titles_and_services_are_not_refused() -> None:
    good = [entry["title"] for entry in packs.entries("groups.yaml")] + [
        "孕产妇",
        "需要助浴的老人",
        "慢病签约",
        "重点人群体检",
    ]
    assert not [title for title in good if forbidden_in(title)]


def test_a_group_has_its_own_title_a_reason_and_a_source(community: Organisation, head: Staff) -> None:
    group(community, "frail_elder")
    fields: dict[str, Any] = {
        "community": community,
        "title": "高龄老人",
        "tier": "key",
        "child": False,
        "when": "age >= 85",
        "numbers": {},
        "source": "会议",
        "reason": "试",
        "actor": head,
    }
    with pytest.raises(TitleTaken):
        definitions.create(**fields)
    with pytest.raises(SourceNeeded):
        definitions.create(**{**fields, "title": "八十五岁以上", "source": " "})
    assert not any(one.code.startswith("own_") for one in CareGroup.objects.all())


def test_a_childrens_group_shows_names_to_named_roles_only(community: Organisation, head: Staff, worker: Staff) -> None:
    bring_in(community, worker, [*COUPLE, [4, "单小豆", "孙子", id_no(44, "20110101"), "", "幸福苑3-2-501"]])
    definition = definitions.create(
        community=community,
        title="寒假托管",
        tier="general",
        child=True,
        when="age < 18",
        numbers={},
        source="会议",
        reason="试",
        actor=head,
    )
    with clock.at(clock.now() + timedelta(days=1)):
        at = reverse("groups:detail", args=[definition.pk])
        assert "单小豆" in client_of(head).get(at).content.decode()
        page = client_of(worker).get(at).content.decode()
        assert "单小豆" not in page and "单**" in page


def test_only_the_head_and_only_at_home(community: Organisation, head: Staff, worker: Staff, client: Client) -> None:
    other = Organisation.objects.create(kind="community", name="新桥社区", code="R2")
    wanted = group(other, "frail_elder")
    assert client_of(worker).get(reverse(NEW)).status_code == 403
    for method in ("get", "post"):
        answer = getattr(client_of(head), method)(reverse("groups:define", args=[wanted.pk]))
        assert answer.status_code == 404


def test_nonsense_in_a_form_breaks_nothing(community: Organisation, head: Staff) -> None:
    client, at = client_of(head), reverse(NEW)
    for fields in (
        {"mode": "rows", "act": "drop:r.9.9"},
        {"mode": "rows", "act": "row:../r", "part": ["r", "r.0.0.0.0.0.0", "x"]},
        sent(row("r.0", "count:nowhere", ">=", "1"), parts=["r.0"], preview="1"),
        sent(row("r.0", "age", ">=", "99999999"), parts=["r.0"], confirm="1", title="试", reason="试", source="试"),
        sent({"r.0-join": "all", "r.0-who": "any:moon"}, parts=["r.0"], act="row:r.0"),
        sent(row("r.0", "disability_card_until", "<", "2026-02-31"), parts=["r.0"], confirm="1", title="试"),
        {"mode": "rows", "part": [f"r.{n}" for n in range(99)], "act": "row:r"},
        {"act": "rows", "when": "((("},
        {},
    ):
        assert client.post(at, fields).status_code == 200
    assert not any(one.code.startswith("own_") for one in CareGroup.objects.all())
