"""What a case can refuse."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.problems import Problem


class SentenceNeeded(Problem):
    """A change of state owes the resident a sentence."""

    code = "cases.sentence-needed"
    title = _("还缺给居民的一句话")
    what = _("办结要写一句居民听得懂的话，这次没有办结。")
    safe = _("这件事和已有的经过都在。")
    do_next = _("请写明办成了什么、什么时候办的，再提交。")


class OutcomeUnknown(Problem):
    """A matter ends in one of the ways the houses know: each says what follows."""

    code = "cases.outcome-unknown"
    title = _("没有选怎么办结的")
    what = _("办结要选一种结果，选的这一种系统里没有，这次没有办结。")
    safe = _("这件事和已有的经过都在，写的话没有丢。")
    do_next = _("请从列出的结果里选一种，再提交。")


class NotUnderWay(Problem):
    """Only a case under way can be worked on."""

    code = "cases.not-under-way"
    status = 409
    title = _("这件事已经办结")
    what = _("它现在不在办理中，可能是同事刚刚办结了。")
    safe = _("同事写的结果都在，没有被改动。")
    do_next = _("请看这件事的经过；居民说没解决时，记下答复就会重新办理。")


class NotClosed(Problem):
    """The resident answers a closed case, once."""

    code = "cases.not-closed"
    status = 409
    title = _("这件事还不能记居民答复")
    what = _("居民的答复在办结之后记一次；它还没有办结，或者已经记过。")
    safe = _("没有任何内容被改动。")
    do_next = _("请看这件事的经过，办结后再记。")
