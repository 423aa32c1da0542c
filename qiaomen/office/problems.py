"""What the office can refuse."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.problems import Problem


class TooManyTries(Problem):
    """Ten wrong passwords lock name and address for a quarter of an hour."""

    code = "office.too-many-tries"
    status = 429
    title = _("试的次数太多")
    what = _("连续输错密码，登录暂停 15 分钟。")
    safe = _("已保存的内容都在。")
    do_next = _("请 15 分钟后再试；忘记密码请找系统管理员。")


class TooManyNames(Problem):
    """Many names with wrong passwords from one address."""

    code = "office.too-many-names"
    status = 429
    title = _("这个网络地址暂停登录")
    what = _("一刻钟里，从这个网络地址用许多不同的登录名输错了密码，登录先停一下。没有锁任何人的账号。")
    safe = _("已保存的内容都在；已经登录的人不受影响。")
    do_next = _("用过敲门的浏览器照常可以登录；第一次用的，请一刻钟后再试，或者告诉系统管理员。")


class IdleTooLong(Problem):
    """Half an hour without a request, or a whole working day signed in."""

    code = "office.idle-too-long"
    status = 401
    title = _("半小时没有操作，已经退出")
    what = _("为了保护居民资料，半小时没有操作或者登录满 12 小时就自动退出。这次没有提交。")
    safe = _("没有任何内容被改动，您填的内容都在上一页。")
    do_next = _("请按“返回”把刚写的文字复制下来，重新登录后再填。")


class TooManyLooks(Problem):
    """An account that opens a community's people one after the other is stopped."""

    code = "office.too-many-looks"
    status = 429
    title = _("一小时里看的人太多，先停一下")
    what = _(
        "这个账号一小时里已经打开了 {seen} 人的资料，上限是 {limit} 人。为了防止资料被整批抄走，系统先停下来，也提醒了主任。"
    )
    safe = _("已保存的内容都在，没有改动；这一小时里打开过的人还能再看，名单和登记走访不受影响。")
    do_next = _("{until} 以后可以接着看；急着用，请主任在“今天”页放开。不是您本人在看，请马上告诉主任并改密码。")


class OwnBrake(Problem):
    """Two persons, not one twice."""

    code = "office.own-brake"
    status = 403
    title = _("不能放开自己的账号")
    what = _("停下来的是您自己的账号。")
    safe = _("已保存的内容都在。")
    do_next = _("请等到提示的时间，或者请另一位主任放开。")
