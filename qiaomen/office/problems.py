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


class NotASecondPerson(Problem):
    """An account that somebody opened, or gave a code, is no second person for them: it might be the same one."""

    code = "office.not-a-second-person"
    status = 403
    title = _("要另一位同意，这个账号不行")
    what = _("您的账号是{name}开的，或者一次性密码是{name}给的，所以不能替{name}同意，也不能放开{name}的账号。")
    safe = _("申请还在，没有任何内容被改动。")
    do_next = _("请另一位同事来；本社区没有别人的，请系统管理员给第二位同事开账号。")


class ForbiddenLabel(Problem):
    """A list of people by faith, people, politics, petition or "stability" is made nowhere here."""

    code = "office.forbidden-label"
    title = _("不能起这样的名称")
    what = _("名称里有“{word}”。系统只为服务居民起名，不按信仰、民族、政治、信访、“稳定”或前科给人分类。")
    safe = _("什么都没有建，您填的都在。")
    do_next = _("请用要提供的服务来命名，例如“需要助浴的老人”。")


class UnknownPurpose(Problem):
    """A label without a purpose of the closed list."""

    code = "office.unknown-purpose"
    title = _("请选用途")
    what = _("名称要选一个用途，用途只有列出来的这些。")
    safe = _("什么都没有建，您填的都在。")
    do_next = _("请在“为了提供什么服务”里选一项；没有合适的，说明这份名单不该建。")


class OwnLabel(Problem):
    """Whoever asked for a label does not approve it."""

    code = "office.own-label"
    status = 409
    title = _("要另一位同意")
    what = _("这个名称是您自己提的，不能由您自己同意。")
    safe = _("提的内容还在，什么都没有建。")
    do_next = _("请社区里另一位主任或网格员看过以后同意。")


class Busy(Problem):
    """Another act holds the database for longer than a request may wait: a large list is being written."""

    code = "office.busy"
    status = 503
    title = _("系统正忙，这次没有写入")
    what = _("另一件大的事（多半是一份大名册）正在写入，等了一会儿还没有轮到。")
    safe = _("什么都没有写入一半，原来的内容都在；手机里已存的走访也都在。")
    do_next = _("请过半分钟再试；您填的还在上一页，按“返回”就能看到。")


class Garbled(Problem):
    """A zero byte stands in what was sent: no keyboard writes it, and PostgreSQL keeps no text with it."""

    code = "office.garbled"
    status = 400
    title = _("发来的内容里有看不懂的字符")
    what = _("有一个任何键盘都打不出来的字符（零字节），多半是从坏了的文件里复制来的。")
    safe = _("没有任何内容被改动。")
    do_next = _("请返回上一页，把那一格重新打一遍再提交。")


class NotUnderstood(Problem):
    """Too many fields, too many files, an address that is none: Django refused the request before a view read it."""

    code = "office.not-understood"
    status = 400
    title = _("没有看懂发来的内容")
    what = _("发来的内容太多，或者格式不对，服务器没有收下。")
    safe = _("没有任何内容被改动，您填的内容都在上一页。")
    do_next = _("请返回上一页，一次少选一些再提交；还不行请告诉系统管理员。")


class NotAPicture(Problem):
    """The bytes are no picture we can draw anew."""

    code = "office.not-a-picture"
    title = _("照片打不开")
    what = _("收到的内容不是能打开的照片，或者太大。")
    safe = _("已保存的内容都在，只缺这张照片。")
    do_next = _("请重新拍一张；拍不了也可以不要照片。")


class NotAVoice(Problem):
    """The bytes are no recording of a voice that a browser plays."""

    code = "office.not-a-voice"
    title = _("录音打不开")
    what = _("收到的内容不是能播放的录音，或者太大。")
    safe = _("走访和诉求都已保存，只缺这段录音。")
    do_next = _("请把话写成一句；不必再录。")


class NotTheirWish(Problem):
    """A photo goes on a badge only because its owner wants it there."""

    code = "office.not-their-wish"
    title = _("没有写明是本人愿意")
    what = _("敲门证上的照片是自愿的，没有勾选“本人愿意”，没有放上去。")
    safe = _("敲门证照样能用，原来的照片也没有动。")
    do_next = _("请先问本人；愿意的，勾上再放。")


class NothingCovered(Problem):
    """A redacted copy in which nothing is covered needs somebody to say so."""

    code = "office.nothing-covered"
    title = _("还没有盖住任何地方")
    what = _("没有选要盖住的格子，也没有说“这张照片里没有人脸、证件和门牌”。")
    safe = _("原照片密封保存着，没有改动。")
    do_next = _("请点要盖住的格子；确实没有要盖的，就勾上最后一行。")


class OwnCampaign(Problem):
    """Two persons, not one twice."""

    code = "office.own-campaign"
    status = 403
    title = _("不能同意自己提的专项工作")
    what = _("专项工作由一个人提、另一个人同意；这一项是您自己提的。")
    safe = _("没有任何内容被改动。")
    do_next = _("请另一位同事来同意；不需要了，可以撤回。")


class CampaignDecided(Problem):
    """It is decided once."""

    code = "office.campaign-decided"
    status = 409
    title = _("这一项已经有结果了")
    what = _("有人先一步同意、退回或者结束了它。")
    safe = _("没有重复操作，别人的决定还在。")
    do_next = _("请刷新页面，看现在的状态。")


class CampaignNotOn(Problem):
    """Only what is agreed and lasts today is carried."""

    code = "office.campaign-not-on"
    status = 409
    title = _("这一项专项工作现在不能归入")
    what = _("它还没有同意，或者不在起止日期之内。")
    safe = _("没有任何内容被改动。")
    do_next = _("请刷新页面，从现在开着的专项工作里选。")


class SuchCode(Problem):
    """One place of a code."""

    code = "office.such-code"
    status = 409
    title = _("这个编号已经有地方用了")
    what = _("编号“{code}”是别的社区、镇街或网格的。")
    safe = _("没有任何内容被改动，您填的都在上一页。")
    do_next = _("请返回，换一个编号再建。")


class SuchBody(Problem):
    """One body of a name."""

    code = "office.such-body"
    status = 409
    title = _("这个单位已经登记过了")
    what = _("“{name}”已经在名单里。")
    safe = _("没有任何内容被改动，您填的都在。")
    do_next = _("请在名单里找到它，改电话或者核实。")


class SuchPosted(Problem):
    """What may stand is listed once."""

    code = "office.such-posted"
    status = 409
    title = _("这一项已经在单子上")
    what = _("“{text}”已经在单子上，公布时照样放行。")
    safe = _("没有任何内容被改动，您填的都在。")
    do_next = _("不用再添；写法不同（空格、全角）也认得。")


class NeverPosted(Problem):
    """No list lets an identity or a bank number out."""

    code = "office.never-posted"
    title = _("这一项不能放行")
    what = _("里面有{kind}，不论什么理由都不公布。")
    safe = _("单子没有改动，您填的都在。")
    do_next = _("请只写姓名、值班电话或办公地址。")


class NobodyToTake(Problem):
    """What somebody holds goes to somebody who is here and may do it."""

    code = "office.nobody-to-take"
    title = _("还有事没有人接")
    what = _("“{thing}”还没有选由谁接，或者选的人不能接。")
    safe = _("一件都没有交，全部还在原来的人手里。")
    do_next = _("请为每一类选一位在岗的同事，再一起交。")


class StillHolding(Problem):
    """Nobody leaves with work in their hands."""

    code = "office.still-holding"
    status = 409
    title = _("{name}手里又多了事")
    what = _("您看这一页的时候，又有 {n} 件事到了{name}手里，所以没有停用账号。")
    safe = _("您选的都没有交，一件没有丢。")
    do_next = _("请重新打开这一页，看现在的全部，再交一次。")


class GoneAway(Problem):
    """Work comes back only to somebody who is here."""

    code = "office.gone-away"
    status = 409
    title = _("{name}已经不在这里上班")
    what = _("{name}的账号已经停用，或者调去了别处，事情还不回去。")
    safe = _("交出去的事都还在接手的人手里，一件没有动。")
    do_next = _("要换人办，请在“岗位”页打开接手的人手里的事，再交给别的同事。")


class HoldsWork(Problem):
    """Nobody moves away with work in their hands."""

    code = "office.holds-work"
    status = 409
    title = _("{name}手里还有事没有交接")
    what = _("{name}手里还有 {n} 件事，换了社区或岗位就没有人能办了。")
    safe = _("没有任何内容被改动。")
    do_next = _("请社区主任先在“岗位”页点“交接或代班”，把事全部交给同事，再来改。")


class AlreadyAway(Problem):
    """One absence at a time."""

    code = "office.already-away"
    status = 409
    title = _("已经有人代班了")
    what = _("{name}的上一次代班还没有结束。")
    safe = _("没有任何内容被改动。")
    do_next = _("请先结束上一次代班，再登记新的。")


class WrongDays(Problem):
    """It ends when it began, or later, and not in the past."""

    code = "office.wrong-days"
    title = _("起止日期不对")
    what = _("最后一天早于第一天，或者已经过去了。")
    safe = _("没有任何内容被改动，您填的都在。")
    do_next = _("请改好日期再提交。")


class OwnAccount(Problem):
    """Nobody gives themselves a role, or locks themselves out."""

    code = "office.own-account"
    status = 403
    title = _("不能对自己的账号这样做")
    what = _("自己的岗位、网格不能自己改，自己的账号不能自己停用或者给一次性密码。")
    safe = _("没有任何内容被改动，您仍然可以登录。")
    do_next = _("请另一位主任或系统管理员来做；要改自己的密码，请点右上角自己的名字。")


class NotYoursToGive(Problem):
    """A head keeps the accounts of the own community; the county's are the administrator's."""

    code = "office.not-yours-to-give"
    status = 403
    title = _("这个岗位要由系统管理员来给")
    what = _("主任只能给本社区的人开账号，岗位只能是社区主任、网格员或小组志愿者。")
    safe = _("没有任何内容被改动。")
    do_next = _("请找县里的系统管理员开这个账号。")


class LastAdmin(Problem):
    """An office without an administrator can let nobody in."""

    code = "office.last-admin"
    status = 409
    title = _("这是最后一位系统管理员")
    what = _("停用或换岗以后，就没有人能管理账号了。")
    safe = _("没有任何内容被改动，这个账号照常可用。")
    do_next = _("请先给另一个人开系统管理员的账号，再停用这一个。")


class AccountClosed(Problem):
    """What is asked of an account needs it to be in use."""

    code = "office.account-closed"
    status = 409
    title = _("这个账号已经停用")
    what = _("停用的账号不能改，也不能给一次性密码。")
    safe = _("没有任何内容被改动。")
    do_next = _("这个人回来上班的，请先在账号页按“重新启用”。")


class FirstPassword(Problem):
    """A phone is signed in with a password of one's own, never with a code that somebody printed."""

    code = "office.first-password"
    status = 403
    title = _("先改掉一次性密码")
    what = _("您用的是一次性密码，还没有换成自己的密码。")
    safe = _("没有任何内容被改动，手机里已存的走访都在。")
    do_next = _("请先用浏览器打开办公页面登录一次，按提示换成自己的密码，再用新密码登录手机。")
