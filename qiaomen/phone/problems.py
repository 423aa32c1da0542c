"""What the phone API can refuse, in words; the same words stand on the quarantine page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.problems import Problem

KEPT = _("内容没有丢：密封件已存进待核收件箱，手机上也还留着。")
HEAD_DECIDES = _("请社区主任在“手机”页面的待核收件箱里处理。")


class WrongLogin(Problem):
    """Name and password do not fit, or this person works in no community."""

    code = "phone.wrong-login"
    status = 401
    title = _("登录名或密码不对")
    what = _("没有登录成功。")
    safe = _("手机里已存的走访都在。")
    do_next = _("请再试一次；忘记密码请找系统管理员。")


class NotSignedIn(Problem):
    """No token, or one that is no longer good."""

    code = "phone.not-signed-in"
    status = 401
    title = _("这部手机没有登录")
    what = _("登录已失效，或者这部手机已被停用。")
    safe = _("手机里已存的走访都在。")
    do_next = _("请重新登录；登录后会自动继续上传。")


class IdleTooLong(Problem):
    """A phone nobody used for eight hours takes no list until somebody signs in on it anew."""

    code = "phone.idle-too-long"
    status = 401
    title = _("超过 8 小时没有用，要重新登录")
    what = _("这部手机 8 小时没有联过网，为了保护居民资料，名单要重新登录以后才能取。")
    safe = _("手机里已存的走访都在，照样交得上去。")
    do_next = _("请重新登录；登录后会自动继续上传。")


class OutOfService(Problem):
    """The phone or its person was taken out of service: the list on it goes now."""

    code = "phone.out-of-service"
    status = 401
    forget = True
    title = _("这部手机已停用")
    what = _("社区停用了这部手机或这个账号，手机里的名单已删除。")
    safe = _("没交的走访密封在手机里，还会自动交到社区。")
    do_next = _("要继续用请找社区主任，重新登录。")


class BadRequest(Problem):
    """The request itself is no JSON of the contract."""

    code = "phone.bad-request"
    title = _("没有看懂手机发来的内容")
    what = _("发来的内容不完整或格式不对，一件也没有收下。")
    safe = _("手机里已存的走访都在。")
    do_next = _("请到信号好的地方重试；一直不行请更新手机应用。")


class Unreadable(Problem):
    """Cut off, altered, or replayed under another id."""

    code = "phone.unreadable"
    title = _("这一件打不开")
    what = _("密封件不完整、被改动过，或者换了编号重发。")
    safe = KEPT
    do_next = HEAD_DECIDES


class UnknownKey(Problem):
    """Sealed to a key this server does not have."""

    code = "phone.unknown-key"
    title = _("不是密封给这台服务器的")
    what = _("手机用的密封钥匙这台服务器没有，可能是服务器换过。")
    safe = KEPT
    do_next = _("请在手机上重新取一次名单；这一件由社区主任处理。")


class FutureDated(Problem):
    """It happened later than now, or long before anything on a phone can be, and its clock was set since."""

    code = "phone.future-dated"
    title = _("走访时间不对")
    what = _("手机的时间差得太多，又在交来以前调过，不知道是什么时候的事。")
    safe = KEPT
    do_next = _("请校准手机时间；这一件由社区主任核对后收下，时间记成交来的时候。")


class OutsidePack(Problem):
    """It happened when this phone had no list: a person looks at it first."""

    code = "phone.outside-pack"
    title = _("走访时间不在名单的日子里")
    what = _("这部手机那时候没有取过名单，或者名单已经过期。")
    safe = KEPT
    do_next = _("请问记的人那天的情况；核对后收下，只记走访和诉求，问到的答案由社区补登。")


class RevokedDevice(Problem):
    """From a phone or a person no longer in service."""

    code = "phone.revoked-device"
    title = _("这部手机已停用")
    what = _("手机或账号已停用，新交来的走访要先核对。")
    safe = KEPT
    do_next = HEAD_DECIDES


class UnknownDoor(Problem):
    """The door is not in this community."""

    code = "phone.unknown-door"
    title = _("找不到这扇门")
    what = _("名册里没有这扇门，或者不属于这个社区。")
    safe = KEPT
    do_next = HEAD_DECIDES


class NotUnderstood(Problem):
    """It opened, but says no visit of the contract."""

    code = "phone.not-understood"
    title = _("内容看不懂")
    what = _("密封件打开了，但里面不是一次完整的走访，可能是手机应用太旧。")
    safe = KEPT
    do_next = HEAD_DECIDES


class VisitToCome(Problem):
    """A correction of a visit that has not arrived yet."""

    code = "phone.visit-to-come"
    title = _("要改正的走访还没有到")
    what = _("改正先到了，原来的走访还在手机上。")
    safe = KEPT
    do_next = _("原来的走访一到就自动改正；一直不到请社区主任处理。")


class Unfinished(Problem):
    """Half a record, of a phone that was handed over or that gave its lock up."""

    code = "phone.unfinished"
    title = _("没写完的记录")
    what = _("交班或密码连错时还没写完，手机按当时的样子封好交来。")
    safe = KEPT
    do_next = _("请问写的人；核对后收下，就按“见面”记成一次走访。")


class TakesBackNeeds(Problem):
    """A visit is taken back that brought needs which are under way."""

    code = "phone.takes-back-needs"
    title = _("撤销的走访里有诉求")
    what = _("这次走访听到的诉求已经在办，不能跟着走访一起撤。")
    safe = KEPT
    do_next = _("请核对：收下就撤掉走访，诉求留着，在“办事”里办结。")


class NotTheirs(Problem):
    """A correction of somebody else's visit."""

    code = "phone.not-theirs"
    title = _("这次走访是别人记的")
    what = _("改正只能由记下这次走访的人来做。")
    safe = KEPT
    do_next = HEAD_DECIDES


class PhotoUnreadable(Problem):
    """A photo that cannot be opened or was never announced."""

    code = "phone.photo-unreadable"
    title = _("照片没有收下")
    what = _("照片打不开、太大，或者不属于这次走访。")
    safe = _("走访和诉求都已保存，只缺这张照片。")
    do_next = _("请重新拍一张；拍不了也可以不要照片。")


class PhotoDiffers(Problem):
    """The bytes that arrived are not those the visit declared: the phone begins this photo anew."""

    code = "phone.photo-differs"
    status = 409
    title = _("照片传来和存下的不一样")
    what = _("收到的照片和手机存下时的校验对不上，没有收下。")
    safe = _("走访和诉求都已保存，照片还在手机上。")
    do_next = _("手机会把这张照片从头再传。")


class OtherOffset(Problem):
    """A piece that does not begin where the last one ended; `offset` is where to go on."""

    code = "phone.photo-other-offset"
    status = 409
    title = _("照片要从另一处接着传")
    what = _("服务器已有这张照片的 {offset} 个字节，这一段接不上。")
    safe = _("已传到的都在，照片还在手机上。")
    do_next = _("手机会从接得上的地方继续。")


class CannotStoreNow(Problem):
    """The server's disk is full, its database is away, or it is out of memory."""

    code = "phone.cannot-store-now"
    status = 503
    title = _("社区的服务器现在存不下")
    what = _("服务器这会儿存不了东西，没有说收下的都没有收下。")
    safe = _("手机里已存的走访都在。")
    do_next = _("不用重写，手机会自己再交；一小时后还这样，请告诉系统管理员。")


class QuarantineFull(Problem):
    """One phone has handed in more that cannot be taken than anybody could look at."""

    code = "phone.quarantine-full"
    status = 429
    title = _("待核的太多了")
    what = _("这部手机交来而没有收下的已经很多，这一批先不收。")
    safe = _("手机里已存的走访都在，以前交来的也都在待核收件箱。")
    do_next = _("请社区主任在“手机”页面先处理待核收件箱；处理以后手机会自己再交。")


class CannotTakeIn(Problem):
    """The head wants to take in what still cannot be read."""

    code = "phone.cannot-take-in"
    status = 409
    title = _("这一件现在还收不下")
    what = _("它打不开或者对不上这个社区的门，不能变成走访记录。")
    safe = _("密封件原样留在待核收件箱。")
    do_next = _("请问交来的人当时的情况，在敲门安排里补记；这一件可以作废，作废也会留底。")


QUARANTINE: dict[str, type[Problem]] = {
    cls.code: cls
    for cls in (
        Unreadable,
        UnknownKey,
        FutureDated,
        OutsidePack,
        RevokedDevice,
        UnknownDoor,
        NotUnderstood,
        VisitToCome,
        NotTheirs,
        Unfinished,
        TakesBackNeeds,
    )
}


def words_of(code: str) -> dict[str, Any]:
    """Return the sentences of a quarantine code; none for an item that was taken in."""
    return QUARANTINE[code]().as_dict() if code in QUARANTINE else {}


class NotAPhoneFile(Problem):
    """No phone of this community wrote it, or it was changed on the way."""

    code = "phone.not-a-phone-file"
    status = 422
    title = _("这个文件收不下")
    what = _("这不是本社区手机从“未上传”里导出的文件，或者传的时候被改过、没有传完。")
    safe = _("什么都没有写入。走访还在那部手机里。")
    do_next = _("请让组员重新导出，用微信的“文件”或 U 盘传，不要打开另存；手机有信号时会自己交。")
