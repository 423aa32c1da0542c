"""What the grid and the export can refuse, in words a person can act on."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.problems import Problem

_KEPT = _("没有任何内容被改动，您填的都在表里。")
_NO_FILE = _("没有生成文件，居民资料没有变动。")


class CellsNotUnderstood(Problem):
    """A request the grid's own script would not send."""

    code = "sheets.grid-not-understood"
    title = _("这个请求看不懂")
    what = _("页面送来的内容不完整，可能是页面放得太久，或者系统刚升级过。")
    safe = _KEPT
    do_next = _("请先把没写进去的内容抄下来，再刷新页面。")


class BadFilter(Problem):
    """A filter that cannot be read."""

    code = "sheets.grid-bad-filter"
    title = _("这个筛选条件看不懂")
    what = _("“{column}”一列的筛选“{text}”看不懂。")
    safe = _KEPT
    do_next = _("文字直接写；出生日期写 1950 或 1950-1960；年龄写 60-80、60+ 或 <14；没有填的写“空”。")


class TooManyCells(Problem):
    """More at once than a person can check."""

    code = "sheets.grid-too-many-cells"
    status = 413
    title = _("一次改得太多")
    what = _("这一次有 {count} 处，一次最多改 {most} 处。")
    safe = _KEPT
    do_next = _("请分几次粘贴；整张名册请用“导入名册”，可以整份撤销。")


class NoReason(Problem):
    """Looking needs a reason."""

    code = "sheets.reveal-no-reason"
    title = _("没有选理由")
    what = _("查看密封的资料要先选一个理由。")
    safe = _("没有显示任何内容，也没有记入台账。")
    do_next = _("请选一个理由，再点“显示”。")


class NothingToExport(Problem):
    """An empty file helps nobody."""

    code = "sheets.export-empty"
    title = _("没有可以导出的行")
    what = _("按现在的筛选，一行也没有。")
    safe = _NO_FILE
    do_next = _("请回到居民台账，放宽筛选后再导出。")


class ExportTooLarge(Problem):
    """A whole county is no export."""

    code = "sheets.export-too-large"
    status = 413
    title = _("一次导出得太多")
    what = _("按现在的筛选有 {count} 行，一次最多导出 {most} 行。")
    safe = _NO_FILE
    do_next = _("请按小区、楼栋或人群筛选后分开导出。")


class PurposeMissing(Problem):
    """A file leaves with a purpose; what is shown in clear has a reason of its own."""

    code = "sheets.export-no-purpose"
    title = _("用途没有写清楚")
    what = _("导出要写明用途；选了“显示完整内容”的列，还要写明为什么需要。")
    safe = _NO_FILE
    do_next = _("请补上用途和理由，再提交。")


class OwnRequest(Problem):
    """Two persons, not one twice."""

    code = "sheets.export-own-request"
    status = 403
    title = _("不能审批自己的申请")
    what = _("这份导出是您自己申请的。")
    safe = _("申请还在，状态没有变。")
    do_next = _("请另一位主任或网格员打开“导出”页审批。")


class AlreadyDecided(Problem):
    """A request is decided once."""

    code = "sheets.export-already-decided"
    status = 409
    title = _("这份申请已经处理过了")
    what = _("有人先一步同意或退回了它。")
    safe = _("没有重复处理。")
    do_next = _("请刷新页面，看现在的状态。")


class NotToTake(Problem):
    """Not approved, or no longer."""

    code = "sheets.export-not-to-take"
    status = 409
    title = _("这份文件现在不能下载")
    what = _("它还没有批准，或者已经超过 {hours} 小时的期限。")
    safe = _NO_FILE
    do_next = _("没有批准的，请等另一位同事审批；过期的，请重新申请。")


class LinkOver(Problem):
    """A link that lay in a chat group opens nothing."""

    code = "sheets.export-link-over"
    status = 410
    title = _("下载链接已经失效")
    what = _("链接只在 {seconds} 秒内有效，只给申请的人用。")
    safe = _("文件没有离开系统。")
    do_next = _("请回到“导出”页再点一次“下载”，会换一个新密码。")
