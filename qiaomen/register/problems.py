"""What the import can refuse, in words a person can act on."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.problems import Problem

_NOTHING = _("什么都没有导入，原有的居民资料没有变动。")


class NotAWorkbook(Problem):
    """The bytes are no workbook, whatever the name says."""

    code = "register.not-a-workbook"
    title = _("这不是表格文件")
    what = _("“{file_name}”的内容不是表格，可能是改了扩展名的图片或别的文件。")
    safe = _NOTHING
    do_next = _("请用 WPS 或 Excel 打开原来的花名册，另存为 .xlsx 或 .csv 后再上传。")


class WorkbookTooLarge(Problem):
    """A zip bomb, or a workbook beyond any community."""

    code = "register.workbook-too-large"
    status = 413
    title = _("表格大得不正常")
    what = _("“{file_name}”展开后会超过系统允许的大小，没有打开。")
    safe = _NOTHING
    do_next = _("请把内容复制到一个新表格，另存后再上传；一次最多 25 万行。")


class SheetFull(Problem):
    """An .xls sheet that is exactly full: what came after it is lost (15,841 cases were, in 2020)."""

    code = "register.sheet-full"
    title = _("这张旧格式的表正好写满了")
    what = _("“{file_name}”的工作表“{sheet}”正好有 65536 行，这是 .xls 的上限，后面的行可能已经丢了。")
    safe = _NOTHING
    do_next = _("请找到原来的表，另存为 .xlsx 再上传；确认没有丢行的，也请另存为 .xlsx。")


class FarCells(Problem):
    """Something stands so far away that the sheet would be millions of blank cells."""

    code = "register.far-cells"
    status = 413
    title = _("表格里有很远的单元格")
    what = _("“{file_name}”的工作表“{sheet}”一直延伸到第 {row} 行、第 {column} 列，中间几乎都是空的。")
    safe = _NOTHING
    do_next = _("请只选中有内容的部分，复制到一个新表格，另存后再上传。")


class NotTaken(Problem):
    """A list that is no business of a register of residents."""

    code = "register.not-taken"
    title = _("这类名册系统不收")
    what = _("这是“{title}”。系统只收服务居民要用的名册，不收党员、退役军人、信访和纠纷名册。")
    safe = _NOTHING
    do_next = _("如果认错了，请检查表头的列名；其他名册可以照常上传。")


class NotRunning(Problem):
    """There is no commit to stop."""

    code = "register.not-running"
    status = 409
    title = _("这次导入已经结束")
    what = _("它已经导入完，或者已经停下。")
    safe = _("没有任何内容被这次操作改动。")
    do_next = _("请刷新页面看结果；已经导入的，可以在 30 天内整份撤销。")


class AlreadyImported(Problem):
    """The very same bytes came in before."""

    code = "register.already-imported"
    status = 409
    title = _("这份名册已经导入过")
    what = _("与“{file_name}”一字不差的文件已在 {day} 导入。")
    safe = _("上次导入的内容都在，这次没有重复写入。")
    do_next = _("名册有更新时，请上传更新后的文件；要看上次的结果，请打开导入列表。")


class ImportRunning(Problem):
    """One import at a time."""

    code = "register.import-running"
    status = 409
    title = _("另一份名册正在导入")
    what = _("本社区的“{file_name}”还没有导入完。")
    safe = _("正在导入的那一份不受影响，您的这份也还在。")
    do_next = _("请等它完成后再提交这一份。")


class NoHeader(Problem):
    """No row among the first ten names the columns."""

    code = "register.no-header"
    title = _("没有找到表头")
    what = _("每张工作表的前 10 行里，都没有一行同时写着“姓名”和另外两个认得的列名。")
    safe = _NOTHING
    do_next = _("请确认表头里有“姓名”“身份证号”“地址”这样的列名，再上传。")


class NotPreviewed(Problem):
    """Nothing is committed that was not previewed."""

    code = "register.not-previewed"
    status = 409
    title = _("这份名册现在不能提交")
    what = _("它已经提交过，或者还没有预览。")
    safe = _("没有任何内容被改动。")
    do_next = _("请从导入列表打开它，先看预览。")


class ColumnsUnclear(Problem):
    """A person's choice of columns names a field twice, or no column of names."""

    code = "register.columns-unclear"
    title = _("列没有对清楚")
    what = _("工作表“{sheet}”里，同一项选了两列，或者没有选“姓名”列。")
    safe = _NOTHING
    do_next = _("请返回上一页，每一项只选一列，并选好姓名列。")


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


class BadCriterion(Problem):
    """A group's condition that cannot be read."""

    code = "register.bad-criterion"
    title = _("这个条件看不懂")
    what = "{what_is_wrong}"
    safe = _("群体的标准没有改动，您写的都在。")
    do_next = _("请按提示改好，再点“先看影响”。")


class SealedChild(Problem):
    """Records of a child under 14 are for named roles."""

    code = "register.sealed-child"
    status = 403
    title = _("这是 14 岁以下儿童的资料")
    what = _("个人信息保护法把不满 14 岁的人的资料列为敏感信息，本社区只对主任和儿童主任开放。")
    safe = _("没有显示任何内容，也没有改动。")
    do_next = _("工作确实需要时，请联系主任或儿童主任。")


class RequestClosed(Problem):
    """A request is answered once."""

    code = "register.request-closed"
    status = 409
    title = _("这件申请已经答复过了")
    what = _("有人先一步答复了它。")
    safe = _("原来的答复没有改动。")
    do_next = _("请刷新页面看已有的答复；还要补充的，请另收一件申请。")


class StillHere(Problem):
    """A record in use is corrected, not erased."""

    code = "register.still-here"
    status = 409
    title = _("这个人还在登记里")
    what = _("只有已经迁出或去世的人，才能整份清除。")
    safe = _UNCHANGED
    do_next = _("可以只删电话、工作地点和记下的情况；其余内容请用“更正”。")


class NotYourList(Problem):
    """The rows of a list are for who brought it in and the head."""

    code = "register.not-your-list"
    status = 403
    title = _("这份名册不是您导入的")
    what = _("名册里的每一行写着谁、什么情况，只有导入的人和主任能打开。")
    safe = _("没有显示任何内容，也没有改动。")
    do_next = _("要看导入的结果，请找导入的人或主任；每个人现在的资料在各户的页面上。")
