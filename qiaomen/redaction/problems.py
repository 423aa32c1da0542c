"""What the gate refuses, in words a person can act on."""

from qiaomen.kernel.problems import Problem
from qiaomen.kernel.texts import later as _

_NOTHING = _("什么都没有公布，原来的文件没有改动，系统也没有留下副本。")
_NOT_OUT = _("什么都没有公布，原来的文件没有改动，先前的决定都在。")


class Unreadable(Problem):
    """The reader cannot vouch for every word in it."""

    code = "redaction.unreadable"
    title = _("这个文件没法检查")
    what = _("“{file_name}”{because}，没法逐字检查，不能公布。")
    safe = _NOTHING
    do_next = _("请把要公布的内容直接贴成文字，或另存成不带这些东西的 .docx、.xlsx，再试一次。")


class PictureUnread(Problem):
    """No reader of pictures is installed, or a person has not looked at it yet."""

    code = "redaction.picture-unread"
    title = _("图片还没有人看过")
    what = _("“{file_name}”里的{because}，公布前要有人看过原图。")
    safe = _NOT_OUT
    do_next = _("请看清图里没有人脸、号码、姓名和门牌，盖住该盖的地方，再写明“看过了”；系统管理员也可以装上看图部件。")


class PictureIsAList(Problem):
    """A photo of a list is asked for as a table."""

    code = "redaction.picture-is-a-list"
    title = _("这张图片是一份名单")
    what = _("“{file_name}”里认出 {lines} 行字，是拍下来的表格或文件，不能当照片公布。")
    safe = _NOTHING
    do_next = _("请上传原来的表格（.xlsx）或文档（.docx），系统会逐格检查。")


class Undecided(Problem):
    """A finding that nobody decided on."""

    code = "redaction.undecided"
    status = 409
    title = _("还有没决定的地方")
    what = _("还有 {count} 处没有决定怎么处理，第一处在{where}。")
    safe = _NOT_OUT
    do_next = _("请逐处选择遮住、改称呼或删去，再公布。")


class NeverShown(Problem):
    """A number of identity, a bank account or a minor is published by nobody's consent."""

    code = "redaction.never-shown"
    title = _("这一处不能原样公布")
    what = _("{where}是{kind}，不论谁同意都不能原样公布。")
    safe = _NOT_OUT
    do_next = _("请改选遮住、改称呼或删去。")


class ConsentMissing(Problem):
    """Something personal is to stay, and no consent is on record."""

    code = "redaction.consent-missing"
    title = _("没有本人同意的记录")
    what = _("{where}是{kind}，要原样公布，但没有登记本人的同意。")
    safe = _NOT_OUT
    do_next = _("请先登记本人对这次公布的同意，或改选遮住、改称呼、删去。")


class ChangedSince(Problem):
    """The decisions were taken on something else."""

    code = "redaction.changed-since"
    status = 409
    title = _("内容在检查以后变过")
    what = _("“{file_name}”和检查时的不一样，先前的决定对不上了。")
    safe = _NOT_OUT
    do_next = _("请重新检查一遍，再逐处决定。")


class NothingChanged(Problem):
    """Masking that reports success and changes nothing."""

    code = "redaction.nothing-changed"
    status = 500
    title = _("该遮住的没有遮住")
    what = _("“{file_name}”里有 {count} 处要改，新文件里却没有改到，已经停下。")
    safe = _NOT_OUT
    do_next = _("请把这个文件发给系统管理员；急着公布的，请把内容直接贴成文字再试。")


class StillPrivate(Problem):
    """The gate scanned its own output and found something left."""

    code = "redaction.still-private"
    status = 500
    title = _("新文件里还查得出私人信息")
    what = _("“{file_name}”做好以后再查一遍，{where}还有{kind}，已经停下。")
    safe = _NOT_OUT
    do_next = _("请把这一处整句删去再试；还不行，请把文件发给系统管理员。")


class CannotBeSet(Problem):
    """A character that the letters of a PDF do not have."""

    code = "redaction.cannot-be-set"
    title = _("有字排不进 PDF")
    what = _("“{file_name}”里有 PDF 排不出来的字：{signs}。")
    safe = _NOT_OUT
    do_next = _("请用 .docx 公布这份内容。")
