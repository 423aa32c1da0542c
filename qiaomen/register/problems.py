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


class GuardianNeeded(Problem):
    """Whoever is not grown does not agree alone."""

    code = "register.guardian-needed"
    title = _("要由监护人同意")
    what = _("{name}还不到 18 岁，或者还不知道多大，没有写由哪位监护人同意。")
    safe = _UNCHANGED
    do_next = _("请选户里的监护人，或者写下监护人的姓名和关系；已经成年的，请先补上出生日期。")


class NoGuardian(Problem):
    """A guardian is somebody else, and grown."""

    code = "register.no-guardian"
    title = _("这个人不能做监护人")
    what = _("{name}是本人、不满 18 岁，或者不在本社区的名册里。")
    safe = _UNCHANGED
    do_next = _("请选一位成年的家人，或者写下监护人的姓名和关系。")


class ToWhomMissing(Problem):
    """A consent is for somebody."""

    code = "register.to-whom-missing"
    title = _("还没有写给谁")
    what = _("同意书要写明告诉谁、交给谁，这次没有记下。")
    safe = _UNCHANGED
    do_next = _("请写下单位或者家人的姓名，再提交。")


class TermOver(Problem):
    """It ends in time to come."""

    code = "register.term-over"
    title = _("这个期限已经过去了")
    what = _("同意的最后一天是 {day}，早于今天。")
    safe = _UNCHANGED
    do_next = _("请改成今天或者以后的一天；没有期限的空着，随时可以撤回。")


class NoConsent(Problem):
    """Without consent nothing is passed on."""

    code = "register.no-consent"
    status = 403
    title = _("本人还没有同意")
    what = _("{name}没有同意过这件事，或者已经撤回、已经到期。")
    safe = _("什么都没有交出去，也没有告诉任何人。")
    do_next = _("请先问本人（未成年人问监护人），同意了再记下来。")


_ADDED_NOTHING = _("什么都没有添加，您填的都在。")


class AddressUnclear(Problem):
    """An address is read by the grammar or asked about."""

    code = "register.address-unclear"
    title = _("这个住址看不明白")
    what = _("“{text}”：{why}。")
    safe = _ADDED_NOTHING
    do_next = _("请写全小区、楼号、单元和室号，例如“幸福苑3号楼2单元501室”；村里的房子写“王家村12号”。")


class NewCompound(Problem):
    """A compound nobody knows is made by a person who says so."""

    code = "register.new-compound"
    status = 409
    title = _("这是登记里没有的小区")
    what = _("登记里没有“{name}”，现有的是：{known}。也可能只是写法不同。")
    safe = _ADDED_NOTHING
    do_next = _("如果是写法不同，请改成现有的名字；确实是新的小区、村或大院，请勾选“这是新的”再提交。")


class PlaceThere(Problem):
    """A place is made once."""

    code = "register.place-there"
    status = 409
    title = _("这个地方已经有了")
    what = _("“{place}”已经登记过；换一种写法也是同一个地方。")
    safe = _ADDED_NOTHING
    do_next = _("不用再加。要加单元或门，请接着填下一格。")


class NoSuchDoor(Problem):
    """A door is meant that nobody has recorded."""

    code = "register.no-such-door"
    status = 404
    title = _("登记里没有这扇门")
    what = _("没有找到 {door}。")
    safe = _("没有任何内容被改动，您填的都在。")
    do_next = _("请核对小区、楼号、单元和室号；确实有这扇门，请先在“小区和门牌”里加上。")


class DoorNotOne(Problem):
    """An address leaves open which door is meant."""

    code = "register.door-not-one"
    status = 409
    title = _("说的不止一扇门")
    what = _("{door} 没有写单元，可能是：{doors}。")
    safe = _("没有任何内容被改动，您填的都在。")
    do_next = _("请把单元也写上。")


class DoorGone(Problem):
    """A door that was joined into another takes nobody in."""

    code = "register.door-gone"
    status = 409
    title = _("这扇门已经和另一扇合成一扇了")
    what = _("{door} 合并以后，只留着以前的记录。")
    safe = _("没有任何内容被改动。")
    do_next = _("请用合并后的那扇门；合错了，请先撤销那一次合并。")


class DoorsApart(Problem):
    """Two doors are joined within one compound, and no door with itself."""

    code = "register.doors-apart"
    status = 409
    title = _("这两扇门不能合成一扇")
    what = _("选的是同一扇门，或者不在同一栋楼里。")
    safe = _("没有任何内容被改动。")
    do_next = _("请在同一栋楼里选另一扇门。")


class RoomTaken(Problem):
    """A room has one door."""

    code = "register.room-taken"
    status = 409
    title = _("室号不能用")
    what = _("“{room}”已经有门用了，或者不像一个室号；分出来的门要有一个没有用过的室号。")
    safe = _("没有任何内容被改动，您填的都在。")
    do_next = _("请换一个室号，例如 501A；如果住户其实住在那扇门里，请用“社区内搬家”。")
