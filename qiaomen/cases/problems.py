"""What a case can refuse."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.problems import Problem


class SentenceNeeded(Problem):
    """A change of state owes the resident a sentence."""

    code = "cases.sentence-needed"
    title = _("还缺给居民的一句话")
    what = _("办结要写一句居民听得懂的话，这次没有办结。")
    safe = _("这件事和已有的经过都在。")
    do_next = _("请写明办成了什么、什么时候办的，再提交。")


class OutcomeUnknown(Problem):
    """A matter ends in one of the ways the houses know: each says what follows."""

    code = "cases.outcome-unknown"
    title = _("没有选怎么办结的")
    what = _("办结要选一种结果，选的这一种系统里没有，这次没有办结。")
    safe = _("这件事和已有的经过都在，写的话没有丢。")
    do_next = _("请从列出的结果里选一种，再提交。")


class NotUnderWay(Problem):
    """Only a case under way can be worked on."""

    code = "cases.not-under-way"
    status = 409
    title = _("这件事已经办结")
    what = _("它现在不在办理中，可能是同事刚刚办结了。")
    safe = _("同事写的结果都在，没有被改动。")
    do_next = _("请看这件事的经过；居民说没解决时，记下答复就会重新办理。")


class NotClosed(Problem):
    """The resident answers a closed case, once."""

    code = "cases.not-closed"
    status = 409
    title = _("这件事还不能记居民答复")
    what = _("居民的答复在办结之后记一次；它还没有办结，或者已经记过。")
    safe = _("没有任何内容被改动。")
    do_next = _("请看这件事的经过，办结后再记。")


class NotYourStep(Problem):
    """A step is put right by who wrote it, or by the head."""

    code = "cases.not-your-step"
    status = 403
    title = _("这一步不是您记的")
    what = _("一步办理由记下的人或者社区主任更正、撤销。")
    safe = _("没有任何内容被改动。")
    do_next = _("请告诉记下的同事或者主任，哪里不对。")


class ReasonMissing(Problem):
    """A correction says why."""

    code = "cases.reason-missing"
    title = _("还没有写原因")
    what = _("更正、撤销一步要写一句原因，没有保存。")
    safe = _("原来的记录没有变。")
    do_next = _("请写一句原因，例如“写到别的事上了”。")


class StepPast(Problem):
    """What came after a step rests on it."""

    code = "cases.step-past"
    status = 409
    title = _("这一步现在不能撤销")
    what = _("它已经更正或撤销过，或者后面的经过是在它之上办的。")
    safe = _("没有任何内容被改动。")
    do_next = _("请先撤销后面的那一步；转交错了，就再转交回来。")


class ToldAlready(Problem):
    """A closing of which the resident was told stands."""

    code = "cases.told-already"
    status = 409
    title = _("居民已经知道办结了")
    what = _("办结的话已经告诉居民，或者已经照结果办了，不能当作没有办结。")
    safe = _("没有任何内容被改动。")
    do_next = _("没有办好的，请记下居民的答复“没有解决”，就会重新办理。")


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
