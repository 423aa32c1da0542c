"""What backing up and restoring can refuse: each in one paragraph, and nothing half done behind it."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.problems import Problem


class NoCard(Problem):
    """Nothing is backed up before somebody can open it."""

    code = "office.no-restore-card"
    title = _("还没有恢复卡")
    what = _("还没有做过恢复卡，备份没有人能打开，所以没有备份。")
    safe = _("资料没有改动。")
    do_next = _("请先运行 python -m qiaomen backup --card，把卡打印出来，锁在柜子里。")


class WrongCard(Problem):
    """The card opens another office's backups, or an older card was thrown away."""

    code = "office.wrong-card"
    title = _("这张恢复卡打不开这份备份")
    what = _("这份备份不是用这张恢复卡锁的。")
    safe = _("什么都没有写入。")
    do_next = _("您输入的是编号 {number} 的卡；请找做这份备份时已经有的那一张。")


class NotACard(Problem):
    """A letter was typed wrong: the card carries its own check."""

    code = "office.not-a-card"
    title = _("恢复卡输入有误")
    what = _("输入的不是一张完整的恢复卡：少了、多了或者错了字。")
    safe = _("什么都没有写入。")
    do_next = _("请照着卡上 AGE-SECRET-KEY-1 开头的那一行重新输入，空格和大小写不要紧。")


class DamagedBackup(Problem):
    """Cut off, changed, or no backup at all."""

    code = "office.damaged-backup"
    title = _("备份文件不完整")
    what = _("这个文件被截断、改动过，或者不是敲门的备份（{reason}）。")
    safe = _("什么都没有写入，文件没有动。")
    do_next = _("请重新拷贝一次这个文件，或者换前一天的备份。")


class NoRoom(Problem):
    """The disk is full."""

    code = "office.no-room"
    title = _("磁盘空间不够")
    what = _("磁盘空间不够，没有做完。")
    safe = _("写了一半的已经删掉，资料和以前的备份都在。")
    do_next = _("请在 {place} 所在的磁盘腾出空间，再做一次。")


class NotEmpty(Problem):
    """Restoring never writes over what is there."""

    code = "office.not-empty"
    title = _("这里已经有资料")
    what = _("{place} 里已经有资料库，恢复只在空的地方做。")
    safe = _("这里的资料没有动。")
    do_next = _("请换一个空文件夹（QM_DATA）或空数据库再恢复；确实不要这里的，请先停掉网站，再把它挪走。")


class OtherDatabase(Problem):
    """SQLite does not become PostgreSQL by a restore."""

    code = "office.other-database"
    title = _("数据库不是同一种")
    what = _("备份来自 {theirs}，这里用的是 {ours}。")
    safe = _("什么都没有写入。")
    do_next = _("请按备份的那一种设置 QM_DATABASE_URL，再恢复。")


class OtherKeys(Problem):
    """The environment would hide the keys that come back."""

    code = "office.other-keys"
    title = _("密封密钥对不上")
    what = _("环境里的 QM_MASTER_KEYS 或 QM_SUITE 与备份里的不一样，恢复以后会打不开密封的资料。")
    safe = _("什么都没有写入。")
    do_next = _("请去掉 QM_MASTER_KEYS 和 QM_SUITE 再恢复，备份会带回自己的密钥；或者改成与备份一样。")


class NotGood(Problem):
    """What came back is not what went in."""

    code = "office.backup-not-good"
    title = _("备份没有通过核对")
    what = _("备份写好以后试着恢复，结果对不上：{reason}。")
    safe = _("没有留下这份备份；资料和以前的备份都在。")
    do_next = _("请把这句话告诉系统管理员，查明原因以前请不要删以前的备份。")


class NoTools(Problem):
    """PostgreSQL's own programs, or the right to make a database to try in."""

    code = "office.no-postgres-tools"
    title = _("PostgreSQL 的工具不能用")
    what = _("备份 PostgreSQL 要用 pg_dump、pg_restore 和建库权限，这里不能用：{reason}。")
    safe = _("资料没有改动，以前的备份都在。")
    do_next = _("请安装与服务器同一版本的 postgresql-client，并给数据库账号 CREATEDB 权限。")
