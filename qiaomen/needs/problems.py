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


class DayOver(Problem):
    """A promise is for a day to come."""

    code = "needs.day-over"
    title = _("这个日期已经过去了")
    what = _("答应回话的日期在今天以前。")
    safe = _("没有任何内容被改动，您填的都在。")
    do_next = _("请改成今天或者以后的一天。")
