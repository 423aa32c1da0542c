"""What a round or a visit can refuse."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.problems import Problem


class NothingDue(Problem):
    """No door is due."""

    code = "visits.nothing-due"
    status = 409
    title = _("今天没有到期的户")
    what = _("按现在的记录，没有一户今天该走。")
    safe = _("没有任何内容被改动。")
    do_next = _("名册还没有导入时，请先导入；否则今天不用再安排。")


class FutureVisit(Problem):
    """A visit cannot lie in the future."""

    code = "visits.future-dated"
    title = _("走访时间在将来")
    what = _("填写的走访时间比现在晚，没有保存。")
    safe = _("以前的走访记录都在。")
    do_next = _("请核对日期和时间后再提交。")


class NotAPhoto(Problem):
    """The bytes are no picture we can draw anew."""

    code = "visits.not-a-photo"
    title = _("照片打不开")
    what = _("收到的内容不是能打开的照片，或者太大。")
    safe = _("走访和诉求都已保存，只缺这张照片。")
    do_next = _("请重新拍一张；拍不了也可以不要照片。")
