"""What rights can refuse."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.problems import Problem
from qiaomen.register.problems import _UNCHANGED


class RequestClosed(Problem):
    """A request is answered once."""

    code = "rights.request-closed"
    status = 409
    title = _("这件申请已经答复过了")
    what = _("有人先一步答复了它。")
    safe = _("原来的答复没有改动。")
    do_next = _("请刷新页面看已有的答复；还要补充的，请另收一件申请。")


class StillHere(Problem):
    """A record in use is corrected, not erased."""

    code = "rights.still-here"
    status = 409
    title = _("这个人还在登记里")
    what = _("只有已经迁出或去世的人，才能整份清除。")
    safe = _UNCHANGED
    do_next = _("可以只删电话、工作地点和记下的情况；其余内容请用“更正”。")
