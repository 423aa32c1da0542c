"""What call-backs refuse."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.problems import Problem

_UNTOUCHED = _("没有任何内容被改动。")


class NobodyInFrame(Problem):
    """A list nobody can be asked about."""

    code = "callbacks.nobody-in-frame"
    title = _("没有可以回访的")
    what = _("这个数字背后没有可以回访的事：要么没有记录，要么都在不再打扰的期限里，要么人已经不在。")
    safe = _UNTOUCHED
    do_next = _("请换一段日子，或换一个数字。")


class DrawnAlready(Problem):
    """One draw of the same matters; a second needs a reason that is printed."""

    code = "callbacks.drawn-already"
    status = 409
    title = _("这份名单已经抽过")
    what = _("这些事大半已经抽过一次（{figure}，{start}—{end}），换个数字、挪几天也还是它们，不能悄悄再抽。")
    safe = _("原来的抽签和答复都在。")
    do_next = _("确实要重抽，写明原因；两次抽签都会印出来。")


class NotFramed(Problem):
    """A draw happens once."""

    code = "callbacks.not-framed"
    status = 409
    title = _("这一轮已经抽好")
    what = _("公开的数已经定了，抽签结果不能再变。")
    safe = _("抽签结果没有变。")
    do_next = _("要核对，下载这次抽签，用 verify_draw.py 自己算一遍。")


class PublicValueNeeded(Problem):
    """The lot needs a number nobody here chose."""

    code = "callbacks.public-value-needed"
    title = _("还缺公开的数")
    what = _("没有写当众掷的骰子，或事先说好的彩票号码。")
    safe = _UNTOUCHED
    do_next = _("请当着居民的面掷三次骰子，照着写下来，例如 4 2 6。")


class NobodyToAsk(Problem):
    """Nobody may call: everybody here handled it or leads who did."""

    code = "callbacks.nobody-to-ask"
    status = 409
    title = _("没有可以去问的人")
    what = _("本社区的人不是经办人就是经办人的负责人，县里和邻近社区也没有可以去问的人，这一轮不抽。")
    safe = _UNTOUCHED
    do_next = _("请县里指派一位督导，或请邻近社区开一个网格员账号，再抽。")


class NotYourCall(Problem):
    """Only the person who was drawn to call, and nobody who had a hand in the matter."""

    code = "callbacks.not-your-call"
    status = 403
    title = _("这一件不归您问")
    what = _("这一件您经办过，或是经办人的负责人，不能由您来问，也不能由您来录。")
    safe = _UNTOUCHED
    do_next = _("请交给没有经办过的同事录入，编号写在纸条上。")


class AnsweredAlready(Problem):
    """An answer keyed twice is one answer."""

    code = "callbacks.answered-already"
    status = 409
    title = _("已经有答复了")
    what = _("这一件已经录过答复，这次没有再记。")
    safe = _("先录的答复没有被改动。")
    do_next = _("两次不一样的，请告诉主任，先录的为准。")


class NoSuchSlip(Problem):
    """A code that stands on no slip."""

    code = "callbacks.no-such-slip"
    title = _("没有这个编号")
    what = _("没有编号是“{code}”的纸条，或者不是本社区的。")
    safe = _UNTOUCHED
    do_next = _("请照着纸条再看一遍：没有数字 0、1，也没有字母 O、I。")


class TryAgainFirst(Problem):
    """Nobody is given up after three calls at one hour."""

    code = "callbacks.try-again-first"
    status = 409
    title = _("还没有问够")
    what = _("电话至少打三次，而且不能都在上午、都在下午或都在晚上；打不通再上门或留纸条。")
    safe = _("已经打过的几次都记着。")
    do_next = _("请换个时候再打一次。")
