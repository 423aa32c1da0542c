"""What the clock of a case, its procedure and its colleagues can refuse."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.problems import Problem


class ChangedMeanwhile(Problem):
    """Two people acted on one case: the second sees first what changed."""

    code = "cases.changed-meanwhile"
    status = 409
    title = _("您打开以后，这件事有了新的经过")
    what = _("{who}刚刚办了一步，您这一步还没有记下。")
    safe = _("同事写的和您写的都在，没有互相盖掉。")
    do_next = _("请看看新的经过，还要办就再按一次。")


class NearRelativeActs(Problem):
    """Whoever is a near relative of the resident does not act on their matter."""

    code = "cases.near-relative-acts"
    status = 403
    title = _("这件事要由别的同事办")
    what = _("办的人和这户居民登记为近亲属，这件事单独登记备案，由别人经手。")
    safe = _("没有任何内容被改动。")
    do_next = _("请交给没有亲属关系的同事；登记错了，请主任撤销登记。")


class NoSuchProcedure(Problem):
    """A case runs under a procedure that is in force."""

    code = "cases.no-such-procedure"
    title = _("没有这个规程")
    what = _("选的规程现在不在用，可能刚刚改了名字。")
    safe = _("没有任何内容被改动。")
    do_next = _("请刷新以后从列出的规程里再选。")


class ProcedureBegun(Problem):
    """A procedure that has begun is not exchanged."""

    code = "cases.procedure-begun"
    status = 409
    title = _("规程已经走了几步")
    what = _("这件事按现在的规程已经记了步骤，换规程会让这些步骤没有着落。")
    safe = _("没有任何内容被改动。")
    do_next = _("请先撤销记下的步骤再换；或者办结以后另立一件。")


class PauseWithoutEnd(Problem):
    """A pause ends on a day."""

    code = "cases.pause-without-end"
    title = _("暂停要写到哪一天")
    what = _("没有写哪一天接着办，没有暂停。")
    safe = _("期限照常在走，没有任何内容被改动。")
    do_next = _("请写一个日子，到了那天期限自己接着走。")


class PauseEndsBefore(Problem):
    """A pause ends after it starts."""

    code = "cases.pause-ends-before"
    title = _("暂停的结束日子不对")
    what = _("接着办的日子要在今天以后，没有暂停。")
    safe = _("期限照常在走，没有任何内容被改动。")
    do_next = _("请改成今天以后的日子。")


class PauseUnknown(Problem):
    """Only what the source names stops a clock."""

    code = "cases.pause-unknown"
    title = _("这个原因不能暂停期限")
    what = _("“{procedure}”的依据里没有这一种暂停，期限照常走。")
    safe = _("没有任何内容被改动。")
    do_next = _("请写进经过；要多花时间，请看能不能延期。")


class PausedAlready(Problem):
    """A clock that stands still is not stopped again."""

    code = "cases.paused-already"
    status = 409
    title = _("这件事已经在暂停")
    what = _("期限现在就没有走，不用再暂停一次。")
    safe = _("没有任何内容被改动。")
    do_next = _("要改日子，请先“接着办”，再暂停到新的日子。")


class NotPaused(Problem):
    """Only what is paused goes on."""

    code = "cases.not-paused"
    status = 409
    title = _("这件事没有暂停")
    what = _("期限正在走，可能是同事刚刚接着办了，或者暂停的日子已经到了。")
    safe = _("没有任何内容被改动。")
    do_next = _("请看经过，照常办就行。")


class NotExtended(Problem):
    """A clock is extended as often as its source says."""

    code = "cases.not-extended"
    status = 409
    title = _("期限不能再延")
    what = _("这个规程的依据没有延期，或者已经延过了。")
    safe = _("没有任何内容被改动。")
    do_next = _("办不完请如实告诉居民，写进经过；需要时请主任处理。")


class PartNotOpen(Problem):
    """A step is taken when those before it are."""

    code = "cases.part-not-open"
    status = 409
    title = _("这一步现在还不能记")
    what = _("前面还有步骤没有办，或者它还在等日子，或者同事刚刚记过了。")
    safe = _("没有任何内容被改动。")
    do_next = _("请看这件事下一步是什么。")


class DayToCome(Problem):
    """What is recorded has happened."""

    code = "cases.day-to-come"
    title = _("日子还没有到")
    what = _("记的是已经发生的事，写的日子在今天以后。")
    safe = _("没有任何内容被改动。")
    do_next = _("请改成真正发生的那一天。")


class RecordLacks(Problem):
    """The record of a step says what its source asks for."""

    code = "cases.record-lacks"
    title = _("这一步还没有写全")
    what = _("还缺结果、文号或者一句话，没有保存。")
    safe = _("写的内容还在页面上。")
    do_next = _("请把标了必填的几项补上，再记。")


class LetterByReferral(Problem):
    """A letter to a body outside goes with the body's name and the resident's word."""

    code = "cases.letter-by-referral"
    status = 409
    title = _("送函要用“转给外单位”")
    what = _("只记文号，就不知道转给了谁、居民同不同意，没有记下。")
    safe = _("没有任何内容被改动。")
    do_next = _("请在“转给外单位”里选单位、写文号，问过居民再转。")


class ReferredAlready(Problem):
    """One body is asked at a time."""

    code = "cases.referred-already"
    status = 409
    title = _("已经转出去了，在等答复")
    what = _("这件事转给了外单位，对方还没有答复，没有再转一次。")
    safe = _("原来的那一次还在，给居民的话也只记了一句。")
    do_next = _("有答复了，请记下答复；转错了，请先撤销那一次再转。")


class ConsentMissing(Problem):
    """A resident's matter leaves the office with their word."""

    code = "cases.consent-missing"
    title = _("还没有问居民同不同意")
    what = _("转给外单位要把居民的事告诉别人，要先得到居民同意。")
    safe = _("没有任何内容被改动。")
    do_next = _("请先问居民；同意了，勾上再转。")


class BodyGone(Problem):
    """A case is referred to a body the office works with."""

    code = "cases.body-gone"
    title = _("这个单位已经不在名单上")
    what = _("选的单位停用了，或者不是本社区的。")
    safe = _("没有任何内容被改动。")
    do_next = _("请在“常联系的单位”里核对以后再选。")


class NotReferred(Problem):
    """A body answers what it was asked."""

    code = "cases.not-referred"
    status = 409
    title = _("还没有转给外单位")
    what = _("这件事没有在等外单位答复，可能同事已经记下了。")
    safe = _("没有任何内容被改动。")
    do_next = _("请看经过；要转请先转。")


class OfferedAlready(Problem):
    """One colleague is asked at a time."""

    code = "cases.offered-already"
    status = 409
    title = _("已经请了一位同事")
    what = _("那位同事还没有答应或者谢绝，这段时间还是原来的人负责。")
    safe = _("没有任何内容被改动。")
    do_next = _("等答复；或者先撤销那一次，再请别人。")


class OwnsAlready(Problem):
    """Nobody is asked to take what they have."""

    code = "cases.owns-already"
    title = _("这位同事已经在办")
    what = _("这件事现在就在这位同事手上。")
    safe = _("没有任何内容被改动。")
    do_next = _("要交给别人，请选另一位。")


class NotOffered(Problem):
    """Only who was asked says yes or no."""

    code = "cases.not-offered"
    status = 409
    title = _("没有请您接手这件事")
    what = _("请求可能已经撤销，或者请的是别的同事。")
    safe = _("没有任何内容被改动。")
    do_next = _("请看经过；愿意接，请对现在办的人说。")


class NearDeclared(Problem):
    """A near relative is registered once."""

    code = "cases.near-declared"
    status = 409
    title = _("已经登记过了")
    what = _("这两个人的近亲属关系已经在登记里。")
    safe = _("没有任何内容被改动。")
    do_next = _("不用再登记；写错了，撤销以后重新登记。")


class NotYoursToDeclare(Problem):
    """Who is one's relative says oneself, or the head."""

    code = "cases.not-yours-to-declare"
    status = 403
    title = _("近亲属由本人或者主任登记")
    what = _("您替别的同事登记或撤销了，没有保存。")
    safe = _("没有任何内容被改动。")
    do_next = _("请告诉那位同事或者主任。")


class EndsTooEarly(Problem):
    """A matter ends as its steps came out."""

    code = "cases.ends-too-early"
    status = 409
    title = _("还不能这样办结")
    what = _("规程里还有没办的：{steps}。选的结果要等它们办完。")
    safe = _("这件事和已有的经过都在，写的话没有丢。")
    do_next = _("请先记下那几步；居民不办了，请选“居民不办了”。")


class SealedMatter(Problem):
    """Who is in a dispute is for who mediates and the head."""

    code = "cases.sealed-matter"
    status = 403
    title = _("这件调解只有调解的人和主任能看")
    what = _("当事人是谁、说了什么，不让别的同事看。")
    safe = _("没有任何内容被改动。")
    do_next = _("要接手，请让现在调解的人或者主任交给您。")


class StaysSealed(Problem):
    """What was said in confidence is opened to the colleagues by the head alone."""

    code = "cases.stays-sealed"
    status = 403
    title = _("这件事的内容不能由您放开")
    what = _("现在的规程只让办的人和主任看，换成别的规程，同事就都看得到。")
    safe = _("没有任何内容被改动，别的同事还是看不到。")
    do_next = _("确实不是调解的，请主任来换规程。")
