"""Stories of accounts: a new worker begins, somebody leaves, nobody gives themselves anything, nobody is locked out."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.office import nightly
from qiaomen.office.accounts import acts, people, sessions
from qiaomen.office.accounts.passwords import GOOD_FOR, LETTERS, make_code
from qiaomen.office.ledger import verify
from qiaomen.office.models import Device, LedgerEntry, Organisation, SignIn, Staff
from qiaomen.office.problems import LastAdmin, NotYoursToGive, OwnAccount
from qiaomen.office.tests.cast import client_of

pytestmark = pytest.mark.django_db
OWN = "石榴树下三只猫"
"""A password of one's own: short in signs, long enough, nobody's."""
GOOD = OWN + " 2026"


@pytest.fixture
def county(db: None) -> Organisation:
    return Organisation.objects.create(kind="county", name="拾光县", code="A0")


@pytest.fixture
def community(county: Organisation) -> Organisation:
    return Organisation.objects.create(kind="community", name="锦瑟社区", code="A1", parent=county)


@pytest.fixture
def grid(community: Organisation) -> Organisation:
    return Organisation.objects.create(kind="grid", name="三网格", code="A1-3", parent=community)


@pytest.fixture
def other(county: Organisation) -> Organisation:
    return Organisation.objects.create(kind="community", name="新桥社区", code="A2", parent=county)


@pytest.fixture
def head(community: Organisation) -> Staff:
    return Staff.objects.create_user("lu", GOOD, name="陆主任", role="head", organisation=community)


@pytest.fixture
def admin(county: Organisation) -> Staff:
    return Staff.objects.create_user("guanli", GOOD, name="管理员", role="admin", organisation=county)


@pytest.fixture
def worker(grid: Organisation) -> Staff:
    return Staff.objects.create_user("wang3", GOOD, name="王网格", role="worker", organisation=grid)


def sign_in(name: str, password: str) -> tuple[Client, int]:
    client = Client()
    answer = client.post(reverse("office:login"), {"login_name": name, "password": password})
    return client, answer.status_code


def codes(staff: Staff) -> list[str]:
    lines = LedgerEntry.objects.filter(subject_id=str(staff.pk)).order_by("community", "seq")
    return [line.code for line in lines if line.code not in {"office.logged-in", "office.login-failed"}]


def test_a_new_worker_begins_and_is_out_the_moment_the_head_says_so(
    admin: Staff, head: Staff, grid: Organisation
) -> None:
    page = client_of(admin).post(
        reverse("office:account-new"),
        {"name": "新来的", "login_name": "xin1", "role": "worker", "organisation": grid.pk, "telephone": "13900000000"},
    )
    code = page.context["code"]
    assert code in page.content.decode() and page["Cache-Control"] == "no-store"
    staff = Staff.objects.get(login_name="xin1")
    assert code not in str(list(LedgerEntry.objects.values())) and code not in staff.password

    client, status = sign_in("xin1", code)
    assert status == 302
    for route in ("desk:today", "register:behind-total", "office:ledger"):
        assert client.get(reverse(route))["Location"] == reverse("office:password")
    assert client.get("/who/").status_code == 200, "what is public stays public"
    answer = client.post(reverse("office:password"), {"new": GOOD, "again": GOOD})
    assert answer["Location"] == reverse("desk:today") and client.get(reverse("desk:today")).status_code == 200
    assert sign_in("xin1", code)[1] == 200, "the code is used up"

    keeper = client_of(head)
    assert "1 处" in keeper.get(reverse("office:accounts")).content.decode()
    asked = keeper.get(reverse("office:account-close", args=[staff.pk])).content.decode()
    assert "停用新来的的账号？" in asked and "正在登录的 1 处马上退出" in asked
    assert keeper.post(reverse("office:account-close", args=[staff.pk]), {"reason": "调走了"}).status_code == 302
    assert client.get(reverse("desk:today"))["Location"].startswith(reverse("office:login"))
    assert sign_in("xin1", GOOD)[1] == 200
    assert codes(staff) == ["office.account-opened", "office.password-changed", "office.account-closed"]
    line = LedgerEntry.objects.get(code="office.account-closed")
    assert (line.actor, line.detail) == (head, {"sessions": 1, "phones": 0}) and verify(line.community).ok


def test_whoever_is_closed_has_no_session_and_no_phone(head: Staff, worker: Staff) -> None:
    first, second = sign_in("wang3", GOOD)[0], sign_in("wang3", GOOD)[0]
    phone = Device.objects.create(staff=worker, token_sha256="a", created_at=clock.now())
    assert acts.close_account(actor=head, staff=worker, reason="退休") == {"sessions": 2, "phones": 1}
    phone.refresh_from_db()
    assert phone.revoked_at is not None and not SignIn.objects.exists()
    assert {client.get(reverse("desk:today")).status_code for client in (first, second)} == {302}
    code = acts.reopen_account(actor=head, staff=worker, reason="返聘")
    assert {client.get(reverse("desk:today")).status_code for client in (first, second)} == {302}, "not even then"
    phone.refresh_from_db()
    assert phone.revoked_at is not None and sign_in("wang3", code)[1] == 302


def test_a_reason_is_asked_and_what_was_typed_stays(head: Staff, worker: Staff) -> None:
    keeper = client_of(head)
    for route in ("office:account-close", "office:account-code", "office:account-reopen"):
        page = keeper.post(reverse(route, args=[worker.pk]), {"reason": " "}).content.decode()
        assert "<title>出错：" in page and page.count("请写为什么这样做，台账里要留下理由。") == 2
    assert codes(worker) == []


def test_an_empty_form_names_every_fault_at_once(head: Staff) -> None:
    page = client_of(head).post(reverse("office:account-new"), {"telephone": "13900000000"}).content.decode()
    for words in ("请写上姓名", "请写上登录名", "请选他的岗位", "请选他归哪个社区或网格"):
        assert page.count(words) == 2, words
    assert 'href="#id_name"' in page and 'value="13900000000"' in page and "还有 4 处要改" in page


@pytest.mark.parametrize("role", ["supervisor", "auditor", "admin"])
def test_a_head_gives_no_role_of_the_county(head: Staff, county: Organisation, role: str) -> None:
    form = {"name": "某某", "login_name": "mou1", "role": role, "organisation": head.organisation_id}
    page = client_of(head).post(reverse("office:account-new"), form)
    assert page.status_code == 200 and page.context["form"].errors["role"]
    with pytest.raises(NotYoursToGive):
        acts.open_account(actor=head, login_name="mou1", name="某某", role=role, organisation=head.organisation)
    with pytest.raises(NotYoursToGive):
        acts.open_account(actor=head, login_name="mou1", name="某某", role="worker", organisation=county)
    assert not Staff.objects.filter(login_name="mou1").exists()


def test_nobody_changes_their_own_role_place_or_state(head: Staff, admin: Staff, grid: Organisation) -> None:
    for staff in (head, admin):
        client = client_of(staff)
        same = {"name": "新名字", "telephone": "", "role": "admin", "organisation": str(grid.pk), "reason": "升"}
        assert client.post(reverse("office:account", args=[staff.pk]), same).status_code == 302
        staff.refresh_from_db()
        assert (staff.name, staff.role) == ("新名字", {"lu": "head", "guanli": "admin"}[staff.login_name])
        for route in ("office:account-close", "office:account-code", "office:account-reopen"):
            assert client.post(reverse(route, args=[staff.pk]), {"reason": "试"}).status_code == 403
        with pytest.raises(OwnAccount):
            acts.change_account(
                actor=staff, staff=staff, name="x", telephone="", role="worker", organisation=grid, reason="x"
            )
    assert Staff.objects.filter(is_active=True, pk__in=[head.pk, admin.pk]).count() == 2


def test_the_last_admin_stays(admin: Staff, county: Organisation) -> None:
    second = Staff.objects.create_user("guanli2", GOOD, name="乙", role="admin", organisation=county)
    acts.close_account(actor=admin, staff=second, reason="退休")
    boss = Staff.objects.create_user("guanli3", GOOD, name="丙", role="admin", organisation=county)
    Staff.objects.filter(pk=boss.pk).update(is_active=False)  # closed in the same moment, before it could act
    with pytest.raises(LastAdmin):
        acts.close_account(actor=boss, staff=admin, reason="互相")
    with pytest.raises(LastAdmin):
        acts.change_account(
            actor=boss, staff=admin, name="甲", telephone="", role="auditor", organisation=county, reason="换岗"
        )
    assert list(people.active_admins()) == [admin]


def test_another_communitys_accounts_are_not_there(head: Staff, other: Organisation, admin: Staff) -> None:
    stranger = Staff.objects.create_user("bie", GOOD, name="别社区的人", role="worker", organisation=other)
    seated = Staff.objects.create_user(
        "guan9", GOOD, name="坐在社区的管理员", role="admin", organisation=head.organisation
    )
    keeper = client_of(head)
    page = keeper.get(reverse("office:accounts"), {"state": "all"}).content.decode()
    assert stranger.name not in page and seated.name not in page and "陆主任" in page
    for person in (stranger, seated, admin):
        for route in ("account", "account-code", "account-close", "account-reopen"):
            assert keeper.get(reverse(f"office:{route}", args=[person.pk])).status_code == 404
        assert keeper.post(reverse("office:sessions-end", args=[person.pk])).status_code == 404
    everybody = client_of(admin).get(reverse("office:accounts"), {"state": "all"}).content.decode()
    assert stranger.name in everybody and seated.name in everybody


def test_another_role_or_community_means_signing_in_anew(
    admin: Staff, worker: Staff, grid: Organisation, other: Organisation
) -> None:
    client, phone = (
        sign_in("wang3", GOOD)[0],
        Device.objects.create(staff=worker, token_sha256="a", created_at=clock.now()),
    )
    Staff.objects.filter(pk=worker.pk).update(keeps_children=True)

    def change(role: str, place: Organisation) -> None:
        values = {"name": worker.name, "telephone": "", "role": role, "organisation": place, "reason": "调岗"}
        acts.change_account(actor=admin, staff=worker, **values)
        phone.refresh_from_db()
        worker.refresh_from_db()

    change("worker", grid.parent)  # type: ignore[arg-type]
    assert client.get(reverse("desk:today")).status_code == 200 and worker.keeps_children and phone.left_at is None
    change("volunteer", grid)
    assert client.get(reverse("desk:today")).status_code == 302 and not worker.keeps_children
    assert phone.left_at is not None and phone.revoked_at is None, "what is on it is still taken in"
    change("volunteer", other)
    assert phone.revoked_at is not None, "of another community it waits until somebody looked"
    told = LedgerEntry.objects.filter(code="office.account-changed", subject_id=str(worker.pk))
    assert told.filter(community=other).count() == 1 and told.count() == 4 and {one.reason for one in told} == {"调岗"}


def test_each_session_can_be_ended_by_its_person_and_by_the_head(head: Staff, worker: Staff) -> None:
    here, window, home = (sign_in("wang3", GOOD)[0] for _ in range(3))
    page = here.get(reverse("office:password")).content.decode()
    assert "就是这里" in page and page.count("退出这一处") == 2
    second = SignIn.objects.get(session_key=window.cookies["sessionid"].value)
    assert here.post(reverse("office:own-session-end", args=[second.pk])).status_code == 302
    assert window.get(reverse("desk:today")).status_code == 302 and home.get(reverse("desk:today")).status_code == 200
    colleague = Staff.objects.create_user("li", GOOD, name="李", role="worker", organisation=worker.organisation)
    third = SignIn.objects.get(session_key=home.cookies["sessionid"].value)
    assert client_of(colleague).post(reverse("office:own-session-end", args=[third.pk])).status_code == 404
    keeper = client_of(head)
    keeper.post(reverse("office:session-end", args=[third.pk]))
    assert home.get(reverse("desk:today")).status_code == 302 and here.get(reverse("desk:today")).status_code == 200
    keeper.post(reverse("office:sessions-end", args=[worker.pk]))
    assert here.get(reverse("desk:today")).status_code == 302
    assert codes(worker) == ["office.sessions-ended"] * 3


def test_a_changed_password_ends_every_other_session(worker: Staff) -> None:
    here, elsewhere = sign_in("wang3", GOOD)[0], sign_in("wang3", GOOD)[0]
    new = "河边第七棵柳树 88"
    answer = here.post(reverse("office:password"), {"old": GOOD, "new": new, "again": new})
    assert answer.status_code == 302 and here.get(reverse("desk:today")).status_code == 200
    assert elsewhere.get(reverse("desk:today")).status_code == 302
    assert [one.session_key for one in SignIn.objects.all()] == [here.cookies["sessionid"].value]
    assert sign_in("wang3", GOOD)[1] == 200 and sign_in("wang3", new)[1] == 302


@pytest.mark.parametrize(
    ("new", "again", "words"),
    [
        ("", "", "请写上新密码"),
        ("短短的", "短短的", "密码太短"),
        ("13900000000", "13900000000", "不能全是数字"),
        ("password123", "password123", "太常见"),
        ("qiaomen-demo", "qiaomen-demo", "太常见"),
        ("wang3-wang3", "wang3-wang3", "太像"),
        (GOOD, GOOD, "和现在的一样"),
        (OWN + "一二三四", OWN + "一二三五", "两次写的不一样"),
    ],
)
def test_a_password_nobody_guesses(worker: Staff, new: str, again: str, words: str) -> None:
    client = sign_in("wang3", GOOD)[0]
    page = client.post(reverse("office:password"), {"old": GOOD, "new": new, "again": again}).content.decode()
    assert words in page and "This password" not in page and (not new or new not in page)
    assert sign_in("wang3", GOOD)[1] == 302


def test_the_present_password_is_asked_and_guessing_it_is_braked(worker: Staff) -> None:
    client = sign_in("wang3", GOOD)[0]
    form = {"old": "猜一个试试看看", "new": "河边第七棵柳树 88", "again": "河边第七棵柳树 88"}
    statuses = [client.post(reverse("office:password"), form).status_code for _ in range(11)]
    assert statuses[:9] == [200] * 9 and statuses[-1] == 429


def test_a_code_opens_nothing_after_a_week_and_no_phone_ever(head: Staff, grid: Organisation) -> None:
    _staff, code = acts.open_account(actor=head, login_name="xin2", name="新", role="volunteer", organisation=grid)
    said = Client().post(reverse("phone:enrol"), {"login_name": "xin2", "password": code}, "application/json")
    assert said.status_code == 403 and said.json()["code"] == "office.first-password"
    with clock.at(clock.now() + GOOD_FOR + timedelta(seconds=1)):
        page = Client().post(reverse("office:login"), {"login_name": "xin2", "password": code})
        assert page.status_code == 200 and "已经过期" in page.content.decode()


def test_codes_are_read_from_paper_without_asking() -> None:
    made = [make_code() for _ in range(200)]
    assert len(set(made)) == 200
    assert all([len(part) for part in code.split("-")] == [4, 4, 4] for code in made)
    assert set("".join(made)) <= {*LETTERS, "-"} and not set("01OIL") & set(LETTERS)


def test_last_used_is_a_day_and_unused_accounts_are_found(head: Staff, worker: Staff, grid: Organisation) -> None:
    fresh = Staff.objects.create_user("xin3", GOOD, name="从没用过的", role="worker", organisation=grid)
    sign_in("wang3", GOOD)
    keeper = client_of(head)
    page = keeper.get(reverse("office:accounts")).content.decode()
    assert "2026年12月1日" in page and "10:00" not in page and "还没有用过" in page
    unused = keeper.get(reverse("office:accounts"), {"state": "unused"}).content.decode()
    assert fresh.name in unused and worker.name not in unused
    with clock.at(clock.now() + timedelta(days=62)):
        keeper = client_of(head)
        assert worker.name in keeper.get(reverse("office:accounts"), {"state": "unused"}).content.decode()
        Device.objects.create(staff=worker, token_sha256="a", created_at=clock.now(), last_seen_at=clock.now())
        assert worker.name not in keeper.get(reverse("office:accounts"), {"state": "unused"}).content.decode()


def test_the_list_is_in_one_order_and_costs_the_same_for_many(
    head: Staff, grid: Organisation, django_assert_max_num_queries: Any
) -> None:
    for number in range(40):
        staff = Staff.objects.create_user(f"w{number}x", None, name=f"人{number:02}", role="worker", organisation=grid)
        Device.objects.create(staff=staff, token_sha256=str(number), created_at=clock.now())
    keeper = client_of(head)
    with django_assert_max_num_queries(14):
        page = keeper.get(reverse("office:accounts")).content.decode()
    assert page.index("人01") < page.index("人20") < page.index("人39")


def test_an_idle_session_is_no_sign_in_and_the_night_drops_it(worker: Staff) -> None:
    sign_in("wang3", GOOD)
    assert len(sessions.of_staff(worker)) == 1
    with clock.at(clock.now() + sessions.IDLE + timedelta(minutes=1)):
        assert sessions.of_staff(worker) == []
    with clock.at(clock.now() + timedelta(days=1)):
        task = next(one for one in nightly.tasks() if one.code == "office.sign-ins")
        assert "1" in task.work() and not SignIn.objects.exists()


def test_signing_out_forgets_where_one_was(worker: Staff) -> None:
    client = sign_in("wang3", GOOD)[0]
    client.post(reverse("office:logout"))
    assert not SignIn.objects.exists()
    client = sign_in("wang3", GOOD)[0]
    client.get(reverse("desk:today"))
    with clock.at(clock.now() + timedelta(minutes=40)):
        client.get(reverse("desk:today"))
    assert not SignIn.objects.exists()


def run(*words: str) -> str:
    out = StringIO()
    call_command("createadmin", *words, stdout=out)
    return out.getvalue()


def test_the_first_admin_of_an_empty_office_comes_by_the_command_line(db: None) -> None:
    said = run("guanli", "--name", "管理员", "--county", "拾光县")
    staff = Staff.objects.get()
    assert (staff.role, staff.organisation.kind, staff.organisation.name) == ("admin", "county", "拾光县")
    client, status = sign_in("guanli", next(line for line in said.splitlines() if "一次性密码" in line)[-14:])
    assert status == 302 and client.get(reverse("desk:today"))["Location"] == reverse("office:password")
    with pytest.raises(CommandError, match="已经有系统管理员了"):
        run("guanli2")
    again = run("guanli", "--forgotten")
    assert client.get(reverse("desk:today"))["Location"].startswith(reverse("office:login"))
    assert sign_in("guanli", next(line for line in again.splitlines() if "一次性密码" in line)[-14:])[1] == 302
    with pytest.raises(CommandError, match="没有叫这个登录名"):
        run("nobody", "--forgotten")
    assert codes(staff)[:2] == ["office.account-opened", "office.code-given"] and verify(staff.organisation).ok


def test_roles_fit_their_places(admin: Staff, county: Organisation, grid: Organisation) -> None:
    client = client_of(admin)
    for role, place, words in (("worker", county, "社区或网格"), ("head", grid, "社区"), ("admin", grid, "县或镇")):
        form = {"name": "某", "login_name": "mou2", "role": role, "organisation": place.pk}
        page = client.post(reverse("office:account-new"), form)
        assert words in str(page.context["form"].errors["organisation"])
    taken = {"name": "某", "login_name": "guanli", "role": "auditor", "organisation": county.pk}
    assert "已经有人用了" in client.post(reverse("office:account-new"), taken).content.decode()
