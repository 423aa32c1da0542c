"""What an import can refuse, in words a person can act on."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.problems import Problem
from qiaomen.register.problems import _NOTHING


class NotTaken(Problem):
    """A list that is no business of a register of residents."""

    code = "imports.not-taken"
    title = _("这类名册系统不收")
    what = _("这是“{title}”。系统只收服务居民要用的名册，不收党员、退役军人、信访和纠纷名册。")
    safe = _NOTHING
    do_next = _("如果认错了，请检查表头的列名；其他名册可以照常上传。")


class NotRunning(Problem):
    """There is no commit to stop."""

    code = "imports.not-running"
    status = 409
    title = _("这次导入已经结束")
    what = _("它已经导入完，或者已经停下。")
    safe = _("没有任何内容被这次操作改动。")
    do_next = _("请刷新页面看结果；已经导入的，可以在 30 天内整份撤销。")


class AlreadyImported(Problem):
    """The very same bytes came in before."""

    code = "imports.already-imported"
    status = 409
    title = _("这份名册已经导入过")
    what = _("与“{file_name}”一字不差的文件已在 {day} 导入。")
    safe = _("上次导入的内容都在，这次没有重复写入。")
    do_next = _("名册有更新时，请上传更新后的文件；要看上次的结果，请打开导入列表。")


class ImportRunning(Problem):
    """One import at a time."""

    code = "imports.import-running"
    status = 409
    title = _("另一份名册正在导入")
    what = _("本社区的“{file_name}”还没有导入完。")
    safe = _("正在导入的那一份不受影响，您的这份也还在。")
    do_next = _("请等它完成后再提交这一份。")


class NoHeader(Problem):
    """No row among the first ten names the columns."""

    code = "imports.no-header"
    title = _("没有找到表头")
    what = _("每张工作表的前 10 行里，都没有一行同时写着“姓名”和另外两个认得的列名。")
    safe = _NOTHING
    do_next = _("请确认表头里有“姓名”“身份证号”“地址”这样的列名，再上传。")


class NotPreviewed(Problem):
    """Nothing is committed that was not previewed."""

    code = "imports.not-previewed"
    status = 409
    title = _("这份名册现在不能提交")
    what = _("它已经提交过，或者还没有预览。")
    safe = _("没有任何内容被改动。")
    do_next = _("请从导入列表打开它，先看预览。")


class ColumnsUnclear(Problem):
    """A person's choice of columns names a field twice, or no column of names."""

    code = "imports.columns-unclear"
    title = _("列没有对清楚")
    what = _("工作表“{sheet}”里，同一项选了两列，或者没有选“姓名”列。")
    safe = _NOTHING
    do_next = _("请返回上一页，每一项只选一列，并选好姓名列。")


class NotYourList(Problem):
    """The rows of a list are for who brought it in and the head."""

    code = "imports.not-your-list"
    status = 403
    title = _("这份名册不是您导入的")
    what = _("名册里的每一行写着谁、什么情况，只有导入的人和主任能打开。")
    safe = _("没有显示任何内容，也没有改动。")
    do_next = _("要看导入的结果，请找导入的人或主任；每个人现在的资料在各户的页面上。")
