"""What a bulletin can refuse."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.problems import Problem


class NotADraft(Problem):
    """A published bulletin is not published again and not edited."""

    code = "bulletins.not-a-draft"
    status = 409
    title = _("这一期已经公布")
    what = _("它已经公布或撤回，不能再公布一次。")
    safe = _("已公布的数字和背后的记录都在，没有被改动。")
    do_next = _("数字有误时，写明原因撤回，再重新起草。")


class ReasonNeeded(Problem):
    """The public is told why."""

    code = "bulletins.reason-needed"
    title = _("还缺撤回的原因")
    what = _("撤回要写明原因，公开页会显示，这次没有撤回。")
    safe = _("这一期照旧公布着。")
    do_next = _("请写一句居民看得懂的原因，再撤回；只能撤回已公布的一期。")


class WeekNotBegun(Problem):
    """No bulletin of a week, month or quarter that has not begun."""

    code = "bulletins.week-not-begun"
    title = _("这一段还没有开始")
    what = _("不能起草还没有开始的一周、一月或一季。")
    safe = _("没有任何内容被改动。")
    do_next = _("请选正在过或已经过完的一段。")


class PrivateWords(Problem):
    """What the public reads names nobody."""

    code = "bulletins.private-words"
    title = _("公开的话里有私人信息")
    what = _("要公开的话里有 {count} 处私人信息，第一处是“{found}”（{kind}），这次没有公开。")
    safe = _("这一期还是原来的样子，新的话没有存下，也没有公开。")
    do_next = _("请不写姓名、号码、门牌和病情，换成“有一户”“一位居民”，再提交。")
