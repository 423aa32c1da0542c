"""What the reader of tables can refuse, in words a person can act on."""

from qiaomen.kernel.problems import Problem
from qiaomen.kernel.texts import later as _

_NOTHING = _("什么都没有导入，原有的居民资料没有变动。")


class NotAWorkbook(Problem):
    """The bytes are no workbook, whatever the name says."""

    code = "workbooks.not-a-workbook"
    title = _("这不是表格文件")
    what = _("“{file_name}”的内容不是表格，可能是改了扩展名的图片或别的文件。")
    safe = _NOTHING
    do_next = _("请用 WPS 或 Excel 打开原来的花名册，另存为 .xlsx 或 .csv 后再上传。")


class WorkbookTooLarge(Problem):
    """A zip bomb, or a workbook beyond any community."""

    code = "workbooks.workbook-too-large"
    status = 413
    title = _("表格大得不正常")
    what = _("“{file_name}”展开后会超过系统允许的大小，没有打开。")
    safe = _NOTHING
    do_next = _("请把内容复制到一个新表格，另存后再上传；一次最多 25 万行。")


class SheetFull(Problem):
    """An .xls sheet that is exactly full: what came after it is lost (15,841 cases were, in 2020)."""

    code = "workbooks.sheet-full"
    title = _("这张旧格式的表正好写满了")
    what = _("“{file_name}”的工作表“{sheet}”正好有 65536 行，这是 .xls 的上限，后面的行可能已经丢了。")
    safe = _NOTHING
    do_next = _("请找到原来的表，另存为 .xlsx 再上传；确认没有丢行的，也请另存为 .xlsx。")


class FarCells(Problem):
    """Something stands so far away that the sheet would be millions of blank cells."""

    code = "workbooks.far-cells"
    status = 413
    title = _("表格里有很远的单元格")
    what = _("“{file_name}”的工作表“{sheet}”一直延伸到第 {row} 行、第 {column} 列，中间几乎都是空的。")
    safe = _NOTHING
    do_next = _("请只选中有内容的部分，复制到一个新表格，另存后再上传。")
