"""What cannot be filled or printed, in words a person can act on."""

from qiaomen.kernel.problems import Problem
from qiaomen.kernel.texts import later as _

_KEPT = _("原来的模板还在用，没有改动。")
_AGAIN = _("请在 Word 或 WPS 里改好，另存为 .docx，再传一次。")


class NotATemplate(Problem):
    """A file that is no plain Word document."""

    code = "documents.not-a-template"
    title = _("这个文件不能当模板")
    what = _("“{file_name}”{because}，不能当模板。")
    safe = _KEPT
    do_next = _("请用 Word 或 WPS 打开，另存为普通的 .docx（不带宏、不嵌别的文件），再传一次。")


class UnknownField(Problem):
    """A field nobody knows: a letter would go out with a hole, or with braces in it."""

    code = "documents.unknown-field"
    title = _("模板里有不认识的字段")
    what = _("{where}写着“{field}”，系统里没有这个字段。{near}")
    safe = _KEPT
    do_next = _AGAIN


class BrokenField(Problem):
    """Braces that do not make a field."""

    code = "documents.broken-field"
    title = _("模板里有一处字段没写对")
    what = _("{where}的“{field}”不是一个字段：{because}。")
    safe = _KEPT
    do_next = _AGAIN


class NoField(Problem):
    """A template in which nothing is filled."""

    code = "documents.no-field"
    title = _("模板里没有一个字段")
    what = _("“{file_name}”里没有写任何要填的字段，打出来每个人都一样。")
    safe = _KEPT
    do_next = _AGAIN


class HeaderVaries(Problem):
    """A list in one file has one header for everybody."""

    code = "documents.header-varies"
    title = _("这个模板不能一次打一串")
    what = _("字段“{field}”写在{where}，一个文件里的页眉页脚大家共用，会把一个人的内容印到别人的纸上。")
    safe = _("没有打印任何东西。")
    do_next = _("请把这个字段从页眉页脚移到正文，或者一份一份打印。")


class NoFont(Problem):
    """The server has no Chinese font to print with."""

    code = "documents.no-font"
    status = 409
    title = _("服务器上没有中文字体")
    what = _("打印用的 PDF 要用中文字体，这台服务器上一种也没有。")
    safe = _("填好的 Word 文件照样可以下载。")
    do_next = _("请下载 Word 文件打印，或者请管理员装一种宋体或黑体。")


class NotPrintable(Problem):
    """Typst could not set the page: most often a sign that no font of this server has."""

    code = "documents.not-printable"
    status = 409
    title = _("这一份没法转成 PDF")
    what = _("里面有服务器字体里没有的字或者放不下的内容，打出来会缺字，所以没有打。")
    safe = _("填好的 Word 文件照样可以下载，一个字也不缺。")
    do_next = _("请下载 Word 文件，在装有这个字的电脑上打印。")


class NotInPdf(Problem):
    """A part of the document the printer cannot set: a page without it would be another document."""

    code = "documents.not-in-pdf"
    status = 409
    title = _("这一份没法转成 PDF")
    what = _("里面有{part}，转成 PDF 会漏掉，所以没有打。")
    safe = _("填好的 Word 文件照样可以下载，一个字也不缺。")
    do_next = _("请下载 Word 文件打印；或者把这些字移到正文里，再传一次模板。")
