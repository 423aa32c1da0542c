"""What the proxy desk refuses, in words."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.problems import Problem


class MandateIncomplete(Problem):
    """A mandate says in whose words, and for what."""

    code = "cases.mandate-incomplete"
    title = _("委托还缺一句话")
    what = _("委托要写明本人怎么说的、委托我们办什么，没有保存。")
    safe = _("这件事和已有的经过都在。")
    do_next = _("请写下本人的原话和委托的范围，一句也行。")


class MandateOver(Problem):
    """A mandate that ended before it began."""

    code = "cases.mandate-over"
    title = _("委托到期的日子已经过去")
    what = _("写的到期日是 {day}，早就过了，没有保存。")
    safe = _("这件事和已有的经过都在。")
    do_next = _("请核对日期；不写到期日，就管到这件事办完。")


class OriginalIncomplete(Problem):
    """A paper is named, has a place, and goes back to somebody."""

    code = "cases.original-incomplete"
    title = _("原件还缺一样")
    what = _("收原件要写是什么、放在哪；还原件要写交给谁，没有保存。")
    safe = _("原来的登记没有变。")
    do_next = _("请补上再提交，例如“户口本”“二号柜上层”“本人”。")


class OriginalsLeft(Problem):
    """A case does not end over a paper in our drawer."""

    code = "cases.originals-left"
    status = 409
    title = _("还有原件在我们这里")
    what = _("{papers}还没有还给居民，这件事不能了结。")
    safe = _("写的话没有丢，这件事还在办。")
    do_next = _("请先把原件还了、记下交给谁，再办结。")


class MaterialIncomplete(Problem):
    """A paper is asked for with its reason."""

    code = "cases.material-incomplete"
    title = _("材料还缺一样")
    what = _("要一样材料，得写是什么、为什么要，没有保存。")
    safe = _("这件事和已有的经过都在。")
    do_next = _("请补上再提交；社区已经知道的，不要再问居民要。")


class TripToCome(Problem):
    """A trip is counted after it was made."""

    code = "cases.trip-to-come"
    title = _("这一趟还没有跑")
    what = _("写的是 {day}，还没有到，没有保存。")
    safe = _("原来的登记没有变。")
    do_next = _("请写跑的那一天，跑完再记。")


class DeliveryPast(Problem):
    """What is brought home is brought today or later."""

    code = "cases.delivery-past"
    title = _("送到的日子已经过去")
    what = _("写的是 {day}，已经过去了，没有约成。")
    safe = _("原来约的没有变。")
    do_next = _("请写今天或者以后的一天。")


class NotedOtherwise(Problem):
    """What is asked was done already, or was taken back."""

    code = "cases.noted-otherwise"
    status = 409
    title = _("这一条已经不是这样了")
    what = _("它已经办过、还过或者撤销了，可能是同事刚刚记的。")
    safe = _("没有任何内容被改动。")
    do_next = _("请刷新看现在的样子；记错了，先撤销后面的那一步。")


class WrongPerson(Problem):
    """The page was opened for somebody else."""

    code = "cases.wrong-person"
    status = 409
    title = _("事主和页面上的不是同一个人")
    what = _("这一页打开以后，这件事改成了为别人办；您核对的不是现在的事主。")
    safe = _("没有任何内容被改动。")
    do_next = _("请回到这件事，看清姓名和门牌，再办一次。")


class TooManyCodes(Problem):
    """Ten wrong codes within an hour."""

    code = "cases.too-many-codes"
    status = 429
    title = _("查得太勤了")
    what = _("一小时里有十次对不上，先停一停，对的也暂时不答。")
    safe = _("您的事照常在办，没有任何改动。")
    do_next = _("请过一小时照着回执再查，或者打社区电话问。")
