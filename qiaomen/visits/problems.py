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


class NoTimeLeft(Problem):
    """Doors are due, and none can be walked in the minutes that are left."""

    code = "visits.no-time-left"
    status = 409
    title = _("这一天的时间不够走一户")
    what = _("有 {doors} 户该走，但小组这一天剩下的时间连一户也走不完，所以没有安排。")
    safe = _("该走的户都还在，会排到下一轮。")
    do_next = _("请安排下一个走访日，或者把小组的时间改长。")


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


class QuietHoursUnclear(Problem):
    """Quiet hours have a beginning and an end."""

    code = "visits.quiet-hours-unclear"
    title = _("不便的时段没有写完整")
    what = _("不便上门的时段要同时写开始和结束。")
    safe = _("原来登记的上门意愿没有改动。")
    do_next = _("请把开始和结束时间都填上，或者都空着。")


class PauseInPast(Problem):
    """A pause ends after today."""

    code = "visits.pause-in-past"
    title = _("结束的日期已经过了")
    what = _("暂停走访要写一个今天以后的日期，到那天自动恢复。")
    safe = _("没有任何内容被改动。")
    do_next = _("请改成以后的日期；长期不愿上门的，请登记为“不要上门”。")


class AgreedUnclear(Problem):
    """Agreed hours are of a day within sixty days from today, and end after they begin."""

    code = "visits.agreed-unclear"
    title = _("约的时间不对")
    what = _("约的日期要从今天起、在六十天以内，要写几点以后，结束要晚于开始，没有记下。")
    safe = _("没有任何内容被改动。")
    do_next = _("请改好日期和钟点，再记一次。")


class AlreadyCancelled(Problem):
    """A round is cancelled once."""

    code = "visits.already-cancelled"
    status = 409
    title = _("这一轮已经取消了")
    what = _("有人先一步取消了它。")
    safe = _("它的户门已经排到下一轮。")
    do_next = _("请刷新页面看新的安排。")


class CauseNeeded(Problem):
    """A round is cancelled with its cause."""

    code = "visits.cause-needed"
    title = _("请写明取消的原因")
    what = _("取消一轮要写原因，例如“下雪”“停电”。")
    safe = _("这一轮没有取消，户门都在。")
    do_next = _("请写一句原因，再提交；不会记到任何人名下。")


class NobodyThere(Problem):
    """Everybody of the team is away."""

    code = "visits.nobody-there"
    status = 409
    title = _("这一天小组没有人")
    what = _("小组的人那天都请假，也没有人代走，所以没有安排。")
    safe = _("该走的户都还在，会排到下一轮。")
    do_next = _("请登记代走的人，或者换一天。")


class LeaveUnclear(Problem):
    """A leave has its days, and somebody else covers it."""

    code = "visits.leave-unclear"
    title = _("请假的日期或代走的人不对")
    what = _("结束的日期要在今天或以后，不早于开始；代走的人不能是请假的人自己。")
    safe = _("没有任何内容被改动。")
    do_next = _("请改好再提交。")


class CadenceOutOfRange(Problem):
    """A cadence is a number of days within a year."""

    code = "visits.cadence-out-of-range"
    title = _("天数不对")
    what = _("多久见一次，要写 1 到 365 之间的天数。")
    safe = _("原来定的没有改动。")
    do_next = _("请改好再提交；空着就是按通用的来。")


class PromiseUnclear(Problem):
    """A promise is days for each tier, from today on."""

    code = "visits.promise-unclear"
    title = _("承诺没有写清楚")
    what = _("多久见一次要写 1 到 1460 之间的天数，空着就是不作承诺；上门的间隔不能短于见面的间隔；从今天或以后起。")
    safe = _("原来的承诺没有改动。")
    do_next = _("请改好再定。")


class MinutesOutOfRange(Problem):
    """The minutes of a kind of visit."""

    code = "visits.minutes-out-of-range"
    title = _("分钟数不对")
    what = _("一次走访多少分钟，要写 0.5 到 120 之间的数。")
    safe = _("原来的没有改动。")
    do_next = _("请改好再提交；空着就是按记录学到的来。")


class HoursOutOfRange(Problem):
    """The hours of a week do not fit into the teams' walks."""

    code = "visits.hours-out-of-range"
    title = _("小组走不了这么久")
    what = _("照这个小时数，{team}每次要走 {minutes} 分钟；一次要在 30 到 480 分钟之间。")
    safe = _("承诺和小组的时间都没有改动。")
    do_next = _("请换一个小时数，或者先多建一个小组、多定一天。")


PAST_DAY = _("那一天已经过去了")
NO_SUCH_STAIRS = _("今天以后的各轮里没有这个楼道还没走的门")
NOBODY_WALKS = _("那个小组那天没有人走")
CALLED_OFF = _("那个小组那天已经取消了")
PROMISED_BEFORE = _("有答应过的日子，挪过去就晚了")
AGREED_THEN = _("和住户约好了那天来")
HOURS_LOST = _("按那边的顺序走，赶不上住户约好的或者方便的钟点")
NOT_WELCOME = _("住户说过那个时候不要来")
NOT_PAIRED = _("那个小组的人不合适：要有女同志，或者要两个人")
OTHERS_LOST = _("这样一挪，{doors} 就赶不上约好的或者方便的钟点了")


class CannotMove(Problem):
    """A stairwell cannot go to another walk."""

    code = "visits.cannot-move"
    status = 409
    title = _("这个楼道挪不过去")
    what = _("{why}")
    safe = _("两边的安排都没有改动。")
    do_next = _("请换一天或者换一个小组。")


class UnknownDoorCode(Problem):
    """A door code on paper that belongs to no door."""

    code = "visits.unknown-door-code"
    title = _("有门码认不出来")
    what = _("这些门码不属于本社区的任何一扇门：{codes}。")
    safe = _("这一张纸单还没有记下任何一行，您填的都在上一页。")
    do_next = _("请对照纸单改正这几个门码，再一起记下。")


class NotYours(Problem):
    """A visit is put right by who recorded it, or by the head."""

    code = "visits.not-yours"
    status = 403
    title = _("这次走访不是您记的")
    what = _("走访由记下的人或者社区主任更正、撤销。")
    safe = _("没有任何内容被改动。")
    do_next = _("请告诉记下的同事或者主任，哪里不对。")


class VisitTakenBack(Problem):
    """A visit that was taken back is not put right, and nothing is added to it."""

    code = "visits.taken-back"
    status = 409
    title = _("这次走访已经撤销")
    what = _("它已经被撤销了，这次没有改动。")
    safe = _("撤销以前的记录和台账都在。")
    do_next = _("真去过这一户，请重新记一次。")


class HoursNotYours(Problem):
    """Hours are agreed by whoever answers for them."""

    code = "visits.hours-not-yours"
    status = 403
    title = _("约时间请网格员来记")
    what = _("约上门的时间由网格员或者社区主任登记，这一行没有记下。")
    safe = _("没有任何内容被改动，您填的结果和话都在。")
    do_next = _("请去掉日期和钟点再记，约的时间告诉网格员。")


class SheetNotYours(Problem):
    """A volunteer writes down what their own team walked."""

    code = "visits.sheet-not-yours"
    status = 403
    title = _("这一轮不是您的小组走的")
    what = _("志愿者只记自己小组走的那几轮，这里没有记下。")
    safe = _("没有任何内容被改动。")
    do_next = _("请把纸单交给网格员，或者请主任把您加进那个小组。")


class ReasonMissing(Problem):
    """A correction says why."""

    code = "visits.reason-missing"
    title = _("还没有写为什么更正")
    what = _("更正一次走访要写一句原因，没有保存。")
    safe = _("原来的记录没有变。")
    do_next = _("请写一句原因，例如“选错了一行”。")
