"""What cases write into the ledger."""

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qiaomen.cases.models import Case
from qiaomen.cases.selectors.sealed import may_open, quiet_title, sealed_codes
from qiaomen.kernel.ledger_kinds import LedgerKind, register
from qiaomen.office.ledger import names
from qiaomen.office.ledger.names import Named
from qiaomen.office.models import Staff

_ERASED = _("按办事档案的保存期清除")
register(
    LedgerKind("cases.opened", _("立了一件事")),
    LedgerKind(
        "cases.looked", _("查看了一件事的原话和经过"), ("words", "sentence"), _("只记查看，不记内容"), is_look=True
    ),
    LedgerKind("cases.shelf-looked", _("查看了放在社区的原件"), ("what",), _("只记查看，不记内容"), is_look=True),
    LedgerKind("cases.step-taken", _("记了一步办理"), ("sentence",), _ERASED),
    LedgerKind("cases.step-corrected", _("更正了一步办理"), ("sentence",), _ERASED),
    LedgerKind("cases.step-taken-back", _("撤销了一步办理"), ("sentence",), _ERASED),
    LedgerKind("cases.withdrawn", _("撤销了一件记错的事"), ("sentence",), _ERASED),
    LedgerKind("cases.closed", _("办结了一件事"), ("sentence",), _ERASED),
    LedgerKind("cases.answered", _("记下了居民的答复"), ("sentence",), _ERASED),
    LedgerKind("cases.handed-over", _("把一件事交给了同事")),
    LedgerKind("cases.offered", _("请同事接手一件事"), ("sentence",), _ERASED),
    LedgerKind("cases.accepted", _("接手了一件事")),
    LedgerKind("cases.declined", _("没有接手一件事"), ("sentence",), _ERASED),
    LedgerKind("cases.procedure-chosen", _("定了一件事按哪个规程办")),
    LedgerKind("cases.part-recorded", _("记了规程里的一步"), ("sentence",), _ERASED),
    LedgerKind("cases.paused", _("暂停了一件事的期限"), ("sentence",), _ERASED),
    LedgerKind("cases.resumed", _("让一件事的期限接着走"), ("sentence",), _ERASED),
    LedgerKind("cases.extended", _("给一件事延了期"), ("sentence",), _ERASED),
    LedgerKind("cases.referred", _("把一件事转给外单位"), ("sentence",), _ERASED),
    LedgerKind("cases.replied", _("记下了外单位的答复"), ("sentence",), _ERASED),
    LedgerKind("cases.near-declared", _("登记了一位近亲属"), ("person", "relation"), _("撤销登记后不再使用")),
    LedgerKind("cases.near-ended", _("撤销了一条近亲属登记")),
    LedgerKind("cases.mandate-given", _("记下了一份委托"), ("words", "scope"), _ERASED),
    LedgerKind("cases.mandate-withdrawn", _("记下委托收回了"), ("words",), _ERASED),
    LedgerKind("cases.mandate-restored", _("更正：委托没有收回"), ("words",), _ERASED),
    LedgerKind("cases.original-taken", _("收下了一份原件"), ("what",), _ERASED),
    LedgerKind("cases.original-returned", _("还了一份原件"), ("what", "returned_to"), _ERASED),
    LedgerKind("cases.original-not-returned", _("更正：原件还没有还"), ("what",), _ERASED),
    LedgerKind("cases.material-needed", _("记下要一份材料"), ("what",), _ERASED),
    LedgerKind("cases.material-known", _("一份材料社区已经知道，没有要"), ("what",), _ERASED),
    LedgerKind("cases.material-brought", _("一份材料交来了"), ("what",), _ERASED),
    LedgerKind("cases.material-waived", _("一份材料免交"), ("what", "reason"), _ERASED),
    LedgerKind("cases.delivery-asked", _("约好送上门")),
    LedgerKind("cases.delivery-off", _("不送上门了")),
    LedgerKind("cases.trip-noted", _("记下跑了一趟")),
    LedgerKind("cases.tracking-begun", _("给了一件事查询号和查询码")),
    LedgerKind("cases.form-printed", _("打印了一张填好的单子"), ("name",), _("只记查看，不记内容"), is_look=True),
    LedgerKind("cases.template-changed", _("换了一种单子的模板")),
    LedgerKind("cases.template-ended", _("把一种单子退回标准模板")),
    LedgerKind("cases.proxy-taken-back", _("撤销了一条帮办登记"), ("what", "words"), _ERASED),
)


@names.names(Case.record_type)
@names.of_residents
def name_cases(keys: Collection[UUID], viewer: Staff) -> dict[UUID, Named]:
    """Name cases by kind and household; a sealed one to whoever is not in it by what it is alone."""
    codes = sealed_codes()
    found = Case.objects.select_related("need__household__dwelling").filter(pk__in=keys)
    return {
        case.pk: Named(
            f"{quiet_title(case.need, case.procedure in codes)} · {case.need.household.head_name}",
            reverse("cases:detail", args=[case.pk]),
        )
        if may_open(case, viewer, codes)
        else Named(quiet_title(case.need, sealed=True))
        for case in found
    }
