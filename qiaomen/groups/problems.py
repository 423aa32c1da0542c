"""What can be refused of a group and its meaning."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.problems import Problem


class ForbiddenTitle(Problem):
    """A list of people by faith, politics, petition or "stability" is made nowhere here."""

    code = "groups.forbidden-title"
    title = _("不能建这样的群体")
    what = _("名称里有“{word}”。系统只为服务居民建群体，不按信仰、政治、信访、“稳定”或前科给人分类。")
    safe = _("没有建任何群体，您填的都在。")
    do_next = _("请用要提供的服务来命名，例如“需要助浴的老人”。")


class TitleTaken(Problem):
    """Two groups by one name cannot be told apart in a report."""

    code = "groups.title-taken"
    title = _("已经有这个群体")
    what = _("本社区已经有一个叫“{title}”的群体。")
    safe = _("没有建任何群体，您填的都在。")
    do_next = _("请换一个名称，或者打开那个群体改标准。")


class SourceNeeded(Problem):
    """A rule rests on a paper or a decision that somebody can look up."""

    code = "groups.source-needed"
    title = _("请写明依据")
    what = _("标准要写明依据：文件号，或者哪一次会议定的。")
    safe = _("群体的标准没有改动，您填的都在。")
    do_next = _("请在“依据”里写一句，再提交。")


class BadCriterion(Problem):
    """A group's condition that cannot be read."""

    code = "groups.bad-criterion"
    title = _("这个条件看不懂")
    what = "{what_is_wrong}"
    safe = _("群体的标准没有改动，您写的都在。")
    do_next = _("请按提示改好，再点“先看影响”。")


class PrivateTitle(Problem):
    """The list of own groups is public: its titles name nobody."""

    code = "groups.private-title"
    title = _("名称里有私人信息")
    what = _("群体的名称在公开页上看得到，“{found}”是{kind}，不能写在名称里。")
    safe = _("没有建任何群体，您填的都在。")
    do_next = _("请换一个不指到某个人、某一户的名称。")
