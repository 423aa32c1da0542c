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
