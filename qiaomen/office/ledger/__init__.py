"""The ledger: one line for every act and every look, in the same transaction, chained and signed (kernel/chain.py)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel import chain, clock, ledger_kinds
from qiaomen.kernel.ledger_kinds import LedgerKind
from qiaomen.office.bulk_insert import insert_new
from qiaomen.office.ledger import heads as ledger_heads
from qiaomen.office.ledger.check import BROKEN, EXPLAINED, ranges_broken
from qiaomen.office.ledger.check import VerifyResult as VerifyResult
from qiaomen.office.ledger.check import verify as verify
from qiaomen.office.models import LedgerEntry, LedgerHead, Organisation, Staff
from qiaomen.office.record_types import record_type_of

ledger_kinds.register(
    LedgerKind("office.logged-in", _("登录了系统")),
    LedgerKind("office.logged-out", _("退出了系统")),
    LedgerKind("office.login-failed", _("有人用错的密码或不存在的名字登录")),
    LedgerKind("office.locked-out", _("登录输错太多次，被停了 15 分钟")),
    LedgerKind("office.refused", _("打开了不归自己的页面，被拒绝")),
    LedgerKind("office.duty-changed", _("指定或取消了儿童主任")),
    LedgerKind("office.label-asked", _("提了一个名称，等另一位同意")),
    LedgerKind("office.label-approved", _("同意了一个名称")),
    LedgerKind("office.label-refused", _("没有同意一个名称")),
    LedgerKind("office.account-opened", _("开了一个账号")),
    LedgerKind("office.account-changed", _("改了一个账号的姓名、电话、岗位或网格")),
    LedgerKind("office.code-given", _("给了一个账号一次性密码")),
    LedgerKind("office.account-closed", _("停用了一个账号，同时退出登录、停用手机")),
    LedgerKind("office.account-reopened", _("重新启用了一个账号")),
    LedgerKind("office.sessions-ended", _("让一个账号退出了登录")),
    LedgerKind("office.password-changed", _("改了自己的密码")),
    LedgerKind("office.ledger-verified", _("校验了台账链")),
    LedgerKind(BROKEN, _("发现台账链在这之前断了")),
    LedgerKind(EXPLAINED, _("说明了台账链为什么断过，从这里重新接起")),
    LedgerKind("office.ledger-read", _("查看了操作台账")),
    LedgerKind(
        "office.ledger-searched",
        _("在操作台账里查一个人或一扇门"),
        (),
        _("只记查找，不记内容"),
        is_look=True,
    ),
    LedgerKind("office.ledger-exported", _("导出了操作台账")),
    LedgerKind("office.restored", _("从备份恢复了系统")),
    LedgerKind("office.renamed", _("改了社区或网格的名称")),
    LedgerKind("office.community-made", _("建立了一个社区")),
    LedgerKind("office.community-changed", _("改了社区的电话")),
    LedgerKind("office.town-made", _("建立了一个镇街")),
    LedgerKind("office.grid-made", _("加了一个网格")),
    LedgerKind("office.body-added", _("添了一个外面的单位")),
    LedgerKind("office.body-changed", _("改了一个外面的单位")),
    LedgerKind("office.body-confirmed", _("核实了一个外面的单位")),
    LedgerKind("office.body-ended", _("停用了一个外面的单位")),
    LedgerKind("office.body-restored", _("恢复了一个外面的单位")),
    LedgerKind("office.posted-added", _("添了一项公布时放行的")),
    LedgerKind("office.posted-ended", _("撤了一项公布时放行的")),
    LedgerKind("office.campaign-asked", _("提出了一项专项工作")),
    LedgerKind("office.campaign-decided", _("同意、退回或结束了一项专项工作")),
    LedgerKind("office.campaign-marked", _("把一条记录归入专项工作")),
    LedgerKind("office.campaign-unmarked", _("把一条记录移出专项工作")),
    LedgerKind("office.photo-looked", _("查看了一张照片的原图"), ("photo",), _("只记查看，不记内容"), is_look=True),
    LedgerKind("office.photo-redacted", _("做了一张照片的遮盖副本")),
    LedgerKind("office.photo-uncovered", _("删了一张照片的遮盖副本")),
    LedgerKind("office.badge-photo-put", _("在敲门证上放了本人的照片"), ("photo",), _("拿掉照片、停用账号时删除")),
    LedgerKind("office.badge-photo-dropped", _("拿掉了敲门证上的照片")),
    LedgerKind("office.handed-over", _("把一个人手里的事交给了同事")),
    LedgerKind("office.handover-begun", _("代班开始，事情到了代班人手里")),
    LedgerKind("office.handed-back", _("代班结束或撤回交接，事情回到原来的人手里")),
    LedgerKind("office.away-noted", _("登记了代班")),
    LedgerKind("office.braked", _("看得太多太快，系统停了查看")),
    LedgerKind("office.brake-lifted", _("放开了一个账号的查看")),
    LedgerKind("office.names-shown", _("在名单或页面上看到了名字"), ("name",), _("只记看到，不记内容"), is_list=True),
    LedgerKind(
        "office.number-typed",
        _("用完整的证件号或电话查找"),
        ("id_no", "phone"),
        _("只记查找，不记号码"),
        is_look=True,
    ),
    LedgerKind("office.lines-read", _("看到了关于一户的提示"), ("lines",), _("只记查看，不记内容"), is_look=True),
)
REASON = LedgerEntry._meta.get_field("reason")
EMPTY = {"subject_type": "", "subject_id": "", "fields": [], "reason": "", "detail": {}}
_gathered: ContextVar[dict[UUID, tuple[Organisation, list[dict[str, Any]]]] | None] = ContextVar(
    "gathered", default=None
)


def record(
    *,
    community: Organisation,
    actor: Staff | None,
    code: str,
    subject: models.Model | None = None,
    fields: tuple[str, ...] | list[str] = (),
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Add one line. `detail` holds ids and counts, never what was said or who someone is; `reason` is sealed.

    Raises KeyError for an undeclared kind and TransactionManagementError outside a transaction.
    """
    entry: dict[str, Any] = {"code": code, "fields": list(fields), "reason": reason, "detail": detail or {}}
    if subject is not None:
        entry |= {"subject_type": record_type_of(subject), "subject_id": str(subject.pk)}
    record_many(community=community, actor=actor, entries=[entry])


def record_many(*, community: Organisation, actor: Staff | None, entries: list[dict[str, Any]]) -> None:
    """Add many lines at one moment, in order, with one lock of the chain's head."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a ledger line stands in the transaction of its act")
    for entry in entries:
        ledger_kinds.get(entry["code"])
    who = {"actor_id": actor.pk if actor is not None else None, "actor_name": actor.name if actor is not None else ""}
    lines = [{**EMPTY, "at": clock.now(), **who, **entry} for entry in entries]
    gathered = _gathered.get()
    if gathered is None:
        _append(community, lines)
    else:
        gathered.setdefault(community.pk, (community, []))[1].extend(lines)


@contextmanager
def together() -> Iterator[None]:
    """Gather the lines of a block and add them at its end, in order, with one lock of each chain's head.

    The block and its end stand in one transaction. Nothing is added when the block raises; inside it no act may be
    taken back alone, for its lines would stay.
    """
    if _gathered.get() is not None:
        yield
        return
    gathered: dict[UUID, tuple[Organisation, list[dict[str, Any]]]] = {}
    token = _gathered.set(gathered)
    try:
        yield
    finally:
        _gathered.reset(token)
    for key in sorted(gathered):
        _append(*gathered[key])


def lock(community: Organisation) -> LedgerHead:
    """Return the head of the chain, locked until the transaction ends.

    A head that is gone is made anew after the last line there is, unsigned: the next line says that the chain is
    broken.
    """
    found = LedgerHead.objects.select_for_update(of=("self",)).select_related("community").filter(community=community)
    head = found.first()
    if head is None:
        LedgerHead.objects.bulk_create([LedgerHead(community=community)], ignore_conflicts=True)
        head = found.get()
    return head


def _append(community: Organisation, lines: list[dict[str, Any]]) -> None:
    head = lock(community)
    if not head.holds:
        lines = [_mend(head), *lines]
    before, entries, previous = (head.seq, head.hash), [], head.hash
    for seq, line in enumerate(lines, head.seq + 1):
        reason = REASON.seal(line["reason"], community.pk, seq)
        line |= {"community_id": community.pk, "subject_id": str(line["subject_id"]), "seq": seq, "reason": reason}
        previous = chain.hash_line(previous, line)
        key_id, mark = chain.mark_line(previous)
        entries.append(LedgerEntry(**line, hash=previous, key_id=key_id, mark=mark))
    if len(insert_new(entries)) != len(entries):
        raise IntegrityError("a line of the ledger stands there already")
    head.seq, head.hash = entries[-1].seq, previous
    head.sign_and(update_fields=["seq", "hash", "key_id", "mark"])
    hashes = [one.hash for one in entries]
    transaction.on_commit(partial(ledger_heads.witness, community.pk, before, hashes), robust=True)


def _mend(head: LedgerHead) -> dict[str, Any]:
    """Set a head that somebody moved behind the last line there is; return the line that says so for ever.

    The office goes on, for what was said at a door must not be lost; signing over it in silence would hide the break.
    """
    found = {"head": head.seq}
    last = LedgerEntry.objects.filter(community=head.community_id).order_by("-seq").first()
    head.seq, head.hash = (last.seq, last.hash) if last is not None else (0, chain.GENESIS)
    return {**EMPTY, "at": clock.now(), "actor_id": None, "actor_name": "", "code": BROKEN, "detail": found}


@transaction.atomic
def explain_break(*, community: Organisation, reason: str, actor: Staff | None = None) -> None:
    """Write why a chain was broken: its breaks up to now are passed from here on, every other line still binds.

    Raises ValueError without a reason. Heads kept outside bind again from this line on.
    """
    if not reason.strip():
        raise ValueError("a break is explained in words")
    record(
        community=community, actor=actor, code="office.ledger-verified", detail={"ok": False}
    )  # mends the head first
    record(
        community=community,
        actor=actor,
        code=EXPLAINED,
        reason=reason.strip()[:200],
        detail={"lines": ranges_broken(community)},
    )
    transaction.on_commit(partial(_anchor_anew, community))


def _anchor_anew(community: Organisation) -> None:
    head = LedgerHead.objects.select_related("community").get(community=community)
    ledger_heads.sign([head], clock.today(), ledger_heads.EXPLAINED)
    ledger_heads.begin_anew(head)
