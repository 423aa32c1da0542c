"""What a need can refuse."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.problems import Problem


class SentenceMissing(Problem):
    """Somebody is owed a sentence, not a tick."""

    code = "needs.sentence-missing"
    title = _("还缺要告诉居民的话")
    what = _("没有写要告诉居民什么，这次没有记下。")
    safe = _("没有任何内容被改动，您填的都在。")
    do_next = _("请写一句居民听得懂的话，再提交。")


class ReasonMissing(Problem):
    """What was heard is put right with a reason, for a number may have counted it."""

    code = "needs.reason-missing"
    title = _("还缺更正的原因")
    what = _("没有写为什么更正，这次没有改。")
    safe = _("没有任何内容被改动。")
    do_next = _("请写一句原因，再提交；公布过的数字会写明这一件改过。")


class DayOver(Problem):
    """A promise is for a day to come."""

    code = "needs.day-over"
    title = _("这个日期已经过去了")
    what = _("答应回话的日期在今天以前。")
    safe = _("没有任何内容被改动，您填的都在。")
    do_next = _("请改成今天或者以后的一天。")
