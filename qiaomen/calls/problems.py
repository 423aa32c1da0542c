"""What a call, an alert or a sweep can refuse."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.problems import Problem


class NotNow(Problem):
    """Nobody rings this household now."""

    code = "calls.not-now"
    status = 409
    title = _("现在不打这一户的电话")
    what = _("{why}，所以没有显示号码。")
    safe = _("这一户还在名单上，什么都没有少。")
    do_next = _("请先打名单上别的户，到时候再打。")


class NoNumber(Problem):
    """No telephone number is known."""

    code = "calls.no-number"
    status = 409
    title = _("这一户没有登记电话")
    what = _("名册上这一户没有可以打的电话号码。")
    safe = _("这一户还在名单上。")
    do_next = _("请上门，或者问到号码后在居民资料里补上。")


class CallInFuture(Problem):
    """A call cannot lie in the future."""

    code = "calls.future-dated"
    title = _("打电话的时间在将来")
    what = _("填写的时间比现在晚，没有保存。")
    safe = _("以前的记录都在。")
    do_next = _("请核对日期和时间后再提交。")


class CallNotYours(Problem):
    """A call is put right by who recorded it, or by the head."""

    code = "calls.not-yours"
    status = 403
    title = _("这通电话不是您记的")
    what = _("电话由记下的人或者社区主任更正、撤销。")
    safe = _("没有任何内容被改动。")
    do_next = _("请告诉记下的同事或者主任，哪里不对。")


class CallTakenBack(Problem):
    """A call that was taken back, or put right by another, is not put right again."""

    code = "calls.taken-back"
    status = 409
    title = _("这通电话已经撤销或者更正过了")
    what = _("它已经不算数了，这次没有改动。")
    safe = _("撤销以前的记录和台账都在。")
    do_next = _("真打过这通电话，请看名单上现在记的，或者重新记一次。")


class WhyMissing(Problem):
    """A correction says why."""

    code = "calls.why-missing"
    title = _("还没有写为什么")
    what = _("更正、撤销一通电话要写一句原因，没有保存。")
    safe = _("原来的记录没有变。")
    do_next = _("请写一句原因，例如“按错了一行”。")


class AlertUnclear(Problem):
    """An alert has a kind and an end that has not passed."""

    code = "calls.alert-unclear"
    title = _("预警没有写完整")
    what = _("预警要选一种，结束日不能早于今天，最长三十天。")
    safe = _("没有任何内容被改动。")
    do_next = _("请改好以后再发。")


class ForbiddenTopic(Problem):
    """A topic that serves the control of people."""

    code = "calls.forbidden-topic"
    title = _("不能摸排这样的事")
    what = _("题目里有“{word}”。信仰、信访、稳控、前科这一类的事，不用这个系统去问。")
    safe = _("没有任何内容被改动，也没有一户被问。")
    do_next = _("请只问办服务要用的事，例如谁想找活干。")


class SweepUnclear(Problem):
    """A sweep has a title, one to three questions of the list, and days to come."""

    code = "calls.sweep-unclear"
    title = _("摸排没有写完整")
    what = _("摸排要有题目、一到三个问题，截止日不能早于今天，年龄从小到大。")
    safe = _("没有任何内容被改动。")
    do_next = _("请改好以后再发。")


class SweepOver(Problem):
    """A sweep that ended, or a door that is not in it."""

    code = "calls.sweep-over"
    status = 409
    title = _("这次摸排不问这一户")
    what = _("这次摸排已经结束，或者不包括这一户，没有记下。")
    safe = _("已经问到的都在。")
    do_next = _("请看摸排的截止日和范围。")


class GoBetweenUnclear(Problem):
    """Whom to ask instead has a name."""

    code = "calls.go-between-unclear"
    title = _("没有写托谁")
    what = _("要写清楚托的人叫什么、是什么人。")
    safe = _("原来登记的没有改动。")
    do_next = _("请补上姓名，再选是邻居、志愿者还是亲属。")
