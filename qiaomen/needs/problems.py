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


class AlreadyTold(Problem):
    """What a resident was told cannot be unsaid."""

    code = "needs.already-told"
    status = 409
    title = _("这句话已经告诉居民了")
    what = _("已经告诉居民的话不能当作没有说过，没有撤销。")
    safe = _("没有任何内容被改动。")
    do_next = _("说错了，就再记一句要回的话，把对的告诉居民。")


class NotYourPromise(Problem):
    """A promise is taken back by who noted it, by who is to keep it, or by the head."""

    code = "needs.not-your-promise"
    status = 403
    title = _("这句要回的话不是您的")
    what = _("要回的话由记下的人、负责告诉的人或者社区主任撤销。")
    safe = _("没有任何内容被改动，居民还在等这句话。")
    do_next = _("请告诉记下的同事或者主任，哪里不对。")


class OwedForNeed(Problem):
    """What is owed because of a need goes with what made it: the need, or the closing of its case."""

    code = "needs.owed-for-need"
    status = 409
    title = _("这句话是一件诉求的答复")
    what = _("它跟着诉求和办结走，不能单独撤销。")
    safe = _("没有任何内容被改动，这句话还要告诉居民。")
    do_next = _("办结错了，请在那件事里撤销办结；没有这件诉求，请撤销诉求。")


class NotHeardByYou(Problem):
    """A need is put right by who heard it, or by the head."""

    code = "needs.not-heard-by-you"
    status = 403
    title = _("这件诉求不是您记的")
    what = _("诉求由记下的人或者社区主任更正、撤销。")
    safe = _("没有任何内容被改动。")
    do_next = _("请告诉记下的同事或者主任，哪里不对。")


class NeedTakenBack(Problem):
    """A need that was taken back is not put right."""

    code = "needs.need-taken-back"
    status = 409
    title = _("这件诉求已经撤销")
    what = _("它刚刚被撤销了，没有更正。")
    safe = _("撤销以前的记录和台账都在。")
    do_next = _("真有这件事，请重新记一件。")


class OwedTakenBack(Problem):
    """A promise that was taken back is not told."""

    code = "needs.owed-taken-back"
    status = 409
    title = _("这句要回的话已经撤销")
    what = _("它刚刚被撤销了，这次没有记下。")
    safe = _("撤销以前的记录和台账都在。")
    do_next = _("还要告诉居民的，请重新记一句要回的话。")


class ReasonMissing(Problem):
    """A correction says why."""

    code = "needs.reason-missing"
    title = _("还没有写原因")
    what = _("更正、撤销一件诉求要写一句原因，没有保存。")
    safe = _("原来的记录没有变。")
    do_next = _("请写一句原因，例如“记到别的户了”；公布过的数字会写明这一件改过。")
