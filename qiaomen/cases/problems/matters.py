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


class NotYourStep(Problem):
    """A step is put right by who wrote it, or by the head."""

    code = "cases.not-your-step"
    status = 403
    title = _("这一步不是您记的")
    what = _("一步办理由记下的人或者社区主任更正、撤销。")
    safe = _("没有任何内容被改动。")
    do_next = _("请告诉记下的同事或者主任，哪里不对。")


class ReasonMissing(Problem):
    """A correction says why."""

    code = "cases.reason-missing"
    title = _("还没有写原因")
    what = _("更正、撤销一步要写一句原因，没有保存。")
    safe = _("原来的记录没有变。")
    do_next = _("请写一句原因，例如“写到别的事上了”。")


class StepPast(Problem):
    """What came after a step rests on it."""

    code = "cases.step-past"
    status = 409
    title = _("这一步现在不能撤销")
    what = _("它已经更正或撤销过，或者后面的经过是在它之上办的。")
    safe = _("没有任何内容被改动。")
    do_next = _("请先撤销后面的那一步；转交错了，就再转交回来。")


class ToldAlready(Problem):
    """A closing of which the resident was told stands."""

    code = "cases.told-already"
    status = 409
    title = _("居民已经知道办结了")
    what = _("办结的话已经告诉居民，或者已经照结果办了，不能当作没有办结。")
    safe = _("没有任何内容被改动。")
    do_next = _("没有办好的，请记下居民的答复“没有解决”，就会重新办理。")
