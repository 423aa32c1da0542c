"""What publications refuse."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.problems import Problem


class NotADraft(Problem):
    """What went out is not altered."""

    code = "publications.not-a-draft"
    status = 409
    title = _("这一份已经公布")
    what = _("它已经公布或撤回，不能再改、再公布。")
    safe = _("公布的文件没有改动。")
    do_next = _("内容有误，写明原因撤回，再另做一份。")


class NothingToPublish(Problem):
    """A publication has a text or a file."""

    code = "publications.nothing-to-publish"
    title = _("还没有要公布的内容")
    what = _("没有贴文字，也没有选文件。")
    safe = _("您填的都在。")
    do_next = _("请贴上文字，或选一个文件（.docx、.xlsx、PDF、图片）。")


class PrivateTitle(Problem):
    """A title is read by everybody."""

    code = "publications.private-title"
    title = _("标题里有私人信息")
    what = _("标题里的“{found}”是{kind}，公开页上人人看得到。")
    safe = _("什么都没有存下，您填的都在。")
    do_next = _("请在标题里不写姓名、号码和门牌。")


class EndsTooEarly(Problem):
    """A publication is shown until a day to come."""

    code = "publications.ends-too-early"
    title = _("公布到的日子不对")
    what = _("公布到的日子要在今天或以后，最多一年。")
    safe = _("您填的都在。")
    do_next = _("请改“公布到哪一天”。")


class ReasonNeeded(Problem):
    """The public is told why something was withdrawn."""

    code = "publications.reason-needed"
    title = _("还缺撤回的原因")
    what = _("撤回要写明原因，公开页会显示，这次没有撤回。")
    safe = _("这一份照旧公布着。")
    do_next = _("请写一句居民看得懂的原因；只能撤回已公布的一份。")


class PrivateReason(Problem):
    """The reason of a withdrawal names nobody."""

    code = "publications.private-reason"
    title = _("撤回的原因里有私人信息")
    what = _("原因里的“{found}”是{kind}，这次没有撤回。")
    safe = _("这一份照旧公布着，您写的原因没有存下。")
    do_next = _("请不写姓名、号码、门牌和病情，再提交。")


class NoSuchFinding(Problem):
    """The page was older than what it shows."""

    code = "publications.no-such-finding"
    status = 409
    title = _("这一处已经对不上")
    what = _("要决定的一处不在这一份里，或者选的办法不适用。")
    safe = _("先前的决定都在。")
    do_next = _("请刷新这一页，再逐处决定。")


class ConsentOfAnother(Problem):
    """Only the person who is named can agree, and nobody for a minor."""

    code = "publications.consent-of-another"
    title = _("没有本人同意公布的记录")
    what = _("{where}的{kind}要原样公布，要有这个人自己“公开讲本人的事”的同意；未成年人谁同意都不行。")
    safe = _("先前的决定都在，什么都没有公布。")
    do_next = _("请先在这个人的页面登记同意，或改选遮住、改称呼、删去。")
