"""What the import can refuse, in words a person can act on."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.problems import Problem

_NOTHING = _("什么都没有导入，原有的居民资料没有变动。")


class AlreadyUndone(Problem):
    """An act is taken back once."""

    code = "register.already-undone"
    status = 409
    title = _("这一次已经撤销过了")
    what = _("有人先一步撤销了它。")
    safe = _("没有重复撤销，现在的资料没有变动。")
    do_next = _("请刷新页面，看现在的资料。")


class NotUndone(Problem):
    """What stands is not done twice."""

    code = "register.not-undone"
    status = 409
    title = _("这一次没有撤销过")
    what = _("只有撤销过的才能恢复。")
    safe = _("现在的资料没有变动。")
    do_next = _("请刷新页面，看现在的资料。")


class UndoTooLate(Problem):
    """After the term a correction is a new act."""

    code = "register.undo-too-late"
    status = 409
    title = _("已经过了可以撤销的期限")
    what = _("撤销只在 {days} 天之内可以用。")
    safe = _("没有任何内容被改动。")
    do_next = _("请用“更正”改成现在正确的内容，原来的记录会保留。")


class LaterWork(Problem):
    """Something newer stands on what the act did."""

    code = "register.later-work"
    status = 409
    title = _("后来又有人在这上面做了改动")
    what = _("撤销这一次，会碰到后来改过的内容或后来的走访记录。")
    safe = _("什么都没有撤销，前后两次的内容都在。")
    do_next = _("请先撤销后来的那一次；或者直接更正现在的内容。")


_UNCHANGED = _("没有任何内容被改动，您填的都在。")


class NotYet(Problem):
    """What has not happened is not recorded."""

    code = "register.not-yet"
    title = _("这个日期还没有到")
    what = _("日期是 {day}，晚于今天。")
    safe = _UNCHANGED
    do_next = _("请改成事情发生的那一天；不确定时，写最近知道的日期。")


class HeadNeeded(Problem):
    """The head is named anew before leaving."""

    code = "register.head-needed"
    title = _("请先指定新的户主")
    what = _("户主 {name} 要离开这一户，户里还有别的人。")
    safe = _UNCHANGED
    do_next = _("请在表里从留下的人中选一位做新户主，再提交。")


class BeforeItBegan(Problem):
    """A time cannot end before it began."""

    code = "register.before-it-began"
    title = _("日期早于开始的日期")
    what = _("{name} 是从 {day} 开始登记在这里的。")
    safe = _UNCHANGED
    do_next = _("请核对日期；如果开始的日期错了，请先更正那一次。")


class BeforeBirth(Problem):
    """Nothing happens to somebody before their birth."""

    code = "register.before-birth"
    title = _("日期早于出生日期")
    what = _("{name} 是 {day} 出生的。")
    safe = _UNCHANGED
    do_next = _("请核对日期；如果出生日期错了，请先更正它。")


class NotAway(Problem):
    """Only who has gone comes back."""

    code = "register.not-away"
    title = _("这个人现在就登记在这里")
    what = _("{name} 没有搬走或迁出的记录。")
    safe = _UNCHANGED
    do_next = _("请核对选的是哪一位；换一扇门，请用“在社区内搬家”。")


class SaidBefore(Problem):
    """The same thing is recorded once, however often somebody presses the button."""

    code = "register.said-before"
    status = 409
    title = _("这件事已经记过了")
    what = _("{name} 的这一件事，同一天、同一户已经记了一次。")
    safe = _("没有记第二次，先记的那一次还在。")
    do_next = _("请回到这一户看看；先记的有错，就在那里更正。")


class NumberTaken(Problem):
    """An identity number is one person's."""

    code = "register.number-taken"
    title = _("这个身份证号已经登记在另一个人名下")
    what = _("这个身份证号已经登记在另一个人名下，一个号码只能是一个人的。")
    safe = _UNCHANGED
    do_next = _("请对照证件核对；如果两份登记是同一个人，请到“重复”页合并。")


class NobodyChosen(Problem):
    """An act about people names at least one."""

    code = "register.nobody-chosen"
    title = _("没有选人")
    what = _("这件事至少要选一个人。")
    safe = _UNCHANGED
    do_next = _("请勾选相关的家庭成员，再提交。")


class BadIdNo(Problem):
    """The number does not add up."""

    code = "register.bad-id-no"
    title = _("身份证号不对")
    what = _("这个身份证号的位数、出生日期或校验位对不上。")
    safe = _UNCHANGED
    do_next = _("请对照证件再填一次；一时没有证件，可以先空着。")


class NotOnePair(Problem):
    """Two records are merged while both still stand in one community."""

    code = "register.not-one-pair"
    status = 409
    title = _("这两份登记现在不能合并")
    what = _("其中一份已经合并过，或者已经不在登记里。")
    safe = _("没有任何内容被改动。")
    do_next = _("请回到“重复”页，看现在还有哪些要核对。")


class ReasonNeeded(Problem):
    """What a person decides against a rule has a reason."""

    code = "register.reason-needed"
    title = _("请写明原因")
    what = _("这一步要留下原因，别人以后才看得懂。")
    safe = _UNCHANGED
    do_next = _("请在“原因”里写一句话，再提交。")


class SealedChild(Problem):
    """Records of a child under 14 are for named roles."""

    code = "register.sealed-child"
    status = 403
    title = _("这是 14 岁以下儿童的资料")
    what = _("个人信息保护法把不满 14 岁的人的资料列为敏感信息，本社区只对主任和儿童主任开放。")
    safe = _("没有显示任何内容，也没有改动。")
    do_next = _("工作确实需要时，请联系主任或儿童主任。")
